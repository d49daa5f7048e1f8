//! What the tests stand on: the shared cluster, databases, servers, people.

pub(crate) mod app;
pub(crate) mod bouncer;
pub(crate) mod cluster;
pub(crate) mod database;
pub(crate) mod discreet;
