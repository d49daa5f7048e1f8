//! One connection to the database, moved by whoever waits for it.
//!
//! The driver splits a connection into a client, which asks, and a future that carries the bytes. Here
//! the two stay together: the task that waits for an answer reads it from the socket itself. With a
//! task of its own for the bytes every statement cost four wake-ups of another task, often on another
//! core.

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use deadpool::managed::{self, Metrics, RecycleError, RecycleResult};
use tokio_postgres::{Client, NoTls, Statement as Prepared};

use crate::pool::{Tls, tls};
use crate::pulse::Pulse;

/// Statements a connection keeps prepared; past this they are forgotten, so that odd queries
/// cannot fill the server's memory.
const MAX_PREPARED: usize = 400;

pub(crate) type Pool = managed::Pool<Manager>;
pub(crate) type Object = managed::Object<Manager>;

/// Ends with the connection, or when the database hangs.
type Bytes = Pin<Box<dyn Future<Output = ()> + Send>>;

pub(crate) struct Session {
    pub(crate) client: Client,
    pub(crate) carrier: Carrier,
    pub(crate) prepared: Cache,
    /// How often the database had been lost when this was begun.
    losses: u64,
}

impl Session {
    /// Waits until everything that was sent is answered.
    pub(crate) async fn settle(&mut self) {
        // Empty: answered once all before it are.
        let _ = self.carrier.run(self.client.batch_execute("")).await;
    }
}

/// Carries bytes between the client and the socket, as long as somebody waits.
pub(crate) struct Carrier(Option<Bytes>);

impl Carrier {
    /// Runs `work`, which must wait for nothing but this connection's client.
    pub(crate) async fn run<F: Future>(&mut self, work: F) -> F::Output {
        let mut work = pin!(work);
        poll_fn(|cx| {
            // Answers are handed out below, where nobody has to be woken for them.
            let mut quiet = Context::from_waker(Waker::noop());
            if let Poll::Ready(done) = work.as_mut().poll(&mut quiet) {
                return Poll::Ready(done);
            }
            self.carry(cx);
            work.as_mut().poll(&mut quiet)
        })
        .await
    }

    /// Sends what is queued and hands out what has come.
    fn carry(&mut self, cx: &mut Context<'_>) {
        let Some(bytes) = &mut self.0 else { return };
        if bytes.as_mut().poll(cx).is_ready() {
            // The client and whoever waits for it notice.
            self.0 = None;
        }
    }
}

/// Prepared statements by their text.
#[derive(Default)]
pub(crate) struct Cache(HashMap<Arc<str>, Prepared>);

impl Cache {
    pub(crate) async fn prepare(
        &mut self,
        client: &Client,
        sql: &str,
    ) -> Result<Prepared, tokio_postgres::Error> {
        if let Some(ready) = self.0.get(sql) {
            return Ok(ready.clone());
        }
        let ready = client.prepare(sql).await?;
        self.0.insert(sql.into(), ready.clone());
        Ok(ready)
    }

    pub(crate) fn trim(&mut self) {
        if self.0.len() > MAX_PREPARED {
            self.0.clear();
        }
    }
}

/// Makes sessions for the pool.
pub(crate) struct Manager {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) tls: Tls,
    pub(crate) pulse: Arc<Pulse>,
}

/// Carries a connection's bytes until it ends or the database hangs: then it is closed, as it is when the
/// database hung while nobody looked.
async fn until_lost<F>(connection: F, pulse: Arc<Pulse>, losses: u64)
where
    F: Future<Output = Result<(), tokio_postgres::Error>>,
{
    tokio::select! {
        biased;
        ended = connection => if let Err(error) = ended {
            tracing::info!(%error, "database connection lost");
        },
        () = pulse.lost_since(losses) => {}
    }
}

impl managed::Manager for Manager {
    type Type = Session;
    type Error = tokio_postgres::Error;

    async fn create(&self) -> Result<Session, tokio_postgres::Error> {
        let losses = self.pulse.losses();
        let (client, bytes): (Client, Bytes) = match self.tls {
            Tls::On => {
                let (client, connection) = self.config.connect(tls()).await?;
                (client, Box::pin(until_lost(connection, self.pulse.clone(), losses)))
            }
            Tls::Off => {
                let (client, connection) = self.config.connect(NoTls).await?;
                (client, Box::pin(until_lost(connection, self.pulse.clone(), losses)))
            }
        };
        Ok(Session { client, carrier: Carrier(Some(bytes)), prepared: Cache::default(), losses })
    }

    /// One that the server has closed meanwhile is not handed out again, nor one that was there when the
    /// database was lost: whatever swallowed the bytes may have cut it without a word.
    async fn recycle(
        &self,
        session: &mut Session,
        _: &Metrics,
    ) -> RecycleResult<tokio_postgres::Error> {
        session.carrier.carry(&mut Context::from_waker(Waker::noop()));
        match session.carrier.0 {
            Some(_) if session.losses == self.pulse.losses() => Ok(()),
            Some(_) => Err(RecycleError::message("the database was lost meanwhile")),
            None => Err(RecycleError::message("the connection is closed")),
        }
    }
}
