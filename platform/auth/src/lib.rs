//! Who someone is and what they reach: users, memberships, tenants, sessions, sign-in.
//!
//! **Invariants:** passwords, reset and verification tokens are kept as hashes only, in tables the
//! serving role cannot read; it reaches them through the narrow functions of `sql/auth.sql`. A
//! token is worth nothing without the live session it names. An actor is remembered only while every
//! change that could take its reach away is certain to be heard of.

mod actors;
mod collections;
mod invitations;
mod letters;
pub mod password;
mod peers;
mod post;
mod recovery;
mod sessions;
mod settings;
mod sign_in;
mod token;

use std::hash::RandomState;
use std::sync::Arc;
use std::time::Duration;

use engine::Engine;
use kernel::{Result, Timestamp};
use mail::Mailer;
use tokio::sync::Mutex;

use actors::Actors;
pub use actors::as_of_now;
pub use collections::module;
pub use invitations::Invited;
pub use password::Passwords;
use peers::Peers;
pub use post::Post;
pub use sessions::Session;
pub use settings::settings;
pub use sign_in::{FirstUser, SignedIn};
pub use token::Claims;
use token::Tokens;

/// How long a session lasts after sign-in or refresh.
pub const SESSION_LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Wrong passwords before an account locks, and for how long.
const MAX_TRIES: u32 = 5;
const LOCK: Duration = Duration::from_secs(600);

#[derive(Clone)]
pub struct Config {
    /// Signs the session tokens; at least 32 random bytes in production.
    pub secret: String,
    /// Where people reach the product, `https://crm.example.com`; links in mail start with it.
    pub public_url: String,
    /// Whether sign-in asks for a verified e-mail address.
    pub verify_emails: bool,
    /// Wrong passwords before an account locks.
    pub max_tries: u32,
    /// How long it stays locked.
    pub lock: Duration,
}

impl Config {
    /// Five tries, ten minutes, no verification.
    pub fn new(secret: &str, public_url: &str) -> Config {
        Config {
            secret: secret.to_owned(),
            public_url: public_url.trim_end_matches('/').to_owned(),
            verify_emails: false,
            max_tries: MAX_TRIES,
            lock: LOCK,
        }
    }
}

pub struct Auth {
    engine: Arc<Engine>,
    config: Config,
    tokens: Tokens,
    passwords: Passwords,
    mailer: Arc<dyn Mailer>,
    actors: Actors,
    peers: Peers,
    /// One sign-in per address at a time (by hash of the address): tries are counted before the
    /// password is checked, and a person signing in twice at once must not lock themselves out.
    lanes: Vec<Mutex<()>>,
    /// Random, so that nobody can choose addresses that share a victim's lane.
    lane_keys: RandomState,
    post: Post,
}

const LANES: usize = 64;

impl Auth {
    /// `passwords` and `post` are those given to [`module`]: all hashing shares its turns, and hooks send
    /// letters from here on.
    pub fn new(
        engine: Arc<Engine>,
        passwords: Passwords,
        post: Post,
        mailer: Arc<dyn Mailer>,
        config: Config,
    ) -> Result<Auth> {
        let tokens = Tokens::new(&config.secret)?;
        post.open(&engine, &mailer, &config.public_url);
        Ok(Auth {
            engine,
            config,
            tokens,
            passwords,
            mailer,
            actors: Actors::default(),
            peers: Peers::default(),
            lanes: (0..LANES).map(|_| Mutex::default()).collect(),
            lane_keys: RandomState::new(),
            post,
        })
    }

    pub fn config(&self) -> &Config {
        &self.config
    }
}

/// How an address is compared and kept: trimmed, lower case.
pub fn normalize_email(email: &str) -> String {
    email.trim().to_lowercase()
}

fn later(at: Timestamp, life: Duration) -> Timestamp {
    at.checked_add(life).unwrap_or(at)
}
