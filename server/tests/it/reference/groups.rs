//! Groups: what is counted and added up, by document in memory.

use std::cmp::Ordering;

use define::{Field, FieldKind};
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::compare::{self, Exact};
use super::order::Key;
use super::world::World;

#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// `place.city` or `at:month`.
    pub(super) keys: Vec<String>,
    /// `sum:price`
    pub(super) values: Vec<String>,
    pub(super) zone: &'static str,
    pub(super) sort: Vec<String>,
    pub(super) limit: usize,
}

impl Groups {
    pub(super) fn query(&self) -> String {
        let (keys, values, sort) =
            (self.keys.join(","), self.values.join(","), self.sort.join(","));
        format!("group={keys}&values={values}&sort={sort}&zone={}&limit={}", self.zone, self.limit)
    }
}

/// What one key has of a document: its value shown and what it is compared by, one a list's element.
type Parts = Vec<(Value, Key)>;

struct Group<'w> {
    shown: Vec<Value>,
    keys: Vec<Key>,
    docs: Vec<&'w Value>,
}

impl World {
    /// The answer to expect. `None`: the question must be refused.
    pub(super) fn groups(&self, slug: &str, docs: &[&Value], asked: &Groups) -> Option<Value> {
        // Keys and values are judged even when there is no document.
        for key in &asked.keys {
            self.parts(slug, &Value::Null, key, asked.zone)?;
        }
        let mut values: Vec<&String> = Vec::new();
        for value in &asked.values {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        self.computed(slug, &[], &values)?;
        let mut keys: Vec<&String> = Vec::new();
        for key in &asked.keys {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let mut groups: Vec<Group<'_>> = Vec::new();
        for doc in docs {
            for (shown, keys) in self.combined(slug, doc, &keys, asked.zone)? {
                match groups.iter_mut().find(|g| g.shown == shown) {
                    Some(group) => group.docs.push(doc),
                    None => groups.push(Group { shown, keys, docs: vec![doc] }),
                }
            }
        }
        if asked.keys.is_empty() {
            groups = vec![Group { shown: vec![], keys: vec![], docs: docs.to_vec() }];
        }
        groups.sort_by(|a, b| self.compare(slug, a, b, asked));
        let shown = groups.iter().take(asked.limit).map(|group| {
            let names = keys.iter().map(|k| (*k).clone());
            let key: Map<String, Value> = names.zip(group.shown.iter().cloned()).collect();
            let mut one = json!({ "key": key });
            merge(&mut one, self.computed(slug, &group.docs, &values)?);
            Some(one)
        });
        Some(json!({
            "groups": shown.collect::<Option<Vec<_>>>()?,
            "total": self.computed(slug, docs, &values)?,
            "hasMore": groups.len() > asked.limit,
        }))
    }

    /// Each combination of the keys' values. A list named twice is one list.
    fn combined(
        &self,
        slug: &str,
        doc: &Value,
        keys: &[&String],
        zone: &str,
    ) -> Option<Vec<(Vec<Value>, Vec<Key>)>> {
        let mut lists: Vec<(String, usize)> = Vec::new();
        let mut rows: Vec<(Vec<usize>, Vec<Value>, Vec<Key>)> = vec![(vec![], vec![], vec![])];
        for key in keys {
            let parts = self.parts(slug, doc, key, zone)?;
            let list = key.split(':').next().unwrap_or_default().trim_end_matches(".id").to_owned();
            let known = lists.iter().find(|(name, _)| *name == list).map(|(_, at)| *at);
            let at = known.unwrap_or(lists.len());
            let mut next = Vec::new();
            for (chosen, shown, keys) in &rows {
                for (n, (value, key)) in parts.iter().enumerate() {
                    if known.is_some() && chosen[at] != n {
                        continue;
                    }
                    let mut chosen = chosen.clone();
                    if known.is_none() {
                        chosen.push(n);
                    }
                    let shown = [shown.as_slice(), std::slice::from_ref(value)].concat();
                    next.push((
                        chosen,
                        shown,
                        [keys.as_slice(), std::slice::from_ref(key)].concat(),
                    ));
                }
            }
            if known.is_none() {
                lists.push((list, at));
            }
            rows = next;
        }
        Some(rows.into_iter().map(|(_, shown, keys)| (shown, keys)).collect())
    }

    fn parts(&self, slug: &str, doc: &Value, key: &str, zone: &str) -> Option<Parts> {
        let (path, bucket) = key.split_once(':').map_or((key, None), |(p, b)| (p, Some(b)));
        let (field, values) = self.ends(slug, doc, path)?;
        if field.kind == FieldKind::Json || field.name == "amount" {
            return None;
        }
        let Some(bucket) = bucket else {
            return Some(values.into_iter().map(|v| (v.clone(), Key::of(&field, &v))).collect());
        };
        let zone = TimeZone::get(zone).unwrap();
        if !matches!(field.kind, FieldKind::Date | FieldKind::Datetime) {
            return None;
        }
        let days = values.into_iter().map(|value| {
            let day: Option<Date> = match field.kind {
                FieldKind::Date => value.as_str().map(|v| v.parse().unwrap()),
                _ => value
                    .as_str()
                    .map(|v| v.parse::<jiff::Timestamp>().unwrap().to_zoned(zone.clone()).date()),
            };
            let shown = day.map_or(Value::Null, |day| json!(first_of(day, bucket).to_string()));
            let key = Key::of(&Field::date("day"), &shown);
            (shown, key)
        });
        Some(days.collect())
    }

    /// The values at a path's end: one, or a list's elements; null for an empty list.
    fn ends(&self, slug: &str, doc: &Value, path: &str) -> Option<(Field, Vec<Value>)> {
        let path: Vec<&str> = path.split('.').collect();
        self.ends_of(&self.field(slug, path[0])?, doc, &path)
    }

    fn ends_of(&self, field: &Field, holder: &Value, path: &[&str]) -> Option<(Field, Vec<Value>)> {
        let (value, rest) = (&holder[path[0]], &path[1..]);
        let relation = field.kind == FieldKind::Relationship;
        match (field.kind, rest) {
            _ if field.many => {
                let itself = rest.is_empty() || relation && rest == ["id"];
                let list = value.as_array().filter(|l| !l.is_empty()).cloned();
                itself.then(|| (field.clone(), list.unwrap_or_else(|| vec![Value::Null])))
            }
            (FieldKind::Money, [] | ["amount"]) => {
                Some((Field::integer("amount"), vec![value["amount"].clone()]))
            }
            (FieldKind::Money, ["currency"]) => {
                Some((Field::text("currency"), vec![value["currency"].clone()]))
            }
            (FieldKind::Group | FieldKind::Address, [name, ..]) => {
                let inner = field.fields.iter().find(|f| f.name == *name)?;
                self.ends_of(inner, value, rest)
            }
            (FieldKind::Group | FieldKind::Address | FieldKind::Array, _) => None,
            (FieldKind::Relationship, ["id"]) | (_, []) => {
                Some((field.clone(), vec![value.clone()]))
            }
            (FieldKind::Relationship, [name, ..]) => {
                let slug = field.relation_to.as_deref()?;
                self.ends_of(&self.field(slug, name)?, self.related(slug, value), rest)
            }
            _ => None,
        }
    }

    fn computed(&self, slug: &str, docs: &[&Value], values: &[&String]) -> Option<Value> {
        let mut out = json!({ "count": docs.len() });
        for asked in values {
            let (function, path) = asked.split_once(':')?;
            let field = self.single(slug, path)?;
            let is_time = matches!(field.kind, FieldKind::Date | FieldKind::Datetime);
            let fits =
                field.kind == FieldKind::Number || is_time && matches!(function, "min" | "max");
            if !fits {
                return None;
            }
            let found: Vec<Value> = docs.iter().map(|d| self.end(slug, d, path)).collect();
            out[function][path] = match field.name.as_str() {
                "amount" => self.money(slug, docs, path, function),
                _ if is_time => extreme(&field, &found, function),
                _ => number(&field, &found, function),
            };
        }
        Some(out)
    }

    fn single(&self, slug: &str, path: &str) -> Option<Field> {
        self.ends(slug, &Value::Null, path).map(|(f, _)| f).filter(|f| !f.many)
    }

    fn end(&self, slug: &str, doc: &Value, path: &str) -> Value {
        self.ends(slug, doc, path).unwrap().1.remove(0)
    }

    /// Amounts by currency, the largest first.
    fn money(&self, slug: &str, docs: &[&Value], path: &str, function: &str) -> Value {
        let plain = path.trim_end_matches(".amount");
        let mut by: Vec<(String, Vec<Value>)> = Vec::new();
        for doc in docs {
            let currency = self.end(slug, doc, &format!("{plain}.currency"));
            let Some(code) = currency.as_str() else { continue };
            let amount = self.end(slug, doc, &format!("{plain}.amount"));
            match by.iter_mut().find(|(c, _)| c == code) {
                Some((_, list)) => list.push(amount),
                None => by.push((code.to_owned(), vec![amount])),
            }
        }
        let amount = |list: &[Value]| {
            let whole: Vec<i128> = list.iter().map(|v| v.as_i64().unwrap().into()).collect();
            let (sum, n) = (whole.iter().sum::<i128>(), whole.len() as i128);
            match function {
                "sum" => sum,
                "min" => *whole.iter().min().unwrap(),
                "max" => *whole.iter().max().unwrap(),
                // Half a minor unit goes away from zero.
                _ => (sum.abs() * 2 + n) / (n * 2) * sum.signum(),
            }
        };
        let mut list: Vec<(i128, String)> =
            by.iter().map(|(c, l)| (amount(l), c.clone())).collect();
        list.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| super::order::collated(&a.1, &b.1)));
        list.into_iter().map(|(n, c)| json!({ "amount": n as i64, "currency": c })).collect()
    }

    fn compare(&self, slug: &str, a: &Group<'_>, b: &Group<'_>, asked: &Groups) -> Ordering {
        let by_count = vec!["-count".to_owned()];
        let sort = if asked.sort.is_empty() { &by_count } else { &asked.sort };
        for part in sort.iter().map(String::as_str).chain(["key"]) {
            let (name, down) = part.strip_prefix('-').map_or((part, false), |rest| (rest, true));
            let order = match name {
                "key" => {
                    let each = a.keys.iter().zip(&b.keys).map(|(a, b)| last(a, b, down));
                    each.fold(Ordering::Equal, Ordering::then)
                }
                "count" => {
                    let order = a.docs.len().cmp(&b.docs.len());
                    if down { order.reverse() } else { order }
                }
                value => {
                    let rank = |g: &Group<'_>| self.rank(slug, &g.docs, value);
                    last(&rank(a), &rank(b), down)
                }
            };
            if order.is_ne() {
                return order;
            }
        }
        Ordering::Equal
    }

    fn rank(&self, slug: &str, docs: &[&Value], value: &str) -> Key {
        let (function, path) = value.split_once(':').unwrap();
        let computed = self.computed(slug, docs, &[&value.to_owned()]).unwrap();
        match &computed[function][path] {
            Value::Array(amounts) => match amounts.first() {
                Some(largest) => Key::Number(compare::exact(&largest["amount"]).unwrap()),
                None => Key::Nothing,
            },
            Value::String(text) => Key::Text(text.clone()),
            other => compare::exact(other).map_or(Key::Nothing, Key::Number),
        }
    }
}

/// What has no value comes last, whatever the direction.
fn last(a: &Key, b: &Key, down: bool) -> Ordering {
    match (a, b) {
        (Key::Nothing, _) | (_, Key::Nothing) => a.cmp(b),
        _ if down => b.cmp(a),
        _ => a.cmp(b),
    }
}

fn extreme(field: &Field, found: &[Value], function: &str) -> Value {
    let there = found.iter().filter(|v| !v.is_null());
    let by = |a: &&Value, b: &&Value| Key::of(field, a).cmp(&Key::of(field, b));
    let end = if function == "min" { there.min_by(by) } else { there.max_by(by) };
    end.cloned().unwrap_or_default()
}

fn number(field: &Field, found: &[Value], function: &str) -> Value {
    let there: Vec<Exact> = found.iter().filter_map(compare::exact).collect();
    if there.is_empty() {
        return Value::Null;
    }
    let double = |e: &Exact| match e {
        Exact::Whole(n) => *n as f64,
        Exact::Double(d) => *d,
    };
    match function {
        "min" | "max" => extreme(field, found, function),
        "sum" if field.integer => {
            let whole = there.iter().map(|e| match e {
                Exact::Whole(n) => *n,
                Exact::Double(_) => unreachable!("an integer"),
            });
            whole.sum::<i128>().to_string().parse::<serde_json::Number>().unwrap().into()
        }
        "sum" => json!(there.iter().map(double).sum::<f64>()),
        _ => json!(there.iter().map(double).sum::<f64>() / there.len() as f64),
    }
}

fn first_of(day: Date, bucket: &str) -> Date {
    match bucket {
        "week" => day.saturating_sub(jiff::Span::new().days(day.weekday().since(Weekday::Monday))),
        "month" => day.first_of_month(),
        "quarter" => jiff::civil::date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
        "year" => day.first_of_year(),
        _ => day,
    }
}

fn merge(into: &mut Value, other: Value) {
    let (Value::Object(into), Value::Object(other)) = (into, other) else { return };
    into.extend(other);
}

/// Equal, but for the last figures of doubles.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (p, q) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            a == b || (p - q).abs() <= 1e-9 * p.abs().max(q.abs()).max(1e-9)
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len() && x.iter().all(|(k, v)| y.get(k).is_some_and(|w| same(v, w)))
        }
        _ => a == b,
    }
}
