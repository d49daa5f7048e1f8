//! How often a client may ask: strangers by their truthful address, people by who they are.
//!
//! The state is this process's own: two processes let twice as much through. What must hold over all of
//! them, wrong passwords and letters, is counted in the database.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use kernel::{Actor, Error, Id, Kind, Result};

use crate::client_ip::Client;
use crate::error::Failure;
use crate::request::Trace;

/// Checks between two sweeps of those who have not been seen for a while.
const SWEEP: u64 = 1024;

/// Permitted in a minute; a client that was quiet may ask for several minutes' worth at once.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Attempts of one address to prove or change who somebody is. Up to five minutes' worth at once.
    pub sign_ins: NonZeroU32,
    /// Requests of one user, or of one address nobody signed in from. `None` does not count them. Up to
    /// ten seconds' worth at once.
    pub requests: Option<NonZeroU32>,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates { sign_ins: number(20), requests: Some(number(6000)) }
    }
}

/// Requests other than reads that one address may send in a minute without being signed in.
const WRITES_OF_STRANGERS: NonZeroU32 = number(60);

/// At least one.
const fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(n.saturating_sub(1))
}

pub struct Throttle {
    sign_ins: Keyed<IpAddr>,
    users: Option<Keyed<Id>>,
    strangers: Option<Keyed<IpAddr>>,
    writes_of_strangers: Keyed<IpAddr>,
}

impl Throttle {
    pub fn new(rates: Rates) -> Throttle {
        let ample = |rate: NonZeroU32| Quota::per_minute(rate).allow_burst(number(rate.get() / 6));
        let at_once = rates.sign_ins.saturating_mul(number(5));
        Throttle {
            sign_ins: Keyed::new(Quota::per_minute(rates.sign_ins).allow_burst(at_once)),
            users: rates.requests.map(|rate| Keyed::new(ample(rate))),
            strangers: rates.requests.map(|rate| Keyed::new(ample(rate))),
            writes_of_strangers: Keyed::new(Quota::per_minute(WRITES_OF_STRANGERS)),
        }
    }

    /// For a request that tries to prove or change who somebody is. Holds for this machine too: behind a
    /// proxy that names no client everybody seems to come from there.
    fn sign_in(&self, client: Client) -> Result<()> {
        self.sign_ins.take(client.network())
    }

    /// For any other request of the API. Programs of this machine are not counted.
    pub(crate) fn request(&self, client: Client, actor: &Actor, method: &Method) -> Result<()> {
        if client.is_local {
            return Ok(());
        }
        if let Some(user) = actor.user() {
            return self.users.as_ref().map_or(Ok(()), |users| users.take(user));
        }
        if !matches!(*method, Method::GET | Method::HEAD) {
            return self.writes_of_strangers.take(client.network());
        }
        self.strangers.as_ref().map_or(Ok(()), |strangers| strangers.take(client.network()))
    }
}

/// Layer around the routes of [`Throttle::sign_in`].
pub(crate) async fn sign_in(throttle: Arc<Throttle>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Arc<Trace>>().map(|trace| trace.client);
    match throttle.sign_in(client.unwrap_or_default()) {
        Ok(()) => next.run(request).await,
        Err(error) => Failure(error).into_response(),
    }
}

/// A limiter that forgets whom it has not seen for a while.
struct Keyed<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    checks: AtomicU64,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(quota: Quota) -> Keyed<K> {
        Keyed { limiter: DefaultKeyedRateLimiter::keyed(quota), checks: AtomicU64::new(0) }
    }

    fn take(&self, key: K) -> Result<()> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + 1;
            let message = format!("Too many requests. Try again in {seconds} seconds.");
            let mut error = Error::new(Kind::TooMany, message);
            error.retry_after = Some(Duration::from_secs(seconds));
            error
        })
    }
}

#[cfg(test)]
mod tests {
    use kernel::RequestInfo;

    use super::*;

    fn from(address: &str) -> Client {
        Client { address: address.parse().unwrap(), is_local: false }
    }

    fn passed(times: usize, mut ask: impl FnMut(usize) -> Result<()>) -> usize {
        (0..times).filter(|n| ask(*n).is_ok()).count()
    }

    #[test]
    fn a_network_is_one_client() {
        let throttle = Throttle::new(Rates::default());
        let rotating = |n| throttle.sign_in(from(&format!("2001:db8:1:2::{n:x}")));
        assert_eq!(passed(300, rotating), 100);
        let error = rotating(1).unwrap_err();
        let wait = error.retry_after.unwrap();
        assert!(error.kind == Kind::TooMany && (1..=4).contains(&wait.as_secs()), "{wait:?}");
        assert!(throttle.sign_in(from("2001:db8:1:3::1")).is_ok());
        assert!(throttle.sign_in(from("192.0.2.1")).is_ok());
    }

    #[test]
    fn strangers_write_less_than_they_read() {
        let throttle = Throttle::new(Rates::default());
        let nobody = Actor::anonymous(RequestInfo::default());
        let ask = |client, method| passed(2000, |_| throttle.request(client, &nobody, &method));
        assert_eq!(ask(from("192.0.2.1"), Method::POST), 60);
        assert!((1000..1100).contains(&ask(from("192.0.2.1"), Method::GET)));
        assert_eq!(ask(Client { is_local: true, ..from("127.0.0.1") }, Method::POST), 2000);
    }

    #[test]
    fn those_who_left_are_forgotten() {
        let keyed = Keyed::new(Quota::per_second(NonZeroU32::new(2000).unwrap()));
        for n in 0..20_000_u32 {
            let _ = keyed.take(n);
        }
        std::thread::sleep(Duration::from_millis(20));
        assert_eq!(passed(SWEEP as usize, |_| keyed.take(0)), SWEEP as usize);
        assert!(keyed.limiter.len() < 5_000, "{}", keyed.limiter.len());
    }
}
