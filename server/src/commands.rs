//! The command line.

mod audit;
mod import;
mod isolation;
pub mod migrate;
mod openapi;
mod psql;
mod reindex;
mod seed;
mod serve;
mod user;

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::config::Config;

/// Mainstay: a self-hosted multi-tenant CRM.
///
/// Settings are read from the environment and from mainstay.toml; see .env.example.
#[derive(Debug, Parser)]
#[command(name = "mainstay", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start everything and serve until Ctrl-C
    Serve,
    /// Bring the database up to date, or draft the next migration
    #[command(args_conflicts_with_subcommands = true)]
    Migrate(Migrate),
    /// Fill an empty instance with demo data, or remove it again
    Seed(Seed),
    /// Load CSV files as a mapping file says
    Import(Import),
    /// Prove that nobody changed the audit since it was written
    Audit {
        /// Slug of one tenant; all of them when absent
        #[arg(long)]
        tenant: Option<String>,
    },
    /// Make the words that records are found by anew; the server may serve meanwhile
    Reindex(Reindex),
    /// Try to break the isolation of tenants and report; 0 held, 1 something got through, 2 not run
    Isolation(isolation::Isolation),
    /// Open psql on the instance's database as the serving role
    Psql(Psql),
    /// Print the OpenAPI document
    Openapi,
    /// Create a user or set a new password
    #[command(subcommand)]
    User(User),
}

#[derive(Debug, Args)]
struct Migrate {
    /// Change nothing; exit with 1 when migrations are missing
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    action: Option<MigrateAction>,
}

#[derive(Debug, Subcommand)]
enum MigrateAction {
    /// Write the difference between the definitions and the database as a migration to edit
    New {
        /// A few words, such as add-deal-source
        name: String,
    },
}

#[derive(Debug, Args)]
struct Seed {
    /// Add the demo agency (the default)
    #[arg(long)]
    demo: bool,
    /// Remove the demo agency and everything in it
    #[arg(long, conflicts_with = "demo")]
    remove_demo: bool,
}

#[derive(Debug, Args)]
struct Import {
    /// The mapping file: which columns become which fields
    mapping: PathBuf,
    /// Slug of the account to load into
    #[arg(long)]
    account: String,
    /// Folder of the CSV files, when it is not the mapping's own
    #[arg(long)]
    data: Option<PathBuf>,
    /// Make the account, under an agency of its own, when there is none
    #[arg(long)]
    create: bool,
    /// Report every doubtful row and load nothing
    #[arg(long)]
    dry_run: bool,
    /// Load the sound rows though others are refused
    #[arg(long)]
    partial: bool,
    /// Also write every doubtful row to this file, as CSV
    #[arg(long)]
    doubts: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Reindex {
    /// Only this collection, such as contacts
    #[arg(long)]
    collection: Option<String>,
    /// Slug of the only tenant to look at
    #[arg(long)]
    account: Option<String>,
}

#[derive(Debug, Args)]
struct Psql {
    /// As mainstay_owner, who owns the tables
    #[arg(long)]
    owner: bool,
    /// Passed to psql
    #[arg(last = true)]
    args: Vec<OsString>,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Create a user; the password is read from standard input, or generated and printed
    Create {
        email: String,
        /// The name people see
        #[arg(long)]
        name: String,
        /// Slug of the tenant to join; the platform when absent
        #[arg(long)]
        tenant: Option<String>,
        /// owner, admin, member or viewer
        #[arg(long, default_value = "member", value_parser = ["owner", "admin", "member", "viewer"])]
        role: String,
    },
    /// Set a new password, read from standard input, or generated and printed
    ResetPassword { email: String },
}

impl Cli {
    /// The filter of the log when `MAINSTAY_LOG` is unset: commands speak to a person.
    pub fn default_log(&self) -> &'static str {
        match self.command {
            Command::Serve => "info",
            _ => "warn",
        }
    }
}

pub async fn run(cli: Cli, config: Config) -> Result<ExitCode> {
    match cli.command {
        Command::Serve => serve::run(config).await,
        Command::Migrate(args) => migrate::run(&config, args).await,
        Command::Seed(args) => seed::run(&config, args).await,
        Command::Import(args) => import::run(&config, args).await,
        Command::Audit { tenant } => audit::run(&config, tenant.as_deref()).await,
        Command::Reindex(args) => reindex::run(&config, args).await,
        Command::Isolation(args) => isolation::run_command(&config, args).await,
        Command::Psql(args) => psql::run(&config, args).await,
        Command::Openapi => openapi::run(&config),
        Command::User(args) => user::run(&config, args).await,
    }
}

/// For output that people pipe into `head`: a reader that has enough is no error.
fn print(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(e.into()),
        _ => Ok(()),
    }
}
