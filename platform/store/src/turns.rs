//! Whose turn it is at the connections: shared fairly, so that nobody's slow or many queries keep others
//! waiting.
//!
//! Everyone has a queue of their own (a *party*: the tenant one stands in). A free connection goes to the
//! party that holds fewest, among those to whoever came first. While a party is alone it may hold all but a few; as soon as another one asks,
//! a modest share. Within a party one person may hold two thirds of what it may; a person who has lately kept
//! connections busy all the time, one, since what the database computes at the same time is slowed down by it.
//!
//! Connections are divided among the threads that serve, fairness is not: who holds what is known of all.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use kernel::{Error, Id, Result};
use tokio::sync::oneshot;

/// How long one waits for a turn.
const PATIENCE: Duration = Duration::from_secs(4);
/// A party that asked within this time counts as present.
const PRESENT: Duration = Duration::from_millis(500);
/// Waiting for turns, in all and of one party. Past it one is told at once that the database is busy.
const MAX_WAITING: usize = 4096;
const MAX_OF_PARTY: usize = MAX_WAITING / 4;
/// What a person used counts for e times less after each of these.
const MEMORY: Duration = Duration::from_secs(1);
/// Seconds of connections, so remembered, that make a person heavy: half of one connection's time.
const HEAVY: f64 = 0.5;

/// Who asks for a connection: the tenant and the user. Nil is the product itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) party: Id,
    pub(crate) person: Id,
}

/// Turns at the connections of one thread.
#[derive(Clone)]
pub(crate) struct Turns {
    state: Arc<Mutex<State>>,
    thread: usize,
}

struct State {
    /// Of each thread.
    free: Vec<usize>,
    /// What a party may hold of one thread's connections, and beside others in all.
    most: usize,
    beside: usize,
    parties: HashMap<Id, Party>,
    waiting: usize,
    /// Of whoever waits next: who came first goes first.
    ticket: u64,
    /// The party that asked last, and when.
    last: Option<(Id, Instant)>,
    /// When two different ones last asked within a short time.
    company: Option<Instant>,
}

#[derive(Default)]
struct Party {
    /// Of each thread's connections.
    holds: Vec<usize>,
    people: HashMap<Id, Person>,
    queue: VecDeque<Waiting>,
}

struct Person {
    holds: usize,
    /// Seconds of connections, as they were remembered at that moment.
    used: f64,
    at: Instant,
}

struct Waiting {
    ticket: u64,
    person: Id,
    thread: usize,
    sender: oneshot::Sender<Turn>,
}

/// The right to use one connection, given on when dropped.
pub(crate) struct Turn {
    state: Arc<Mutex<State>>,
    asker: Asker,
    thread: usize,
    since: Instant,
}

impl Turns {
    /// For `threads` threads with `connections` each; the turns of the first.
    pub(crate) fn new(threads: usize, connections: usize) -> Turns {
        let state = State {
            free: vec![connections; threads],
            most: connections - connections / 4,
            beside: (threads * connections / 4).max(1),
            parties: HashMap::new(),
            waiting: 0,
            ticket: 0,
            last: None,
            company: None,
        };
        Turns { state: Arc::new(Mutex::new(state)), thread: 0 }
    }

    /// Those of one of the threads, counted from 0.
    pub(crate) fn of_thread(&self, thread: usize) -> Turns {
        Turns { state: self.state.clone(), thread }
    }

    /// Waits for a turn; Unavailable when it takes too long or too many wait.
    pub(crate) async fn take(&self, asker: Asker) -> Result<Turn> {
        let waiting = {
            let now = Instant::now();
            let mut state = lock(&self.state);
            state.note(asker.party, now);
            if state.may(asker, self.thread, now) {
                state.hold(asker, self.thread, now);
                return Ok(Turn {
                    state: self.state.clone(),
                    asker,
                    thread: self.thread,
                    since: now,
                });
            }
            if state.is_full_for(asker.party) {
                return Err(busy());
            }
            state.queue(asker, self.thread)
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

impl Person {
    fn new(now: Instant) -> Person {
        Person { holds: 0, used: 0.0, at: now }
    }

    fn remembered(&self, now: Instant) -> f64 {
        let past = now.saturating_duration_since(self.at).as_secs_f64();
        self.used * (-past / MEMORY.as_secs_f64()).exp()
    }

    fn use_up(&mut self, span: Duration, now: Instant) {
        self.used = self.remembered(now) + span.as_secs_f64();
        self.at = now;
    }
}

impl State {
    fn note(&mut self, party: Id, now: Instant) {
        if party.is_nil() {
            return;
        }
        match self.last {
            Some((last, at)) if last != party && now - at < PRESENT => self.company = Some(now),
            _ => {}
        }
        self.last = Some((party, now));
    }

    /// Whether one more of this thread's connections may be held by that person of that party now.
    fn may(&self, asker: Asker, thread: usize, now: Instant) -> bool {
        if self.free[thread] == 0 {
            return false;
        }
        let Some(party) = self.parties.get(&asker.party) else { return true };
        self.within(party, asker, thread, now)
    }

    fn within(&self, party: &Party, asker: Asker, thread: usize, now: Instant) -> bool {
        // What the product does for itself is short, and everyone waits for it.
        if asker.party.is_nil() {
            return true;
        }
        if party.holds.get(thread).is_some_and(|holds| *holds >= self.most) {
            return false;
        }
        let is_alone = self.company.is_none_or(|at| now - at > PRESENT);
        let share = if is_alone { self.most * self.free.len() } else { self.beside };
        let Some(person) = party.people.get(&asker.person) else {
            return party.all() < share;
        };
        let is_heavy = !is_alone && person.remembered(now) > HEAVY;
        let own = if is_heavy { 1 } else { (share * 2 / 3).max(1) };
        party.all() < share && person.holds < own
    }

    fn hold(&mut self, asker: Asker, thread: usize, now: Instant) {
        self.free[thread] -= 1;
        let threads = self.free.len();
        let party = self.parties.entry(asker.party).or_default();
        party.holds.resize(threads, 0);
        party.holds[thread] += 1;
        party.people.entry(asker.person).or_insert_with(|| Person::new(now)).holds += 1;
    }

    fn is_full_for(&self, party: Id) -> bool {
        let own = self.parties.get(&party).map_or(0, |party| party.queue.len());
        self.waiting >= MAX_WAITING || own >= MAX_OF_PARTY
    }

    fn queue(&mut self, asker: Asker, thread: usize) -> oneshot::Receiver<Turn> {
        let (sender, receiver) = oneshot::channel();
        self.waiting += 1;
        self.ticket += 1;
        let party = self.parties.entry(asker.party).or_default();
        party.queue.push_back(Waiting {
            ticket: self.ticket,
            person: asker.person,
            thread,
            sender,
        });
        receiver
    }

    fn release(&mut self, asker: Asker, thread: usize, since: Instant, now: Instant) {
        self.free[thread] += 1;
        let Some(party) = self.parties.get_mut(&asker.party) else { return };
        party.holds[thread] -= 1;
        if let Some(person) = party.people.get_mut(&asker.person) {
            person.holds -= 1;
            person.use_up(now - since, now);
            if person.holds == 0 && person.used < HEAVY {
                party.people.remove(&asker.person);
            }
        }
        self.tidy(asker.party);
    }

    /// Forgets a party that holds nothing and waits for nothing.
    fn tidy(&mut self, id: Id) {
        if self.parties.get(&id).is_some_and(|p| p.all() == 0 && p.queue.is_empty()) {
            self.parties.remove(&id);
        }
    }

    /// The next in turn, taken out of its queue.
    fn next(&mut self, now: Instant) -> Option<(Asker, Waiting)> {
        if self.waiting == 0 {
            return None;
        }
        let ready = |(id, party): (&Id, &Party)| {
            let may = |waiting: &Waiting| {
                let asker = Asker { party: *id, person: waiting.person };
                self.free[waiting.thread] > 0 && self.within(party, asker, waiting.thread, now)
            };
            let at = party.queue.iter().position(may)?;
            Some((party.all(), party.queue[at].ticket, *id, at))
        };
        let (_, _, id, at) = self.parties.iter().filter_map(ready).min()?;
        let waiting = self.parties.get_mut(&id)?.queue.remove(at)?;
        self.waiting -= 1;
        Some((Asker { party: id, person: waiting.person }, waiting))
    }
}

impl Party {
    fn all(&self) -> usize {
        self.holds.iter().sum()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let now = Instant::now();
        let mut state = lock(&self.state);
        state.release(self.asker, self.thread, self.since, now);
        while let Some((asker, Waiting { thread, sender, .. })) = state.next(now) {
            if sender.is_closed() {
                state.tidy(asker.party);
                continue;
            }
            state.hold(asker, thread, now);
            drop(state);
            // Should nobody be there to take it after all, it is dropped, and so given on.
            let _ = sender.send(Turn { state: self.state.clone(), asker, thread, since: now });
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
        let turns = Turns::new(1, 16);
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
        let turns = Turns::new(1, 4);
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
        let turns = Turns::new(1, 1);
        let only = turns.take(asker(1, 1)).await.ok();
        for _ in 0..10 {
            assert!(soon(&turns, asker(1, 1)).await.is_none());
            assert!(soon(&turns, asker(2, 2)).await.is_none());
        }
        drop(only);
        assert!(soon(&turns, asker(3, 3)).await.is_some());
        let state = lock(&turns.state);
        assert_eq!((state.free[0], state.waiting, state.parties.len()), (1, 0, 0));
    }

    #[tokio::test]
    async fn of_those_who_hold_as_many_the_first_comes_first() {
        let turns = Turns::new(1, 1);
        let mut held = turns.take(asker(1, 1)).await.ok();
        let mut waiting = Vec::new();
        for party in [2, 1, 3, 1] {
            let turns = turns.clone();
            waiting.push(tokio::spawn(async move { turns.take(asker(party, party)).await.ok() }));
            tokio::task::yield_now().await;
        }
        for task in waiting {
            drop(held.take());
            held = task.await.unwrap();
            assert!(held.is_some());
        }
    }

    #[tokio::test]
    async fn what_is_held_of_another_thread_counts() {
        let first = Turns::new(2, 8);
        let turns = [first.clone(), first.of_thread(1)];
        drop((soon(&turns[0], asker(1, 10)).await, soon(&turns[1], asker(2, 20)).await));
        let mut held = Vec::new();
        for n in 0..10 {
            held.extend(soon(&turns[n % 2], asker(1, 10 + n as u128)).await);
        }
        assert_eq!(held.len(), 4, "a quarter of all, since another one was there");
        assert!(soon(&turns[0], asker(2, 20)).await.is_some());
    }

    #[tokio::test]
    async fn who_kept_connections_busy_gets_one_beside_others() {
        let turns = Turns::new(1, 16);
        drop((soon(&turns, asker(1, 10)).await, soon(&turns, asker(2, 20)).await));
        let mut busy = vec![soon(&turns, asker(1, 10)).await, soon(&turns, asker(1, 10)).await];
        for turn in busy.iter_mut().flatten() {
            turn.since -= Duration::from_secs(2);
        }
        let queued = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(asker(1, 10)).await }
        });
        tokio::task::yield_now().await;
        busy.pop();
        assert!(soon(&turns, asker(1, 10)).await.is_none(), "one is held already");
        assert!(soon(&turns, asker(1, 11)).await.is_some(), "a colleague may");
        busy.pop();
        assert!(queued.await.unwrap().is_ok(), "now it is the next one's turn");
    }
}
