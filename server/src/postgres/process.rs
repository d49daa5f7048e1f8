//! The running PostgreSQL, tied to the life of this process.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::binaries::Binaries;
use super::place::Place;

/// Runs PostgreSQL until it ends by itself or standard input closes, which the kernel does when we
/// die, kill -9 included. `$1` is the signal that stops it, `$2` a folder to remove afterwards. The
/// signal is repeated because a shell starts its children deaf to it: PostgreSQL in its very first
/// moments would not hear it.
const WATCH: &str = r#"
signal=$1 remove=$2
shift 2
exec 3<&0 0</dev/null
"$@" 3<&- &
postgres=$!
(
    read -r _ <&3
    trap 'kill "$nap"' TERM
    for again in 1 2 3; do
        kill -s "$signal" "$postgres" || break
        sleep 1 &
        nap=$!
        wait "$nap"
    done
) 2>/dev/null &
watch=$!
exec 3<&-
wait "$postgres"
code=$?
kill "$watch" 2>/dev/null
[ -z "$remove" ] || rm -rf -- "$remove"
exit "$code"
"#;

/// A fast shutdown cuts sessions and writes a checkpoint; a busy disk may need a while for that.
const STOP_LIMIT: Duration = Duration::from_secs(60);

/// As long as that, for one that nobody told us of.
const LEFTOVER_LIMIT: Duration = Duration::from_secs(120);

#[derive(Default)]
pub(super) struct Launch {
    /// Stop without a checkpoint: nothing is to be kept.
    pub(super) immediate: bool,
    pub(super) remove: Option<PathBuf>,
}

pub(super) struct Process {
    child: Child,
    /// Closing it is the order to stop.
    order: Option<ChildStdin>,
}

impl Process {
    /// In a process group of its own, so that a terminal's Ctrl-C reaches only us and requests in
    /// flight still find their database.
    pub(super) fn spawn(
        binaries: &Binaries,
        place: &Place,
        settings: &[&str],
        launch: Launch,
    ) -> Result<Process> {
        let mut log = File::options();
        let log = log.create(true).write(true).truncate(true).open(place.start_log())?;
        let mut command = place.command(Path::new("/bin/sh"));
        command.args(["-c", WATCH, "mainstay-postgres"]);
        command.arg(if launch.immediate { "QUIT" } else { "INT" });
        command.arg(launch.remove.as_deref().unwrap_or(Path::new("")));
        command.arg(binaries.program("postgres")).arg("-D").arg(place.files());
        command.arg("-k").arg(place.socket()).args(["-p", "5432"]);
        command.args(["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"]);
        for setting in settings {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log).process_group(0);
        let mut child = command.spawn().context("/bin/sh cannot be run")?;
        let order = child.stdin.take();
        Ok(Process { child, order })
    }

    pub(super) fn exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits until it is down. One that does not obey is stopped the hard way; PostgreSQL then
    /// replays its log at the next start and loses nothing that was committed.
    pub(super) fn stop(mut self, binaries: &Binaries, place: &Place) -> Result<()> {
        drop(self.order.take());
        let began = Instant::now();
        while self.exited().is_none() {
            if began.elapsed() > STOP_LIMIT {
                pg_ctl(binaries, place, &["stop", "-m", "immediate", "-w"])?;
                self.child.wait()?;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

/// Stops a server that still runs on these files: one whose owner was killed a moment ago and that
/// is on its way down, or whose watching shell was killed too.
pub(super) async fn stop_leftover(place: &Place) -> Result<()> {
    let files = fs::canonicalize(place.files())?;
    let Some(process) = running_on(&files) else { return Ok(()) };
    tracing::warn!(process, "stopping a PostgreSQL left over from an earlier run");
    // It may have gone down by itself before the signal. `pg_ctl stop` would look ten times a second
    // only, which is most of what a start after a kill takes.
    let _ = kill(Pid::from_raw(i32::try_from(process)?), Signal::SIGINT);
    let began = Instant::now();
    while works_in(process, &files) {
        ensure!(
            began.elapsed() < LEFTOVER_LIMIT,
            "A PostgreSQL (process {process}) still runs on {} and does not stop",
            files.display()
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    Ok(())
}

/// The process named in `postmaster.pid`, if it is a PostgreSQL on these files: the number may have
/// been given to another program since. A postmaster's working directory is its data directory.
fn running_on(files: &Path) -> Option<u32> {
    let text = fs::read_to_string(files.join("postmaster.pid")).ok()?;
    let process: u32 = text.lines().next()?.trim().parse().ok()?;
    works_in(process, files).then_some(process)
}

fn works_in(process: u32, folder: &Path) -> bool {
    fs::read_link(format!("/proc/{process}/cwd")).is_ok_and(|cwd| cwd == folder)
}

fn pg_ctl(binaries: &Binaries, place: &Place, args: &[&str]) -> Result<bool> {
    let mut command = place.command(&binaries.program("pg_ctl"));
    command.args(args).arg("-D").arg(place.files()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command.status().context("pg_ctl cannot be run")?.success())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::Command;

    use super::super::account::Account;
    use super::*;

    /// Whoever waits for it hears signals meanwhile, and may give up.
    #[tokio::test]
    async fn a_leftover_that_goes_down_slowly_holds_nobody_up() {
        let place = Place::temporary(Account::find().unwrap()).unwrap();
        fs::create_dir(place.files()).unwrap();
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "trap '' INT; echo deaf; exec sleep 2"]).current_dir(place.files());
        let mut deaf = command.stdout(Stdio::piped()).spawn().unwrap();
        BufReader::new(deaf.stdout.take().unwrap()).read_line(&mut String::new()).unwrap();
        fs::write(place.files().join("postmaster.pid"), format!("{}\n", deaf.id())).unwrap();
        let began = Instant::now();
        let limit = Duration::from_millis(200);
        assert!(tokio::time::timeout(limit, stop_leftover(&place)).await.is_err());
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
        stop_leftover(&place).await.unwrap();
        assert!(deaf.wait().unwrap().success(), "it was waited for until it ended by itself");
        fs::remove_dir_all(place.home()).unwrap();
    }
}
