//! `mainstay isolation`: whether this installation keeps tenants apart, found out by trying to break it.
//!
//! A scratch tree of tenants is made beside the platform and filled from the definitions. Then the catalog is
//! read, every table attacked by forged sessions, and every route of the API by people who must not pass. The
//! tree is taken away again whatever happens; real tenants are neither read nor written.

mod attackers;
mod client;
pub mod generate;
pub mod report;
mod requests;
mod run;
pub mod world;

pub use run::{Prepared, run};
