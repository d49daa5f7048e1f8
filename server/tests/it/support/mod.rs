//! What the tests stand on: the shared cluster, databases, servers, people.

pub(crate) mod cluster;
