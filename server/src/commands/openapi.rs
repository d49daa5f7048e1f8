//! `mainstay openapi`: the document the server answers at `/api/openapi.json`.

use std::process::ExitCode;

use anyhow::Result;

use crate::app::registry;
use crate::config::Config;

pub(super) fn run(config: &Config) -> Result<ExitCode> {
    let registry = registry()?;
    let collections: Vec<_> = registry.schema().iter().map(|l| l.collection.clone()).collect();
    let document = rest::openapi::document(
        &collections,
        registry.actions(),
        &config.public_url(config.listen),
    );
    super::print(&format!("{}\n", serde_json::to_string_pretty(&document)?))?;
    Ok(ExitCode::SUCCESS)
}
