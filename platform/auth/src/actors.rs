//! From a token to an [`Actor`], remembering recent ones.
//!
//! **Invariant:** a remembered actor is used only if no change to users, memberships, tenants or
//! sessions was heard of since before it was read: changes of this process raise the engine's
//! security epoch, changes of others arrive by NOTIFY (`peers`). While the listening connection is down
//! nothing is remembered, and nothing is for longer than [`LIFE`].

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use engine::Engine;
use kernel::{
    Actor, Currency, Error, Grant, Id, Reach, RequestInfo, Result, Role, Timestamp, Who, now,
};
use store::{Param, Row};

use crate::Auth;

const LIFE: Duration = Duration::from_secs(30);
const MAX_REMEMBERED: usize = 10_000;
/// What a live session stands for.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) user: Id,
    pub(crate) email: String,
    pub(crate) expires: Timestamp,
    pub(crate) reach: Arc<Reach>,
}

/// The moment before a read: an actor read after it may be remembered if it still holds afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    epoch: u64,
    heard: u64,
}

struct Entry {
    known: Arc<Known>,
    mark: Mark,
    read_at: Instant,
}

#[derive(Default)]
pub(crate) struct Actors {
    entries: RwLock<HashMap<Id, Entry>>,
    /// Rises with every notification.
    heard: AtomicU64,
    listening: AtomicBool,
}

impl Actors {
    fn mark(&self, epoch: u64) -> Mark {
        Mark { epoch, heard: self.heard.load(Ordering::SeqCst) }
    }

    fn get(&self, session: Id, mark: Mark) -> Option<Arc<Known>> {
        if !self.listening.load(Ordering::SeqCst) {
            return None;
        }
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(&session)?;
        // Another process may have prolonged a session that by this memory is over.
        let live = entry.known.expires > now();
        let fresh = live && entry.mark == mark && entry.read_at.elapsed() < LIFE;
        fresh.then(|| entry.known.clone())
    }

    /// `before` was taken before the read, `after` now: if they differ a change came in between.
    fn put(&self, session: Id, known: &Arc<Known>, before: Mark, after: Mark) {
        if before != after || !self.listening.load(Ordering::SeqCst) {
            return;
        }
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MAX_REMEMBERED {
            entries.retain(|_, e| e.mark == after && e.read_at.elapsed() < LIFE);
        }
        if entries.len() >= MAX_REMEMBERED {
            entries.clear();
        }
        let entry = Entry { known: known.clone(), mark: before, read_at: Instant::now() };
        entries.insert(session, entry);
    }

    pub(crate) fn forget(&self) {
        self.heard.fetch_add(1, Ordering::SeqCst);
        self.entries.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    pub(crate) fn is_trusted(&self) -> bool {
        self.listening.load(Ordering::SeqCst)
    }

    /// Whether changes are heard of from now on.
    pub(crate) fn trust(&self, listening: bool) {
        self.forget();
        self.listening.store(listening, Ordering::SeqCst);
    }
}

impl Auth {
    /// The actor of a request. No token, or one that is invalid, expired or whose session is over,
    /// is an anonymous actor, never an error. `tenant` is an explicit selection: Forbidden when the
    /// signed-in actor cannot enter it; it means nothing for an anonymous one.
    pub async fn authenticate(
        &self,
        token: Option<&str>,
        tenant: Option<Id>,
        request: RequestInfo,
    ) -> Result<Actor> {
        let Some(claims) = token.and_then(|t| self.claims(t)) else {
            return Ok(Actor::anonymous(request));
        };
        let known = self.known(claims.sid).await?;
        let Some(known) = known.filter(|k| k.user == claims.id && k.expires > now()) else {
            return Ok(Actor::anonymous(request));
        };
        let actor = known.actor(claims.sid, request);
        match tenant {
            None => Ok(actor),
            Some(tenant) => actor.select(tenant).ok_or_else(Error::forbidden),
        }
    }

    /// What `session` stands for, remembered or read.
    pub(crate) async fn known(&self, session: Id) -> Result<Option<Arc<Known>>> {
        let before = self.actors.mark(self.engine.security_epoch());
        if let Some(known) = self.actors.get(session, before) {
            return Ok(Some(known));
        }
        let Some(known) = Known::of(&self.engine, session).await?.map(Arc::new) else {
            return Ok(None);
        };
        let after = self.actors.mark(self.engine.security_epoch());
        self.actors.put(session, &known, before, after);
        Ok(Some(known))
    }
}

/// The actor as it is at this moment, where it stood: tenants made since the request began are within
/// its reach, those it lost are not. Forbidden when its session is over.
pub async fn as_of_now(engine: &Engine, actor: &Actor) -> Result<Actor> {
    let Some(session) = actor.session else { return Ok(actor.clone()) };
    let known = Known::of(engine, session).await?.ok_or_else(Error::forbidden)?;
    let fresh = Actor { reach: known.reach, selected: None, ..actor.clone() };
    match actor.selected {
        None => Ok(fresh),
        Some(tenant) => fresh.select(tenant).ok_or_else(Error::forbidden),
    }
}

impl Known {
    async fn of(engine: &Engine, session: Id) -> Result<Option<Known>> {
        let sql = "SELECT user_id, email, (extract(epoch FROM expires_at) * 1000)::bigint AS expires, \
                   home, tenants, ranks, currencies FROM app.session_actor($1)";
        let rows = engine.store().call(sql, &[Param::Uuid(session)]).await?;
        rows.first().map(Known::read).transpose()
    }

    fn read(row: &Row) -> Result<Known> {
        let tenants: Vec<Id> = column(row, "tenants")?;
        let ranks: Vec<i32> = column(row, "ranks")?;
        let currencies: Vec<String> = column(row, "currencies")?;
        let grants = tenants
            .into_iter()
            .zip(ranks)
            .zip(currencies)
            .filter_map(|((tenant, rank), currency)| {
                let role = Role::ALL.into_iter().find(|r| r.rank() == rank)?;
                let currency = Currency::parse(&currency).unwrap_or(Currency::USD);
                Some(Grant { tenant, role, currency })
            })
            .collect();
        let home: Option<Id> = column(row, "home")?;
        Ok(Known {
            user: column(row, "user_id")?,
            email: column(row, "email")?,
            expires: instant(column(row, "expires")?),
            reach: Arc::new(Reach::new(grants, home)),
        })
    }

    pub(crate) fn actor(&self, session: Id, request: RequestInfo) -> Actor {
        Actor {
            who: Who::User(self.user),
            session: Some(session),
            email: self.email.clone(),
            reach: self.reach.clone(),
            ..Actor::anonymous(request)
        }
    }
}

/// One column of an answer of our own functions.
pub(crate) fn column<T: Cell>(row: &Row, name: &str) -> Result<T> {
    T::of(row, name)
}

/// Types our functions answer in.
pub(crate) trait Cell: Sized {
    fn of(row: &Row, name: &str) -> Result<Self>;
}

macro_rules! cells {
    ($($ty:ty),*) => {$(
        impl Cell for $ty {
            fn of(row: &Row, name: &str) -> Result<$ty> {
                row.try_get(name)
                    .map_err(|e| Error::internal(format!("column {name}")).with_source(e))
            }
        }
    )*};
}

cells!(Id, Option<Id>, Vec<Id>, Vec<i32>, String, Option<String>, Vec<String>, bool, i64);

pub(crate) fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::new_id;

    fn known() -> Arc<Known> {
        Arc::new(Known {
            user: new_id(),
            email: "a@b.co".into(),
            expires: crate::later(now(), Duration::from_secs(60)),
            reach: Arc::default(),
        })
    }

    #[test]
    fn actors_are_remembered_only_while_changes_are_heard() {
        let (actors, session, known) = (Actors::default(), new_id(), known());
        let put = |actors: &Actors| {
            let mark = actors.mark(1);
            actors.put(session, &known, mark, actors.mark(1));
        };
        put(&actors);
        assert!(actors.get(session, actors.mark(1)).is_none(), "not listening yet");
        actors.trust(true);
        put(&actors);
        assert!(actors.get(session, actors.mark(1)).is_some());
        assert!(actors.get(session, actors.mark(2)).is_none(), "the epoch rose");
        actors.forget();
        assert!(actors.get(session, actors.mark(1)).is_none(), "a change was heard");
        put(&actors);
        actors.trust(false);
        assert!(actors.get(session, actors.mark(1)).is_none(), "the connection was lost");
    }

    #[test]
    fn a_change_during_the_read_is_not_remembered_over() {
        let (actors, session, known) = (Actors::default(), new_id(), known());
        actors.trust(true);
        let before = actors.mark(1);
        actors.forget();
        actors.put(session, &known, before, actors.mark(1));
        assert!(actors.get(session, actors.mark(1)).is_none());
        let before = actors.mark(1);
        actors.put(session, &known, before, actors.mark(2));
        assert!(actors.get(session, actors.mark(1)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let (actors, known) = (Actors::default(), known());
        actors.trust(true);
        let mark = actors.mark(1);
        for _ in 0..MAX_REMEMBERED + 10 {
            actors.put(new_id(), &known, mark, mark);
        }
        assert!(actors.entries.read().unwrap().len() <= MAX_REMEMBERED);
    }
}
