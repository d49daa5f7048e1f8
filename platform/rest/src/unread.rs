//! Answers that wait for their client to read them: counted until the last byte is handed on.
//!
//! The count travels in the bytes themselves, not in the body around them: whoever sends them (hyper, a
//! compressor) takes them out of the body at once and keeps them until the client has taken them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use kernel::{Error, Result};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::Failure;
use crate::held::{Allowance, Held, Holder};

/// Answers that are being read may take this much together, in bytes; one client at most a third of it.
static UNREAD: Allowance = Allowance::new(256 << 20, 2);
/// Smaller ones are not counted: a connection has as much for itself.
const LEAST: u64 = 16 << 10;
/// Larger ones have a time by which they must have been read.
const LARGE: u64 = 1 << 20;

/// Long lists of one client that are made at the same time: they take memory while they are made, too.
const AT_ONCE: usize = 2;
/// How long one more of them waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Who could not be given so much more is not made a long list.
const ROOM: usize = 4 << 20;

/// Rides on an answer whose bytes are kept anyway, for everybody.
#[derive(Clone)]
pub(crate) struct Shared;

/// Rides on a large answer: tells its connection how large it is and how long it is there.
#[derive(Clone)]
pub(crate) struct Unread {
    pub(crate) bytes: u64,
    pub(crate) alive: Weak<dyn Send + Sync>,
}

/// The answer, counted for `holder`; or a refusal when too much waits already, unless it tells of something
/// that has been done.
pub(crate) async fn counted(response: Response, holder: Holder, is_read: bool) -> Response {
    let size = response.body().size_hint().exact().unwrap_or_default();
    if size < LEAST || response.extensions().get::<Shared>().is_some() {
        return response;
    }
    let mut held = UNREAD.held_by(holder);
    if !is_read {
        held.more_at_any_rate(size as usize);
    } else if held.more(size as usize).is_err() {
        return Failure(refusal()).into_response();
    }
    let (mut parts, body) = response.into_parts();
    // It is all there: nothing waits and nothing is copied.
    let Ok(body) = body.collect().await else {
        return Failure(Error::internal("an answer that broke off")).into_response();
    };
    let held = Arc::new(held);
    if size >= LARGE {
        let alive: Weak<Held> = Arc::downgrade(&held);
        parts.extensions.insert(Unread { bytes: size, alive });
    }
    let bytes = Bytes::from_owner(Counted { bytes: body.to_bytes(), _held: held });
    Response::from_parts(parts, Body::from(bytes))
}

fn refusal() -> Error {
    Error::unavailable("Too much of what was asked for waits to be read. Try again.")
}

/// A turn at making a long list, to be held while it is made. Unavailable when it does not come, or when the
/// list could not be given away.
pub(crate) async fn turn(holder: Holder) -> Result<OwnedSemaphorePermit> {
    turn_within(holder, PATIENCE).await
}

async fn turn_within(holder: Holder, patience: Duration) -> Result<OwnedSemaphorePermit> {
    let taken = timeout(patience, turns_of(holder).acquire_owned()).await;
    let Ok(Ok(turn)) = taken else {
        return Err(Error::unavailable("Too many long lists are being made. Try again."));
    };
    if UNREAD.has_room(holder, ROOM) { Ok(turn) } else { Err(refusal()) }
}

fn turns_of(holder: Holder) -> Arc<Semaphore> {
    static TURNS: Mutex<BTreeMap<Holder, Weak<Semaphore>>> = Mutex::new(BTreeMap::new());
    let mut all = TURNS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(turns) = all.get(&holder).and_then(Weak::upgrade) {
        return turns;
    }
    all.retain(|_, turns| turns.strong_count() > 0);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    all.insert(holder, Arc::downgrade(&turns));
    turns
}

/// Refuses a write of someone who leaves the answers of too many others unread.
pub(crate) fn check(holder: Holder) -> Result<()> {
    match UNREAD.is_exceeded_by(holder) {
        true => Err(Error::unavailable("Read the answers to your other requests first.")),
        false => Ok(()),
    }
}

struct Counted {
    bytes: Bytes,
    _held: Arc<Held>,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply;

    fn somebody() -> Holder {
        Holder::Person(kernel::new_id())
    }

    async fn asked(holder: Holder, megabytes: usize) -> Response {
        counted(reply::ok("x".repeat(megabytes << 20)), holder, true).await
    }

    #[tokio::test]
    async fn long_lists_of_one_client_are_made_in_turns() {
        let (greedy, other) = (somebody(), somebody());
        let first = turn(greedy).await.unwrap();
        let _second = turn(greedy).await.unwrap();
        assert!(turn_within(greedy, Duration::from_millis(20)).await.is_err());
        assert!(turn(other).await.is_ok());
        drop(first);
        assert!(turn(greedy).await.is_ok());
    }

    /// One test, since all share one count.
    #[tokio::test]
    async fn answers_that_nobody_reads_are_not_made_without_end() {
        let (slow, other) = (somebody(), somebody());
        let mut unread = Vec::new();
        loop {
            let response = asked(slow, 30).await;
            if response.status() != 200 {
                assert_eq!(response.status(), 503);
                assert!(response.headers().contains_key("retry-after"));
                break;
            }
            unread.push(response);
        }
        assert_eq!(unread.len(), 3);
        assert!(turn(slow).await.is_err() && turn(other).await.is_ok());
        assert_eq!(asked(other, 30).await.status(), 200, "others are not held responsible");

        // What has been done is told, but no more is done.
        assert!(check(slow).is_ok());
        for _ in 0..3 {
            let done = reply::ok("x".repeat(30 << 20));
            let done = counted(done, slow, false).await;
            assert_eq!(done.status(), 200);
            unread.push(done);
        }
        assert!(check(slow).is_err() && check(other).is_ok());
        unread.drain(3..);

        // The bytes count, wherever they are.
        let mut taken = Vec::new();
        for response in unread.drain(..) {
            let mut body = response.into_body();
            taken.push(body.frame().await.unwrap().unwrap().into_data().unwrap());
        }
        assert_eq!(asked(slow, 30).await.status(), 503);
        let rest: Vec<Bytes> = taken.drain(..).map(|mut bytes| bytes.split_off(29 << 20)).collect();
        assert_eq!(asked(slow, 30).await.status(), 503);
        drop(rest);
        let response = asked(slow, 30).await;
        let unread = response.extensions().get::<Unread>().unwrap().clone();
        assert_eq!((unread.bytes, unread.alive.strong_count()), (30 << 20, 1));
        drop(response);
        assert_eq!(unread.alive.strong_count(), 0);

        // What is kept for everybody anyway costs nothing.
        let mut shared = Vec::new();
        for _ in 0..20 {
            let mut one = reply::ok(Bytes::from(vec![0; 30 << 20]));
            one.extensions_mut().insert(Shared);
            shared.push(counted(one, slow, true).await);
        }
        assert!(shared.iter().all(|one| one.status() == 200));
    }
}
