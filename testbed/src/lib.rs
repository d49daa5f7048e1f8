//! What measurements (`bench`) and drills (`soak`) stand on: a release binary in a folder of its own, a
//! PostgreSQL of the operator's kind that can be struck, and a client that is signed in.

mod api;
mod database;
mod instance;

pub use api::{Answer, Api};
pub use database::{Database, Down};
pub use instance::{EMAIL, Instance, PASSWORD, Setup, memory_mb};
