//! Sorting: what a path's end is compared by, how texts compare, and what decides between equals.

use std::cmp::Ordering;
use std::sync::LazyLock;

use define::{Field, FieldKind};
use icu_collator::{Collator, CollatorBorrowed, options::CollatorOptions};
use serde_json::Value;

use super::compare::{self, Exact};
use super::world::World;

static COLLATOR: LazyLock<CollatorBorrowed<'static>> =
    LazyLock::new(|| Collator::try_new(Default::default(), CollatorOptions::default()).unwrap());

/// The order of Unicode's root collation, which the product's own database has; of texts that it finds
/// equal, that of their bytes.
pub(super) fn collated(a: &str, b: &str) -> Ordering {
    COLLATOR.compare(a, b).then_with(|| a.cmp(b))
}

#[derive(Clone, Debug)]
pub(super) enum Key {
    Number(Exact),
    /// Days and instants.
    Time(i64),
    Flag(bool),
    Text(String),
    Id(String),
    Nothing,
}

impl Key {
    pub(super) fn of(field: &Field, value: &Value) -> Key {
        let found = match field.kind {
            _ if field.id => value.as_str().map(|id| Key::Id(id.to_owned())),
            FieldKind::Number => compare::exact(value).map(Key::Number),
            FieldKind::Date | FieldKind::Datetime => {
                compare::as_time(field.kind, value).map(Key::Time)
            }
            FieldKind::Checkbox => value.as_bool().map(Key::Flag),
            FieldKind::Relationship => value.as_str().map(|id| Key::Id(id.to_owned())),
            _ => value.as_str().map(|text| Key::Text(text.to_owned())),
        };
        found.unwrap_or(Key::Nothing)
    }

    /// Nothing is greater than everything.
    pub(super) fn cmp(&self, other: &Key) -> Ordering {
        match (self, other) {
            (Key::Number(a), Key::Number(b)) => compare::numbers(*a, *b),
            (Key::Time(a), Key::Time(b)) => a.cmp(b),
            (Key::Flag(a), Key::Flag(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => collated(a, b),
            (Key::Id(a), Key::Id(b)) => a.cmp(b),
            (Key::Nothing, Key::Nothing) => Ordering::Equal,
            (Key::Nothing, _) => Ordering::Greater,
            (_, Key::Nothing) => Ordering::Less,
            _ => panic!("{self:?} and {other:?} stand in one column"),
        }
    }
}

pub(crate) type Sort = Vec<(String, bool)>;

impl World {
    /// Puts documents in order. A path that cannot be sorted by counts as not given; without any the
    /// collection's own order holds. Equals: the newest first, then by id in the direction of the last.
    pub(super) fn sorted<'w>(
        &'w self,
        slug: &str,
        docs: Vec<&'w Value>,
        sort: &Sort,
    ) -> Vec<&'w Value> {
        let known = |sort: &Sort| -> Sort {
            sort.iter()
                .filter(|(p, _)| self.key(slug, &Value::Null, p, false).is_some())
                .cloned()
                .collect()
        };
        let mut sort = known(sort);
        if sort.is_empty() {
            let default = &self.collections[slug].default_sort;
            let path = default.trim_start_matches('-');
            sort = vec![(path.to_owned(), path.len() < default.len())];
        }
        if !sort.iter().any(|(path, _)| path == "id") {
            if !sort.iter().any(|(path, _)| path == "createdAt") {
                sort.push(("createdAt".to_owned(), true));
            }
            sort.push(("id".to_owned(), sort[sort.len() - 1].1));
        }
        let keys = |doc: &Value| -> Vec<Key> {
            let key = |(path, down): &(String, bool)| self.key(slug, doc, path, *down).unwrap();
            sort.iter().map(key).collect()
        };
        let mut keyed: Vec<(Vec<Key>, &Value)> = docs.into_iter().map(|d| (keys(d), d)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let each = a.iter().zip(b).zip(&sort).map(|((a, b), (_, down))| match down {
                true => b.cmp(a),
                false => a.cmp(b),
            });
            each.fold(Ordering::Equal, Ordering::then)
        });
        keyed.into_iter().map(|(_, doc)| doc).collect()
    }

    /// `None` for a path that cannot be sorted by.
    fn key(&self, slug: &str, doc: &Value, path: &str, down: bool) -> Option<Key> {
        let path: Vec<&str> = path.split('.').collect();
        let field = self.field(slug, path[0])?;
        self.key_of(&field, doc, &path, down)
    }

    fn key_of(&self, field: &Field, holder: &Value, path: &[&str], down: bool) -> Option<Key> {
        let (value, rest) = (&holder[path[0]], &path[1..]);
        match (field.kind, rest) {
            // A list counts by its least element upward, by its greatest downward.
            (_, []) if field.many => {
                let keys = value.as_array().into_iter().flatten().map(|v| Key::of(field, v));
                let end = if down { keys.max_by(Key::cmp) } else { keys.min_by(Key::cmp) };
                Some(end.unwrap_or(Key::Nothing))
            }
            _ if field.many => None,
            (FieldKind::Money, [] | ["amount"]) => {
                Some(Key::of(&Field::integer("amount"), &value["amount"]))
            }
            (FieldKind::Money, ["currency"]) => {
                Some(Key::of(&Field::text("currency"), &value["currency"]))
            }
            (FieldKind::Group | FieldKind::Address, [name, ..]) => {
                let inner = field.fields.iter().find(|f| f.name == *name)?;
                self.key_of(inner, value, rest, down)
            }
            (FieldKind::Group | FieldKind::Address | FieldKind::Array | FieldKind::Json, _) => None,
            (FieldKind::Relationship, [] | ["id"]) | (_, []) => Some(Key::of(field, value)),
            (FieldKind::Relationship, [name, ..]) => {
                let slug = field.relation_to.as_deref()?;
                let first = self.field(slug, name)?;
                self.key_of(&first, self.related(slug, value), rest, down)
            }
            _ => None,
        }
    }
}
