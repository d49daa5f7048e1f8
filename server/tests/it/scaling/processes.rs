//! Two servers and a balancer, as an operator would run them.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use server::database::{self, SERVING_ROLE};
use server::postgres::{Cluster, SUPERUSER};

pub(super) const EMAIL: &str = "owner@mainstay.local";
pub(super) const PASSWORD: &str = "correct horse battery";

const SECRET: &str = "0b5a7f6e21d94c8893aa51c07d4be2f6";

/// A PostgreSQL with an empty database and no roles of ours.
pub(super) struct Site {
    pub(super) cluster: Cluster,
    folder: tempfile::TempDir,
}

/// One `mainstay serve`; killed when dropped.
pub(super) struct Process {
    child: Child,
    pub(super) url: String,
    /// What it printed until it was ready.
    pub(super) said: String,
}

impl Site {
    pub(super) async fn new() -> Site {
        let cluster = Cluster::temporary().await.unwrap();
        let folder = tempfile::Builder::new().prefix("mainstay-site-").tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let client = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
        client.batch_execute("CREATE DATABASE mainstay TEMPLATE template0").await.unwrap();
        Site { cluster, folder }
    }

    /// `mainstay ARGS` on this database, with a data folder of its own.
    pub(super) fn command(&self, name: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mainstay"));
        command.args(args).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("DATABASE_URL", self.cluster.url(SERVING_ROLE, "mainstay"))
            .env("DATABASE_OWNER_URL", self.cluster.url(SUPERUSER, "mainstay"))
            .env("MAINSTAY_DATA", self.folder.path().join(name))
            .env("MAINSTAY_LISTEN", "127.0.0.1:0")
            .env("MAINSTAY_SECRET", SECRET)
            .env("MAINSTAY_ADMIN_EMAIL", EMAIL)
            .env("MAINSTAY_ADMIN_PASSWORD", PASSWORD)
            .env("MAINSTAY_LOG", "warn");
        command
    }

    /// Starts servers at the same moment and waits until all are ready.
    pub(super) fn serve(&self, names: &[&str], settings: &[(&str, &str)]) -> Vec<Process> {
        let start = |name: &&str| {
            let mut command = self.command(name, &["serve"]);
            command.envs(settings.iter().copied());
            command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap()
        };
        let children: Vec<Child> = names.iter().map(start).collect();
        children.into_iter().map(Process::ready).collect()
    }

    pub(super) async fn ask(&self, sql: &str) -> i64 {
        let url = self.cluster.url(SUPERUSER, "mainstay");
        let client = database::connect(&url).await.unwrap();
        client.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// nginx in front of the servers, one request to each in turn.
    pub(super) fn balance(&self, processes: &[Process]) -> Process {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = self.folder.path().join("nginx");
        std::fs::create_dir(&folder).unwrap();
        let servers: String = processes
            .iter()
            .map(|p| format!("server {};", p.url.strip_prefix("http://").unwrap()))
            .collect();
        let text = include_str!("nginx.conf")
            .replace("SERVERS", &servers)
            .replace("PORT", &port.to_string())
            .replace("FOLDER", folder.to_str().unwrap());
        let path = folder.join("nginx.conf");
        std::fs::write(&path, text).unwrap();
        let child = Command::new(nginx())
            .args(["-e", "stderr", "-c"])
            .arg(&path)
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx starts");
        let url = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "nginx does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Process { child, url, said: String::new() }
    }
}

/// The system's, else the one `make nginx` has unpacked.
fn nginx() -> PathBuf {
    let unpacked = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/nginx/usr/sbin/nginx");
    let system = ["/usr/sbin/nginx", "/usr/bin/nginx"].map(PathBuf::from);
    let found = system.into_iter().chain([unpacked]).find(|path| path.is_file());
    found.expect("nginx is missing: run make nginx")
}

impl Process {
    fn ready(mut child: Child) -> Process {
        let mut said = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        while !said.contains("Sign in as") {
            let before = said.len();
            out.read_line(&mut said).unwrap();
            assert_ne!(said.len(), before, "it ended: {:?}; it said: {said}", child.wait());
        }
        let url = said.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned();
        Process { child, url, said }
    }

    pub(super) fn stop(mut self) -> Option<i32> {
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM).unwrap();
        self.child.wait().unwrap().code()
    }

    pub(super) async fn sign_in(&self, http: &Client) -> String {
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let sent = http.post(format!("{}/api/users/login", self.url)).json(&body).send();
        let answer = sent.await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = answer.json().await.unwrap();
        answer["token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn send(
        &self,
        http: &Client,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Response {
        let request = http.request(method, format!("{}{path}", self.url));
        let request = request.header("Authorization", format!("JWT {token}"));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        request.send().await.unwrap()
    }

    /// Who this server says the token's bearer is: an address, or nobody.
    pub(super) async fn me(&self, http: &Client, token: &str) -> Option<String> {
        let answer = self.send(http, token, Method::GET, "/api/users/me", None).await;
        let body: Value = answer.json().await.unwrap();
        body["user"]["email"].as_str().map(str::to_owned)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.child.try_wait().unwrap().is_none() {
            // nginx takes its workers along only when it is asked.
            let _ = kill(Pid::from_raw(self.child.id().try_into().unwrap()), Signal::SIGTERM);
            let _ = self.child.wait();
        }
    }
}
