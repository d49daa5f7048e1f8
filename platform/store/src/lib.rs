//! From definitions to PostgreSQL: tables, policies, statements, rows, JSON.
//!
//! **Invariants:** no other crate names the database driver. A statement about a tenant's rows runs
//! only inside a [`Tx`], which carries the actor's authority as transaction-local settings; row-level
//! security holds whatever the statement says. Identifiers in SQL come from definitions only, values
//! travel as parameters only.

pub mod aggregate;
mod budget;
pub mod catalog;
pub mod ddl;
mod errors;
pub mod guard;
pub mod isolation;
mod layout;
pub mod migrate;
mod param;
mod plan;
mod policy;
mod pool;
mod pulse;
pub mod read;
mod render;
mod row;
pub mod search;
mod select;
mod session;
mod turns;
mod tx;
pub mod version;
pub mod words;
pub mod write;

pub use layout::{Column, ColumnType, Layout, Node, Schema, snake};
pub use param::Param;
pub use pool::{Config, Notifications, Pooler, Store, Turn, dial, serve_as};
pub use render::MAX_ANSWER;
pub use row::get;
pub use select::{Locking, Query, Reader};
pub use tokio_postgres::Row;
pub use tokio_postgres::types::FromSql;
pub use tx::{Authority, Statement, Then, Tx};
