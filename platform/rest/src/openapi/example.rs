//! Believable examples of documents and bodies.

use define::{Collection, Field, FieldKind, Tenancy};
use serde_json::{Map, Value, json};

pub(super) const ID: &str = "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3";
const OTHER: &str = "01936f3e-0c11-7f02-8f5e-6f0d3c2b1a09";
const AT: &str = "2026-11-21T09:30:00.000Z";

/// A document at depth 0.
pub(super) fn document(collection: &Collection) -> Value {
    let mut doc = Map::new();
    doc.insert("id".into(), ID.into());
    if collection.tenancy == Tenancy::Tenant {
        doc.insert("tenant".into(), OTHER.into());
    }
    for field in collection.fields.iter().filter(|f| !f.write_only) {
        doc.insert(field.name.clone(), value(field));
    }
    if !collection.ledger {
        doc.insert("updatedAt".into(), AT.into());
        doc.insert("createdAt".into(), AT.into());
    }
    if collection.trash {
        doc.insert("deletedAt".into(), Value::Null);
    }
    Value::Object(doc)
}

/// An answer of groups.
pub(super) fn groups() -> Value {
    json!({
        "groups": [{"key": {"createdAt:month": "2026-11-01"}, "count": 12}],
        "total": {"count": 12},
        "hasMore": false,
    })
}

/// A body that a create takes.
pub(super) fn create(collection: &Collection) -> Value {
    let given = |f: &&Field| !f.read_only && f.derived.is_none() && f.kind != FieldKind::Json;
    let fields = collection.fields.iter().filter(given).take(8);
    Value::Object(fields.map(|f| (f.name.clone(), value(f))).collect())
}

/// A body that changes one thing.
pub(super) fn update(collection: &Collection) -> Value {
    let free = |f: &&Field| !f.read_only && !f.create_only && f.derived.is_none();
    let simple = |f: &&Field| matches!(f.kind, FieldKind::Select | FieldKind::Text) && !f.many;
    let mut fields = collection.fields.iter().filter(free);
    let first = fields.clone().next();
    let chosen = fields.find(simple).or(first);
    Value::Object(chosen.map(|f| (f.name.clone(), value(f))).into_iter().collect())
}

fn value(field: &Field) -> Value {
    let one = single(field);
    match field.kind {
        FieldKind::Array => json!([one]),
        _ if field.many => json!([one]),
        _ => one,
    }
}

fn single(field: &Field) -> Value {
    match field.kind {
        _ if field.id => OTHER.into(),
        FieldKind::Text => text(field).into(),
        FieldKind::Textarea => "Met at the spring fair; call back in May.".into(),
        FieldKind::Email => "ana@harbour.example".into(),
        FieldKind::Phone => "+1 415 555 0132".into(),
        FieldKind::Url => "https://harbour.example".into(),
        FieldKind::Number => json!(field.min.unwrap_or(1).max(1)),
        FieldKind::Money => json!({"amount": 1_250_000, "currency": "USD"}),
        FieldKind::Date => "2026-12-18".into(),
        FieldKind::Datetime => AT.into(),
        FieldKind::Checkbox => true.into(),
        FieldKind::Select => {
            field.options.first().map(|o| o.value.as_str().into()).unwrap_or_default()
        }
        FieldKind::Relationship => OTHER.into(),
        FieldKind::Json => json!({}),
        FieldKind::Group | FieldKind::Address | FieldKind::Array => {
            Value::Object(field.fields.iter().map(|f| (f.name.clone(), value(f))).collect())
        }
    }
}

fn text(field: &Field) -> &'static str {
    match field.name.as_str() {
        "firstName" => "Ana",
        "lastName" => "Ruiz",
        "name" | "title" | "subject" => "Harbour renewal",
        "slug" => "harbour",
        "domain" => "harbour.example",
        "line1" => "1 Quay Street",
        "line2" => "Floor 2",
        "city" => "Lisbon",
        "region" => "Lisboa",
        "postalCode" => "1100-148",
        "country" => "PT",
        "currency" => "USD",
        "timezone" => "Europe/Lisbon",
        "locale" => "en",
        "password" => "a long passphrase",
        "source" => "website",
        "jobTitle" => "Head of Operations",
        _ => "text",
    }
}
