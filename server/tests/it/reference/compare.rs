//! Every operator on every kind of value, as the contract's table has it: one value at a time.
//!
//! `None` is a question that means nothing, which must be refused.

use std::cmp::Ordering;

pub(super) use define::Op;
use define::{Field, FieldKind};
use kernel::Id;
use serde_json::{Value, json};

use super::order::collated;

pub(super) fn truthy(value: &Value) -> bool {
    *value == json!(true) || *value == json!("true")
}

/// An array or a comma list.
pub(super) fn list_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        Value::String(text) => text.split(',').map(|part| json!(part.trim())).collect(),
        other => vec![other.clone()],
    }
}

/// `contains` on a list of options or relations asks for an element.
pub(super) fn of_element(field: &Field, op: Op) -> Op {
    match field.kind {
        FieldKind::Select | FieldKind::Relationship if op == Op::Contains => Op::In,
        _ => op,
    }
}

pub(super) fn one(field: &Field, actual: &Value, op: Op, value: &Value) -> Option<bool> {
    if op == Op::Exists {
        return Some(actual.is_null() != truthy(value));
    }
    match field.kind {
        _ if field.id => relation(actual, op, value, false),
        FieldKind::Number => number(actual, op, value),
        FieldKind::Date | FieldKind::Datetime => time(field.kind, actual, op, value),
        FieldKind::Checkbox => checkbox(actual, op, value),
        FieldKind::Select => select(field, actual, op, value),
        FieldKind::Relationship => relation(actual, op, value, true),
        FieldKind::Json => None,
        _ => text(actual.as_str().map(str::to_owned), op, value),
    }
}

/// Text at a path inside JSON: what is no text is written out.
pub(super) fn inside(value: &Value, path: &[&str]) -> Option<String> {
    let mut at = value;
    for key in path {
        at = match at {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            other => other.get(key)?,
        };
    }
    match at {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

fn ordered(op: Op, order: Option<Ordering>) -> Option<bool> {
    let passes = match op {
        Op::GreaterThan => order.is_some_and(Ordering::is_gt),
        Op::GreaterThanEqual => order.is_some_and(Ordering::is_ge),
        Op::LessThan => order.is_some_and(Ordering::is_lt),
        Op::LessThanEqual => order.is_some_and(Ordering::is_le),
        _ => return None,
    };
    Some(passes)
}

pub(super) fn text(actual: Option<String>, op: Op, value: &Value) -> Option<bool> {
    let actual = actual.as_deref();
    match op {
        Op::Exists => return Some(actual.is_some() == truthy(value)),
        Op::Equals if value.is_null() => return Some(actual.is_none()),
        Op::NotEquals if value.is_null() => return Some(actual.is_some()),
        Op::In | Op::NotIn | Op::All => {
            // "All" of a single value is that it equals each of them.
            let list = list_of(value).iter().map(as_text).collect::<Option<Vec<_>>>()?;
            let holds = |a: &str| list.iter().any(|v| v == a);
            // "All" of a single value is that it equals each of them.
            let is_each = |a: &str| !list.is_empty() && list.iter().all(|v| v == a);
            return Some(actual.is_some_and(|a| match op {
                Op::All => is_each(a),
                _ => holds(a) == (op == Op::In),
            }));
        }
        _ => {}
    }
    let value = as_text(value)?;
    Some(match (op, actual) {
        (Op::NotEquals, a) => a != Some(value.as_str()),
        (Op::NotLike, a) => a.is_none_or(|a| !like(a, &value)),
        (_, None) => {
            ordered(op, None);
            false
        }
        (Op::Equals, Some(a)) => a == value,
        (Op::Like, Some(a)) => like(a, &value),
        (Op::Contains, Some(a)) => holds(a, &value),
        (_, Some(a)) => ordered(op, Some(collated(a, &value)))?,
    })
}

/// All words occur.
fn like(actual: &str, words: &str) -> bool {
    words.split(' ').filter(|w| !w.is_empty()).all(|word| holds(actual, word))
}

/// In any case; `%` and `_` in the value are live.
fn holds(actual: &str, pattern: &str) -> bool {
    let pattern: Vec<char> = format!("%{pattern}%").to_lowercase().chars().collect();
    let actual: Vec<char> = actual.to_lowercase().chars().collect();
    matches(&actual, &pattern)
}

fn matches(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|at| matches(&text[at..], rest)),
        ['_', rest @ ..] => !text.is_empty() && matches(&text[1..], rest),
        [c, rest @ ..] => text.first() == Some(c) && matches(&text[1..], rest),
    }
}

/// A number as exactly as it is written: an integer, or a double.
#[derive(Clone, Copy, Debug)]
pub(super) enum Exact {
    Whole(i128),
    Double(f64),
}

pub(super) fn exact(value: &Value) -> Option<Exact> {
    let text = match value {
        Value::Number(n) => n.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    if let Ok(whole) = text.parse::<i128>() {
        return Some(Exact::Whole(whole));
    }
    let double: f64 = text.parse().ok()?;
    double.is_finite().then_some(match double.fract() == 0.0 && double.abs() < 1e30 {
        true => Exact::Whole(double as i128),
        false => Exact::Double(double),
    })
}

pub(super) fn numbers(a: Exact, b: Exact) -> Ordering {
    match (a, b) {
        (Exact::Whole(a), Exact::Whole(b)) => a.cmp(&b),
        (Exact::Double(a), Exact::Double(b)) => a.total_cmp(&b),
        (Exact::Double(a), Exact::Whole(b)) => numbers(Exact::Whole(b), Exact::Double(a)).reverse(),
        (Exact::Whole(a), Exact::Double(b)) => {
            // A double that is no whole number, or past every whole one here.
            if b.abs() > 1e30 {
                return if b > 0.0 { Ordering::Less } else { Ordering::Greater };
            }
            match a.cmp(&(b.floor() as i128)) {
                Ordering::Equal => Ordering::Less,
                other => other,
            }
        }
    }
}

fn number(actual: &Value, op: Op, value: &Value) -> Option<bool> {
    let actual = exact(actual);
    let same = |v: Exact| actual.is_some_and(|a| numbers(a, v).is_eq());
    if matches!(op, Op::In | Op::NotIn | Op::All) {
        let list = list_of(value).iter().map(exact).collect::<Option<Vec<_>>>()?;
        return Some(match op {
            Op::In => list.into_iter().any(same),
            Op::NotIn => actual.is_some() && !list.into_iter().any(same),
            _ => !list.is_empty() && list.into_iter().all(same),
        });
    }
    match (op, exact(value)) {
        (Op::Equals | Op::Like, None) => Some(actual.is_none()),
        (Op::NotEquals, None) => Some(actual.is_some()),
        (Op::Equals | Op::Like, Some(v)) => Some(same(v)),
        (Op::NotEquals, Some(v)) => Some(!same(v)),
        (_, v) => {
            let v = v?;
            ordered(op, actual.map(|a| numbers(a, v)))
        }
    }
}

/// A day as its number, or an instant in milliseconds.
pub(super) fn as_time(kind: FieldKind, value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    let day = text.get(..10).and_then(|day| day.parse::<jiff::civil::Date>().ok());
    let at = text.parse::<jiff::Timestamp>();
    if at.is_err() && text.len() != 10 {
        return None;
    }
    // The last days there are have no instant.
    let seconds = || Some(day?.duration_since(jiff::civil::date(1970, 1, 1)).as_secs());
    match (kind, at) {
        (FieldKind::Date, _) => seconds(),
        (_, Ok(at)) => Some(at.as_millisecond()),
        (_, Err(_)) => {
            Some(day?.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
        }
    }
}

fn time(kind: FieldKind, actual: &Value, op: Op, value: &Value) -> Option<bool> {
    let is = as_time(kind, actual);
    if matches!(op, Op::In | Op::NotIn) {
        let list = list_of(value).iter().map(|v| as_time(kind, v)).collect::<Option<Vec<_>>>()?;
        return Some(is.is_some_and(|a| list.contains(&a) == (op == Op::In)));
    }
    let empty = value.is_null() || matches!(value.as_str(), Some("" | "null"));
    let wanted = as_time(kind, value);
    match op {
        Op::Equals if empty => Some(is.is_none()),
        Op::NotEquals if empty => Some(is.is_some()),
        Op::Equals => Some(wanted.is_some() && is == wanted),
        Op::NotEquals => Some(wanted.is_none() || is != wanted),
        _ => ordered(op, is.zip(wanted).map(|(a, b)| a.cmp(&b))),
    }
}

fn checkbox(actual: &Value, op: Op, value: &Value) -> Option<bool> {
    let as_bool = |v: &Value| match v {
        Value::Bool(b) => Some(*b),
        Value::String(s) => s.parse().ok(),
        _ => None,
    };
    let empty = value.is_null() || value.as_str() == Some("null");
    match op {
        Op::Equals if empty => Some(actual.is_null()),
        Op::NotEquals if empty => Some(!actual.is_null()),
        Op::Equals => Some(actual.as_bool() == Some(as_bool(value)?)),
        Op::NotEquals => Some(actual.as_bool() != Some(as_bool(value)?)),
        Op::In | Op::NotIn => {
            let list = list_of(value).iter().map(as_bool).collect::<Option<Vec<_>>>()?;
            Some(actual.as_bool().is_some_and(|a| list.contains(&a) == (op == Op::In)))
        }
        _ => None,
    }
}

fn select(field: &Field, actual: &Value, op: Op, value: &Value) -> Option<bool> {
    let known = |v: &Value| field.options.iter().any(|o| Some(&o.value) == as_text(v).as_ref());
    let actual = actual.as_str().map(str::to_owned);
    match op {
        Op::Equals | Op::NotEquals if value.is_null() => text(actual, op, value),
        Op::Equals | Op::NotEquals => known(value).then(|| text(actual, op, value))?,
        Op::In | Op::NotIn | Op::All => {
            list_of(value).iter().all(known).then(|| text(actual, op, value))?
        }
        _ => None,
    }
}

fn as_id(value: &Value) -> Option<Id> {
    value.as_str().or(value["id"].as_str())?.trim().parse().ok()
}

/// `optional`: a relation, which may be empty, rather than the id of the document.
fn relation(actual: &Value, op: Op, value: &Value, optional: bool) -> Option<bool> {
    let is = as_id(actual);
    let empty = value.is_null() || matches!(value.as_str(), Some("" | "null"));
    let wanted = as_id(value);
    let list: Vec<Id> = list_of(value).iter().filter_map(as_id).collect();
    match op {
        Op::Equals | Op::Like | Op::Contains if empty => Some(is.is_none()),
        Op::NotEquals if empty => Some(is.is_some()),
        Op::Equals | Op::Like | Op::Contains => Some(wanted.is_some() && is == wanted),
        Op::NotEquals => Some(wanted.is_none() || is != wanted),
        Op::In => Some(is.is_some_and(|id| list.contains(&id))),
        Op::NotIn => Some(is.map_or(optional, |id| !list.contains(&id))),
        Op::All => {
            let each = list_of(value);
            Some(!each.is_empty() && each.iter().all(|v| as_id(v).is_some() && as_id(v) == is))
        }
        _ => None,
    }
}
