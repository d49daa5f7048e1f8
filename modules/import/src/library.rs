//! The documents that are there already, read in pages through the engine.

use define::{Find, Op, Select, SelectNode, SelectTree, Shape, Sort, Where};
use engine::Engine;
use kernel::{Actor, Doc, Error, Result, Value};

/// Values of one `in`.
const CHUNK: usize = 1_000;
/// Documents of one page.
const PAGE: usize = 5_000;

pub(crate) enum Library<'a> {
    Engine(&'a Engine, &'a Actor),
    /// Nothing is there yet.
    #[cfg(test)]
    Empty,
}

impl Library<'_> {
    /// Documents whose `field` is one of `values` (and perhaps others), holding the `wanted`
    /// top-level fields. When most of a collection is asked for it is read from end to end, which
    /// is one walk along an index whatever the planner knows of the table.
    pub(crate) async fn matching(
        &self,
        slug: &str,
        field: &str,
        values: Vec<Value>,
        wanted: &[&str],
    ) -> Result<Vec<Doc>> {
        let mut found = Vec::new();
        if values.len() > CHUNK && self.count(slug).await? <= values.len().saturating_mul(4) {
            self.walk(slug, Where::default(), wanted, usize::MAX, &mut found).await?;
            return Ok(found);
        }
        let mut values = values.into_iter().peekable();
        while values.peek().is_some() {
            let chunk: Vec<Value> = values.by_ref().take(CHUNK).collect();
            let filter = Where::test(field, Op::In, Value::Array(chunk));
            self.walk(slug, filter, wanted, usize::MAX, &mut found).await?;
        }
        Ok(found)
    }

    /// Up to `most` documents, to guess from what a wrong name was meant to be.
    pub(crate) async fn some(&self, slug: &str, field: &str, most: usize) -> Result<Vec<Doc>> {
        let mut found = Vec::new();
        self.walk(slug, Where::default(), &[root(field)], most, &mut found).await?;
        Ok(found)
    }

    async fn count(&self, slug: &str) -> Result<usize> {
        let count = match self {
            Library::Engine(engine, actor) => {
                engine.count(actor, slug, &Where::default(), false).await?
            }
            #[cfg(test)]
            Library::Empty => 0,
        };
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    /// Reads page by page in the order of ids.
    async fn walk(
        &self,
        slug: &str,
        filter: Where,
        wanted: &[&str],
        most: usize,
        found: &mut Vec<Doc>,
    ) -> Result<()> {
        let (engine, actor) = match self {
            Library::Engine(engine, actor) => (engine, actor),
            #[cfg(test)]
            Library::Empty => return Ok(()),
        };
        let tree: SelectTree =
            wanted.iter().map(|f| ((*f).to_owned(), SelectNode::default())).collect();
        let mut find = Find {
            filter,
            sort: Sort::parse("id"),
            limit: PAGE as i64,
            pagination: false,
            shape: Shape { select: Some(Select::Include(tree)), ..Shape::flat() },
            ..Find::default()
        };
        let start = found.len();
        loop {
            let page = engine.find(actor, slug, &find).await?;
            for text in &page.docs {
                let doc: Doc = serde_json::from_str(text)
                    .map_err(|e| Error::internal("a document is not JSON").with_source(e))?;
                found.push(doc);
            }
            if page.docs.len() < PAGE || found.len() - start >= most {
                return Ok(());
            }
            find.page += 1;
        }
    }
}

/// The top-level field of a dotted name.
pub(crate) fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// The value of a dotted name.
pub(crate) fn at<'a>(doc: &'a Doc, name: &str) -> &'a Value {
    let mut segments = name.split('.');
    let mut value = segments.next().and_then(|s| doc.get(s)).unwrap_or(&Value::Null);
    for segment in segments {
        value = value.get(segment).unwrap_or(&Value::Null);
    }
    value
}

/// Sets a dotted name, making the objects on the way.
pub(crate) fn put(doc: &mut Doc, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            doc.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = doc.entry(first).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Doc::new());
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// Whether two values mean the same: numbers by size, absence as null or empty.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    let is_empty = |v: &Value| v.is_null() || v.as_array().is_some_and(Vec::is_empty);
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            x == y || x.as_i64().zip(y.as_i64()).map_or(x.as_f64() == y.as_f64(), |(x, y)| x == y)
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            let half =
                |x: &Doc, y: &Doc| x.iter().all(|(k, v)| same(v, y.get(k).unwrap_or(&Value::Null)));
            half(x, y) && half(y, x)
        }
        _ => a == b || (is_empty(a) && is_empty(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn same_is_by_meaning() {
        assert!(same(
            &json!({"amount": 4, "currency": "USD"}),
            &json!({"currency": "USD", "amount": 4.0})
        ));
        assert!(same(&json!(null), &json!([])));
        assert!(same(&json!({"a": null}), &json!({})));
        assert!(!same(&json!("a"), &json!(null)));
        assert!(!same(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
    }

    #[test]
    fn dotted_names() {
        let mut doc = Doc::new();
        put(&mut doc, "address.country", json!("Kenya"));
        put(&mut doc, "address.city", json!("Mombasa"));
        assert_eq!(at(&doc, "address.country"), "Kenya");
        assert_eq!(at(&doc, "address.street.no"), &Value::Null);
    }
}
