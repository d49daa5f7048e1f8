//! `mainstay psql`: the way to look at what row-level security lets a role see.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};
use tokio_postgres::config::{Host, SslMode};

use crate::config::{Config, Secret};
use crate::database::OWNER_ROLE;
use crate::instance::Instance;

pub(super) async fn run(config: &Config, args: super::Psql) -> Result<ExitCode> {
    let instance = Instance::join(config, "psql").await?;
    let program = instance.cluster().map_or_else(|| PathBuf::from("psql"), |c| c.program("psql"));
    let mut command = Command::new(&program);
    if args.owner {
        let url = instance.database.owner_url.as_ref();
        address(&mut command, url.context("--owner needs DATABASE_OWNER_URL")?)?;
        command.env("PGOPTIONS", format!("-c role={OWNER_ROLE}"));
    } else {
        address(&mut command, &instance.database.url)?;
    }
    // Ctrl-C belongs to psql, where it cancels a query; without this it would end us both.
    let _interrupts = signal(SignalKind::interrupt())?;
    let status = command
        .args(args.args)
        .status()
        .await
        .with_context(|| format!("{} cannot be run", program.display()))?;
    instance.finish()?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// The address in the environment: arguments are there for every user of the machine to read.
fn address(command: &mut Command, url: &Secret) -> Result<()> {
    let config: tokio_postgres::Config = url.expose().parse()?;
    for (name, value) in [("PGUSER", config.get_user()), ("PGDATABASE", config.get_dbname())] {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => command.env("PGHOST", host),
        Some(Host::Unix(folder)) => command.env("PGHOST", folder),
        None => command,
    };
    command.env("PGPORT", config.get_ports().first().unwrap_or(&5432).to_string());
    if let Some(password) = config.get_password() {
        use std::os::unix::ffi::OsStrExt;
        command.env("PGPASSWORD", OsStr::from_bytes(password));
    }
    if config.get_ssl_mode() == SslMode::Require {
        command.env("PGSSLMODE", "require");
    }
    Ok(())
}
