//! The meaning of `where`, written down a second time and as plainly as possible: over documents in
//! memory, one test at a time. What the database finds must be what this finds.

use std::collections::HashMap;

use define::{Collection, Field, FieldKind};
use serde_json::{Value, json};

/// Documents at depth 0 by collection, and the definitions.
pub(super) struct World {
    pub(super) collections: HashMap<String, Collection>,
    pub(super) docs: HashMap<String, Vec<Value>>,
}

/// What stands at a path's end: one value (null when a relation on the way is empty) or a list.
enum Found {
    One(Value),
    Many(Vec<Value>),
}

impl World {
    /// `None`: the question must be refused.
    pub(super) fn passes(&self, slug: &str, doc: &Value, filter: &Value) -> Option<bool> {
        let mut all = true;
        for (key, inner) in filter.as_object()? {
            let passed = match key.as_str() {
                "and" => {
                    let parts = inner.as_array()?.iter().map(|p| self.passes(slug, doc, p));
                    parts.collect::<Option<Vec<_>>>()?.into_iter().all(|p| p)
                }
                "or" => {
                    let parts = inner.as_array()?.iter().map(|p| self.passes(slug, doc, p));
                    let parts = parts.collect::<Option<Vec<_>>>()?;
                    parts.is_empty() || parts.into_iter().any(|p| p)
                }
                path => {
                    let tests = inner
                        .as_object()?
                        .iter()
                        .map(|(op, value)| self.test(slug, doc, path, op, value));
                    tests.collect::<Option<Vec<_>>>()?.into_iter().all(|p| p)
                }
            };
            all &= passed;
        }
        Some(all)
    }

    fn test(&self, slug: &str, doc: &Value, path: &str, op: &str, value: &Value) -> Option<bool> {
        let segments: Vec<&str> = path.split('.').collect();
        let (field, found) = self.find(slug, doc, &segments)?;
        match found {
            Found::One(actual) => one(&field, op, &actual, value),
            Found::Many(actual) => many(&field, op, &actual, value),
        }
    }

    fn find(&self, slug: &str, doc: &Value, path: &[&str]) -> Option<(Field, Found)> {
        let field = self.field(slug, path[0])?;
        let value = doc.get(path[0]).cloned().unwrap_or_default();
        let rest = &path[1..];
        match (field.kind, rest) {
            (FieldKind::Relationship, ["id"] | []) | (_, []) if field.many => {
                Some((field, Found::Many(value.as_array().cloned().unwrap_or_default())))
            }
            (FieldKind::Money, [] | ["amount"]) => {
                Some((Field::integer("amount"), Found::One(value["amount"].clone())))
            }
            (FieldKind::Money, ["currency"]) => {
                Some((Field::text("currency"), Found::One(value["currency"].clone())))
            }
            (FieldKind::Group | FieldKind::Address, []) => None,
            (_, []) | (FieldKind::Relationship, ["id"]) => Some((field, Found::One(value))),
            (FieldKind::Group | FieldKind::Address, [inner]) => {
                let inner_field = field.fields.iter().find(|f| f.name == *inner)?;
                Some((inner_field.clone(), Found::One(value[*inner].clone())))
            }
            (FieldKind::Relationship, rest) if field.many => {
                let to = field.relation_to.clone()?;
                let mut list = Vec::new();
                let mut end = None;
                for id in value.as_array().into_iter().flatten() {
                    let (field, found) = self.find(&to, &self.doc(&to, id), rest)?;
                    end = Some(field);
                    if let Found::One(value) = found {
                        list.push(value);
                    }
                }
                let end = end.or_else(|| self.find(&to, &Value::Null, rest).map(|f| f.0))?;
                Some((Field { many: true, ..end }, Found::Many(list)))
            }
            (FieldKind::Relationship, rest) => {
                let to = field.relation_to.clone()?;
                self.find(&to, &self.doc(&to, &value), rest)
            }
            _ => None,
        }
    }

    fn field(&self, slug: &str, name: &str) -> Option<Field> {
        match name {
            "id" => Some(Field::relation("id", slug)),
            "createdAt" | "updatedAt" => Some(Field::datetime(name)),
            _ => self.collections[slug].field(name).cloned(),
        }
    }

    fn doc(&self, slug: &str, id: &Value) -> Value {
        self.docs[slug].iter().find(|d| d["id"] == *id).cloned().unwrap_or_default()
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// An array or a comma list.
fn list_of(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        Value::String(text) => text.split(',').map(|part| json!(part.trim())).collect(),
        other => vec![other.clone()],
    }
}

fn one(field: &Field, op: &str, actual: &Value, value: &Value) -> Option<bool> {
    if op == "exists" {
        return Some(actual.is_null() != (*value == json!(true) || *value == json!("true")));
    }
    match field.kind {
        FieldKind::Number => number(op, actual, value),
        FieldKind::Date | FieldKind::Datetime => time(field.kind, op, actual, value),
        FieldKind::Checkbox => checkbox(op, actual, value),
        FieldKind::Select => select(field, op, actual, value),
        FieldKind::Relationship => relation(field, op, actual, value),
        _ => text(op, actual, value),
    }
}

fn text(op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let actual = actual.as_str();
    if value.is_null() {
        return match op {
            "equals" => Some(actual.is_none()),
            "not_equals" => Some(actual.is_some()),
            _ => None,
        };
    }
    if matches!(op, "in" | "not_in" | "all") {
        let list: Vec<String> = list_of(value).iter().map(text_of).collect::<Option<_>>()?;
        return Some(match (op, actual) {
            (_, None) => false,
            ("in", Some(a)) => list.iter().any(|v| v == a),
            ("not_in", Some(a)) => !list.iter().any(|v| v == a),
            (_, Some(a)) => list.iter().all(|v| v == a),
        });
    }
    let value = text_of(value)?;
    Some(match (op, actual) {
        ("not_equals", a) => a != Some(value.as_str()),
        ("not_like", a) => a.is_none_or(|a| !like(a, &value)),
        (_, None) => false,
        ("equals", Some(a)) => a == value,
        ("like", Some(a)) => like(a, &value),
        ("contains", Some(a)) => holds(a, &value),
        ("greater_than", Some(a)) => a > value.as_str(),
        ("greater_than_equal", Some(a)) => a >= value.as_str(),
        ("less_than", Some(a)) => a < value.as_str(),
        ("less_than_equal", Some(a)) => a <= value.as_str(),
        _ => return None,
    })
}

/// All words occur.
fn like(actual: &str, words: &str) -> bool {
    words.split(' ').filter(|w| !w.is_empty()).all(|word| holds(actual, word))
}

/// `%` and `_` in the value are live.
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

fn as_number(value: &Value) -> Option<f64> {
    let number: f64 = match value {
        Value::Number(n) => n.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn number(op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let actual = as_number(actual);
    if matches!(op, "in" | "not_in" | "all") {
        let list: Vec<f64> = list_of(value).iter().map(as_number).collect::<Option<_>>()?;
        return Some(match (op, actual) {
            (_, None) => false,
            ("in", Some(a)) => list.contains(&a),
            ("not_in", Some(a)) => !list.contains(&a),
            (_, Some(a)) => list.iter().all(|v| *v == a),
        });
    }
    let number = as_number(value);
    match op {
        "equals" | "like" => Some(actual == number),
        "not_equals" => Some(actual != number),
        _ => {
            let number = number?;
            let order = actual.and_then(|a| a.partial_cmp(&number));
            ordered(op, order)
        }
    }
}

fn ordered(op: &str, order: Option<std::cmp::Ordering>) -> Option<bool> {
    let passes = match op {
        "greater_than" => order.is_some_and(|o| o.is_gt()),
        "greater_than_equal" => order.is_some_and(|o| o.is_ge()),
        "less_than" => order.is_some_and(|o| o.is_lt()),
        "less_than_equal" => order.is_some_and(|o| o.is_le()),
        _ => return None,
    };
    Some(passes)
}

/// A day, or an instant in milliseconds.
fn as_time(kind: FieldKind, value: &Value) -> Option<i64> {
    let text = value.as_str()?;
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    let at: jiff::Timestamp = whole.parse().ok()?;
    match kind {
        FieldKind::Date => {
            let day: jiff::civil::Date = text.get(..10)?.parse().ok()?;
            Some(i64::from(
                day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second() as i32
            ))
        }
        _ => Some(at.as_millisecond()),
    }
}

fn time(kind: FieldKind, op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let is = as_time(kind, actual);
    if matches!(op, "in" | "not_in") {
        let list: Vec<i64> =
            list_of(value).iter().map(|v| as_time(kind, v)).collect::<Option<_>>()?;
        return Some(is.is_some_and(|a| list.contains(&a) == (op == "in")));
    }
    let empty = value.is_null() || matches!(value.as_str(), Some("" | "null"));
    let wanted = as_time(kind, value);
    match op {
        "equals" if empty => Some(is.is_none()),
        "not_equals" if empty => Some(is.is_some()),
        "equals" => Some(wanted.is_some() && is == wanted),
        "not_equals" => Some(wanted.is_none() || is != wanted),
        _ => ordered(op, is.zip(wanted).map(|(a, b)| a.cmp(&b))),
    }
}

fn checkbox(op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let as_bool = |v: &Value| match v {
        Value::Bool(b) => Some(*b),
        Value::String(s) => s.parse().ok(),
        _ => None,
    };
    let empty = value.is_null() || value.as_str() == Some("null");
    match op {
        "equals" if empty => Some(actual.is_null()),
        "not_equals" if empty => Some(!actual.is_null()),
        "equals" => Some(actual.as_bool() == Some(as_bool(value)?)),
        "not_equals" => Some(actual.as_bool() != Some(as_bool(value)?)),
        "in" | "not_in" => {
            let list: Vec<bool> = list_of(value).iter().map(as_bool).collect::<Option<_>>()?;
            Some(actual.as_bool().is_some_and(|a| list.contains(&a) == (op == "in")))
        }
        _ => None,
    }
}

fn select(field: &Field, op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let known = |v: &Value| field.options.iter().any(|o| json!(o.value) == *v);
    match op {
        "equals" | "not_equals" if value.is_null() => text(op, actual, value),
        "equals" | "not_equals" => known(value).then(|| text(op, actual, value))?,
        "in" | "not_in" | "all" => {
            list_of(value).iter().all(known).then(|| text(op, actual, value))?
        }
        _ => None,
    }
}

fn relation(field: &Field, op: &str, actual: &Value, value: &Value) -> Option<bool> {
    let empty = value.is_null() || matches!(value.as_str(), Some("" | "null"));
    match op {
        "equals" | "like" | "contains" if empty => Some(actual.is_null()),
        "not_equals" if empty => Some(!actual.is_null()),
        "equals" | "like" | "contains" => Some(actual == value),
        "not_equals" => Some(actual != value),
        "in" => Some(!actual.is_null() && list_of(value).contains(actual)),
        // An id is always there; a relation that is empty is in no list.
        "not_in" => {
            Some(actual.is_null() && field.name != "id" || !list_of(value).contains(actual))
        }
        "all" => Some(!actual.is_null() && list_of(value).iter().all(|v| v == actual)),
        _ => None,
    }
}

/// Some element passes; an empty list passes what a missing value passes.
fn many(field: &Field, op: &str, actual: &[Value], value: &Value) -> Option<bool> {
    let single = Field { many: false, ..field.clone() };
    if op == "exists" && field.relation_to.is_some() {
        let wanted = *value == json!(true) || *value == json!("true");
        return Some(actual.is_empty() != wanted);
    }
    if op == "all" && field.relation_to.is_some() {
        // Nothing is no element.
        return Some(list_of(value).iter().all(|v| actual.contains(v)));
    }
    let op = if op == "contains" && field.relation_to.is_some() { "in" } else { op };
    let nothing = one(&single, op, &Value::Null, value)?;
    if actual.is_empty() {
        return Some(nothing);
    }
    let parts = actual.iter().map(|a| one(&single, op, a, value));
    Some(parts.collect::<Option<Vec<_>>>()?.into_iter().any(|p| p))
}
