//! Reading and cleaning the values of documents: ids, instants, e-mail addresses, phone numbers.

use engine::Change;
use kernel::{Actor, Id, Timestamp, Value, Who};

pub(crate) fn id_of(value: &Value) -> Option<Id> {
    value.as_str().and_then(|s| Id::parse_str(s).ok())
}

/// Text that says something: neither absent nor blank.
pub(crate) fn text_of(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|s| !s.is_empty())
}

pub(crate) fn instant_of(value: &Value) -> Option<Timestamp> {
    value.as_str().and_then(|s| s.parse().ok())
}

pub(crate) fn now_value() -> Value {
    Value::String(kernel::iso(kernel::now()))
}

/// The acting user's id, null for the product itself.
pub(crate) fn user_value(actor: &Actor) -> Value {
    actor.user().map_or(Value::Null, |id| Value::String(id.to_string()))
}

/// Whether rows are being carried in from elsewhere. Their past happened before Mainstay knew
/// them: no "created" entries and no events of closing.
pub(crate) fn is_loading(actor: &Actor) -> bool {
    matches!(actor.who, Who::System("import" | "seed"))
}

/// Rewrites a text field through `clean` when it holds text.
pub(crate) fn normalize(change: &mut Change, field: &str, clean: impl Fn(&str) -> String) {
    let Some(text) = change.get(field).as_str() else { return };
    let cleaned = clean(text);
    if cleaned != text {
        change.set(field, Value::String(cleaned));
    }
}

pub(crate) fn email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Digits, with the plus of an international number in front; `00` is read as that plus. A
/// national number stays national: its country cannot be known here.
pub(crate) fn phone(text: &str) -> String {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if text.starts_with('+') {
        return format!("+{digits}");
    }
    match digits.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => digits,
    }
}

/// The host of a web address without scheme, `www.`, port and path.
pub(crate) fn domain(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let host = text.split_once("://").map_or(text.as_str(), |(_, rest)| rest);
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or(host);
    host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_cleaned() {
        assert_eq!(email("  Ann@Example.COM "), "ann@example.com");
        assert_eq!(phone("+1 (555) 010-2030"), "+15550102030");
        assert_eq!(phone("0044 20 7946 0000"), "+442079460000");
        assert_eq!(phone("555-0100"), "5550100");
        assert_eq!(domain("https://www.Harbor.example:8080/about?x"), "harbor.example");
        assert_eq!(domain("harbor.example."), "harbor.example");
    }
}
