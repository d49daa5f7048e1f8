//! Whether an answer says what the recorded one says.
//!
//! What must differ from run to run is matched by its form: ids of rows and sessions (one of ours for one
//! of theirs, for as long as the recording goes), tokens, instants at which the recording or this run
//! wrote something, expiries. Everything else is equal, order of keys included.

use std::collections::HashMap;

use kernel::parse_instant;
use serde_json::{Map, Value};

use super::Exchange;
use super::world::Answer;

/// The day of the recording: instants of it mean "now".
const RECORDED: &str = "2026-11-21T0";

#[derive(Default, Clone)]
pub(super) struct Comparison {
    ours: HashMap<String, String>,
    theirs: HashMap<String, String>,
    /// Keys may come in any order.
    pub(super) any_order: bool,
    found: Vec<String>,
}

/// What may differ, by key.
#[derive(Default)]
pub(super) struct Apart<'a> {
    /// Keys that only the recorded answer has.
    pub(super) theirs: Vec<&'a str>,
    /// Keys that only our answer has.
    pub(super) ours: Vec<&'a str>,
    /// Keys that both have, with other values.
    pub(super) values: Vec<&'a str>,
}

impl Comparison {
    /// Every difference; what was matched by its form is remembered when there is none.
    pub(super) fn differences(
        &mut self,
        exchange: &Exchange,
        theirs: &Value,
        answer: &Answer,
        ours: &Value,
    ) -> Vec<String> {
        let mut next = self.clone();
        next.found.clear();
        next.envelope(exchange, answer);
        next.values(theirs, ours, "");
        let found = std::mem::take(&mut next.found);
        next.any_order = false;
        if found.is_empty() {
            *self = next;
        }
        found
    }

    fn envelope(&mut self, exchange: &Exchange, answer: &Answer) {
        if exchange.status != answer.status {
            self.found.push(format!("status: {} there, {} here", exchange.status, answer.status));
        }
        let header = |name: &str| exchange.headers.get(name).and_then(Value::as_str);
        let media =
            header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        if media != answer.media {
            self.found.push(format!("content-type: {media} there, {} here", answer.media));
        }
        let cookies = [header("set-cookie"), answer.cookie.as_deref()].map(|c| c.map(flags));
        if cookies[0] != cookies[1] {
            self.found.push(format!("set-cookie: {:?} there, {:?} here", cookies[0], cookies[1]));
        }
    }

    fn values(&mut self, theirs: &Value, ours: &Value, path: &str) {
        match (theirs, ours) {
            (Value::Object(a), Value::Object(b)) => self.objects(a, b, path),
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (at, (a, b)) in a.iter().zip(b).enumerate() {
                    self.values(a, b, &format!("{path}[{at}]"));
                }
            }
            (Value::Number(a), Value::Number(b)) => {
                let expires =
                    path.ends_with(".exp") && b.as_i64() > Some(kernel::now().as_second());
                if a.as_f64() != b.as_f64() && !expires {
                    self.found.push(format!("{path}: {a} there, {b} here"));
                }
            }
            (Value::String(a), Value::String(b)) if self.alike(a, b) => {}
            (a, b) if a == b => {}
            (a, b) => self.found.push(format!("{path}: {a} there, {b} here")),
        }
    }

    fn objects(&mut self, theirs: &Map<String, Value>, ours: &Map<String, Value>, path: &str) {
        for (key, a) in theirs {
            match ours.get(key) {
                Some(b) => self.values(a, b, &format!("{path}.{key}")),
                None => self.found.push(format!("{path}.{key}: {a} there, missing here")),
            }
        }
        for (key, b) in ours.iter().filter(|(key, _)| !theirs.contains_key(*key)) {
            self.found.push(format!("{path}.{key}: missing there, {b} here"));
        }
        let order = |one: &Map<String, Value>, other: &Map<String, Value>| -> Vec<String> {
            let mut keys: Vec<_> = one.keys().filter(|k| other.contains_key(*k)).cloned().collect();
            // Collections with versions show the id last after an update; nobody relies on it.
            if keys
                .last()
                .is_some_and(|k| k == "id" || k == "message" && one.contains_key("_status"))
            {
                keys.sort_by_key(|k| k != "id");
            }
            keys
        };
        let (a, b) = (order(theirs, ours), order(ours, theirs));
        if a != b && !self.any_order {
            self.found.push(format!("{path}: keys in the order {a:?} there, {b:?} here"));
        }
    }

    fn alike(&mut self, theirs: &str, ours: &str) -> bool {
        if theirs == ours {
            return true;
        }
        let both = |form: fn(&str) -> bool| form(theirs) && form(ours);
        if both(is_token) {
            return true;
        }
        if theirs.starts_with(RECORDED) {
            return ours.len() == theirs.len() && parse_instant(ours).is_some_and(is_of_this_run);
        }
        let row = is_row_id(theirs) && (is_row_id(ours) || is_uuid(ours));
        if row || both(is_uuid) {
            let ours_for = self.ours.entry(theirs.to_owned()).or_insert_with(|| ours.to_owned());
            let theirs_for =
                self.theirs.entry(ours.to_owned()).or_insert_with(|| theirs.to_owned());
            return ours_for == ours && theirs_for == theirs;
        }
        false
    }
}

/// A session may outlive this run by a week.
fn is_of_this_run(at: kernel::Timestamp) -> bool {
    let away = at.as_second() - kernel::now().as_second();
    (-1800..=8 * 24 * 3600).contains(&away)
}

fn is_token(text: &str) -> bool {
    text.starts_with("eyJhbGciOiJIUzI1NiIsImF1dGhWZXJzaW9uIjoxLCJ0eXAiOiJKV1QifQ.")
}

fn is_row_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn is_uuid(text: &str) -> bool {
    text.parse::<kernel::Id>().is_ok()
}

/// What a cookie is, without its name, value, age and the literal `=true`: whether it is set or taken
/// back, and its flags in order.
fn flags(cookie: &str) -> Vec<String> {
    let mut parts = cookie.split("; ");
    let set = parts.next().is_some_and(|pair| !pair.ends_with('='));
    let flags = parts.filter(|p| !p.starts_with("Max-Age=") && !p.starts_with("Expires="));
    let mut out = vec![if set { "set" } else { "cleared" }.to_owned()];
    out.extend(flags.map(|flag| flag.trim_end_matches("=true").to_owned()));
    out
}

impl Apart<'_> {
    /// Takes the keys that only one side has out of both. Answers which were there to take.
    pub(super) fn take(&self, theirs: &mut Value, ours: &mut Value) -> Vec<String> {
        let mut taken = Vec::new();
        self.walk(theirs, ours, &mut taken);
        taken.sort();
        taken.dedup();
        taken
    }

    fn walk(&self, theirs: &mut Value, ours: &mut Value, taken: &mut Vec<String>) {
        match (theirs, ours) {
            (Value::Object(a), Value::Object(b)) => {
                remove(&self.theirs, a, b, taken);
                remove(&self.ours, b, a, taken);
                for key in &self.values {
                    if a.contains_key(*key)
                        && b.contains_key(*key)
                        && !same_form(&a[*key], &b[*key])
                    {
                        a.shift_remove(*key);
                        b.shift_remove(*key);
                        taken.push((*key).to_owned());
                    }
                }
                for (key, a) in a.iter_mut() {
                    if let Some(b) = b.get_mut(key) {
                        self.walk(a, b, taken);
                    }
                }
            }
            (Value::Array(a), Value::Array(b)) => {
                a.iter_mut().zip(b).for_each(|(a, b)| self.walk(a, b, taken));
            }
            _ => {}
        }
    }
}

/// Whether two values are worth comparing: not null on one side alone, nor lists of other lengths.
fn same_form(theirs: &Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (Value::Array(a), Value::Array(b)) => a.len() == b.len(),
        (a, b) => a.is_null() == b.is_null(),
    }
}

fn remove(
    keys: &[&str],
    one: &mut Map<String, Value>,
    other: &Map<String, Value>,
    taken: &mut Vec<String>,
) {
    for key in keys.iter().filter(|key| !other.contains_key(**key)) {
        if one.shift_remove(*key).is_some() {
            taken.push((*key).to_owned());
        }
    }
}

/// An answer without what differs from run to run.
pub(super) fn settled(value: &Value) -> Value {
    match value {
        Value::String(text) if is_token(text) => "(token)".into(),
        Value::String(text) if is_uuid(text) => "(id)".into(),
        Value::String(text) if is_row_id(text) => "(row id)".into(),
        Value::String(text)
            if text.len() == 24 && parse_instant(text).is_some_and(is_of_this_run) =>
        {
            "(time)".into()
        }
        Value::Array(items) => items.iter().map(settled).collect(),
        Value::Object(map) => {
            let member = |(key, value): (&String, &Value)| {
                let shown = if key == "exp" { "(seconds)".into() } else { settled(value) };
                (key.clone(), shown)
            };
            Value::Object(map.iter().map(member).collect())
        }
        other => other.clone(),
    }
}
