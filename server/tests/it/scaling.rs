//! Several processes on one database: they start together, serve one session behind one port, and
//! hear of each other's changes at once. And the schema can be spread over machines by tenant.

mod citus;
mod processes;
mod together;
