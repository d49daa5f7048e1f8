//! The walls themselves: what PostgreSQL gives the serving role without a setting, what the catalog
//! promises, who must not serve, and that a connection carries nothing from one request to the next.

mod catalog;
mod command;
mod fields;
mod guard;
mod hierarchy;
mod mutants;
mod pool;
mod second_opinion;
mod walls;
