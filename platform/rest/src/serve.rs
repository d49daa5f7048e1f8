//! Listening: connections are taken, watched and ended here; what they ask goes to the router.
//!
//! A loop owns its connections; several loops, each on a runtime of its own, can share a [`Door`]. Whichever of
//! them takes a connection leaves it to the one that has fewest, since a client's many connections come all at
//! once, to whoever is awake. Nothing on the way of a request keeps a timer: a connection notes in atomics what it is
//! doing, and its loop looks at all of them four times a second, ending those that let us wait too long.

mod connection;
mod places;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval, sleep};

use crate::client_ip::Proxies;
use connection::{Order, State, Watch};
use places::{Full, Place, Places};

/// How often connections are looked at. Time limits of connections are counted in these.
const TICK: Duration = Duration::from_millis(250);
/// When no descriptor or memory is left for one more connection, the next try is this much later.
const RESPITE: Duration = Duration::from_millis(50);
/// Once told to stop, a connection that has just been answered may ask once more for this long: its client
/// may have sent the next request already.
const GRACE: Duration = Duration::from_millis(500);

/// Connections turned away that may wait at once for their words to arrive.
const MAX_REFUSED: usize = 16;

/// How much of the server clients may take up.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Open connections in all.
    pub connections: usize,
    /// Open connections of one address (an IPv6 network of 64 bits), unless it is a trusted proxy.
    pub per_address: usize,
    /// For a request's head, from its first byte.
    pub head: Duration,
    /// Between two requests of a connection.
    pub idle: Duration,
    /// For taking the next 64 kB of an answer.
    pub stall: Duration,
    /// For requests in flight when the server is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 8192,
            per_address: 512,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            stall: Duration::from_secs(30),
            drain: Duration::from_secs(10),
        }
    }
}

/// What the listeners of a process share: limits, who is in, and the loops there are.
pub struct Door {
    limits: Limits,
    proxies: Proxies,
    places: Arc<Places>,
    halls: Mutex<Vec<Entrance>>,
}

/// A connection on its way to the loop that will own it, on no runtime.
type Guest = (std::net::TcpStream, SocketAddr);

/// Where a loop is reached by the others.
#[derive(Clone)]
struct Entrance {
    /// Connections it has, those on their way included.
    guests: Arc<AtomicUsize>,
    send: mpsc::UnboundedSender<Guest>,
}

/// How serving came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every request that had begun was answered.
    Whole,
    /// This many connections were cut off when the time for it was over.
    Cut(usize),
}

impl Door {
    pub fn new(limits: Limits, proxies: Proxies) -> Door {
        let places = Arc::new(Places::new(limits.connections, limits.per_address));
        Door { limits, proxies, places, halls: Mutex::default() }
    }

    fn halls(&self) -> MutexGuard<'_, Vec<Entrance>> {
        self.halls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connections open now.
    pub fn connections(&self) -> usize {
        self.places.taken()
    }

    /// Answers what comes to `listener` until `stop` ends, and then what is under way. Dropped, it cuts
    /// everything off.
    pub async fn serve(
        &self,
        listener: TcpListener,
        app: Router,
        stop: impl Future<Output = ()>,
    ) -> Ended {
        let (send, mut sent) = mpsc::unbounded_channel();
        let mut hall = Hall::new(self, app, send);
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                biased;
                () = &mut stop => break,
                _ = hall.ticks.tick() => hall.look_around(),
                Some(ended) = hall.tasks.join_next_with_id() => hall.forget(ended),
                Some(guest) = sent.recv() => hall.receive(guest),
                accepted = listener.accept() => hall.welcome(accepted).await,
            }
        }
        // Whoever is connected already has been promised an answer. The other loops keep theirs from here on.
        sent.close();
        while let Ok(guest) = sent.try_recv() {
            hall.receive(guest);
        }
        while let Some(Ok((stream, peer))) = listener.accept().now_or_never() {
            hall.admit(stream, peer);
        }
        drop(listener);
        hall.empty().await
    }
}

/// The connections of one loop.
struct Hall<'a> {
    door: &'a Door,
    entrance: Entrance,
    app: Router,
    tasks: JoinSet<()>,
    watches: HashMap<Id, Watch>,
    clock: Arc<AtomicU32>,
    ticks: Interval,
    /// When it was last told that there is no room.
    complained: Option<Instant>,
    /// Turned away and not closed yet, with the tick of it.
    refused: VecDeque<(u32, TcpStream)>,
}

impl<'a> Hall<'a> {
    fn new(door: &'a Door, app: Router, send: mpsc::UnboundedSender<Guest>) -> Hall<'a> {
        let entrance = Entrance { guests: Arc::default(), send };
        door.halls().push(entrance.clone());
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Hall {
            door,
            entrance,
            app,
            tasks: JoinSet::new(),
            watches: HashMap::new(),
            clock: Arc::new(AtomicU32::new(0)),
            ticks,
            complained: None,
            refused: VecDeque::new(),
        }
    }

    async fn welcome(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>) {
        match accepted {
            Ok((stream, peer)) => self.assign(stream, peer),
            // The client's doing: it is gone already.
            Err(e) if is_of_client(&e) => {}
            Err(e) => {
                self.complain(&e.to_string());
                self.make_room();
                sleep(RESPITE).await;
            }
        }
    }

    /// To the loop that has fewest, this one when it is among them.
    fn assign(&mut self, stream: TcpStream, peer: SocketAddr) {
        let own = self.entrance.guests.load(Ordering::Relaxed);
        let fewest = |one: &&Entrance| one.guests.load(Ordering::Relaxed);
        let elsewhere = self.door.halls().iter().min_by_key(fewest).cloned();
        let elsewhere = elsewhere.filter(|one| fewest(&one) < own);
        let Some(elsewhere) = elsewhere else { return self.admit(stream, peer) };
        // A stream that cannot leave this runtime is of no use on it either.
        let Ok(stream) = stream.into_std() else { return };
        elsewhere.guests.fetch_add(1, Ordering::Relaxed);
        if let Err(mpsc::error::SendError((stream, peer))) = elsewhere.send.send((stream, peer))
            && let Ok(stream) = TcpStream::from_std(stream)
        {
            self.admit(stream, peer);
        }
    }

    fn receive(&mut self, (stream, peer): Guest) {
        self.entrance.guests.fetch_sub(1, Ordering::Relaxed);
        if let Ok(stream) = TcpStream::from_std(stream) {
            self.admit(stream, peer);
        }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) {
        let exempt = self.door.proxies.trust(peer.ip());
        let mut taken = self.door.places.take(peer.ip(), exempt, 0);
        if taken.as_ref().err() == Some(&Full::Everywhere) && self.make_room() {
            taken = self.door.places.take(peer.ip(), exempt, self.some());
        }
        match taken {
            Ok(place) => self.seat(stream, peer, place),
            Err(full) => self.refuse(stream, full),
        }
    }

    fn seat(&mut self, stream: TcpStream, peer: SocketAddr, place: Place) {
        // Small answers leave at once instead of waiting for more to send.
        let _ = stream.set_nodelay(true);
        let state = Arc::new(State::new(self.clock.clone()));
        let task = connection::run(stream, peer, self.app.clone(), state.clone(), place);
        let id = self.tasks.spawn(task).id();
        self.watches.insert(id, Watch::new(state));
        self.entrance.guests.fetch_add(1, Ordering::Relaxed);
    }

    /// Says why, and closes a moment later: at once, the words could be lost on their way.
    fn refuse(&mut self, stream: TcpStream, full: Full) {
        self.complain(full.message());
        if stream.try_write(full.answer().as_bytes()).is_ok() {
            self.refused.push_back((self.clock.load(Ordering::Relaxed), stream));
        }
        if self.refused.len() > MAX_REFUSED {
            self.refused.pop_front();
        }
    }

    fn forget(&mut self, ended: Result<(Id, ()), JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                if error.is_panic() {
                    tracing::error!("a connection panicked");
                }
                error.id()
            }
        };
        self.watches.remove(&id);
        self.entrance.guests.fetch_sub(1, Ordering::Relaxed);
    }

    /// Ends the connections whose clients let us wait too long.
    fn look_around(&mut self) {
        let now = self.clock.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        for watch in self.watches.values_mut() {
            watch.judge(now, &self.door.limits);
        }
        let linger = ticks(GRACE);
        while self.refused.front().is_some_and(|(at, _)| now.wrapping_sub(*at) > linger) {
            self.refused.pop_front();
        }
    }

    /// Ends some of the connections that ask nothing, those first that never did. `false` when every one
    /// of them is being answered.
    fn make_room(&mut self) -> bool {
        let now = self.clock.load(Ordering::Relaxed);
        let mut waiting: Vec<_> =
            self.watches.values().filter_map(|w| Some((w.patience(now)?, w))).collect();
        let most = self.some();
        if waiting.len() > most {
            waiting.select_nth_unstable_by_key(most, |(patience, _)| *patience);
        }
        waiting.iter().take(most).for_each(|(_, watch)| watch.tell(Order::Cut));
        !waiting.is_empty()
    }

    /// How many are ended at once to make room: looking for them takes a look at all.
    fn some(&self) -> usize {
        self.door.limits.connections / 64 + 1
    }

    fn complain(&mut self, why: &str) {
        let now = Instant::now();
        if self.complained.is_none_or(|at| now - at > Duration::from_secs(10)) {
            self.complained = Some(now);
            let open = self.door.connections();
            tracing::warn!(open, "a connection was turned away: {why}");
        }
    }

    /// Lets everything that has begun come to its end.
    async fn empty(mut self) -> Ended {
        let now = self.clock.load(Ordering::Relaxed);
        for watch in self.watches.values() {
            watch.tell(if watch.is_quiet(now) { Order::Finish } else { Order::Last });
        }
        let started = Instant::now();
        while !self.tasks.is_empty() && started.elapsed() < self.door.limits.drain {
            tokio::select! {
                biased;
                Some(ended) = self.tasks.join_next_with_id() => self.forget(ended),
                _ = self.ticks.tick() => {
                    self.look_around();
                    if started.elapsed() > GRACE {
                        self.watches.values().for_each(Watch::finish);
                    }
                }
            }
        }
        match self.tasks.len() {
            0 => Ended::Whole,
            left => Ended::Cut(left),
        }
    }
}

impl Drop for Hall<'_> {
    fn drop(&mut self) {
        self.door.halls().retain(|one| !one.send.same_channel(&self.entrance.send));
    }
}

/// The connection was lost before it was taken; the listener is sound.
fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A span in ticks, at least one.
fn ticks(span: Duration) -> u32 {
    u32::try_from(span.as_millis() / TICK.as_millis()).unwrap_or(u32::MAX).max(1)
}
