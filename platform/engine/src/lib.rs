//! The verbs. Whatever enters the product (REST, import, automation) enters here; below lies only the
//! store.
//!
//! **Invariants:** every verb takes the actor first and authorizes before it writes. A write, its
//! timeline, its audit row and its event are one transaction. Nothing here knows HTTP.

mod access;
mod action;
mod aggregate;
mod chain;
mod change;
mod consequence;
mod derive;
mod document;
mod find;
mod idempotency;
mod record;
mod registry;
mod reindex;
mod search;
mod unit;
mod verbs;
mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use define::Collection;
use kernel::{Error, Result};
use store::{Layout, Store};

pub use action::{Action, Call, Done, Example, Manner, Perform};
pub use aggregate::Groups;
pub use chain::Chain;
pub use change::{Change, Context, Hooks, Verb};
pub use find::Page;
pub use idempotency::Claimed;
pub use registry::{Module, Registry};
pub use reindex::Reindexed;
pub use search::Hits;
pub use unit::Unit;
pub use verbs::{Bulk, Outcome};

/// Rows a page may have, and the most that "all" (`limit=0`) may mean.
pub const MAX_LIMIT: i64 = 10_000;
/// Totals are counted up to here; past it the page says that the total is capped.
pub const MAX_TOTAL: i64 = 100_000;

pub struct Engine {
    store: Store,
    registry: Registry,
    security_epoch: AtomicU64,
}

impl Engine {
    /// Opens no connection yet.
    pub fn new(config: store::Config, registry: Registry) -> Result<Engine> {
        let store = Store::connect(config, registry.schema().clone())?;
        Ok(Engine { store, registry, security_epoch: AtomicU64::new(1) })
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn collection(&self, slug: &str) -> Option<&Collection> {
        self.registry.schema().get(slug).map(|layout| &layout.collection)
    }

    /// In the order the modules gave them.
    pub fn collections(&self) -> impl Iterator<Item = &Collection> {
        self.registry.schema().iter().map(|layout| &layout.collection)
    }

    /// What the modules offer besides the verbs.
    pub fn actions(&self) -> &[Action] {
        self.registry.actions()
    }

    /// Rises whenever a commit may have changed who may do what; caches of actors compare it.
    pub fn security_epoch(&self) -> u64 {
        self.security_epoch.load(Ordering::SeqCst)
    }

    pub fn raise_security_epoch(&self) {
        self.security_epoch.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn layout(&self, slug: &str) -> Result<&Arc<Layout>> {
        self.registry.schema().get(slug).ok_or_else(Error::not_found)
    }
}
