//! The words every floor above speaks: ids, time, money, roles, the actor, errors.
//!
//! **Invariant:** nothing here does I/O, knows HTTP or knows SQL.

mod actor;
mod error;
mod money;
mod role;

pub use actor::{Actor, Grant, Reach, RequestInfo, Scope, Who};
pub use error::{Error, FieldError, Kind, Result};
pub use jiff::Timestamp;
pub use money::{Currency, Money};
pub use role::Role;
pub use serde_json::{Map, Value};
pub use uuid::Uuid as Id;

/// A JSON object; the shape of one document at depth 0 (relations are ids).
pub type Doc = Map<String, Value>;

/// A new time-ordered id (UUIDv7), so that new rows land at the right edge of every index.
pub fn new_id() -> Id {
    Id::now_v7()
}

/// The present instant, cut to whole milliseconds: the precision of the wire format, so that
/// what is stored equals what is sent.
pub fn now() -> Timestamp {
    let ms = Timestamp::now().as_millisecond();
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The wire form of an instant: `2026-11-21T09:30:00.000Z`.
pub fn iso(at: Timestamp) -> String {
    format!("{at:.3}")
}
