//! Open files: the process takes all the system lets it have, and clients get what is left of them.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::threads;

/// Descriptors kept for what is no client and no pooled connection: logs, listeners, files of the app,
/// cancelled statements, mail.
const RESERVED: u64 = 24;
/// What a thread holds of connections that it has turned away and that are to hear why. Without room for
/// these nobody could be taken, not even to be told to come again.
const TURNED_AWAY: u64 = 16;

/// Raises the soft limit to the hard one.
pub(crate) fn raise() {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return };
    if soft < hard && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_err() {
        tracing::debug!(soft, hard, "the limit of open files stays as it is");
    }
}

/// How many of the wished connections of clients the limit of open files allows, at least 8.
pub(crate) fn connections(wished: usize, pool: usize) -> usize {
    let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NOFILE) else { return wished };
    // A pooled connection may have a second one beside it for a moment, to cancel its statement.
    let kept = RESERVED + 2 * pool as u64 + TURNED_AWAY * threads::count(pool) as u64;
    let allowed = usize::try_from(soft.saturating_sub(kept)).unwrap_or(usize::MAX).max(8);
    if allowed < wished {
        tracing::warn!(
            open_files = soft,
            connections = allowed,
            "fewer connections than configured"
        );
    }
    wished.min(allowed)
}
