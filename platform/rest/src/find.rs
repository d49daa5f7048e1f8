//! From a parsed query string to what the engine is asked.
//!
//! Numbers are read as the contract has it: a `limit` or `page` that is no number counts as not
//! given, a `depth` that is none, or negative, as 0. What exceeds a limit is refused by name.

use std::ops::RangeInclusive;

use define::{Aggregate, Find, GroupKey, GroupOrder, Measure, Search, Select, Shape, Sort, Where};
use kernel::{Error, Result, Value};
use serde_json::Map;

use crate::json;

/// Most documents one page may ask for.
pub const MAX_LIMIT: i64 = engine::MAX_LIMIT;
const MAX_PAGE: i64 = 1_000_000_000;
const MAX_SORTS: usize = 16;

pub type Params = Map<String, Value>;

pub(crate) fn find(params: &Params) -> Result<Find> {
    if params.is_empty() {
        return Ok(Find::default());
    }
    Ok(Find {
        filter: filter(params)?,
        sort: sort(params)?,
        limit: number(params, "limit", 0..=MAX_LIMIT)?.unwrap_or(10),
        page: number(params, "page", 0..=MAX_PAGE)?.unwrap_or(1).max(1),
        pagination: params.get("pagination").is_none_or(|v| !is_word(v, false)),
        trash: trash(params),
        shape: shape(params)?,
    })
}

/// Groups: `group`, `values`, `zone`, `sort` and `limit` beside a list's `where` and `trash`.
pub(crate) fn aggregate(params: &Params) -> Result<Aggregate> {
    let limit = number(params, "limit", 1..=Aggregate::MAX_LIMIT)?;
    let zone = text(params, "zone");
    Ok(Aggregate {
        filter: filter(params)?,
        trash: trash(params),
        group: GroupKey::parse(&text(params, "group"))?,
        measures: Measure::parse(&text(params, "values"))?,
        zone: if zone.is_empty() { "UTC".to_owned() } else { zone },
        sort: GroupOrder::parse(&text(params, "sort"))?,
        limit: limit.unwrap_or(Aggregate::DEFAULT_LIMIT),
    })
}

/// What a bulk write covers: everything that `where` finds, or the first `limit` of it. A filter
/// without a test is refused like a missing one, so that nobody empties a collection by a typo.
pub(crate) fn bulk(params: &Params, verb: &str) -> Result<Find> {
    let filter = filter(params)?;
    if filter.is_empty() {
        let message = format!("Missing 'where' query of documents to {verb}.");
        return Err(Error::bad_request(message));
    }
    let limit = number(params, "limit", 0..=MAX_LIMIT)?.unwrap_or(0);
    Ok(Find {
        filter,
        sort: sort(params)?,
        limit,
        trash: trash(params),
        shape: shape(params)?,
        ..Find::default()
    })
}

/// `q` in the collections named, or in all of them.
pub(crate) fn search(params: &Params) -> Result<Search> {
    let limit = number(params, "limit", 1..=Search::MAX_LIMIT)?;
    let slugs = text(params, "collections");
    let slugs = slugs.split(',').map(str::trim).filter(|slug| !slug.is_empty());
    Ok(Search {
        text: typed(params)?,
        collections: slugs.map(str::to_owned).collect(),
        limit: limit.unwrap_or(Search::DEFAULT_LIMIT),
    })
}

/// What a person typed.
fn typed(params: &Params) -> Result<String> {
    let text = text(params, "q");
    if text.chars().count() > Search::MAX_TEXT {
        let most = Search::MAX_TEXT;
        return Err(Error::bad_request(format!("'q' is longer than {most} characters.")));
    }
    Ok(text)
}

/// `where`, as nested keys or as one JSON text, narrowed by `q`.
pub(crate) fn filter(params: &Params) -> Result<Where> {
    let tests = tests(params)?;
    let typed = typed(params)?;
    Ok(if typed.is_empty() { tests } else { tests.and(Where::Search(typed)) })
}

fn tests(params: &Params) -> Result<Where> {
    match params.get("where") {
        None => Ok(Where::default()),
        Some(Value::String(text)) if text.is_empty() => Ok(Where::default()),
        Some(Value::String(text)) => {
            let value = json::parse(text.as_bytes()).map_err(|_| {
                Error::bad_request("'where' is neither nested keys nor valid JSON.")
            })?;
            Where::parse(&value)
        }
        Some(value) => Where::parse(value),
    }
}

pub(crate) fn shape(params: &Params) -> Result<Shape> {
    let mut shape = Shape { depth: depth(params), ..Shape::default() };
    shape.select = params.get("select").map(Select::parse);
    if let Some(Value::Object(populate)) = params.get("populate") {
        let selects = populate.iter().map(|(slug, select)| (slug.clone(), Select::parse(select)));
        shape.populate = selects.collect();
    }
    Ok(shape)
}

pub(crate) fn trash(params: &Params) -> bool {
    params.get("trash").is_some_and(|v| is_word(v, true))
}

/// A word or a comma list; given several times it is one list.
fn text(params: &Params, name: &str) -> String {
    match params.get(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")
        }
        _ => String::new(),
    }
}

fn depth(params: &Params) -> u8 {
    let Some(value) = params.get("depth") else { return Shape::DEFAULT_DEPTH };
    let depth = as_number(value).unwrap_or(0.0);
    // A cast of a float saturates, and makes 0 of what is below it.
    (depth as u8).min(Shape::MAX_DEPTH)
}

fn sort(params: &Params) -> Result<Vec<Sort>> {
    let sorts: Vec<Sort> = match params.get("sort") {
        Some(Value::String(text)) => Sort::parse(text),
        Some(Value::Array(parts)) => {
            parts.iter().filter_map(Value::as_str).flat_map(Sort::parse).collect()
        }
        _ => Vec::new(),
    };
    if sorts.len() > MAX_SORTS {
        return Err(Error::bad_request(format!("'sort' names more than {MAX_SORTS} fields.")));
    }
    Ok(sorts)
}

/// A whole number within `range`; `None` when absent or no number at all.
fn number(params: &Params, name: &str, range: RangeInclusive<i64>) -> Result<Option<i64>> {
    let Some(number) = params.get(name).and_then(as_number) else { return Ok(None) };
    let whole = number.trunc() as i64;
    if number < 0.0 || !range.contains(&whole) {
        let (least, most) = range.into_inner();
        return Err(Error::bad_request(format!("'{name}' must be between {least} and {most}.")));
    }
    Ok(Some(whole))
}

fn as_number(value: &Value) -> Option<f64> {
    let number: f64 = match value {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    (!number.is_nan()).then_some(number)
}

fn is_word(value: &Value, wanted: bool) -> bool {
    match value {
        Value::Bool(given) => *given == wanted,
        Value::String(text) => *text == wanted.to_string(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use define::Op;

    use super::*;
    use crate::query_string;

    fn read(text: &str) -> Result<Find> {
        find(&query_string::parse(text)?)
    }

    #[test]
    fn defaults_and_odd_numbers() {
        let plain = read("").unwrap();
        assert_eq!((plain.limit, plain.page, plain.pagination), (10, 1, true));
        assert_eq!(plain.shape.depth, 2);
        let table = [
            ("limit=abc&page=0&depth=abc", (10, 1, 0)),
            ("limit=&page=&depth=-3", (10, 1, 0)),
            ("limit=0&page=3&depth=99", (0, 3, 10)),
            ("limit=25&page=x&depth=1", (25, 1, 1)),
        ];
        for (text, (limit, page, depth)) in table {
            let found = read(text).unwrap();
            assert_eq!(
                (found.limit, found.page, found.shape.depth),
                (limit, page, depth),
                "{text}"
            );
        }
        let flags = read("pagination=false&trash=true").unwrap();
        assert!(!flags.pagination && flags.trash);
    }

    #[test]
    fn limits_are_named() {
        for wrong in ["limit=10001", "limit=-1", "limit=1e300", "limit=inf", "page=99999999999"] {
            let message = read(wrong).unwrap_err().message;
            assert!(message.contains("must be between 0 and"), "{wrong}: {message}");
        }
        assert!(read(&format!("sort={}", vec!["a"; 17].join(","))).is_err());
    }

    #[test]
    fn where_comes_nested_or_as_json() {
        let nested = read("where[title][equals]=x").unwrap().filter;
        assert_eq!(nested, Where::test("title", Op::Equals, "x"));
        assert_eq!(
            read("where=%7B%22title%22%3A%7B%22equals%22%3A%22x%22%7D%7D").unwrap().filter,
            nested
        );
        assert!(read("where=").unwrap().filter.is_empty());
        for wrong in ["where=%7Bbad", "where=x", "where[title]=x", "where[]=x", "where[t][bogus]=1"]
        {
            let status = crate::error::status(read(wrong).unwrap_err().kind);
            assert_eq!(status.as_u16(), 400, "{wrong}");
        }
        let deep: String = "[and][0]".repeat(6);
        assert!(read(&format!("where{deep}[a][equals]=1")).is_err());
    }

    #[test]
    fn sort_and_shape() {
        let found = read("sort=-value,name&select[name]=true&populate[users][email]=true").unwrap();
        assert_eq!(found.sort.len(), 2);
        assert!(found.sort[0].descending && found.sort[0].path == "value");
        assert!(matches!(found.shape.select, Some(Select::Include(_))));
        assert!(found.shape.populate.contains_key("users"));
        assert_eq!(read("sort[]=a&sort[]=-b,c").unwrap().sort.len(), 3);
    }

    #[test]
    fn bulk_needs_a_filter() {
        let read = |text: &str| bulk(&query_string::parse(text).unwrap(), "update");
        for empty in ["", "where=", "where=%7B%7D", "where[and]="] {
            let message = read(empty).unwrap_err().message;
            assert_eq!(message, "Missing 'where' query of documents to update.", "{empty}");
        }
        assert_eq!(read("where[a][equals]=1").unwrap().limit, 0);
        assert_eq!(read("where[a][equals]=1&limit=1").unwrap().limit, 1);
    }
}
