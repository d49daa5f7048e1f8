//! Who is connected: how many in all, and how many from one address.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::client_ip::network_of;

pub(super) struct Places {
    most: usize,
    most_per_address: usize,
    taken: AtomicUsize,
    by_address: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection's place, free again when dropped.
pub(super) struct Place {
    places: Arc<Places>,
    /// `None` for those who are not counted by address.
    address: Option<IpAddr>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    Everywhere,
    ForAddress,
}

impl Full {
    pub(super) fn message(self) -> &'static str {
        match self {
            Full::Everywhere => "The server has too many connections. Try again in a moment.",
            Full::ForAddress => "There are too many connections from your address.",
        }
    }

    /// The whole answer to whoever is not let in.
    pub(super) fn answer(self) -> String {
        let status = match self {
            Full::Everywhere => "503 Service Unavailable",
            Full::ForAddress => "429 Too Many Requests",
        };
        let body = format!("{{\"errors\":[{{\"message\":\"{}\"}}]}}", self.message());
        format!(
            "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=utf-8\r\n\
             content-length: {}\r\nretry-after: 2\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    }
}

impl Places {
    pub(super) fn new(most: usize, most_per_address: usize) -> Places {
        let (taken, by_address) = (AtomicUsize::new(0), Mutex::default());
        Places { most, most_per_address, taken, by_address }
    }

    pub(super) fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }

    /// A place within the limits; `beyond` is for those who come while somebody else is made to leave.
    pub(super) fn take(
        self: &Arc<Self>,
        peer: IpAddr,
        exempt: bool,
        beyond: usize,
    ) -> Result<Place, Full> {
        if self.taken() >= self.most + beyond {
            return Err(Full::Everywhere);
        }
        let address = (!exempt).then(|| network_of(peer));
        if let Some(address) = address {
            let mut counts = self.counts();
            let count = counts.entry(address).or_default();
            if *count >= self.most_per_address {
                return Err(Full::ForAddress);
            }
            *count += 1;
        }
        self.taken.fetch_add(1, Ordering::Relaxed);
        Ok(Place { places: self.clone(), address })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.by_address.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.taken.fetch_sub(1, Ordering::Relaxed);
        let Some(address) = self.address else { return };
        if let Entry::Occupied(mut count) = self.places.counts().entry(address) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let places = Arc::new(Places::new(3, 2));
        let take = |peer: &str, exempt| places.take(peer.parse().unwrap(), exempt, 0);
        let a = take("2001:db8::1", false).unwrap();
        let _b = take("2001:db8::2:1", false).unwrap();
        assert_eq!(take("2001:db8::3", false).err(), Some(Full::ForAddress));
        let _c = take("2001:db8::3", true).unwrap();
        assert_eq!(take("192.0.2.1", false).err(), Some(Full::Everywhere));
        drop(a);
        assert!(take("2001:db8::9", false).is_ok());
        assert_eq!(places.taken(), 2);
    }
}
