//! Import: a mapping and its CSV files into an account, on a real database.

mod cut;
mod faults;
pub(crate) mod ground;
mod sample;
