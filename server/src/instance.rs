//! The database of a data folder, up for as long as a command needs it.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::unistd::Uid;

use crate::config::Config;
use crate::database::Database;
use crate::lock::{self, Borrower, Claim, Owner};
use crate::postgres::Cluster;
use crate::postgres::restarts::Restarts;

/// How long a command waits for the owner of the data folder to have its database up.
const BORROW_LIMIT: Duration = Duration::from_secs(60);

/// How often it is looked whether our PostgreSQL still runs.
const LOOK: Duration = Duration::from_millis(100);

/// Dropping it stops the PostgreSQL it started before it lets go of the data folder.
pub struct Instance {
    pub database: Database,
    cluster: Option<Cluster>,
    hold: Hold,
}

enum Hold {
    Owner(Owner),
    Borrower(#[expect(dead_code, reason = "kept for its lock")] Borrower),
}

impl Instance {
    /// For the server: alone on its data folder.
    pub async fn own(config: &Config, command: &str) -> Result<Instance> {
        prepare_folder(&config.data)?;
        match lock::claim(&config.data, command)? {
            Claim::Owner(owner) => Instance::start(config, owner).await,
            Claim::Taken(by) => {
                bail!("{by} already uses {}; stop it first", config.data.display())
            }
        }
    }

    /// For commands: beside a running server, or alone.
    pub async fn join(config: &Config, command: &str) -> Result<Instance> {
        prepare_folder(&config.data)?;
        let began = Instant::now();
        loop {
            let by = match lock::claim(&config.data, command)? {
                Claim::Owner(owner) => return Instance::start(config, owner).await,
                Claim::Taken(by) => by,
            };
            match Instance::borrow(config).await {
                Ok(instance) => return Ok(instance),
                Err(e) if began.elapsed() > BORROW_LIMIT => {
                    return Err(e).with_context(|| format!("{by} is running, but"));
                }
                // It is still starting, or just stopping.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    async fn start(config: &Config, owner: Owner) -> Result<Instance> {
        let hold = Hold::Owner(owner);
        if let Some(database) = Database::configured(config) {
            return Ok(Instance { database, cluster: None, hold });
        }
        let cluster = Cluster::start(&config.data).await?;
        let database = Database::private(&cluster).await?;
        Ok(Instance { database, cluster: Some(cluster), hold })
    }

    async fn borrow(config: &Config) -> Result<Instance> {
        let hold = Hold::Borrower(lock::borrow(&config.data)?);
        if let Some(database) = Database::configured(config) {
            return Ok(Instance { database, cluster: None, hold });
        }
        let cluster = Cluster::borrow(&config.data).await?;
        let database = Database::named(&cluster, crate::database::NAME);
        Ok(Instance { database, cluster: Some(cluster), hold })
    }

    /// Runs the migrations that are missing, if this process decides about the database and may.
    /// Otherwise `App::open` says what is missing.
    pub async fn migrate(&self) -> Result<()> {
        if matches!(self.hold, Hold::Owner(_)) && self.database.owner_url.is_some() {
            let url = self.database.for_migrations().await?;
            store::migrate::run(url.expose()).await?;
        }
        Ok(())
    }

    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    /// Starts our PostgreSQL again whenever it ends without being asked to. Returns when that is in
    /// vain; never for a server of the operator's.
    pub async fn keep_database_up(&mut self) -> anyhow::Error {
        let Some(cluster) = &mut self.cluster else { return std::future::pending().await };
        let mut restarts = Restarts::default();
        loop {
            let status = loop {
                match cluster.exited() {
                    Some(status) => break status,
                    None => tokio::time::sleep(LOOK).await,
                }
            };
            tracing::error!(%status, "PostgreSQL ended by itself; starting it again");
            let began = Instant::now();
            let mut last = anyhow!("PostgreSQL ended by itself ({status}) too often");
            loop {
                let Some(pause) = restarts.next(Instant::now()) else {
                    return last.context("PostgreSQL ended by itself and cannot be kept up");
                };
                tokio::time::sleep(pause).await;
                match cluster.start_again().await {
                    Ok(()) => break,
                    Err(error) => {
                        tracing::error!(error = format!("{error:#}"), "PostgreSQL did not start");
                        restarts.failed();
                        last = error;
                    }
                }
            }
            restarts.succeeded();
            tracing::warn!(after = ?began.elapsed(), "PostgreSQL is up again");
        }
    }

    /// Stops at once what it started: the server is going down.
    pub fn stop(mut self) -> Result<()> {
        self.cluster.take().map_or(Ok(()), Cluster::stop)
    }

    /// Stops what it started once no other command borrows it.
    pub fn finish(self) -> Result<()> {
        if let (Hold::Owner(owner), Some(_)) = (&self.hold, &self.cluster) {
            owner.wait_for_borrowers()?;
        }
        self.stop()
    }
}

/// The folder holds secrets and database files. As root others may pass through it, because
/// PostgreSQL's user has to; they cannot list it. One that is there already is left as it is.
fn prepare_folder(data: &Path) -> Result<()> {
    if data.is_dir() {
        return Ok(());
    }
    let told = || format!("the data folder {} cannot be made", data.display());
    if let Some(parent) = data.parent() {
        fs::create_dir_all(parent).with_context(told)?;
    }
    DirBuilder::new().mode(0o700).create(data).with_context(told)?;
    let mode = if Uid::effective().is_root() { 0o711 } else { 0o700 };
    fs::set_permissions(data, Permissions::from_mode(mode)).with_context(told)
}
