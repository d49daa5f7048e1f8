//! The integration tests: one binary, one private PostgreSQL, a database per test cloned from a
//! migrated template, a server on a port of its own.

// A test that fails says so by panicking, in its helpers too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod abuse;
mod aggregate;
mod audit;
mod auth;
mod bad_input;
mod bounds;
mod browser;
mod cluster;
mod config;
mod contract;
mod crm;
mod demo;
mod drills;
mod idempotency;
mod import;
mod invitations;
mod isolation;
mod journey;
mod matrix;
mod migrations;
mod reference;
mod scaling;
mod schemathesis;
mod sdk;
mod search;
mod server;
mod settings;
mod setup;
mod silence;
mod support;
mod views;
