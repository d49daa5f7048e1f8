//! Query strings with nested keys, as the npm package `qs` reads them with the contract's settings
//! (`depth: 10, arrayLimit: 1000, parameterLimit: 1000, allowEmptyArrays`): `where[name][like]=x`,
//! `in[]=1`, `or[0][a][equals]=1`. Keys of the same list or object are merged in order; what is
//! nested deeper than ten levels becomes one literal key; dots mean nothing here.
//!
//! Two deliberate differences: more than 1000 parameters, and percent-encoding that is not UTF-8, are
//! refused where `qs` drops or keeps them silently.

mod merge;

use indexmap::IndexMap;
use kernel::{Error, Result, Value};
use percent_encoding::percent_decode_str;
use serde_json::Map;

use merge::{Node, merge};

const DEPTH: usize = 10;
const ARRAY_LIMIT: usize = 1000;
const PARAMETER_LIMIT: usize = 1000;

/// Leaves are strings, except `true` where a bare word was merged into an object.
pub fn parse(text: &str) -> Result<Map<String, Value>> {
    let text = text.strip_prefix('?').unwrap_or(text);
    if text.is_empty() {
        return Ok(Map::new());
    }
    let mut root = Node::Object(IndexMap::new());
    for (key, leaf) in pairs(text)? {
        if key.is_empty() {
            continue;
        }
        root = merge(root, nest(&segments(&key), leaf));
    }
    let Node::Object(root) = root else { return Ok(Map::new()) };
    Ok(root.into_iter().map(|(name, node)| (name, node.into_value())).collect())
}

/// Decoded keys with their values; a key given twice has a list.
fn pairs(text: &str) -> Result<IndexMap<String, Node>> {
    let mut found: IndexMap<String, Node> = IndexMap::new();
    for (count, part) in text.split('&').enumerate() {
        if count >= PARAMETER_LIMIT {
            let message = format!("The query has more than {PARAMETER_LIMIT} parameters.");
            return Err(Error::bad_request(message));
        }
        let part = with_brackets(part);
        let equals = part.find("]=").map(|at| at + 1).or_else(|| part.find('='));
        let (key, value) = match equals {
            Some(at) => (decode(&part[..at])?, decode(&part[at + 1..])?),
            None => (decode(&part)?, String::new()),
        };
        match found.get_mut(&key) {
            Some(known) => known.push(Node::Text(value)),
            None => {
                found.insert(key, Node::Text(value));
            }
        }
    }
    Ok(found)
}

/// Brackets may come encoded; they must be seen before the rest is decoded.
fn with_brackets(part: &str) -> std::borrow::Cow<'_, str> {
    if !part.contains("%5") {
        return part.into();
    }
    let part = part.replace("%5B", "[").replace("%5b", "[");
    part.replace("%5D", "]").replace("%5d", "]").into()
}

fn decode(text: &str) -> Result<String> {
    if !text.contains(['%', '+']) {
        return Ok(text.to_owned());
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    let decoded =
        decoded.map_err(|_| Error::bad_request("The query string is not valid UTF-8."))?;
    Ok(decoded.into_owned())
}

#[derive(Debug, PartialEq)]
enum Segment<'a> {
    /// What stands before the first bracket.
    Plain(&'a str),
    /// What stands between brackets.
    Bracketed(&'a str),
}

fn segments(key: &str) -> Vec<Segment<'_>> {
    let mut out = Vec::new();
    let Some(first) = bracket(key, 0) else { return vec![Segment::Plain(key)] };
    if first.0 > 0 {
        out.push(Segment::Plain(&key[..first.0]));
    }
    let mut next = Some(first);
    while let Some((start, end)) = next {
        if out.iter().filter(|s| matches!(s, Segment::Bracketed(_))).count() == DEPTH {
            out.push(Segment::Bracketed(&key[start..]));
            break;
        }
        out.push(Segment::Bracketed(&key[start + 1..end]));
        next = bracket(key, end + 1);
    }
    out
}

/// Positions of the next `[` and its `]` with no bracket between them.
fn bracket(key: &str, from: usize) -> Option<(usize, usize)> {
    let mut start = key.get(from..)?.find('[')? + from;
    loop {
        let inner = start + 1;
        let end = key[inner..].find(['[', ']'])? + inner;
        if key.as_bytes()[end] == b']' {
            return Some((start, end));
        }
        start = end;
    }
}

fn nest(chain: &[Segment<'_>], leaf: Node) -> Node {
    chain.iter().rev().fold(leaf, |leaf, segment| match *segment {
        Segment::Bracketed("") => match leaf {
            Node::Text(text) if text.is_empty() => Node::List(Default::default()),
            Node::List(items) => Node::List(items),
            other => Node::list([other]),
        },
        Segment::Bracketed(name) => match index(name) {
            Some(at) => Node::List([(at, leaf)].into()),
            None => Node::Object([(name.to_owned(), leaf)].into()),
        },
        Segment::Plain(name) => Node::Object([(name.to_owned(), leaf)].into()),
    })
}

fn index(name: &str) -> Option<usize> {
    let canonical = name == "0" || !name.starts_with(['0', '+']);
    name.parse().ok().filter(|at| canonical && *at <= ARRAY_LIMIT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Expected values are those that qs 6.14 gives.
    #[test]
    fn reads_what_qs_reads() {
        let table = [
            ("", json!({})),
            ("?a=b", json!({"a": "b"})),
            ("a", json!({"a": ""})),
            ("a=", json!({"a": ""})),
            ("=x&a=b", json!({"a": "b"})),
            ("a=b=c", json!({"a": "b=c"})),
            ("a=1&b=2", json!({"a": "1", "b": "2"})),
            ("a[b]=c", json!({"a": {"b": "c"}})),
            ("a%5Bb%5d=c%20d+e", json!({"a": {"b": "c d e"}})),
            ("a[b][c]=1&a[b][d]=2", json!({"a": {"b": {"c": "1", "d": "2"}}})),
            ("a.b=c", json!({"a.b": "c"})),
            ("where[company.name][like]=x", json!({"where": {"company.name": {"like": "x"}}})),
            ("a[]=b", json!({"a": ["b"]})),
            ("a[]=b&a[]=c", json!({"a": ["b", "c"]})),
            ("a[]=", json!({"a": []})),
            ("a[0]=", json!({"a": [""]})),
            ("a[0]=b&a[1]=c", json!({"a": ["b", "c"]})),
            ("a[1]=c&a[0]=b", json!({"a": ["b", "c"]})),
            ("a[5]=c&a[2]=b", json!({"a": ["b", "c"]})),
            ("a[0]=b&a[0]=c", json!({"a": [["b", "c"]]})),
            ("a[01]=b", json!({"a": {"01": "b"}})),
            ("a[-1]=b", json!({"a": {"-1": "b"}})),
            ("a[1000]=b", json!({"a": ["b"]})),
            ("a[1001]=b", json!({"a": {"1001": "b"}})),
            ("a=b&a=c", json!({"a": ["b", "c"]})),
            ("a=b&a[]=c", json!({"a": ["b", "c"]})),
            ("a[]=b&a=c", json!({"a": ["b", "c"]})),
            ("a[0]=b&a=c", json!({"a": ["b", "c"]})),
            ("a[b]=1&a=c", json!({"a": {"b": "1", "c": true}})),
            ("a=c&a[b]=1", json!({"a": ["c", {"b": "1"}]})),
            ("a[b]=1&a=", json!({"a": {"b": "1"}})),
            ("a[0]=b&a[x]=c", json!({"a": {"0": "b", "x": "c"}})),
            ("a[x]=c&a[]=b", json!({"a": {"x": "c", "0": "b"}})),
            (
                "or[0][a][equals]=1&or[1][b][equals]=2",
                json!({"or": [{"a": {"equals": "1"}}, {"b": {"equals": "2"}}]}),
            ),
            ("or[0][a]=1&or[0][b]=2", json!({"or": [{"a": "1", "b": "2"}]})),
            ("a[][b]=c", json!({"a": [{"b": "c"}]})),
            ("a[b[c]=d", json!({"a[b": {"c": "d"}})),
            ("a[b=c", json!({"a[b": "c"})),
            ("a]=b", json!({"a]": "b"})),
            ("[a]=b", json!({"a": "b"})),
            ("[]=b", json!({"0": "b"})),
            ("[0]=b", json!({"0": "b"})),
            ("a[b]c[d]=e", json!({"a": {"b": {"d": "e"}}})),
            ("a=%E2%82%AC", json!({"a": "€"})),
            ("a=100%", json!({"a": "100%"})),
        ];
        for (text, expected) in table {
            assert_eq!(Value::Object(parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn deep_keys_end_in_one_literal() {
        let mut value = &Value::Object(parse("a[1b][2][3][4][5][6][7][8][9][x][y][z]=v").unwrap());
        for _ in 0..11 {
            value = match value {
                Value::Object(map) => map.values().next().unwrap(),
                Value::Array(items) => &items[0],
                other => other,
            };
        }
        assert_eq!(*value, json!({"[y][z]": "v"}));
    }

    #[test]
    fn limits_and_bad_bytes_are_refused() {
        let many = vec!["a=1"; 1001].join("&");
        assert!(parse(&many).unwrap_err().message.contains("1000 parameters"));
        assert!(parse(&many[4..]).is_ok());
        assert!(parse("a=%ff").is_err());
        assert!(parse("%C3=1").is_err());
    }
}
