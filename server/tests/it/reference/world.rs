//! Documents in memory, and where a dotted path leads in them.

use std::collections::HashMap;

use define::{Collection, Field, FieldKind};
use serde_json::Value;

use super::compare::{self, Op};

/// Documents at depth 0 by collection, those in the trash included, and the definitions.
pub(crate) struct World {
    pub(crate) collections: HashMap<String, Collection>,
    pub(crate) docs: HashMap<String, Vec<Value>>,
    /// By slug and id.
    places: HashMap<(String, String), usize>,
}

/// A field of a collection, or one every document has.
pub(super) fn field_of(collection: &Collection, name: &str) -> Option<Field> {
    match name {
        "id" => Some(Field::id("id")),
        "tenant" => Some(Field::relation("tenant", "tenants")),
        "createdAt" | "updatedAt" => Some(Field::datetime(name)),
        "deletedAt" if collection.trash => Some(Field::datetime(name)),
        _ => collection.field(name).cloned(),
    }
}

impl World {
    pub(crate) fn new(read: Vec<(Collection, Vec<Value>)>) -> World {
        let mut world =
            World { collections: HashMap::new(), docs: HashMap::new(), places: HashMap::new() };
        for (collection, docs) in read {
            let slug = collection.slug.clone();
            for (at, doc) in docs.iter().enumerate() {
                let id = doc["id"].as_str().unwrap().to_owned();
                world.places.insert((slug.clone(), id), at);
            }
            world.docs.insert(slug.clone(), docs);
            world.collections.insert(slug, collection);
        }
        world
    }

    /// What a relation names; null when it is empty.
    pub(super) fn related(&self, slug: &str, id: &Value) -> &Value {
        let key = (slug.to_owned(), id.as_str().unwrap_or_default().to_owned());
        self.places.get(&key).map_or(&Value::Null, |at| &self.docs[slug][*at])
    }

    pub(super) fn field(&self, slug: &str, name: &str) -> Option<Field> {
        field_of(self.collections.get(slug)?, name)
    }

    /// Whether the document passes the filter. `None`: the question must be refused.
    pub(crate) fn passes(&self, slug: &str, doc: &Value, filter: &Value) -> Option<bool> {
        self.judged(slug, doc, filter).map(|judged| judged.unwrap_or(true))
    }

    /// The inner `None`: nothing was tested, so that the part counts as absent where it stands.
    fn judged(&self, slug: &str, doc: &Value, filter: &Value) -> Option<Option<bool>> {
        let mut all = None;
        for (key, inner) in filter.as_object()? {
            let passed = match key.to_lowercase().as_str() {
                word @ ("and" | "or") => {
                    let parts = inner.as_array()?.iter().map(|p| self.judged(slug, doc, p));
                    let parts = parts.collect::<Option<Vec<_>>>()?.into_iter().flatten();
                    if word == "or" {
                        parts.reduce(|a, b| a || b)
                    } else {
                        parts.reduce(|a, b| a && b)
                    }
                }
                _ => Some(self.tested(slug, doc, key, inner)?),
            };
            all = [all, passed].into_iter().flatten().reduce(|a, b| a && b);
        }
        Some(all)
    }

    /// One path with its operators, all of which must hold.
    fn tested(&self, slug: &str, doc: &Value, key: &str, inner: &Value) -> Option<bool> {
        let path: Vec<&str> = key.split('.').collect();
        let mut passed = true;
        for (op, value) in inner.as_object()? {
            let op = Op::parse(op)?;
            let first = self.field(slug, path[0])?;
            passed &= self.test(&first, doc, &path, op, value)?;
        }
        Some(passed)
    }

    /// `path[0]` names `field`, which stands in `holder`.
    fn test(
        &self,
        field: &Field,
        holder: &Value,
        path: &[&str],
        op: Op,
        v: &Value,
    ) -> Option<bool> {
        let (value, rest) = (&holder[path[0]], &path[1..]);
        if field.many {
            let rest = if rest == ["id"] && field.relation_to.is_some() { &[] } else { rest };
            let single = Field { many: false, ..field.clone() };
            let inner = |element: &Value, op: Op, v: &Value| match rest {
                [] => compare::one(&single, element, compare::of_element(field, op), v),
                _ => self.beyond(field, element, rest, op, v),
            };
            return some(items(value), rest.is_empty(), op, v, &inner);
        }
        match (field.kind, rest) {
            (FieldKind::Money, [] | ["amount"]) => {
                compare::one(&Field::integer("amount"), &value["amount"], op, v)
            }
            (FieldKind::Money, ["currency"]) => {
                compare::one(&Field::text("currency"), &value["currency"], op, v)
            }
            (FieldKind::Group | FieldKind::Address, [name, ..]) => {
                let inner = field.fields.iter().find(|f| f.name == *name)?;
                self.test(inner, value, rest, op, v)
            }
            (FieldKind::Array, [name]) => {
                let key = field.fields.iter().find(|f| f.name == *name)?;
                let inner = |row: &Value, op: Op, v: &Value| compare::one(key, &row[*name], op, v);
                some(items(value), false, op, v, &inner)
            }
            (FieldKind::Array, []) if op == Op::Exists => {
                Some(items(value).is_empty() != compare::truthy(v))
            }
            (FieldKind::Json, [_, ..]) => compare::text(compare::inside(value, rest), op, v),
            (FieldKind::Relationship, ["id"]) => compare::one(field, value, op, v),
            (FieldKind::Relationship, [_, ..]) => self.beyond(field, value, rest, op, v),
            (FieldKind::Group | FieldKind::Address | FieldKind::Array, _) => None,
            (_, []) => compare::one(field, value, op, v),
            _ => None,
        }
    }

    /// A test of the document that a relation names.
    fn beyond(&self, field: &Field, id: &Value, rest: &[&str], op: Op, v: &Value) -> Option<bool> {
        let slug = field.relation_to.as_deref()?;
        let first = self.field(slug, rest[0])?;
        self.test(&first, self.related(slug, id), rest, op, v)
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Some element passes; an empty list passes what a missing value passes. `all`: each of the values
/// is some element's. `exists` of the list itself asks whether there is an element.
fn some(
    elements: &[Value],
    itself: bool,
    op: Op,
    v: &Value,
    inner: &dyn Fn(&Value, Op, &Value) -> Option<bool>,
) -> Option<bool> {
    if op == Op::Exists && itself {
        return Some(elements.is_empty() != compare::truthy(v));
    }
    if op == Op::All {
        let values = compare::list_of(v);
        let held = values.iter().map(|v| some(elements, itself, Op::Equals, v, inner));
        return Some(held.collect::<Option<Vec<_>>>()?.iter().all(|h| *h) && !values.is_empty());
    }
    let missing = inner(&Value::Null, op, v)?;
    if elements.is_empty() {
        return Some(missing);
    }
    let each = elements.iter().map(|element| inner(element, op, v));
    Some(each.collect::<Option<Vec<_>>>()?.contains(&true))
}
