//! A server under measurement: its own data folder, its own port, stopped at the end.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use server::postgres::{Cluster, SUPERUSER};

use crate::Database;

pub const EMAIL: &str = "bench@mainstay.example";
pub const PASSWORD: &str = "bench-password-1";

/// How long a server may take to its first answer before it counts as broken.
const READY_LIMIT: Duration = Duration::from_secs(120);

/// How an instance is run, the same at each of its starts.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub binary: PathBuf,
    /// `DATABASE_URL` and `DATABASE_OWNER_URL`; its own private PostgreSQL when absent.
    pub database: Option<(String, String)>,
    /// Further settings (`MAINSTAY_POOL`, …).
    pub env: Vec<(String, String)>,
}

impl Setup {
    pub fn new(binary: &Path) -> Setup {
        Setup { binary: binary.to_owned(), ..Setup::default() }
    }

    /// On a server of the operator's.
    pub fn on(mut self, database: &Database) -> Setup {
        self.database = Some((database.serving_url(), database.superuser_url()));
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Setup {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }
}

pub struct Instance {
    setup: Setup,
    folder: tempfile::TempDir,
    pub port: u16,
    child: Child,
    pub ready: Duration,
}

impl Instance {
    /// With its own private PostgreSQL.
    pub async fn start(binary: &Path) -> Result<Instance> {
        Instance::start_with(Setup::new(binary)).await
    }

    pub async fn start_with(setup: Setup) -> Result<Instance> {
        let folder = tempfile::Builder::new().prefix("mainstay-bench-").tempdir_in("/tmp")?;
        // PostgreSQL's own user has to pass through when we are root.
        std::fs::set_permissions(
            folder.path(),
            std::os::unix::fs::PermissionsExt::from_mode(0o711),
        )?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let (child, ready) = launch(&setup, folder.path(), port).await?;
        Ok(Instance { setup, folder, port, child, ready })
    }

    /// Stops it as an operator would and starts it again; how long until it was ready.
    pub async fn restart(&mut self) -> Result<Duration> {
        end(&mut self.child)?;
        self.start_again().await
    }

    /// After an end of whatever kind; how long from the start of the process until it was ready.
    pub async fn start_again(&mut self) -> Result<Duration> {
        let (child, ready) = launch(&self.setup, self.folder.path(), self.port).await?;
        self.child = child;
        Ok(ready)
    }

    /// `kill -9`, and its end waited for.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, its end waited for; how it ended and how long that took.
    pub async fn terminate(&mut self) -> Result<(ExitStatus, Duration)> {
        let began = Instant::now();
        self.signal(Signal::SIGTERM)?;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, began.elapsed()));
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub fn signal(&self, signal: Signal) -> Result<()> {
        Ok(kill(Pid::from_raw(self.process()?), signal)?)
    }

    /// Whether the process that was started last still runs.
    pub fn is_running(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }

    pub fn process(&self) -> Result<i32> {
        Ok(i32::try_from(self.child.id())?)
    }

    /// Crashes its private PostgreSQL as a power cut would.
    pub fn crash_database(&self) -> Result<()> {
        let text = std::fs::read_to_string(self.data().join("postgres/postmaster.pid"))?;
        let first = text.lines().next().context("an empty postmaster.pid")?;
        Ok(kill(Pid::from_raw(first.trim().parse()?), Signal::SIGQUIT)?)
    }

    pub fn stop(mut self) -> Result<()> {
        end(&mut self.child)
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A `mainstay` command on the same data folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.setup.binary);
        command.args(args);
        environment(&mut command, &self.setup, self.folder.path(), self.port);
        command
    }

    /// Runs SQL as the serving role and answers what psql printed.
    pub fn psql(&self, sql: &str) -> Result<String> {
        let mut child = self
            .command(&["psql", "--", "-AtqX", "-v", "ON_ERROR_STOP=1", "-f", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut stdin = child.stdin.take().context("psql has no input")?;
        let sql = sql.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(sql.as_bytes()));
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| anyhow::anyhow!("writing to psql failed"))??;
        if !output.status.success() {
            bail!("psql failed");
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// A connection that sees everything: what the drills count by.
    pub async fn superuser(&self) -> Result<tokio_postgres::Client> {
        if let Some((_, owner)) = &self.setup.database {
            return server::database::connect(owner).await;
        }
        let cluster = Cluster::borrow(&self.data()).await?;
        server::database::connect(&cluster.url(SUPERUSER, server::database::NAME)).await
    }

    /// The most memory it ever held since [`Instance::forget_peak`], in MB.
    pub fn peak_mb(&self) -> Result<f64> {
        megabytes(self.child.id(), "VmHWM:")
    }

    pub fn forget_peak(&self) -> Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5")?)
    }

    /// Resident memory of the server process itself, in MB, as the kernel counts it.
    pub fn resident_mb(&self) -> Result<f64> {
        memory_mb(self.child.id())
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = end(&mut self.child);
    }
}

/// Resident memory of a process in MB, as the kernel counts it.
pub fn memory_mb(process: u32) -> Result<f64> {
    megabytes(process, "VmRSS:")
}

fn megabytes(process: u32, name: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|l| l.starts_with(name)).context("no such line")?;
    let kb: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
    Ok(kb * 1024.0 / 1e6)
}

fn environment(command: &mut Command, setup: &Setup, folder: &Path, port: u16) {
    command
        .env("MAINSTAY_DATA", folder.join("data"))
        .env("MAINSTAY_LISTEN", format!("127.0.0.1:{port}"))
        .env("MAINSTAY_ADMIN_EMAIL", EMAIL)
        .env("MAINSTAY_ADMIN_PASSWORD", PASSWORD)
        .env("MAINSTAY_DEMO", "0")
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_OWNER_URL")
        .env("MAINSTAY_LOG", "warn");
    if let Some((serving, owner)) = &setup.database {
        command.env("DATABASE_URL", serving).env("DATABASE_OWNER_URL", owner);
    }
    command.envs(setup.env.iter().map(|(name, value)| (name, value)));
}

async fn launch(setup: &Setup, folder: &Path, port: u16) -> Result<(Child, Duration)> {
    let mut command = Command::new(&setup.binary);
    // What it logs is kept beside its data, out of the way of the figures.
    let log = std::fs::File::options().create(true).append(true).open(folder.join("server.log"))?;
    command.arg("serve").stdout(Stdio::piped()).stderr(log);
    environment(&mut command, setup, folder, port);
    let began = Instant::now();
    let mut child = command.spawn().context("the server does not start")?;
    let stdout = child.stdout.take().context("no output")?;
    // Its output is read to the end, or the server would block on a full pipe.
    std::thread::spawn(move || BufReader::new(stdout).lines().for_each(drop));
    let url = format!("http://127.0.0.1:{port}/api/readyz");
    loop {
        if let Ok(answer) = reqwest::get(&url).await
            && answer.status().is_success()
        {
            return Ok((child, began.elapsed()));
        }
        if let Some(status) = child.try_wait()? {
            let said = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
            bail!("the server ended with {status}: {}", said.trim());
        }
        if began.elapsed() > READY_LIMIT {
            child.kill()?;
            child.wait()?;
            bail!("the server is not ready after two minutes");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn end(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_none() {
        kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGTERM)?;
        child.wait()?;
    }
    Ok(())
}
