//! `mainstay`: everything is in the library; this starts it.

use std::process::ExitCode;

use clap::Parser;
use server::commands::{self, Cli};
use server::config::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::load() {
        Ok(config) => config,
        Err(faults) => {
            eprintln!("{faults}");
            return ExitCode::from(2);
        }
    };
    server::logging::start(config.log.as_deref().unwrap_or(cli.default_log()));
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    match start(cli, config) {
        Ok(code) => code,
        Err(error) => {
            let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
            let parts: Vec<&str> = chain.iter().map(|part| part.trim_end_matches('.')).collect();
            eprintln!("mainstay: {}", parts.join(": "));
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli, config: Config) -> anyhow::Result<ExitCode> {
    // One provider for the whole tree, before anything opens a TLS connection.
    let provider = rustls::crypto::ring::default_provider();
    if provider.install_default().is_err() {
        anyhow::bail!("another TLS provider is installed already");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(commands::run(cli, config))
}
