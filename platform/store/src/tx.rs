//! A transaction that carries the actor's authority.
//!
//! BEGIN and the settings travel in one message with the first statements, so a read is one round
//! trip. The settings are `SET LOCAL` of typed ids: they end with the transaction, cannot leak to the
//! connection's next user (PgBouncer included), and Citus propagates them.

use std::fmt::Write as _;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use bytes::BytesMut;
use futures_util::FutureExt;
use futures_util::future::{MaybeDone, OptionFuture, join3, maybe_done};
use kernel::{Error, Id, Result};
use tokio::runtime::Handle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Row, Statement as Prepared};

use crate::Param;
use crate::budget::Budget;
use crate::errors::{self, InWords as _};
use crate::param::as_text;
use crate::pool::{self, Pooler, Tls};
use crate::pulse::Pulse;
use crate::render::MAX_ANSWER;
use crate::session::{Object, Session};
use crate::turns::Turn;

/// What row-level security is told.
#[derive(Debug, Clone, Default)]
pub struct Authority {
    pub user: Option<Id>,
    /// Tenants whose rows may be read.
    pub visible: Vec<Id>,
    /// The tenant whose rows may be written.
    pub tenant: Option<Id>,
    /// Rank of the role held there ([`kernel::Role::rank`]).
    pub rank: i32,
    /// The tenant stood in when only reading: whom the use of the connection is counted to.
    pub stands_in: Option<Id>,
}

impl Authority {
    pub(crate) fn settings(&self) -> String {
        let mut sql = String::with_capacity(200 + self.visible.len() * 37);
        if let Some(user) = self.user {
            let _ = write!(sql, ";SET LOCAL app.\"user\"='{user}'");
        }
        if let Some(tenant) = self.tenant {
            let _ = write!(sql, ";SET LOCAL app.tenant='{tenant}'");
        }
        let _ = write!(sql, ";SET LOCAL app.rank='{}';SET LOCAL app.visible='{{", self.rank);
        let mut buffer = Id::encode_buffer();
        for (at, tenant) in self.visible.iter().enumerate() {
            sql.push_str(if at == 0 { "" } else { "," });
            sql.push_str(tenant.hyphenated().encode_lower(&mut buffer));
        }
        sql.push_str("}'");
        sql
    }
}

/// One statement with its values.
#[derive(Debug, Clone)]
pub struct Statement {
    pub sql: String,
    pub params: Vec<Param>,
}

impl Statement {
    pub fn new(sql: impl Into<String>, params: Vec<Param>) -> Statement {
        Statement { sql: sql.into(), params }
    }
}

/// A statement that runs longer is ended by PostgreSQL, so that one whose caller has gone does not
/// keep its connection for long. Reads are abandoned sooner than writes.
const CALL: &str = "BEGIN;SET LOCAL statement_timeout='10s';SET LOCAL lock_timeout='5s'";
const READ: &str = "BEGIN READ ONLY;SET LOCAL statement_timeout='10s'";
const WRITE: &str = "BEGIN;SET LOCAL statement_timeout='25s';SET LOCAL lock_timeout='10s'";

/// Bytes of rows that one transaction may be sent: a read as much as fits into an answer. Writes read what
/// they change, up to some hundred documents at a time.
const MAX_READ: usize = MAX_ANSWER;
const MAX_WRITE: usize = 8 * MAX_ANSWER;

/// Statements sent before the first answer is waited for.
const MAX_PIPELINE: usize = 64;

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    Read,
    Write,
    /// A function that is itself the gate.
    Call,
}

/// What becomes of the transaction after a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    GoOn,
    /// COMMIT travels along with the last statement. When a statement fails, or the caller stops
    /// waiting, PostgreSQL ends the transaction all the same.
    Commit,
}

/// Runs futures side by side, polling them first to last, so that what each sends at its first poll
/// leaves in that order.
async fn in_order<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<MaybeDone<F>>>> =
        futures.map(|f| Box::pin(maybe_done(f))).collect();
    poll_fn(|cx| {
        let mut waiting = false;
        for future in &mut running {
            waiting |= future.as_mut().poll(cx).is_pending();
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    running.iter_mut().filter_map(|f| f.as_mut().take_output()).collect()
}

pub struct Tx {
    /// Present until dropped.
    session: Option<Object>,
    /// BEGIN and settings, which the first statement takes along.
    begin: String,
    open: bool,
    /// COMMIT was sent. A read may go on in another transaction: each of its statements sees what is
    /// committed at its own moment anyway.
    over: bool,
    /// Statements were sent whose answers have not come, or one could not be prepared.
    busy: bool,
    mode: Mode,
    tls: Tls,
    pooler: Pooler,
    turn: Option<Turn>,
    pulse: Arc<Pulse>,
    budget: Budget,
}

impl Tx {
    pub(crate) fn new(
        mut session: Object,
        authority: &Authority,
        mode: Mode,
        tls: Tls,
        pooler: Pooler,
        turn: Turn,
        pulse: Arc<Pulse>,
    ) -> Tx {
        session.prepared.trim();
        let begin = match mode {
            Mode::Read => format!("{READ}{}", authority.settings()),
            Mode::Write => format!("{WRITE}{}", authority.settings()),
            Mode::Call => CALL.to_owned(),
        };
        let budget = Budget::new(if mode == Mode::Write { MAX_WRITE } else { MAX_READ });
        let (session, turn) = (Some(session), Some(turn));
        let (open, over, busy) = (false, false, false);
        Tx { session, begin, open, over, busy, mode, tls, pooler, turn, pulse, budget }
    }

    /// Runs statements in one round trip, in order; the first error is reported.
    pub async fn batch(&mut self, statements: &[Statement], then: Then) -> Result<Vec<Vec<Row>>> {
        let full = statements.len().saturating_sub(1) / MAX_PIPELINE * MAX_PIPELINE;
        let (first, rest) = statements.split_at(full);
        let mut results = Vec::with_capacity(statements.len());
        for trip in first.chunks(MAX_PIPELINE) {
            results.extend(self.trip(trip, Then::GoOn).await?);
        }
        results.extend(self.trip(rest, then).await?);
        Ok(results)
    }

    async fn trip(&mut self, statements: &[Statement], then: Then) -> Result<Vec<Vec<Row>>> {
        self.check_open()?;
        self.busy = true;
        if self.mode == Mode::Write {
            self.budget.renew();
        }
        let Session { client, carrier, prepared: known, .. } = session_of(&mut self.session)?;
        // With a pooler of transactions it stays empty, and every statement carries its text.
        let mut prepared = Vec::with_capacity(statements.len());
        if self.pooler == Pooler::Session {
            for statement in statements {
                let ready = carrier.run(known.prepare(client, &statement.sql)).await.in_words()?;
                prepared.push(ready);
            }
        }
        if self.mode != Mode::Read {
            check_values(statements, &prepared)?;
        }
        let params: Vec<Vec<&(dyn ToSql + Sync)>> = statements
            .iter()
            .map(|s| s.params.iter().map(|p| p as &(dyn ToSql + Sync)).collect())
            .collect();
        // From here to the first poll of the join nothing waits: what is sent is sent whole, in
        // order, and `open` says what the connection will be left with.
        let begin = (!self.open).then(|| client.batch_execute(&self.begin));
        let begin = OptionFuture::from(begin);
        self.open = then == Then::GoOn;
        self.over = then == Then::Commit;
        let budget = &self.budget;
        let queries =
            statements.iter().enumerate().map(async |(at, statement)| match prepared.get(at) {
                Some(ready) => {
                    budget.rows(client.query_raw(ready, params[at].iter().copied())).await
                }
                None => {
                    let params = as_text(&statement.params);
                    budget.rows(client.query_typed_raw(&statement.sql, params)).await
                }
            });
        let commit = (then == Then::Commit).then(|| client.batch_execute("COMMIT"));
        let answers = join3(begin, in_order(queries), OptionFuture::from(commit));
        let (begun, results, committed) = carrier.run(budget.unless_spent(answers)).await?;
        // That the connection was closed is nobody's answer.
        if !client.is_closed() {
            self.pulse.answered();
        }
        self.busy = false;
        begun.transpose().in_words()?;
        let results = statements.iter().zip(results).map(|(statement, result)| {
            result.map_err(|error| errors::of_statement(&statement.sql, error))
        });
        let results = results.collect::<Result<Vec<Vec<Row>>>>()?;
        committed.transpose().in_words()?;
        Ok(results)
    }

    /// Bytes of rows that have come, in a write those of the last round trip.
    pub(crate) fn received(&self) -> usize {
        self.budget.used()
    }

    pub async fn query(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        let mut rows = self.batch(&[Statement::new(sql, params.to_vec())], Then::GoOn).await?;
        Ok(rows.pop().unwrap_or_default())
    }

    /// Like [`Tx::query`], answering the number of rows touched.
    pub async fn execute(&mut self, sql: &str, params: &[Param]) -> Result<u64> {
        self.begin_now().await?;
        self.busy = true;
        let Session { client, carrier, prepared, .. } = session_of(&mut self.session)?;
        let work = async {
            if self.pooler == Pooler::Transaction {
                return client.execute_typed(sql, &as_text(params)).await;
            }
            let ready = prepared.prepare(client, sql).await?;
            let refs: Vec<&(dyn ToSql + Sync)> =
                params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
            client.execute(&ready, &refs).await
        };
        let done = carrier.run(work).await;
        self.busy = false;
        done.in_words()
    }

    async fn begin_now(&mut self) -> Result<()> {
        self.check_open()?;
        if !self.open {
            self.open = true;
            let Session { client, carrier, .. } = session_of(&mut self.session)?;
            carrier.run(client.batch_execute(&self.begin)).await.in_words()?;
        }
        Ok(())
    }

    fn check_open(&self) -> Result<()> {
        match self.over && self.mode != Mode::Read {
            true => Err(Error::internal("the transaction is over")),
            false => Ok(()),
        }
    }

    /// Changes what row-level security is told, for the rest of the transaction.
    pub async fn assume(&mut self, authority: &Authority) -> Result<()> {
        self.begin_now().await?;
        let settings = authority.settings();
        self.say(settings.trim_start_matches(';')).await
    }

    pub async fn commit(mut self) -> Result<()> {
        if self.open {
            self.say("COMMIT").await?;
            self.open = false;
            self.over = true;
        }
        Ok(())
    }

    /// Sends what answers no rows.
    async fn say(&mut self, sql: &str) -> Result<()> {
        let Session { client, carrier, .. } = session_of(&mut self.session)?;
        carrier.run(client.batch_execute(sql)).await.in_words()
    }
}

fn session_of(held: &mut Option<Object>) -> Result<&mut Session> {
    held.as_deref_mut().ok_or_else(|| Error::internal("the transaction is over"))
}

/// A value that cannot be written in its place must be found before its neighbors are sent with a
/// COMMIT behind them.
fn check_values(statements: &[Statement], prepared: &[Prepared]) -> Result<()> {
    let mut scratch = BytesMut::new();
    for (statement, ready) in statements.iter().zip(prepared) {
        if statement.params.len() != ready.params().len() {
            return Err(Error::internal("a statement with too few or too many values"));
        }
        for (param, ty) in statement.params.iter().zip(ready.params()) {
            scratch.clear();
            param
                .to_sql(ty, &mut scratch)
                .map_err(|e| Error::internal("a value does not fit its place").with_source(e))?;
        }
    }
    Ok(())
}

impl Drop for Tx {
    /// A transaction that was not committed is rolled back. The message is queued on the connection
    /// before it returns to the pool, so the next user's BEGIN comes after it. A statement nobody
    /// waits for any more is cancelled, and its connection is not used again.
    fn drop(&mut self) {
        let Some(mut session) = self.session.take() else { return };
        if self.busy {
            let session = Object::take(session);
            let (tls, turn) = (self.tls, self.turn.take());
            // One whose connection was closed has nobody left to ask. A pooler might ask on behalf of
            // whoever has the server's connection by then (and PgBouncer 1.18 ends over it): it closes
            // that connection when ours goes.
            let asks = self.pooler == Pooler::Session && !session.client.is_closed();
            if let (true, Ok(runtime)) = (asks, Handle::try_current()) {
                runtime.spawn(async move {
                    pool::cancel(session.client.cancel_token(), tls).await;
                    drop((session, turn));
                });
            }
        } else if self.open {
            let _ = session.client.batch_execute("ROLLBACK").now_or_never();
            let turn = self.turn.take();
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(async move {
                    session.settle().await;
                    drop((session, turn));
                });
            }
        }
    }
}
