//! JSON from outside. Stricter than `serde_json::Value`'s own reading in two ways: an object that
//! names a key twice is refused, since one of the two values would be lost without a word; and no
//! key of the sender's can reach the private marks by which `serde_json` passes raw text around.

use std::fmt;

use kernel::{Error, Result, Value};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number};

/// The key under which `serde_json` hands over a number it keeps as text (`arbitrary_precision`).
const NUMBER: &str = "$serde_json::private::Number";

/// Reads one JSON value. Nesting is limited to 128 levels; every fault is the contract's
/// "Invalid JSON" except a repeated key, which is named.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value> {
    if names_a_mark(bytes) {
        return Err(Error::bad_request("Invalid JSON"));
    }
    let read: std::result::Result<Strict, _> = serde_json::from_slice(bytes);
    read.map(|strict| strict.0).map_err(|error| {
        let text = error.to_string();
        match text.strip_prefix(REPEATED).and_then(|rest| rest.split('"').nth(1)) {
            Some(key) => Error::bad_request(format!("The key \"{key}\" appears twice.")),
            None => Error::bad_request("Invalid JSON"),
        }
    })
}

/// Whether the text could hold one of `serde_json`'s private keys, written plainly or with escapes.
/// They look like any other key to a reader, and mean something else to the next one.
fn names_a_mark(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"serde_json::private::";
    let holds = |text: &[u8]| text.windows(MARK.len()).any(|part| part == MARK);
    let mut rest = bytes;
    let mut plain = Vec::new();
    while let Some(at) = rest.windows(2).position(|pair| pair == b"\\u") {
        let (before, escape) = rest.split_at(at);
        plain.extend_from_slice(before);
        let code = escape.get(2..6).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        plain.push(code.unwrap_or(b'?'));
        rest = escape.get(6..).unwrap_or_default();
    }
    if plain.is_empty() { holds(bytes) } else { holds(&[plain.as_slice(), rest].concat()) }
}

const REPEATED: &str = "repeated key ";

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Strict, D::Error> {
        from.deserialize_any(ValueVisitor).map(Strict)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> std::result::Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> std::result::Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_str<E>(self, value: &str) -> std::result::Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> std::result::Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_i64<E>(self, value: i64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> std::result::Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> std::result::Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> std::result::Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if key == NUMBER && map.is_empty() {
                let text: String = access.next_value()?;
                return text.parse().map(Value::Number).map_err(A::Error::custom);
            }
            if map.contains_key(&key) {
                let shown: String = key.chars().filter(|c| *c != '"').take(60).collect();
                return Err(A::Error::custom(format_args!("{REPEATED}\"{shown}\"")));
            }
            let Strict(value) = access.next_value()?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_values_come_through() {
        let text =
            r#"{"a":[1,-2.50,9223372036854775808123,1e+2],"b":{"c":null,"d":"\u00e9\u0000"}}"#;
        assert_eq!(
            parse(text.as_bytes()).unwrap().to_string(),
            r#"{"a":[1,-2.50,9223372036854775808123,1e+2],"b":{"c":null,"d":"é\u0000"}}"#
        );
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(400);
        for mark in ["$serde_json", "\\u0024serde_json", "$\\u0073erde\\u005fjson"] {
            let raw = format!("{{\"{mark}::private::RawValue\":\"1\"}}");
            assert_eq!(parse(raw.as_bytes()).unwrap_err().message, "Invalid JSON", "{raw}");
        }
        let number = r#"{"$serde_json::private::Number":"x"}"#;
        for wrong in [r#"{"a":"\ud800"}"#, "{", "1 2", "nan", "", &deep, number, "{\"a\":01}"] {
            assert_eq!(parse(wrong.as_bytes()).unwrap_err().message, "Invalid JSON", "{wrong}");
        }
        assert_eq!(parse(b"\"\xff\"").unwrap_err().message, "Invalid JSON");
        let twice = parse(br#"{"x":{"name":1,"name":2}}"#).unwrap_err();
        assert_eq!(twice.message, "The key \"name\" appears twice.");
    }
}
