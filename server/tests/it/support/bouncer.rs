//! PgBouncer before a test's database, pooling transactions.

use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use server::config::Secret;
use server::database::{self, Database, SERVING_ROLE};
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::config::Host;

/// Stops when dropped.
pub(crate) struct PgBouncer {
    pub(crate) url: Secret,
    admin: String,
    child: Child,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// As the serving role, on this many connections to the server.
    pub(crate) async fn transactions(database: &Database, connections: usize) -> PgBouncer {
        let to: tokio_postgres::Config = database.url.expose().parse().unwrap();
        let Some(Host::Unix(socket)) = to.get_hosts().first() else { panic!("{to:?}") };
        let port = free_port();
        let name = to.get_dbname().unwrap();
        let ini = format!(
            "[databases]\nmainstay = host={} dbname={name} user={SERVING_ROLE}\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = any\n\
             admin_users = pgbouncer\npool_mode = transaction\ndefault_pool_size = {connections}\n\
             max_client_conn = 2000\nstats_period = 1\nserver_reset_query =\nignore_startup_parameters = extra_float_digits\n",
            socket.display()
        );
        let folder = tempfile::tempdir().unwrap();
        let readable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path(), readable).unwrap();
        let path = folder.path().join("pgbouncer.ini");
        std::fs::write(&path, ini).unwrap();
        let mut command = Command::new("pgbouncer");
        // It refuses root, and only its own user may enter the cluster's folder.
        if std::fs::metadata("/proc/self")
            .is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0)
        {
            command.args(["--user", "postgres"]);
        }
        let child = command
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pgbouncer runs; make test installs it");
        let url = |base: &str, user: &str| format!("postgresql://{user}@127.0.0.1:{port}/{base}");
        let bouncer = PgBouncer {
            url: Secret::new(url("mainstay", SERVING_ROLE)),
            admin: url("pgbouncer", "pgbouncer"),
            child,
            _folder: folder,
        };
        for _ in 0..200 {
            if database::connect(bouncer.url.expose()).await.is_ok() {
                return bouncer;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("pgbouncer does not answer");
    }

    /// Transactions that went through it so far.
    pub(crate) async fn transactions_served(&self) -> i64 {
        let client = database::connect(&self.admin).await.unwrap();
        let rows = client.simple_query("SHOW STATS_TOTALS").await.unwrap();
        rows.iter()
            .filter_map(|row| match row {
                SimpleQueryMessage::Row(row) if row.get("database") == Some("mainstay") => {
                    row.get("xact_count")?.parse::<i64>().ok()
                }
                _ => None,
            })
            .sum()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
