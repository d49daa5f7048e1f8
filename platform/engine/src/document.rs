//! Input to document: known keys only, canonical values, defaults, and what must hold before a write.

mod value;

use define::{Collection, Field, FieldKind, Tenancy};
use kernel::{Currency, Doc, Error, FieldError, Id, Map, Result, Role, Value, iso, new_id, now};

use crate::{Change, Verb, access};

const MILLISECOND: std::time::Duration = std::time::Duration::from_millis(1);

pub(crate) use value::Complaints;

/// What the engine wrote itself, read back.
pub(crate) fn parse(text: &str) -> Result<Doc> {
    serde_json::from_str(text)
        .map_err(|e| Error::internal("a document that is no JSON").with_source(e))
}

/// The part of `input` that this role may set, as canonical values. Unknown keys are dropped.
pub(crate) fn accept(
    collection: &Collection,
    verb: Verb,
    role: Role,
    currency: Currency,
    input: &Doc,
    complaints: &mut Complaints,
) -> Doc {
    let mut out = Doc::new();
    for field in &collection.fields {
        let ignored = field.create_only && verb != Verb::Create;
        if ignored || !access::writable(field, Some(role)) {
            continue;
        }
        if let Some(value) = input.get(&field.name) {
            let canonical = value::canonical(field, value, currency, complaints);
            out.insert(field.name.clone(), canonical);
        }
    }
    for key in ["createdAt", "updatedAt", "deletedAt"] {
        let ignored = match key {
            "deletedAt" => !collection.trash || verb == Verb::Create,
            "updatedAt" => verb != Verb::Create,
            _ => false,
        };
        if ignored {
            continue;
        }
        if let Some(value) = input.get(key) {
            let field = Field::datetime(key);
            let instant = value::canonical(&field, value, currency, complaints);
            if key == "deletedAt" || !instant.is_null() {
                out.insert(key.to_owned(), instant);
            }
        }
    }
    out
}

/// Whether input under this key means anything to the collection.
pub(crate) fn is_known(collection: &Collection, key: &str) -> bool {
    collection.field(key).is_some() || ["tenant", "createdAt", "deletedAt"].contains(&key)
}

/// A new document around accepted input.
pub(crate) fn born(collection: &Collection, tenant: Id, input: &Doc) -> (Id, Doc) {
    let id = new_id();
    let mut doc = Doc::new();
    doc.insert("id".to_owned(), Value::from(id.to_string()));
    for (key, value) in input {
        doc.insert(key.clone(), value.clone());
    }
    (id, complete(collection, tenant, doc))
}

/// The same for a document of the product's own, which may name its id.
pub(crate) fn named(collection: &Collection, tenant: Id, input: &Doc) -> (Id, Doc) {
    let given = input.get("id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    match given {
        Some(id) => (id, complete(collection, tenant, input.clone())),
        None => born(collection, tenant, input),
    }
}

/// All keys present, in document order: defaults for what is absent, tenant and stamps filled in.
pub(crate) fn complete(collection: &Collection, tenant: Id, mut given: Doc) -> Doc {
    let at = iso(now());
    let mut doc = Doc::new();
    let id = given.remove("id").unwrap_or_else(|| Value::from(new_id().to_string()));
    doc.insert("id".to_owned(), id);
    if collection.tenancy == Tenancy::Tenant {
        doc.insert("tenant".to_owned(), Value::from(tenant.to_string()));
    }
    for field in collection.fields.iter().filter(|f| f.is_stored()) {
        let value = value::with_defaults(field, given.remove(&field.name));
        doc.insert(field.name.clone(), value);
    }
    let updated = given.remove("updatedAt").unwrap_or_else(|| Value::from(at.clone()));
    doc.insert("updatedAt".to_owned(), updated);
    doc.insert("createdAt".to_owned(), given.remove("createdAt").unwrap_or(Value::from(at)));
    if collection.trash {
        doc.insert("deletedAt".to_owned(), Value::Null);
    }
    doc
}

/// `before` with `input` laid over it: groups merge by key, everything else is replaced. Its
/// `updatedAt` is always later than before, since that tells one state from another.
pub(crate) fn merged(collection: &Collection, before: &Doc, input: &Doc) -> Doc {
    let mut doc = before.clone();
    for (key, value) in input {
        let field = collection.field(key);
        if field.is_some_and(|f| !f.is_stored()) {
            continue;
        }
        let groups = field.is_some_and(|f| matches!(f.kind, FieldKind::Group | FieldKind::Address));
        match (doc.get_mut(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if groups => merge_group(old, new),
            _ => {
                doc.insert(key.clone(), value.clone());
            }
        }
    }
    let former = before.get("updatedAt").and_then(Value::as_str).and_then(kernel::parse_instant);
    let next = former.and_then(|at| at.checked_add(MILLISECOND).ok());
    let at = next.map_or_else(now, |next| now().max(next));
    doc.insert("updatedAt".to_owned(), Value::from(iso(at)));
    doc
}

fn merge_group(old: &mut Map<String, Value>, new: &Map<String, Value>) {
    for (key, value) in new {
        match (old.get_mut(key), value) {
            (Some(Value::Object(inner)), Value::Object(value)) if !is_money(value) => {
                merge_group(inner, value);
            }
            _ => {
                old.insert(key.clone(), value.clone());
            }
        }
    }
}

fn is_money(value: &Map<String, Value>) -> bool {
    value.contains_key("amount") && value.contains_key("currency")
}

/// Complaints about required fields that are (now) empty.
pub(crate) fn check_required(collection: &Collection, change: &mut Change) {
    let mut found = Vec::new();
    for field in &collection.fields {
        if field.is_stored() && (change.verb == Verb::Create || change.changed(&field.name)) {
            required(field, change.get(&field.name), "", "", &mut found);
        }
        let missing = !field.is_stored()
            && field.required
            && change.verb == Verb::Create
            && change.input.get(&field.name).is_none_or(value::is_empty);
        if missing {
            found.push(FieldError::new(&field.name, value::REQUIRED));
        }
    }
    // Of a value that was refused already, one complaint is enough.
    found.retain(|f| !change.errors.iter().any(|e| e.path == f.path));
    change.errors.extend(found);
}

/// Complaints in the order of the fields, as a form shows them.
pub(crate) fn sort_complaints(collection: &Collection, change: &mut Change) {
    let order = |path: &str| {
        let root = path.split('.').next().unwrap_or(path);
        collection.fields.iter().position(|f| f.name == root)
    };
    change.errors.sort_by_key(|e| order(&e.path));
}

fn required(field: &Field, value: &Value, path: &str, labels: &str, found: &mut Vec<FieldError>) {
    let path = format!("{path}{}", field.name);
    let label = format!("{labels}{}", field.label_text());
    if field.required && value::is_empty(value) {
        found.push(FieldError::new(&path, value::REQUIRED).labeled(&label));
        return;
    }
    match (field.kind, value) {
        (FieldKind::Group | FieldKind::Address, Value::Object(group)) => {
            for inner in &field.fields {
                let value = group.get(&inner.name).unwrap_or(&Value::Null);
                required(inner, value, &format!("{path}."), &format!("{label} > "), found);
            }
        }
        (FieldKind::Array, Value::Array(rows)) => {
            for (n, row) in rows.iter().enumerate() {
                for inner in &field.fields {
                    let value = row.get(&inner.name).unwrap_or(&Value::Null);
                    let labels = format!("{label} {} > ", n + 1);
                    required(inner, value, &format!("{path}.{n}."), &labels, found);
                }
            }
        }
        _ => {}
    }
}
