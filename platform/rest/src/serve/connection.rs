//! One connection: what it is doing, and whether its client lets us wait too long.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{HeaderValue, Request, header};
use futures_util::task::AtomicWaker;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower::Service;

use super::places::Place;
use super::{Limits, ticks};
use crate::unread::Unread;

/// Largest head of a request: its first line and its headers.
const MAX_HEAD: usize = 64 * 1024;
/// What a connection may hold of what was read or is to be written.
const MAX_BUFFER: usize = 128 * 1024;
/// So many bytes of an answer must be taken within [`Limits::stall`].
const LEAST_TAKEN: u64 = 64 * 1024;
/// A large answer must be read at this pace, in bytes a second, beside one [`Limits::stall`]: it takes memory
/// until then. Small ones may go to a phone at the edge of its network.
const PACE: u64 = 64 * 1024;
/// What still comes after the answer to a request that was not read whole is thrown away for this long and
/// up to this much: closed at once, the connection would be reset and the answer lost on its way.
const LINGER: Duration = Duration::from_secs(2);
const MAX_THROWN_AWAY: usize = 16 << 20;

/// What a connection waits for.
mod phase {
    /// The first byte of a request.
    pub(super) const IDLE: u8 = 0;
    /// The rest of its head.
    pub(super) const HEAD: u8 = 1;
    /// Our answer.
    pub(super) const BUSY: u8 = 2;
    /// The client's end of it, all being said.
    pub(super) const CLOSING: u8 = 3;
}

/// What a connection is told, each worse than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Order {
    /// Answer the next request, and no other.
    Last = 1,
    /// Answer what has begun.
    Finish = 2,
    Cut = 3,
}

/// Shared by a connection, which writes it, and its loop, which looks at it.
pub(super) struct State {
    /// The loop's ticks so far.
    clock: Arc<AtomicU32>,
    phase: AtomicU8,
    /// The tick when the phase began.
    since: AtomicU32,
    has_asked: AtomicBool,
    /// Its last request had a body.
    has_sent: AtomicBool,
    /// The client takes no more of an answer at present.
    is_stuck: AtomicBool,
    /// Bytes of answers taken so far.
    taken: AtomicU64,
    order: AtomicU8,
    /// Large answers, of which there are few.
    large: Mutex<Large>,
    waker: AtomicWaker,
}

/// Large answers that have not been read yet: one, or several when the client asks on meanwhile.
#[derive(Default)]
struct Large {
    /// The tick when the first of them began.
    since: u32,
    bytes: u64,
    /// Of the last one.
    alive: Option<Weak<dyn Send + Sync>>,
}

impl Large {
    fn is_there(&self) -> bool {
        self.alive.as_ref().is_some_and(|alive| alive.strong_count() > 0)
    }
}

impl State {
    pub(super) fn new(clock: Arc<AtomicU32>) -> State {
        let since = AtomicU32::new(clock.load(Relaxed));
        State {
            clock,
            phase: AtomicU8::new(phase::IDLE),
            since,
            has_asked: AtomicBool::new(false),
            has_sent: AtomicBool::new(false),
            is_stuck: AtomicBool::new(false),
            taken: AtomicU64::new(0),
            order: AtomicU8::new(0),
            large: Mutex::default(),
            waker: AtomicWaker::new(),
        }
    }

    fn enter(&self, phase: u8) {
        self.phase.store(phase, Relaxed);
        self.since.store(self.clock.load(Relaxed), Relaxed);
    }

    fn is(&self, phase: u8) -> bool {
        self.phase.load(Relaxed) == phase
    }

    fn large(&self) -> MutexGuard<'_, Large> {
        self.large.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A large answer is on its way.
    fn give(&self, answer: &Unread) {
        let mut large = self.large();
        if !large.is_there() {
            (large.since, large.bytes) = (self.clock.load(Relaxed), 0);
        }
        large.bytes += answer.bytes;
        large.alive = Some(answer.alive.clone());
    }

    fn is_told(&self, order: Order) -> bool {
        self.order.load(Relaxed) >= order as u8
    }
}

/// The loop's view of a connection.
pub(super) struct Watch {
    state: Arc<State>,
    /// Since when, and from how many bytes on, the client has been taking too little.
    stuck: Option<(u32, u64)>,
}

impl Watch {
    pub(super) fn new(state: Arc<State>) -> Watch {
        Watch { state, stuck: None }
    }

    pub(super) fn tell(&self, order: Order) {
        if self.state.order.fetch_max(order as u8, Relaxed) < order as u8 {
            self.state.waker.wake();
        }
    }

    /// Cuts the connection off when its client has let us wait too long.
    pub(super) fn judge(&mut self, now: u32, limits: &Limits) {
        let state = &self.state;
        let limit = match state.phase.load(Relaxed) {
            phase::HEAD => limits.head,
            phase::IDLE if state.has_asked.load(Relaxed) => limits.idle,
            phase::IDLE => limits.head,
            phase::CLOSING => LINGER,
            _ => Duration::MAX,
        };
        let waits = state.is_stuck.load(Relaxed);
        let is_late = !waits && now.wrapping_sub(state.since.load(Relaxed)) > ticks(limit);
        if is_late || self.is_stalled(now, limits) || self.is_slow(now, limits) {
            self.tell(Order::Cut);
        }
    }

    fn is_stalled(&mut self, now: u32, limits: &Limits) -> bool {
        let taken = self.state.taken.load(Relaxed);
        if !self.state.is_stuck.load(Relaxed) {
            self.stuck = None;
            return false;
        }
        match self.stuck {
            Some((since, from)) if taken - from < LEAST_TAKEN => {
                now.wrapping_sub(since) > ticks(limits.stall)
            }
            _ => {
                self.stuck = Some((now, taken));
                false
            }
        }
    }

    /// Whether a large answer should have been read by now.
    fn is_slow(&self, now: u32, limits: &Limits) -> bool {
        let large = self.state.large();
        let allowed = limits.stall + Duration::from_secs(large.bytes / PACE);
        now.wrapping_sub(large.since) > ticks(allowed) && large.is_there()
    }

    /// Whom it would hurt least to end, lowest first; `None` while a request is being answered. Whoever
    /// dawdles over a head comes first, then who never asked anything, then who has been silent longest.
    pub(super) fn patience(&self, now: u32) -> Option<(u8, u32)> {
        let state = &self.state;
        let age = now.wrapping_sub(state.since.load(Relaxed));
        let class = match state.phase.load(Relaxed) {
            _ if age < 2 || state.is_stuck.load(Relaxed) => return None,
            phase::CLOSING => 0,
            phase::HEAD => 1,
            phase::IDLE if !state.has_asked.load(Relaxed) => 2,
            phase::IDLE => 3,
            _ => return None,
        };
        Some((class, u32::MAX - age))
    }

    /// Nothing has been asked or answered for a while.
    pub(super) fn is_quiet(&self, now: u32) -> bool {
        let age = now.wrapping_sub(self.state.since.load(Relaxed));
        self.state.is(phase::IDLE) && self.state.has_asked.load(Relaxed) && age > 2
    }

    /// Of a stopping server: nothing new is begun.
    pub(super) fn finish(&self) {
        let never = self.state.is(phase::IDLE) && !self.state.has_asked.load(Relaxed);
        self.tell(if never { Order::Cut } else { Order::Finish });
    }
}

/// Serves one connection to its end. `_place` is free again with it.
pub(super) async fn run(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    state: Arc<State>,
    _place: Place,
) {
    let service = service_fn(|request: Request<Incoming>| {
        state.enter(phase::BUSY);
        state.has_asked.store(true, Relaxed);
        state.has_sent.store(!request.body().is_end_stream(), Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let mut app = app.clone();
        let answer = app.call(request);
        let state = state.clone();
        async move {
            let mut response = answer.await?;
            if let Some(unread) = response.extensions().get() {
                state.give(unread);
            }
            if state.is_told(Order::Last) {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(header::CONNECTION, close);
            }
            Ok::<_, Infallible>(response.map(|body| Answer { body, state }))
        }
    });
    let io = TokioIo::new(Watched { stream, state: state.clone(), thrown_away: None });
    let mut http = http1::Builder::new();
    // The time limits are the loop's.
    http.header_read_timeout(None).max_header_size(MAX_HEAD).max_buf_size(MAX_BUFFER);
    let mut served = std::pin::pin!(http.serve_connection(io, service));
    let mut is_finishing = false;
    poll_fn(|cx| {
        state.waker.register(cx.waker());
        if state.is_told(Order::Cut) {
            return Poll::Ready(());
        }
        if state.is_told(Order::Finish) && !is_finishing {
            is_finishing = true;
            served.as_mut().graceful_shutdown();
        }
        served.as_mut().poll(cx).map(|ended| {
            if let Err(error) = ended {
                tracing::trace!(%error, "a connection broke");
            }
        })
    })
    .await;
}

/// An answer's body, which says when it has been handed over.
struct Answer {
    body: Body,
    state: Arc<State>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.state.enter(phase::IDLE);
    }
}

/// A stream that notes what moves.
struct Watched {
    stream: TcpStream,
    state: Arc<State>,
    /// Bytes that came after our last word, once it is said.
    thrown_away: Option<usize>,
}

impl Watched {
    fn wrote(&self, done: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &done {
            Poll::Ready(Ok(n)) => {
                self.state.taken.fetch_add(*n as u64, Relaxed);
                self.state.is_stuck.store(false, Relaxed);
            }
            Poll::Pending => self.state.is_stuck.store(true, Relaxed),
            Poll::Ready(Err(_)) => {}
        }
        done
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before && self.state.is(phase::IDLE) {
            self.state.enter(phase::HEAD);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.wrote(done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.wrote(done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.thrown_away.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            // Whoever keeps silent has nothing to lose.
            if self.state.is(phase::IDLE) && !self.state.has_sent.load(Relaxed) {
                return Poll::Ready(Ok(()));
            }
            self.thrown_away = Some(0);
            self.state.enter(phase::CLOSING);
        }
        let mut scratch = [0; 8192];
        loop {
            let mut buf = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buf))?;
            let n = buf.filled().len();
            let so_far = self.thrown_away.unwrap_or_default() + n;
            if n == 0 || so_far > MAX_THROWN_AWAY {
                return Poll::Ready(Ok(()));
            }
            self.thrown_away = Some(so_far);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_answer_has_a_time_by_which_it_is_read() {
        let (limits, clock) = (Limits::default(), Arc::new(AtomicU32::new(u32::MAX - 100)));
        let state = Arc::new(State::new(clock.clone()));
        let mut watch = Watch::new(state.clone());
        state.enter(phase::BUSY);
        state.has_asked.store(true, Relaxed);
        let mut go_on = |seconds: u32| {
            for _ in 0..seconds * 4 {
                // Always some, and never fast.
                state.taken.fetch_add(2 * LEAST_TAKEN / 30 / 4, Relaxed);
                state.is_stuck.store(true, Relaxed);
                watch.judge(clock.fetch_add(1, Relaxed).wrapping_add(1), &limits);
            }
            state.is_told(Order::Cut)
        };
        let give = |bytes: u64| {
            let held: Arc<dyn Send + Sync> = Arc::new(());
            state.give(&Unread { bytes, alive: Arc::downgrade(&held) });
            held
        };
        assert!(!go_on(1000), "a small answer to a slow phone");
        let read = give(32 << 20);
        assert!(!go_on(500));
        drop(read);
        assert!(!go_on(1000), "it was read in time");
        let (_first, _second) = (give(1 << 20), give(1 << 20));
        assert!(!go_on(30 + 30));
        assert!(go_on(5));
    }
}
