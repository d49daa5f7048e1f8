//! `mainstay isolation`: tries to break the isolation of this installation's tenants, and says how it went.

use std::io::{IsTerminal, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use crate::config::Config;
use crate::instance::Instance;
use crate::isolation::report::{Format, Report};
use crate::isolation::run;

/// Something got through.
const FAILED: u8 = 1;
/// The check could not be made.
const NOT_RUN: u8 = 2;

#[derive(Debug, Args)]
pub(super) struct Isolation {
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the report to this file instead of the terminal
    #[arg(long)]
    output: Option<PathBuf>,
}

pub(super) async fn run_command(config: &Config, args: Isolation) -> Result<ExitCode> {
    match attempt(config, &args).await {
        Ok(report) if report.passed() => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(FAILED)),
        Err(error) => {
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            eprintln!("mainstay: {}", chain.join(": "));
            Ok(ExitCode::from(NOT_RUN))
        }
    }
}

async fn attempt(config: &Config, args: &Isolation) -> Result<Report> {
    let instance = Instance::join(config, "isolation").await?;
    let report = run(config, &instance.database).await;
    instance.finish()?;
    let report = report?;
    match &args.output {
        Some(path) => {
            std::fs::write(path, report.written(args.format, false)?)
                .with_context(|| format!("{} cannot be written", path.display()))?;
            if args.format != Format::Text {
                println!("{}", report.verdict());
            }
            println!("The report is in {}.", path.display());
        }
        None => super::print(&report.written(args.format, stdout().is_terminal())?)?,
    }
    Ok(report)
}
