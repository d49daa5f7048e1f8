//! What every handler can reach.

use std::sync::{Arc, OnceLock};

use auth::Auth;
use engine::Engine;
use kernel::Result;

use crate::app::Assets;
use crate::client_ip::Proxies;
use crate::health::Readiness;
use crate::reference::Reference;
use crate::throttle::{Rates, Throttle};

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
    /// Origins besides our own whose pages may send the session cookie.
    pub trusted_origins: Vec<String>,
    /// Whether the session cookie is kept to HTTPS; on in production.
    pub secure_cookies: bool,
    /// Peers whose word on the client's address is taken.
    pub proxies: Proxies,
    /// How often clients may ask.
    pub throttle: Arc<Throttle>,
    /// What a browser loads.
    pub assets: Assets,
    /// The host whose `/` is the data engine's admin.
    pub backend_host: Option<String>,
    pub(crate) readiness: Readiness,
    reference: OnceLock<Reference>,
}

impl Info {
    /// No other origins, cookies over plain HTTP too, this machine as the only proxy.
    pub fn new(url: impl Into<String>) -> Info {
        Info {
            url: url.into(),
            trusted_origins: Vec::new(),
            secure_cookies: false,
            proxies: Proxies::default(),
            throttle: Arc::new(Throttle::new(Rates::default())),
            assets: Assets::none(),
            backend_host: None,
            readiness: Readiness::default(),
            reference: OnceLock::new(),
        }
    }
}

impl AppState {
    /// The API document and its pages, made at the first request for any of them.
    pub(crate) fn reference(&self) -> Result<&Reference> {
        if let Some(made) = self.info.reference.get() {
            return Ok(made);
        }
        let collections: Vec<_> = self.engine.collections().cloned().collect();
        let made = Reference::new(&collections, self.engine.actions(), &self.info.url)?;
        Ok(self.info.reference.get_or_init(|| made))
    }
}
