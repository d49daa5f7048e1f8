//! The rules of the CRM, over HTTP as its users meet them, and what each write leaves behind.

mod closing;
mod company;
mod consequences;
mod deletion;
mod handles;
pub(crate) mod office;
mod records;
mod stage;
mod timeline;
mod trash;
