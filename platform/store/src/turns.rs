//! Whose turn it is at the connections: shared fairly, so that nobody's slow or many queries keep others
//! waiting.
//!
//! Everyone has a queue of their own (a *party*: the tenant one stands in). A free connection goes to the
//! party that holds fewest. While a party is alone it may hold all but a few; as soon as another one asks,
//! a modest share, since what the database computes at the same time is slowed down by it. Within a party one
//! person may hold two thirds of what it may.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kernel::{Error, Id, Result};
use tokio::sync::oneshot;

/// How long one waits for a turn.
const PATIENCE: Duration = Duration::from_secs(4);
/// A party that asked within this time counts as present.
const PRESENT: Duration = Duration::from_millis(500);
/// Waiting for turns, in all. Past it one is told at once that the database is busy.
const MAX_WAITING: usize = 4096;

/// Who asks for a connection: the tenant and the user. Nil is the product itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) party: Id,
    pub(crate) person: Id,
}

#[derive(Clone)]
pub(crate) struct Turns {
    state: Arc<Mutex<State>>,
}

struct State {
    free: usize,
    /// What a party may hold alone, and beside others.
    alone: usize,
    beside: usize,
    parties: HashMap<Id, Party>,
    waiting: usize,
    /// The party that asked last, and when.
    last: Option<(Id, Instant)>,
    /// When two different ones last asked within a short time.
    company: Option<Instant>,
}

#[derive(Default)]
struct Party {
    holds: usize,
    people: HashMap<Id, usize>,
    queue: VecDeque<(Id, oneshot::Sender<Turn>)>,
}

/// The right to use one connection, given on when dropped.
pub(crate) struct Turn {
    state: Arc<Mutex<State>>,
    asker: Asker,
}

impl Turns {
    pub(crate) fn new(connections: usize) -> Turns {
        let state = State {
            free: connections,
            alone: connections - connections / 4,
            beside: (connections / 4).max(1),
            parties: HashMap::new(),
            waiting: 0,
            last: None,
            company: None,
        };
        Turns { state: Arc::new(Mutex::new(state)) }
    }

    /// Waits for a turn; Unavailable when it takes too long or too many wait.
    pub(crate) async fn take(&self, asker: Asker) -> Result<Turn> {
        let waiting = {
            let mut state = lock(&self.state);
            state.note(asker.party);
            if state.may(asker) {
                state.hold(asker);
                return Ok(Turn { state: self.state.clone(), asker });
            }
            if state.waiting >= MAX_WAITING {
                return Err(busy());
            }
            state.queue(asker)
        };
        match tokio::time::timeout(PATIENCE, waiting).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(busy()),
        }
    }
}

fn busy() -> Error {
    Error::unavailable("The database is busy.")
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn note(&mut self, party: Id) {
        if party.is_nil() {
            return;
        }
        let now = Instant::now();
        match self.last {
            Some((last, at)) if last != party && now - at < PRESENT => self.company = Some(now),
            _ => {}
        }
        self.last = Some((party, now));
    }

    fn share(&self) -> usize {
        let is_alone = self.company.is_none_or(|at| at.elapsed() > PRESENT);
        if is_alone { self.alone } else { self.beside }
    }

    /// Whether one more connection may be held by that person of that party now.
    fn may(&self, asker: Asker) -> bool {
        if self.free == 0 {
            return false;
        }
        let Some(party) = self.parties.get(&asker.party) else { return true };
        self.within(party, asker)
    }

    fn within(&self, party: &Party, asker: Asker) -> bool {
        // What the product does for itself is short, and everyone waits for it.
        if asker.party.is_nil() {
            return true;
        }
        let share = self.share();
        let person = party.people.get(&asker.person).copied().unwrap_or_default();
        party.holds < share && person < (share * 2 / 3).max(1)
    }

    fn hold(&mut self, asker: Asker) {
        self.free -= 1;
        let party = self.parties.entry(asker.party).or_default();
        party.holds += 1;
        *party.people.entry(asker.person).or_default() += 1;
    }

    fn queue(&mut self, asker: Asker) -> oneshot::Receiver<Turn> {
        let (sender, receiver) = oneshot::channel();
        self.waiting += 1;
        let party = self.parties.entry(asker.party).or_default();
        party.queue.push_back((asker.person, sender));
        receiver
    }

    fn release(&mut self, asker: Asker) {
        self.free += 1;
        let Some(party) = self.parties.get_mut(&asker.party) else { return };
        party.holds -= 1;
        if let Some(held) = party.people.get_mut(&asker.person) {
            *held -= 1;
            if *held == 0 {
                party.people.remove(&asker.person);
            }
        }
        self.tidy(asker.party);
    }

    fn tidy(&mut self, id: Id) {
        if self.parties.get(&id).is_some_and(|p| p.holds == 0 && p.queue.is_empty()) {
            self.parties.remove(&id);
        }
    }

    /// The next in turn, taken out of its queue.
    fn next(&mut self) -> Option<(Asker, oneshot::Sender<Turn>)> {
        if self.waiting == 0 || self.free == 0 {
            return None;
        }
        let ready = |(id, party): (&Id, &Party)| {
            let may = |person: Id| self.within(party, Asker { party: *id, person });
            let at = party.queue.iter().position(|(person, _)| may(*person))?;
            Some((party.holds, *id, at))
        };
        let (_, id, at) = self.parties.iter().filter_map(ready).min()?;
        let (person, sender) = self.parties.get_mut(&id)?.queue.remove(at)?;
        self.waiting -= 1;
        Some((Asker { party: id, person }, sender))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut state = lock(&self.state);
        state.release(self.asker);
        while let Some((asker, sender)) = state.next() {
            if sender.is_closed() {
                state.tidy(asker.party);
                continue;
            }
            state.hold(asker);
            drop(state);
            // Should nobody be there to take it after all, it is dropped, and so given on.
            let _ = sender.send(Turn { state: self.state.clone(), asker });
            state = lock(&self.state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(party: u128, person: u128) -> Asker {
        Asker { party: Id::from_u128(party), person: Id::from_u128(person) }
    }

    async fn soon(turns: &Turns, asker: Asker) -> Option<Turn> {
        tokio::time::timeout(Duration::from_millis(20), turns.take(asker)).await.ok()?.ok()
    }

    #[tokio::test]
    async fn one_alone_leaves_some_and_one_person_leaves_more() {
        let turns = Turns::new(16);
        let mut held = Vec::new();
        for n in 0..20 {
            held.extend(soon(&turns, asker(1, 10 + n % 2)).await);
        }
        assert_eq!(held.len(), 12);
        held.clear();
        for _ in 0..20 {
            held.extend(soon(&turns, asker(1, 10)).await);
        }
        assert_eq!(held.len(), 8);
        assert!(soon(&turns, asker(1, 11)).await.is_some(), "a colleague finds room");
        assert!(soon(&turns, asker(2, 20)).await.is_some(), "others do");
        assert!(soon(&turns, asker(0, 0)).await.is_some(), "so does the product");
    }

    #[tokio::test]
    async fn whoever_holds_fewest_is_next() {
        let turns = Turns::new(4);
        let mut held = Vec::new();
        for party in [1, 1, 2, 3] {
            held.push(turns.take(asker(0, party)).await.ok());
        }
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for party in [1, 1, 1, 2] {
            let (turns, order) = (turns.clone(), order.clone());
            waiting.push(tokio::spawn(async move {
                let turn = turns.take(asker(party, party)).await;
                order.lock().unwrap().push(party);
                tokio::time::sleep(Duration::from_millis(30)).await;
                drop(turn);
            }));
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        held.pop();
        tokio::time::sleep(Duration::from_millis(10)).await;
        held.pop();
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(order.lock().unwrap()[..2], [1, 2]);
    }

    #[tokio::test]
    async fn those_who_gave_up_are_passed_over() {
        let turns = Turns::new(1);
        let only = turns.take(asker(1, 1)).await.ok();
        for _ in 0..10 {
            assert!(soon(&turns, asker(1, 1)).await.is_none());
            assert!(soon(&turns, asker(2, 2)).await.is_none());
        }
        drop(only);
        assert!(soon(&turns, asker(3, 3)).await.is_some());
        let state = lock(&turns.state);
        assert_eq!((state.free, state.waiting, state.parties.len()), (1, 0, 0));
    }
}
