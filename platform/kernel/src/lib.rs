//! The words every floor above speaks: ids, time, money, roles, the actor, errors.
//!
//! **Invariant:** nothing here does I/O, knows HTTP or knows SQL.

mod actor;
mod error;
mod money;
mod role;

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use actor::{Actor, Claim, Grant, Reach, RequestInfo, Scope, Who};
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

/// The time zone of an official IANA name, in any case. Not what else a system happens to keep among its
/// zones (`localtime`, `posixrules`, `right/…`): those mean something else on the next machine.
pub fn time_zone(name: &str) -> Option<TimeZone> {
    if name.eq_ignore_ascii_case("Factory") {
        return None;
    }
    static OFFICIAL: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    OFFICIAL.get(name).ok().filter(|zone| zone.iana_name().is_some())
}

/// Reads an ISO 8601 instant with its offset, or a bare day or local time as UTC; cut to whole
/// milliseconds. `None` before the year 1, since the wire form has four digits of year.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => {
            let local: jiff::civil::DateTime = text.parse().ok()?;
            local.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp()
        }
    };
    let at = Timestamp::from_millisecond(at.as_millisecond()).ok()?;
    (at.as_millisecond() >= YEAR_ONE_MS).then_some(at)
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |n: u8| char::from(DIGITS[usize::from(n & 15)]);
    bytes.as_ref().iter().flat_map(|b| [digit(b >> 4), digit(*b)]).collect()
}

/// 0001-01-01T00:00:00Z.
pub const YEAR_ONE_MS: i64 = -62_135_596_800_000;

/// The wire form of an instant: `2026-11-21T09:30:00.000Z`.
pub fn iso(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_two_digits_each() {
        assert_eq!(super::hex([0, 9, 0x0a, 0xf0, 0xff]), "00090af0ff");
        assert_eq!(super::hex([0_u8; 0]), "");
    }
}
