//! What every handler can reach.

use std::sync::{Arc, OnceLock};

use auth::Auth;
use engine::Engine;

use crate::client_ip::Proxies;
use crate::health::Readiness;
use crate::reference::Reference;

#[derive(Clone)]
pub struct AppState {
    pub engine: Arc<Engine>,
    pub auth: Arc<Auth>,
    pub info: Arc<Info>,
}

/// Facts about this server, and what is made once and kept.
pub struct Info {
    /// Where people reach the server, without a trailing slash.
    pub url: String,
    /// Peers whose word on the client's address is taken.
    pub proxies: Proxies,
    pub(crate) readiness: Readiness,
    reference: OnceLock<Reference>,
}

impl Info {
    pub fn new(url: impl Into<String>, proxies: Proxies) -> Info {
        Info {
            url: url.into(),
            proxies,
            readiness: Readiness::default(),
            reference: OnceLock::new(),
        }
    }
}

impl AppState {
    /// The API document and its pages, made at the first request for any of them.
    pub(crate) fn reference(&self) -> &Reference {
        self.info.reference.get_or_init(|| {
            let collections: Vec<_> = self.engine.collections().cloned().collect();
            Reference::new(&collections, &self.info.url)
        })
    }
}
