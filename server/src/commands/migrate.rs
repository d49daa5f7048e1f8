//! `mainstay migrate`: bring a database up to date, or draft the next migration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use store::{Schema, Store, catalog};

use super::{Migrate, MigrateAction};
use crate::app;
use crate::config::Config;
use crate::database;
use crate::instance::Instance;
use crate::postgres::Cluster;

const FOLDER: &str = "migrations";

pub(super) async fn run(config: &Config, args: Migrate) -> Result<ExitCode> {
    match args.action {
        Some(MigrateAction::New { name }) => draft(&name).await,
        None if args.check => check(config).await,
        None => catch_up(config).await,
    }
}

async fn catch_up(config: &Config) -> Result<ExitCode> {
    let instance = Instance::join(config, "migrate").await?;
    let url = instance.database.for_migrations().await?;
    let ran = store::migrate::run(url.expose()).await?;
    match ran.as_slice() {
        [] => println!("The database is up to date."),
        ran => println!("Migrated: {}", ran.join(", ")),
    }
    instance.finish()?;
    Ok(ExitCode::SUCCESS)
}

async fn check(config: &Config) -> Result<ExitCode> {
    let instance = Instance::join(config, "migrate").await?;
    let url = instance.database.url.expose().to_owned();
    let store = Store::connect(store::Config::new(url, 1), nothing())?;
    let missing = store::migrate::pending(&store).await?;
    drop(store);
    instance.finish()?;
    if missing.is_empty() {
        println!("The database is up to date.");
        return Ok(ExitCode::SUCCESS);
    }
    println!("The database lacks:");
    missing.iter().for_each(|name| println!("  {name}"));
    Ok(ExitCode::FAILURE)
}

fn nothing() -> Arc<Schema> {
    Arc::new(Schema::new(Vec::new()))
}

/// Compares two empty databases, one made by the migrations, one by the definitions: nobody's data
/// is touched, and the draft is the same on every machine.
async fn draft(name: &str) -> Result<ExitCode> {
    ensure!(
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_'),
        "The name takes lower-case letters and dashes, such as add-deal-source"
    );
    let path = next_file(Path::new(FOLDER), name)?;
    let cluster = Cluster::temporary().await?;
    let is = migrated(&cluster).await?;
    let should = defined(&cluster).await?;
    cluster.stop()?;
    let differences = catalog::differences(&is, &should);
    if differences.is_empty() {
        println!("The migrations and the definitions agree; there is nothing to write.");
        return Ok(ExitCode::SUCCESS);
    }
    fs::write(&path, catalog::draft(&is, &should))?;
    println!("{}\n\nWrote {}. Edit it, then commit it.", differences.join("\n"), path.display());
    Ok(ExitCode::SUCCESS)
}

/// What the migrations make of an empty database.
pub async fn migrated(cluster: &Cluster) -> Result<catalog::Catalog> {
    database::create(cluster, "migrated").await?;
    let url = cluster.url(database::OWNER_ROLE, "migrated");
    store::migrate::run(&url).await?;
    let (client, _connection) = store::migrate::connect_owner(&url).await?;
    Ok(catalog::read(&client).await?)
}

/// What the definitions make of an empty database.
pub async fn defined(cluster: &Cluster) -> Result<catalog::Catalog> {
    database::create(cluster, "defined").await?;
    let url = cluster.url(database::OWNER_ROLE, "defined");
    let (client, _connection) = store::migrate::connect_owner(&url).await?;
    client.batch_execute(&app::registry()?.ddl()).await?;
    Ok(catalog::read(&client).await?)
}

/// `migrations/0007_add_deal_source.sql` when 0006 is the last.
fn next_file(folder: &Path, name: &str) -> Result<PathBuf> {
    let files = fs::read_dir(folder).with_context(|| {
        format!("There is no folder {FOLDER} here; run it in the source folder")
    })?;
    let last = files
        .filter_map(|file| file.ok()?.file_name().to_str()?.split('_').next()?.parse::<u32>().ok())
        .max()
        .unwrap_or(0);
    Ok(folder.join(format!("{:04}_{}.sql", last + 1, name.replace('-', "_"))))
}
