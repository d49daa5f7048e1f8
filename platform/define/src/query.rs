//! What a reader asks for: filter, sort, page and shape, as the wire contract has them.

use indexmap::IndexMap;
use kernel::{Error, Result, Timestamp, Value};

/// Deepest nesting of and/or.
const MAX_NESTING: usize = 12;
/// Most single tests in one filter.
const MAX_TESTS: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    Equals,
    NotEquals,
    GreaterThan,
    GreaterThanEqual,
    LessThan,
    LessThanEqual,
    /// All words occur, in any case and order.
    Like,
    NotLike,
    Contains,
    In,
    NotIn,
    All,
    Exists,
}

impl Op {
    pub const ALL: [(Op, &'static str); 13] = [
        (Op::Equals, "equals"),
        (Op::NotEquals, "not_equals"),
        (Op::GreaterThan, "greater_than"),
        (Op::GreaterThanEqual, "greater_than_equal"),
        (Op::LessThan, "less_than"),
        (Op::LessThanEqual, "less_than_equal"),
        (Op::Like, "like"),
        (Op::NotLike, "not_like"),
        (Op::Contains, "contains"),
        (Op::In, "in"),
        (Op::NotIn, "not_in"),
        (Op::All, "all"),
        (Op::Exists, "exists"),
    ];

    pub fn parse(name: &str) -> Option<Op> {
        Op::ALL.iter().find(|(_, n)| *n == name).map(|(op, _)| *op)
    }

    pub fn as_str(self) -> &'static str {
        Op::ALL.iter().find(|(op, _)| *op == self).map_or("", |(_, name)| name)
    }
}

/// One comparison. `path` is dotted; `value` is a JSON value or, from a query string, text.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub path: String,
    pub op: Op,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Where {
    And(Vec<Where>),
    Or(Vec<Where>),
    Test(Test),
    /// What a person typed to find documents: each of its words begins some word of the document.
    /// Stands at the top of a filter or in an `And` there.
    Search(String),
    /// Its words, once they are known. Without any, nothing passes.
    Words(Vec<String>),
}

impl Default for Where {
    fn default() -> Where {
        Where::And(Vec::new())
    }
}

impl Where {
    pub fn test(path: &str, op: Op, value: impl Into<Value>) -> Where {
        Where::Test(Test { path: path.to_owned(), op, value: value.into() })
    }

    pub fn and(self, other: Where) -> Where {
        match self {
            Where::And(mut parts) => {
                parts.push(other);
                Where::And(parts)
            }
            first => Where::And(vec![first, other]),
        }
    }

    /// Whether nothing is tested; a search alone tests no field.
    pub fn is_empty(&self) -> bool {
        matches!(self, Where::Search(_))
            || matches!(self, Where::And(parts) | Where::Or(parts) if parts.iter().all(Where::is_empty))
    }

    /// Reads the nested-object form: `{"title":{"like":"x"},"or":[…]}`. Errors name the paths
    /// that cannot be queried.
    pub fn parse(value: &Value) -> Result<Where> {
        let mut wrong = Vec::new();
        let mut tests = 0;
        let parsed = parse_node(value, 0, &mut tests, &mut wrong)?;
        if wrong.is_empty() { Ok(parsed) } else { Err(Error::query(wrong)) }
    }
}

fn parse_node(
    value: &Value,
    nesting: usize,
    tests: &mut usize,
    wrong: &mut Vec<String>,
) -> Result<Where> {
    if nesting > MAX_NESTING {
        return Err(Error::bad_request(format!("'where' is nested deeper than {MAX_NESTING}")));
    }
    let Value::Object(map) = value else {
        return Err(Error::bad_request("'where' must be an object"));
    };
    let mut parts = Vec::with_capacity(map.len());
    for (key, inner) in map {
        if key.eq_ignore_ascii_case("and") || key.eq_ignore_ascii_case("or") {
            let children = list(inner)
                .ok_or_else(|| Error::query(vec![key.clone()]))?
                .into_iter()
                .map(|child| parse_node(child, nesting + 1, tests, wrong))
                .collect::<Result<Vec<_>>>()?;
            let is_or = key.eq_ignore_ascii_case("or");
            parts.push(if is_or { Where::Or(children) } else { Where::And(children) });
            continue;
        }
        parse_tests(&key.replace("__", "."), inner, tests, wrong, &mut parts);
        if *tests > MAX_TESTS {
            return Err(Error::bad_request(format!("'where' has more than {MAX_TESTS} tests")));
        }
    }
    Ok(if parts.len() == 1 { parts.remove(0) } else { Where::And(parts) })
}

fn parse_tests(
    path: &str,
    inner: &Value,
    tests: &mut usize,
    wrong: &mut Vec<String>,
    parts: &mut Vec<Where>,
) {
    let Value::Object(ops) = inner else {
        wrong.push(path.to_owned());
        return;
    };
    for (name, value) in ops {
        *tests += 1;
        match Op::parse(name) {
            Some(op) => {
                parts.push(Where::Test(Test { path: path.to_owned(), op, value: value.clone() }));
            }
            None => wrong.push(format!("{path}.{name}")),
        }
    }
}

/// An array, or the object with numeric keys that a query string makes of one.
fn list(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(items) => Some(items.iter().collect()),
        Value::Object(map) if map.keys().all(|k| k.bytes().all(|b| b.is_ascii_digit())) => {
            Some(map.values().collect())
        }
        Value::String(s) if s.is_empty() => Some(Vec::new()),
        _ => None,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    pub path: String,
    pub descending: bool,
}

impl Sort {
    /// Reads `-createdAt,name`.
    pub fn parse(text: &str) -> Vec<Sort> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| match part.strip_prefix('-') {
                Some(path) => Sort { path: path.replace("__", "."), descending: true },
                None => Sort { path: part.replace("__", "."), descending: false },
            })
            .collect()
    }
}

/// Named sub-trees; an empty tree means the whole of it.
pub type SelectTree = IndexMap<String, SelectNode>;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct SelectNode(pub SelectTree);

/// Which fields to send: only the named, or all but the named. `id` is always sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Select {
    Include(SelectTree),
    Exclude(SelectTree),
}

impl Select {
    /// The mode is that of the first boolean found. Anything but an object selects only `id`.
    pub fn parse(value: &Value) -> Select {
        let Value::Object(_) = value else { return Select::Include(SelectTree::new()) };
        let include = first_bool(value).unwrap_or(true);
        let tree = select_tree(value, include);
        if include { Select::Include(tree) } else { Select::Exclude(tree) }
    }
}

fn as_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(b) => Some(*b),
        Value::String(s) => Some(s == "true" || s == "1"),
        Value::Number(n) => Some(n.as_f64() != Some(0.0)),
        _ => None,
    }
}

fn first_bool(value: &Value) -> Option<bool> {
    match value {
        Value::Object(map) => map.values().find_map(first_bool),
        other => as_bool(other),
    }
}

fn select_tree(value: &Value, include: bool) -> SelectTree {
    let Value::Object(map) = value else { return SelectTree::new() };
    map.iter()
        .filter(|(_, v)| v.is_object() || as_bool(v) == Some(include))
        .map(|(k, v)| (k.clone(), SelectNode(select_tree(v, include))))
        .collect()
}

/// How much of a document to send.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Levels of relations sent as documents instead of ids.
    pub depth: u8,
    pub select: Option<Select>,
    /// By collection slug: the selection for its documents when they appear inside others.
    pub populate: IndexMap<String, Select>,
}

impl Shape {
    pub const DEFAULT_DEPTH: u8 = 2;
    pub const MAX_DEPTH: u8 = 10;

    pub fn flat() -> Shape {
        Shape::default()
    }
}

/// Which state of a document a write is meant for.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// Documents in the trash too.
    pub trash: bool,
    /// `updatedAt` as the writer knows it: one of these. Empty: whatever it is.
    pub versions: Vec<Timestamp>,
}

#[derive(Debug, Clone)]
pub struct Find {
    pub filter: Where,
    pub sort: Vec<Sort>,
    /// 0 means all, up to the engine's cap.
    pub limit: i64,
    pub page: i64,
    /// Whether to count the whole set.
    pub pagination: bool,
    /// Whether documents in the trash are included.
    pub trash: bool,
    pub shape: Shape,
}

impl Default for Find {
    fn default() -> Find {
        Find {
            filter: Where::default(),
            sort: Vec::new(),
            limit: 10,
            page: 1,
            pagination: true,
            trash: false,
            shape: Shape { depth: Shape::DEFAULT_DEPTH, ..Shape::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn where_reads_paths_operators_and_nesting() {
        let read = Where::parse(&json!({
            "company__name": {"like": "a b"},
            "OR": {"0": {"value": {"greater_than": "5", "less_than": "9"}}, "1": {"x": {"exists": "true"}}}
        }))
        .unwrap();
        let Where::And(parts) = read else { panic!("{read:?}") };
        assert_eq!(parts[0], Where::test("company.name", Op::Like, "a b"));
        assert!(matches!(&parts[1], Where::Or(or) if or.len() == 2));
    }

    #[test]
    fn wrong_paths_are_all_named() {
        let error = Where::parse(&json!({"a": {"bogus": 1}, "b": "x"})).unwrap_err();
        assert_eq!(error.message, "The following paths cannot be queried: a.bogus, b");
        let mut deep = json!({"a": {"equals": 1}});
        for _ in 0..40 {
            deep = json!({"and": [deep]});
        }
        assert!(Where::parse(&deep).is_err());
    }

    #[test]
    fn select_mode_is_that_of_the_first_boolean() {
        let include = Select::parse(&json!({"name": "true", "seo": {"score": true}, "x": false}));
        let Select::Include(tree) = include else { panic!() };
        assert_eq!(tree.keys().collect::<Vec<_>>(), ["name", "seo"]);
        assert!(matches!(Select::parse(&json!({"name": false})), Select::Exclude(_)));
        assert_eq!(Select::parse(&json!("none")), Select::Include(SelectTree::new()));
    }
}
