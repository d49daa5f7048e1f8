//! A server under measurement: its own data folder, its own port, stopped at the end.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

pub(crate) const EMAIL: &str = "bench@mainstay.example";
pub(crate) const PASSWORD: &str = "bench-password-1";

pub(crate) struct Instance {
    binary: PathBuf,
    folder: tempfile::TempDir,
    pub(crate) port: u16,
    child: Child,
    pub(crate) ready: Duration,
}

impl Instance {
    pub(crate) async fn start(binary: &Path) -> Result<Instance> {
        let folder = tempfile::Builder::new().prefix("mainstay-bench-").tempdir_in("/tmp")?;
        // PostgreSQL's own user has to pass through when we are root.
        std::fs::set_permissions(
            folder.path(),
            std::os::unix::fs::PermissionsExt::from_mode(0o711),
        )?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let binary = binary.to_owned();
        let (child, ready) = launch(&binary, folder.path(), port).await?;
        Ok(Instance { binary, folder, port, child, ready })
    }

    pub(crate) async fn restart(&mut self) -> Result<Duration> {
        end(&mut self.child)?;
        let (child, ready) = launch(&self.binary, self.folder.path(), self.port).await?;
        self.child = child;
        Ok(ready)
    }

    pub(crate) fn stop(mut self) -> Result<()> {
        end(&mut self.child)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A `mainstay` command on the same data folder.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args);
        environment(&mut command, self.folder.path(), self.port);
        command
    }

    /// Runs SQL as the serving role and answers what psql printed.
    pub(crate) fn psql(&self, sql: &str) -> Result<String> {
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

    /// Resident memory of the server process itself, in MB, as the kernel counts it.
    pub(crate) fn resident_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).context("no VmRSS")?;
        let kb: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
        Ok(kb * 1024.0 / 1e6)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = end(&mut self.child);
    }
}

fn environment(command: &mut Command, folder: &Path, port: u16) {
    command
        .env("MAINSTAY_DATA", folder.join("data"))
        .env("MAINSTAY_LISTEN", format!("127.0.0.1:{port}"))
        .env("MAINSTAY_ADMIN_EMAIL", EMAIL)
        .env("MAINSTAY_ADMIN_PASSWORD", PASSWORD)
        .env("MAINSTAY_DEMO", "0")
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_OWNER_URL")
        .env("MAINSTAY_LOG", "warn");
}

async fn launch(binary: &Path, folder: &Path, port: u16) -> Result<(Child, Duration)> {
    let mut command = Command::new(binary);
    command.arg("serve").stdout(Stdio::piped());
    environment(&mut command, folder, port);
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
            bail!("the server ended with {status}");
        }
        if began.elapsed() > Duration::from_secs(120) {
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
