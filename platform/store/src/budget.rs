//! How much a transaction may be sent: rows are counted as they arrive, not when all of them are here.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::task::Poll;

use futures_util::TryStreamExt;
use kernel::{Error, Result};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_postgres::{Row, RowStream};

use crate::render::too_large;

/// From here on a transaction counts as large.
const LARGE: usize = 4 << 20;
/// Large ones at a time, in the whole process; each may hold as much as an answer may have, or what is made
/// of it. One more is refused: rows are taken from the connection as they come, so none can wait.
const MAX_LARGE: usize = 12;

static PLACES: Semaphore = Semaphore::const_new(MAX_LARGE);

pub(crate) struct Budget {
    most: usize,
    used: AtomicUsize,
    is_spent: AtomicBool,
    place: OnceLock<SemaphorePermit<'static>>,
}

/// What a row costs beside its bytes.
const ROW: usize = 64;

impl Budget {
    pub(crate) fn new(most: usize) -> Budget {
        let (used, is_spent) = (AtomicUsize::new(0), AtomicBool::new(false));
        Budget { most, used, is_spent, place: OnceLock::new() }
    }

    pub(crate) fn used(&self) -> usize {
        self.used.load(Relaxed)
    }

    /// What was sent so far is no longer held.
    pub(crate) fn renew(&mut self) {
        self.used = AtomicUsize::new(0);
    }

    /// All rows of a statement, which `sent` sends at its first poll. Waits for ever once the budget is
    /// spent; see [`Budget::unless_spent`].
    pub(crate) async fn rows(
        &self,
        sent: impl Future<Output = Result<RowStream, tokio_postgres::Error>>,
    ) -> Result<Vec<Row>, tokio_postgres::Error> {
        let stream = sent.await?;
        let mut stream = pin!(stream);
        let mut rows = Vec::new();
        while let Some(row) = stream.try_next().await? {
            let used = self.used.load(Relaxed) + row.raw_size_bytes() + ROW;
            self.used.store(used, Relaxed);
            rows.push(row);
            if used > LARGE && (used > self.most || !self.is_large()) {
                self.is_spent.store(true, Relaxed);
                std::future::pending::<()>().await;
            }
        }
        Ok(rows)
    }

    /// Takes a place among the large ones, if it has none. `false` when all are taken.
    fn is_large(&self) -> bool {
        let taken = |place| self.place.set(place).is_ok();
        self.place.get().is_some() || PLACES.try_acquire().is_ok_and(taken)
    }

    /// What `answers` are, unless the budget is spent first: then the connection is in the middle of
    /// something and must not be used again.
    pub(crate) async fn unless_spent<T>(&self, answers: impl Future<Output = T>) -> Result<T> {
        let mut answers = pin!(answers);
        poll_fn(|cx| match answers.as_mut().poll(cx) {
            Poll::Ready(answers) => Poll::Ready(Ok(answers)),
            Poll::Pending if self.is_spent.load(Relaxed) => Poll::Ready(Err(self.refusal())),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    fn refusal(&self) -> Error {
        match self.used.load(Relaxed) > self.most {
            true => too_large(),
            false => Error::unavailable("Too many large answers are being made. Try again."),
        }
    }
}
