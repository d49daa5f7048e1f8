//! A PostgreSQL of the operator's kind, durable, in a folder of its own: it can be crashed, started
//! again, held still and let go.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use server::postgres::{Cluster, SUPERUSER};

/// The database the server is given; the roles and the tables are made by its migrations.
const NAME: &str = "mainstay";

/// A crash is over in moments; this is when something else is wrong.
const CRASH_LIMIT: Duration = Duration::from_secs(20);

pub struct Database {
    folder: tempfile::TempDir,
    /// `None` while it is down.
    cluster: Option<Cluster>,
    held: Vec<Pid>,
}

/// When a database that was crashed was gone.
pub struct Down {
    pub at: Instant,
}

impl Database {
    pub async fn start() -> Result<Database> {
        let folder = tempfile::Builder::new().prefix("mainstay-pg-").tempdir_in("/tmp")?;
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711))?;
        let cluster = Cluster::start(folder.path()).await?;
        server::database::create(&cluster, NAME).await?;
        Ok(Database { folder, cluster: Some(cluster), held: Vec::new() })
    }

    fn cluster(&self) -> Result<&Cluster> {
        self.cluster.as_ref().context("the database is down")
    }

    fn url(&self, role: &str) -> String {
        self.cluster.as_ref().map_or_else(String::new, |cluster| cluster.url(role, NAME))
    }

    pub fn serving_url(&self) -> String {
        self.url(server::database::SERVING_ROLE)
    }

    pub fn superuser_url(&self) -> String {
        self.url(SUPERUSER)
    }

    /// A connection that sees everything: what the drills count by.
    pub async fn client(&self) -> Result<tokio_postgres::Client> {
        server::database::connect(&self.superuser_url()).await
    }

    /// What `pg_ctl stop -m immediate` sends: every session is dropped, nothing is flushed, the next
    /// start recovers from the log.
    pub async fn crash(&mut self) -> Result<Down> {
        let postmaster = self.postmaster()?;
        kill(postmaster, Signal::SIGQUIT)?;
        let began = Instant::now();
        let mut cluster = self.cluster.take().context("the database is down")?;
        while cluster.exited().is_none() {
            ensure!(began.elapsed() < CRASH_LIMIT, "PostgreSQL does not go down");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Down { at: Instant::now() })
    }

    /// Returns when it accepts connections.
    pub async fn start_again(&mut self) -> Result<()> {
        self.cluster = Some(Cluster::start(self.folder.path()).await?);
        Ok(())
    }

    /// SIGSTOP to it and to all its sessions: connections stay open and nobody answers.
    pub fn hold(&mut self) -> Result<()> {
        let postmaster = self.postmaster()?;
        kill(postmaster, Signal::SIGSTOP)?;
        self.held.push(postmaster);
        for child in children(postmaster)? {
            if kill(child, Signal::SIGSTOP).is_ok() {
                self.held.push(child);
            }
        }
        Ok(())
    }

    pub fn release(&mut self) {
        for process in self.held.drain(..).rev() {
            let _ = kill(process, Signal::SIGCONT);
        }
    }

    fn postmaster(&self) -> Result<Pid> {
        let text = fs::read_to_string(self.cluster()?.files().join("postmaster.pid"))?;
        let first = text.lines().next().context("an empty postmaster.pid")?;
        Ok(Pid::from_raw(first.trim().parse()?))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // One that is held still would not hear that it is to stop.
        self.release();
    }
}

/// The fourth word of `/proc/PID/stat` is the parent; the second, in parentheses, may hold spaces.
fn children(of: Pid) -> Result<Vec<Pid>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let parent = stat.rsplit(')').next().and_then(|rest| rest.split_whitespace().nth(1));
        if parent == Some(of.to_string().as_str()) {
            found.push(Pid::from_raw(process));
        }
    }
    Ok(found)
}
