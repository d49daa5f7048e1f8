//! Mainstay's own private PostgreSQL: found, initialised, started, stopped.
//!
//! It listens on a Unix socket only, in a folder nobody else may enter, so local connections need
//! no password. It runs as a child under a small shell that stops it when this process goes away,
//! however it goes (see `process`), so nothing is left running and nothing has to be adopted.
//!
//! Its settings are written once, at the end of `DATA/postgres/postgresql.conf`, and are then the
//! operator's to change; only what keeps it private is given on the command line at every start.

mod account;
mod binaries;
mod memory;
mod place;
mod process;
pub mod restarts;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use account::Account;
use binaries::Binaries;
use place::Place;
use process::{Launch, Process};

/// The superuser that initdb makes. Nothing that serves requests connects as it.
pub const SUPERUSER: &str = "postgres";

/// Crash recovery replays the log before the first connection; it may take a while.
const START_LIMIT: Duration = Duration::from_secs(600);

/// Appended when a cluster is made, after what [`memory`] says; later editions of these never change an
/// existing one.
const SETTINGS: &str = "max_connections = 60
# Compiling takes longer than the statements that are compiled.
jit = off
# Flash: any page costs about the same, and several can be asked for at once.
random_page_cost = 1.1
# Counts read indexes alone only where vacuum has been: after a twentieth of the rows, not after a fifth.
autovacuum_vacuum_scale_factor = 0.05
autovacuum_vacuum_insert_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.02
wal_compression = on
max_wal_size = 2GB
checkpoint_completion_target = 0.9
synchronous_commit = on
idle_in_transaction_session_timeout = '30s'
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = '1d'
log_truncate_on_rotation = on
# Details quote values: addresses, password hashes.
log_error_verbosity = terse
";

/// For tests: nothing has to survive, many databases live side by side.
const THROWAWAY: [&str; 6] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "autovacuum=off",
    "logging_collector=off",
];

/// A running PostgreSQL that stops when this is dropped, or one that another process owns.
pub struct Cluster {
    binaries: Binaries,
    place: Place,
    process: Option<Process>,
}

impl Cluster {
    /// Starts the cluster of a data folder, making it first when there is none. The caller owns
    /// the folder's lock. A server left over from a crash is stopped first.
    pub async fn start(data: &Path) -> Result<Cluster> {
        let account = Account::find()?;
        let place = Place::of(data, account)?;
        let binaries = match place.major() {
            Some(major) => binaries::of_major(major)?,
            None => binaries::newest()?,
        };
        if !place.is_initialised() {
            initdb(&binaries, &place, true)?;
        }
        process::stop_leftover(&place).await?;
        Cluster::launch(binaries, place, &[], Launch::default()).await
    }

    /// The cluster of a data folder whose owner is another process.
    pub async fn borrow(data: &Path) -> Result<Cluster> {
        let place = Place::of(data, Account::find()?)?;
        let major = place.major().context("its PostgreSQL is not ready")?;
        let cluster = Cluster { binaries: binaries::of_major(major)?, place, process: None };
        cluster.ping().await.context("its PostgreSQL does not answer")?;
        Ok(cluster)
    }

    /// A cluster in a temporary folder, for tests. When it is dropped, or its process dies, it
    /// stops at once and its folder is removed.
    pub async fn temporary() -> Result<Cluster> {
        let place = Place::temporary(Account::find()?)?;
        let binaries = binaries::newest()?;
        initdb(&binaries, &place, false)?;
        let launch = Launch { immediate: true, remove: Some(place.home().to_owned()) };
        Cluster::launch(binaries, place, &THROWAWAY, launch).await
    }

    async fn launch(
        binaries: Binaries,
        place: Place,
        settings: &[&str],
        launch: Launch,
    ) -> Result<Cluster> {
        let mut cluster = Cluster { binaries, place, process: None };
        cluster.bring_up(settings, launch).await?;
        Ok(cluster)
    }

    /// Starts it once more after it ended by itself.
    pub async fn start_again(&mut self) -> Result<()> {
        self.process = None;
        process::stop_leftover(&self.place).await?;
        self.bring_up(&[], Launch::default()).await
    }

    async fn bring_up(&mut self, settings: &[&str], launch: Launch) -> Result<()> {
        self.place.prepare_socket()?;
        self.process = Some(Process::spawn(&self.binaries, &self.place, settings, launch)?);
        let began = Instant::now();
        let mut pause = Duration::from_millis(2);
        while let Err(e) = self.ping().await {
            if let Some(status) = self.exited() {
                bail!("PostgreSQL did not start ({status}). It says:\n{}", self.place.said());
            }
            if began.elapsed() > START_LIMIT {
                return Err(e).context("PostgreSQL does not accept connections");
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(20));
        }
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        crate::database::connect(&self.url(SUPERUSER, SUPERUSER)).await.map(drop)
    }

    /// The address of a database of this cluster for a role, as drivers and psql read it.
    pub fn url(&self, role: &str, database: &str) -> String {
        let folder = self.place.socket().to_string_lossy();
        let host = utf8_percent_encode(&folder, NON_ALPHANUMERIC);
        format!("postgresql:///{database}?user={role}&host={host}")
    }

    /// A program of this cluster's PostgreSQL, such as `psql` or `pg_dump`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.binaries.program(name)
    }

    /// The folder of the only socket it listens on.
    pub fn socket(&self) -> &Path {
        self.place.socket()
    }

    /// Where the database files are.
    pub fn files(&self) -> PathBuf {
        self.place.files()
    }

    /// How it ended, when it has ended without being asked to.
    pub fn exited(&mut self) -> Option<std::process::ExitStatus> {
        self.process.as_mut().and_then(Process::exited)
    }

    /// Stops it and waits until it is down: sessions are cut, what is committed stays.
    pub fn stop(mut self) -> Result<()> {
        match self.process.take() {
            Some(process) => process.stop(&self.binaries, &self.place),
            None => Ok(()),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(process) = self.process.take()
            && let Err(e) = process.stop(&self.binaries, &self.place)
        {
            tracing::error!(error = %e, "PostgreSQL could not be stopped");
        }
    }
}

/// Makes the database files beside their final name and moves them there, so that a cut initdb
/// leaves nothing that looks like a cluster.
fn initdb(binaries: &Binaries, place: &Place, durable: bool) -> Result<()> {
    let fresh = place.fresh_folder()?;
    let run = |locale: &[&str]| -> Result<std::process::Output> {
        let mut command = place.command(&binaries.program("initdb"));
        command.arg("--pgdata").arg(&fresh).args(["--username", SUPERUSER]);
        command.args(["--encoding=UTF8", "--auth-local=trust", "--auth-host=reject"]);
        command.args(["--data-checksums", "--no-instructions"]).args(locale);
        if !durable {
            command.arg("--no-sync");
        }
        command.output().context("initdb cannot be run")
    };
    // ICU's root order is how people of any language expect a list ("apple" before "Zebra"). A server
    // built without ICU sorts by code point, one whose C library is older knows ASCII letters only.
    let locales: [&[&str]; 3] = [
        &["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=und"],
        &["--locale=C.UTF-8"],
        &["--locale=C"],
    ];
    let mut output = run(locales[0])?;
    for locale in &locales[1..] {
        let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
        if output.status.success() || !(said.contains("locale") || said.contains("icu")) {
            break;
        }
        output = run(locale)?;
    }
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("initdb failed ({}):\n{}", output.status, said.trim());
    }
    let settings = match durable {
        true => memory::settings(),
        false => memory::SMALLEST.to_owned(),
    };
    place.append(&fresh.join("postgresql.conf"), &(settings + SETTINGS))?;
    place.adopt(&fresh)
}
