//! The binary itself: start, stop, restart, and what it says when it cannot.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// An instance in a folder of its own, which PostgreSQL's user may enter.
struct Instance(tempfile::TempDir);

/// A server that is killed when a test fails half-way; its PostgreSQL follows.
struct Serving {
    child: Child,
    url: String,
    said: String,
}

impl Instance {
    fn new() -> Instance {
        let folder = tempfile::Builder::new().prefix("mainstay-it-").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Instance(folder)
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command.args(args).current_dir(self.0.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap());
        command.env("MAINSTAY_LISTEN", "127.0.0.1:0").stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn serve(&self) -> Serving {
        Serving::start(&mut self.command(&["serve"]))
    }

    /// The process that runs on the database files, if any does.
    fn postgres(&self) -> Option<i32> {
        let text = std::fs::read_to_string(self.data().join("postgres/postmaster.pid")).ok()?;
        let process: i32 = text.lines().next()?.parse().ok()?;
        Path::new(&format!("/proc/{process}")).exists().then_some(process)
    }
}

impl Serving {
    /// Returns when it says that it is ready.
    fn start(command: &mut Command) -> Serving {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        while !said.contains("Sign in as") {
            let before = said.len();
            out.read_line(&mut said).unwrap();
            assert_ne!(said.len(), before, "it ended: {:?}; it said: {said}", child.wait());
        }
        let url = said.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
        Serving { child, url, said }
    }

    fn stop(mut self, signal: Signal) -> Option<i32> {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} takes too long");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn it_starts_from_nothing_and_stops_everything_it_started() {
    let instance = Instance::new();
    let serving = instance.serve();
    assert!(serving.said.contains("Password     "), "{}", serving.said);
    assert!(instance.postgres().is_some());
    for secret in ["secret", "postgres", "postgres-run"] {
        let mode = std::fs::metadata(instance.data().join(secret)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{secret}");
    }
    assert_eq!(serving.stop(Signal::SIGINT), Some(0));
    assert_eq!(instance.postgres(), None);

    let again = instance.serve();
    assert!(!again.said.contains("Password"), "{}", again.said);
    assert_eq!(again.stop(Signal::SIGTERM), Some(0));
    assert_eq!(instance.postgres(), None);
}

#[test]
fn killed_outright_it_takes_its_database_along_and_starts_again() {
    let instance = Instance::new();
    let serving = instance.serve();
    assert_eq!(serving.stop(Signal::SIGKILL), None);
    wait_until("the database's end", || instance.postgres().is_none());
    instance.serve().stop(Signal::SIGKILL);
    // In the very moment of the shutdown.
    assert_eq!(instance.serve().stop(Signal::SIGINT), Some(0));
}

/// The status of `/api/readyz`; 0 when nobody answers.
async fn ready(url: &str) -> u16 {
    let answer = reqwest::get(format!("{url}/api/readyz")).await;
    answer.map_or(0, |answer| answer.status().as_u16())
}

#[tokio::test]
async fn a_lost_database_is_started_again_and_health_says_so_meanwhile() {
    let instance = Instance::new();
    let mut serving = instance.serve();
    for _ in 0..2 {
        let postgres = instance.postgres().unwrap();
        kill(Pid::from_raw(postgres), Signal::SIGKILL).unwrap();
        let (began, mut seen) = (Instant::now(), Vec::new());
        while !seen.contains(&503) || seen.last() != Some(&200) {
            assert!(began.elapsed() < Duration::from_secs(20), "{seen:?}");
            seen.push(ready(&serving.url).await);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(seen.iter().all(|status| [200, 503].contains(status)), "{seen:?}");
        assert_ne!(instance.postgres(), Some(postgres));
    }
    assert_eq!(serving.child.try_wait().unwrap(), None);
    assert_eq!(serving.stop(Signal::SIGINT), Some(0));
    assert_eq!(instance.postgres(), None);
}

#[test]
fn a_second_server_on_the_same_data_or_port_says_so() {
    let instance = Instance::new();
    let serving = instance.serve();
    let second = instance.run(&["serve"]);
    assert_eq!(second.status.code(), Some(1));
    let said = text(&second.stderr);
    assert!(said.contains(&format!("mainstay serve (process {})", serving.child.id())), "{said}");

    let other = Instance::new();
    let address = serving.url.strip_prefix("http://").unwrap();
    let taken = other.command(&["serve"]).env("MAINSTAY_LISTEN", address).output().unwrap();
    assert_eq!(taken.status.code(), Some(1));
    let said = text(&taken.stderr);
    assert!(said.contains(&format!("{address} is taken by another program")), "{said}");
    assert_eq!(other.postgres(), None);
}

#[test]
fn psql_works_beside_a_server_and_alone() {
    let instance = Instance::new();
    let who = |args: &[&str]| {
        let output = instance.run(&[args, &["--", "-Atc", "SELECT current_user"]].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let serving = instance.serve();
    assert_eq!(who(&["psql"]), "app_user\n");
    assert_eq!(who(&["psql", "--owner"]), "mainstay_owner\n");
    let rows = instance.run(&["psql", "--", "-Atc", "SELECT count(*) FROM users"]);
    assert_eq!(text(&rows.stdout), "0\n");
    serving.stop(Signal::SIGINT);
    assert_eq!(who(&["psql"]), "app_user\n");
    assert_eq!(instance.postgres(), None);
    let failing = instance.run(&["psql", "--", "-c", "nonsense"]);
    assert_eq!(failing.status.code(), Some(1));
}

#[test]
fn wrong_settings_are_all_named_and_nothing_starts() {
    let instance = Instance::new();
    let mut command = instance.command(&["serve"]);
    command.env("MAINSTAY_LISTEN", "nowhere").env("MAINSTAY_POOL", "many");
    let output = command.env("MAINSTAY_ENV", "production").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for name in ["MAINSTAY_LISTEN", "MAINSTAY_POOL", "MAINSTAY_SECRET"] {
        assert!(said.contains(name), "{said}");
    }
    assert!(!instance.data().exists());
}

#[test]
fn what_is_missing_and_what_does_not_fit_is_told() {
    let instance = Instance::new();
    let check = instance.run(&["migrate", "--check"]);
    assert_eq!(check.status.code(), Some(1));
    let said = text(&check.stdout);
    let names: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let all: Vec<&str> = store::migrate::all().iter().map(|m| m.name).collect();
    assert_eq!(names, all, "{said}");
    assert!(instance.run(&["migrate"]).status.success());
    let check = instance.run(&["migrate", "--check"]);
    assert_eq!(check.status.code(), Some(0));
    assert_eq!(text(&check.stdout), "The database is up to date.\n");

    let owner = |sql: &str| {
        let output = instance.run(&["psql", "--owner", "--", "-qc", sql]);
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    let refused = |wanted: &str| {
        for args in [&["migrate", "--check"][..], &["migrate"], &["serve"]] {
            let output = instance.run(args);
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            let said = text(&output.stderr);
            assert!(said.contains(wanted), "{args:?}: {said}");
        }
    };
    let reindex = instance.run(&["reindex", "--collection", "contacts"]);
    assert_eq!(reindex.status.code(), Some(1), "there is no platform yet");
    let unknown = instance.run(&["reindex", "--collection", "nonsense"]);
    assert_eq!(unknown.status.code(), Some(1));

    owner("INSERT INTO app_migrations VALUES ('9999_ahead', 'x', now())");
    refused("migrated by a newer version of Mainstay (migration 9999_ahead)");
    owner("DELETE FROM app_migrations WHERE name = '9999_ahead'");
    owner("UPDATE app_migrations SET hash = 'x' WHERE name = '0001_spine'");
    refused("Migration 0001_spine was changed after it ran here");
}

#[test]
fn migrations_make_what_the_definitions_say() {
    let instance = Instance::new();
    std::fs::create_dir(instance.0.path().join("migrations")).unwrap();
    let output = instance.run(&["migrate", "new", "difference"]);
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(said.contains("there is nothing to write"), "{said}");
    assert!(instance.run(&["migrate"]).status.success());
    assert!(instance.run(&["migrate", "--check"]).status.success());
}
