//! The server: configuration, Mainstay's own PostgreSQL, the list of modules, the command line.
//! A library so that the tests start exactly what `main` starts.

pub mod app;
mod assets;
pub mod commands;
pub mod config;
pub mod database;
mod descriptors;
pub mod instance;
pub mod isolation;
pub mod lock;
pub mod logging;
pub mod operator;
pub mod postgres;
pub mod secrets;
mod threads;
