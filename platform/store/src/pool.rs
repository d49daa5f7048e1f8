//! Connections to the database, as the serving role.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::PoolError;
use kernel::{Error, Id, Result};
use tokio::sync::mpsc;
use tokio_postgres::{AsyncMessage, NoTls, Row};

use crate::errors::{InWords as _, from_driver};
use crate::pulse::{self, Pulse};
use crate::session::{Manager, Pool};
use crate::turns::{Asker, Turns};
use crate::tx::{Authority, Mode, Tx};
use crate::{Param, Schema, Statement, Then};

#[derive(Clone)]
pub struct Config {
    /// A PostgreSQL connection string or URL. `sslmode=require` uses TLS with the Mozilla roots.
    pub url: String,
    /// The same database without a pooler between, for LISTEN. `None`: `url`.
    pub direct_url: Option<String>,
    pub connections: usize,
    pub pooler: Pooler,
}

impl Config {
    /// A server that is spoken to directly.
    pub fn new(url: impl Into<String>, connections: usize) -> Config {
        Config { url: url.into(), direct_url: None, connections, pooler: Pooler::Session }
    }
}

/// What stands between us and the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooler {
    /// Nothing, or whatever gives each client a connection of its own, or keeps prepared statements
    /// for it (PgBouncer from 1.21 on).
    Session,
    /// Each transaction may get another connection, so nothing is prepared ahead of it: a statement
    /// travels with its text, and its values as text, whose types the server infers as it would have
    /// when preparing.
    Transaction,
}

/// Payloads of NOTIFY on one channel. Ends when the connection is lost; dropping it closes the
/// connection.
pub type Notifications = mpsc::UnboundedReceiver<String>;

/// Whoever is cut off while waiting, or while it is their turn, leaves nothing behind: the lock goes with
/// the connection.
const TURN: &str =
    "BEGIN;SET LOCAL lock_timeout='60s';SET LOCAL idle_in_transaction_session_timeout=0";

/// One's own role's connections are shown whole.
const LISTENERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                         AND usename = current_user AND application_name = $1";

#[derive(Clone)]
pub struct Store {
    share: Share,
    /// Those of the threads that serve, once there are any.
    shares: Arc<OnceLock<Vec<Share>>>,
    schema: Arc<Schema>,
    config: Config,
    tls: Tls,
    pulse: Arc<Pulse>,
}

/// Connections, and whose turn it is at them.
#[derive(Clone)]
struct Share {
    pool: Pool,
    turns: Turns,
}

/// The right to do something that one process at a time may do; let go when dropped.
#[must_use]
pub struct Turn {
    _client: tokio_postgres::Client,
}

/// Whether the connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tls {
    On,
    Off,
}

/// For making a connection, and for asking that a statement be ended.
const DIAL_LIMIT: Duration = Duration::from_secs(3);

/// Asks the server to end what a connection is doing. Nothing is lost when that fails: the statement
/// has a time limit of its own.
pub(crate) async fn cancel(token: tokio_postgres::CancelToken, encrypted: Tls) {
    let asking = async {
        match encrypted {
            Tls::On => token.cancel_query(tls()).await,
            Tls::Off => token.cancel_query(NoTls).await,
        }
    };
    match tokio::time::timeout(DIAL_LIMIT, asking).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "an abandoned query could not be cancelled"),
        Err(_) => tracing::debug!("an abandoned query could not be cancelled in time"),
    }
}

impl Store {
    /// Opens nothing yet; connections are made when needed.
    pub fn connect(config: Config, schema: Arc<Schema>) -> Result<Store> {
        let parsed: tokio_postgres::Config = config.url.parse().map_err(wrong)?;
        let tls = if wants_tls(&parsed) { Tls::On } else { Tls::Off };
        let pulse = Arc::new(Pulse::new());
        let manager = Manager { config: parsed, tls, pulse: pulse.clone() };
        let share = share(manager, config.connections, Turns::new(1, config.connections))?;
        Ok(Store { share, shares: Arc::default(), schema, config, tls, pulse })
    }

    /// Divides the connections among threads that serve, each of which says once who it is
    /// ([`serve_as`]). A connection is then used by one thread only. Whoever else asks (start-up,
    /// commands) shares a pool beside theirs.
    pub fn divide(&self, threads: usize) -> Result<()> {
        let parsed: tokio_postgres::Config = self.config.url.parse().map_err(wrong)?;
        let each = (self.config.connections / threads.max(1)).max(1);
        let turns = Turns::new(threads, each);
        let manager =
            || Manager { config: parsed.clone(), tls: self.tls, pulse: self.pulse.clone() };
        let one = |thread| share(manager(), each, turns.of_thread(thread));
        let shares: Result<Vec<Share>> = (0..threads).map(one).collect();
        self.shares.set(shares?).map_err(|_| Error::internal("the connections were divided before"))
    }

    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    pub async fn read(&self, authority: &Authority) -> Result<Tx> {
        self.begin(authority, Mode::Read).await
    }

    pub async fn write(&self, authority: &Authority) -> Result<Tx> {
        self.begin(authority, Mode::Write).await
    }

    /// One statement with no authority at all: it sees no row, so it is good only for catalog
    /// queries and for functions that are themselves the gate (sign-in).
    pub async fn call(&self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        let mut tx = self.begin(&Authority::default(), Mode::Call).await?;
        let statement = Statement::new(sql, params.to_vec());
        let mut rows = tx.batch(&[statement], Then::Commit).await?;
        Ok(rows.pop().unwrap_or_default())
    }

    /// Watches over the database for as long as it is polled: when it hangs, whoever waits for it is told
    /// within four seconds. For servers.
    pub fn watch(&self) -> impl Future<Output = ()> + Send + use<> {
        pulse::feel(self.pulse.clone(), self.config.url.clone())
    }

    pub async fn ping(&self) -> Result<()> {
        self.call("SELECT 1", &[]).await.map(|_| ())
    }

    /// Tells all who listen, of any process.
    pub async fn notify(&self, channel: &str, payload: &str) -> Result<()> {
        let values = [Param::text(channel), Param::text(payload)];
        self.call("SELECT pg_notify($1::text, $2::text)", &values).await.map(|_| ())
    }

    /// How many processes listen to a channel on this database.
    pub async fn listeners(&self, channel: &str) -> Result<i64> {
        let rows = self.call(LISTENERS, &[Param::text(listening(channel))]).await?;
        let count = rows.first().and_then(|row| row.try_get(0).ok());
        count.ok_or_else(|| Error::internal("listeners cannot be counted"))
    }

    /// Listens on a connection of its own. `channel` is a plain lower-case name.
    pub async fn listen(&self, channel: &str) -> Result<Notifications> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let closed = sender.clone();
        let direct = self.config.direct_url.as_ref().unwrap_or(&self.config.url);
        let (client, mut driving) = dial(direct, move |payload| {
            let _ = sender.send(payload);
        })
        .await?;
        let name = listening(channel);
        let sql = format!("SET application_name = '{name}';LISTEN \"{channel}\"");
        client.batch_execute(&sql).await.in_words()?;
        tokio::spawn(async move {
            // The connection lives as long as this client does.
            let _client = client;
            tokio::select! {
                _ = &mut driving => {}
                () = closed.closed() => {}
            }
        });
        Ok(receiver)
    }

    /// Waits for its turn among all processes on this database that ask for the same `name`, a plain
    /// word. It has a connection of its own, in a transaction, so that it also works behind a pooler and
    /// with a pool of one.
    pub async fn turn(&self, name: &'static str) -> Result<Turn> {
        let (client, _driving) = dial(&self.config.url, |_| {}).await?;
        let lock = format!("SELECT pg_advisory_xact_lock(hashtextextended('mainstay.{name}', 0))");
        client.batch_execute(&format!("{TURN};{lock}")).await.in_words()?;
        Ok(Turn { _client: client })
    }

    async fn begin(&self, authority: &Authority, mode: Mode) -> Result<Tx> {
        let own = THREAD.get().and_then(|n| self.shares.get()?.get(n));
        let Share { pool, turns } = own.unwrap_or(&self.share);
        let turn = turns.take(asker(authority)).await?;
        if self.pulse.is_lost() {
            return Err(Error::unavailable("The database does not answer."));
        }
        let session = pool.get().await.map_err(|e| match e {
            PoolError::Backend(e) => from_driver(e),
            other => Error::unavailable("The database does not answer.").with_source(other),
        })?;
        let pulse = self.pulse.clone();
        Ok(Tx::new(session, authority, mode, self.tls, self.config.pooler, turn, pulse))
    }
}

/// What a listening connection is called.
fn listening(channel: &str) -> String {
    format!("{channel} listening")
}

thread_local! {
    /// Which of the threads that serve this is.
    static THREAD: Cell<Option<usize>> = const { Cell::new(None) };
}

/// From here on this thread uses the `n`-th share of every divided store.
pub fn serve_as(n: usize) {
    THREAD.set(Some(n));
}

#[track_caller]
fn wrong(error: impl std::fmt::Display) -> Error {
    Error::internal(format!("database connection settings: {error}"))
}

fn share(manager: Manager, connections: usize, turns: Turns) -> Result<Share> {
    let pool = Pool::builder(manager)
        .max_size(connections)
        .runtime(Runtime::Tokio1)
        // Whoever has a turn finds a connection free.
        .wait_timeout(Some(DIAL_LIMIT))
        .create_timeout(Some(DIAL_LIMIT))
        .build()
        .map_err(wrong)?;
    Ok(Share { pool, turns })
}

/// Whoever stands in a tenant, or sees only one, asks for it; others for themselves.
fn asker(authority: &Authority) -> Asker {
    let person = authority.user.unwrap_or(Id::nil());
    let only = match authority.visible.as_slice() {
        [one] => Some(*one),
        _ => None,
    };
    let party = authority.tenant.or(authority.stands_in).or(only).unwrap_or(person);
    Asker { party, person }
}

fn wants_tls(config: &tokio_postgres::Config) -> bool {
    config.get_ssl_mode() == tokio_postgres::config::SslMode::Require
}

pub(crate) fn tls() -> tokio_postgres_rustls::MakeRustlsConnect {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config =
        rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    tokio_postgres_rustls::MakeRustlsConnect::new(config)
}

/// A single connection outside the pool: migrations, LISTEN. The handle ends with the connection.
pub async fn dial(
    url: &str,
    on_notify: impl FnMut(String) + Send + 'static,
) -> Result<(tokio_postgres::Client, tokio::task::JoinHandle<()>)> {
    let parsed: tokio_postgres::Config = url.parse().in_words()?;
    if wants_tls(&parsed) {
        let (client, connection) = parsed.connect(tls()).await.in_words()?;
        Ok((client, tokio::spawn(drive(connection, on_notify))))
    } else {
        let (client, connection) = parsed.connect(NoTls).await.in_words()?;
        Ok((client, tokio::spawn(drive(connection, on_notify))))
    }
}

async fn drive<S, T>(
    mut connection: tokio_postgres::Connection<S, T>,
    mut on_notify: impl FnMut(String) + Send,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    loop {
        match std::future::poll_fn(|cx| connection.poll_message(cx)).await {
            Some(Ok(AsyncMessage::Notification(n))) => on_notify(n.payload().to_owned()),
            Some(Ok(AsyncMessage::Notice(notice))) => {
                tracing::debug!(message = notice.message(), "database notice");
            }
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                tracing::info!(%error, "database connection lost");
                return;
            }
            None => return,
        }
    }
}
