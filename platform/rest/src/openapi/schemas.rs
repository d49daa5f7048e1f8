//! Schemas of documents: as read, as created, as changed.

use define::{Collection, Field, FieldKind, Tenancy};
use serde_json::{Map, Value, json};

use crate::operators;

/// `Deal` for the collection labeled so; `DealCreate`, `DealUpdate` and `DealList` derive from it.
pub(super) fn name(collection: &Collection) -> String {
    pascal(&collection.labels.singular)
}

pub(super) fn pascal(label: &str) -> String {
    define::words(label).chars().filter(|c| c.is_alphanumeric()).collect()
}

pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

pub(super) fn all(collections: &[Collection]) -> Value {
    let mut out = shared();
    for collection in collections {
        let name = name(collection);
        if !collection.ledger {
            out.insert(format!("{name}Create"), input(collection, true));
            out.insert(format!("{name}Update"), input(collection, false));
        }
        out.insert(format!("{name}List"), list(&name));
        out.insert(name, document(collection, collections));
    }
    Value::Object(out)
}

fn shared() -> Map<String, Value> {
    let money = json!({
        "type": "object",
        "description": "An amount in the currency's minor units (cents).",
        "required": ["amount", "currency"],
        "properties": {
            "amount": {"type": "integer", "format": "int64"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217"},
        },
    });
    let entry = json!({
        "type": "object",
        "required": ["message"],
        "properties": {
            "name": {"type": "string", "enum": ["ValidationError", "QueryError"]},
            "message": {"type": "string"},
            "id": {"type": "string", "description": "The request, of an internal fault."},
            "data": {"description": "Of a ValidationError: collection, id and the fields' errors; \
                of a QueryError: the paths."},
        },
    });
    let errors = json!({
        "type": "object",
        "properties": {
            "errors": {"type": "array", "items": entry},
            "message": {"type": "string", "description": "Of a route that does not exist."},
        },
    });
    let access = json!({
        "type": "object",
        "description": "What is granted; what is not is left out.",
        "properties": {
            "fields": {"description": "`true` for all of them, or by name."},
            "create": {"type": "boolean"}, "read": {"type": "boolean"},
            "update": {"type": "boolean"}, "delete": {"type": "boolean"},
        },
    });
    let message = json!({
        "type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}});
    [
        ("Money", money),
        ("Errors", errors),
        ("Access", access),
        ("Message", message),
        ("Computed", computed()),
        ("Groups", groups()),
    ]
    .map(|(name, schema)| (name.to_owned(), schema))
    .into_iter()
    .collect()
}

fn computed() -> Value {
    let by_field = |text: &str| {
        let number = json!({"type": ["number", "null"]});
        let sums = json!({"type": "array", "items": reference("Money")});
        let values = json!({"anyOf": [number, sums, {"type": "string"}]});
        json!({"type": "object", "description": text, "additionalProperties": values})
    };
    json!({
        "type": "object",
        "required": ["count"],
        "properties": {
            "count": {"type": "integer"},
            "sum": by_field("By path, when asked for."),
            "avg": by_field("By path; of money in whole minor units."),
            "min": by_field("By path."),
            "max": by_field("By path."),
        },
    })
}

fn groups() -> Value {
    let key = json!({
        "type": "object",
        "description": "By key as asked for: a value, an id, the first day of a bucket, or null.",
        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
    });
    let of_group = json!({"type": "object", "required": ["key"], "properties": {"key": key}});
    json!({
        "type": "object",
        "required": ["groups", "total", "hasMore"],
        "properties": {
            "groups": {"type": "array", "items": {"allOf": [of_group, reference("Computed")]}},
            "total": reference("Computed"),
            "hasMore": {"type": "boolean", "description": "There are more groups than shown."},
        },
    })
}

fn list(name: &str) -> Value {
    let number = json!({"type": "integer"});
    let maybe = json!({"type": ["integer", "null"]});
    json!({
        "type": "object",
        "required": ["docs", "hasNextPage", "hasPrevPage", "limit", "nextPage", "page",
            "pagingCounter", "prevPage", "totalDocs", "totalPages"],
        "properties": {
            "docs": {"type": "array", "items": reference(name)},
            "hasNextPage": {"type": "boolean"}, "hasPrevPage": {"type": "boolean"},
            "limit": number, "nextPage": maybe, "page": number, "pagingCounter": number,
            "prevPage": maybe, "totalDocs": number, "totalPages": number,
            "totalDocsCapped": {"type": "boolean",
                "description": "There are more than `totalDocs`; counting stopped there."},
        },
    })
}

fn document(collection: &Collection, all: &[Collection]) -> Value {
    let mut properties = Map::new();
    properties.insert("id".into(), system("ID", json!({"type": "string", "format": "uuid"})));
    if collection.tenancy == Tenancy::Tenant {
        let mut tenant = system("Tenant", related("tenants", all));
        tenant["x-kind"] = "relationship to tenants".into();
        tenant["description"] =
            "Whose document it is. May be named on create; never changes.".into();
        properties.insert("tenant".into(), tenant);
    }
    for field in collection.fields.iter().filter(|f| !f.write_only) {
        let mut schema = nullable(value(field, Some(all)), field);
        annotate(&mut schema, field);
        properties.insert(field.name.clone(), schema);
    }
    let instant = || json!({"type": "string", "format": "date-time"});
    if !collection.ledger {
        properties.insert("updatedAt".into(), system("Updated At", instant()));
        properties.insert("createdAt".into(), system("Created At", instant()));
    }
    if collection.trash {
        let deleted = json!({"type": ["string", "null"], "format": "date-time"});
        properties.insert("deletedAt".into(), system("Deleted At", deleted));
    }
    json!({
        "type": "object",
        "title": collection.labels.singular,
        // Whatever else there is, `select` may leave out.
        "required": ["id"],
        "properties": properties,
    })
}

/// What a create (`whole`) or an update accepts. Unknown keys are dropped.
fn input(collection: &Collection, whole: bool) -> Value {
    let mut properties = Map::new();
    if collection.tenancy == Tenancy::Tenant && whole {
        let text = "The tenant to create it in; the caller's own when absent.";
        let tenant = json!({"type": "string", "format": "uuid", "description": text});
        properties.insert("tenant".into(), tenant);
    }
    let accepted = |f: &&Field| !f.read_only && (whole || !f.create_only);
    for field in collection.fields.iter().filter(accepted) {
        let mut schema = nullable(value(field, None), field);
        annotate(&mut schema, field);
        properties.insert(field.name.clone(), schema);
    }
    if collection.trash && !whole {
        let text =
            "An instant puts the document in the trash, null (with `trash=true`) takes it out.";
        let deleted =
            json!({"type": ["string", "null"], "format": "date-time", "description": text});
        properties.insert("deletedAt".into(), deleted);
    }
    let mut schema = json!({"type": "object", "properties": properties});
    let required: Vec<&str> = collection
        .fields
        .iter()
        .filter(|f| f.required && f.default.is_none() && accepted(f) && f.derived.is_none())
        .map(|f| f.name.as_str())
        .collect();
    if whole && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// The field's type without its annotations. With `all` relations may be documents.
fn value(field: &Field, all: Option<&[Collection]>) -> Value {
    let one = match field.kind {
        _ if field.id => json!({"type": "string", "format": "uuid"}),
        FieldKind::Text | FieldKind::Textarea | FieldKind::Phone => text(field, None),
        FieldKind::Email => text(field, Some("email")),
        FieldKind::Url => text(field, Some("uri")),
        FieldKind::Number => number(field),
        FieldKind::Money => reference("Money"),
        FieldKind::Date => json!({"type": "string", "format": "date"}),
        FieldKind::Datetime => json!({"type": "string", "format": "date-time"}),
        FieldKind::Checkbox => json!({"type": "boolean"}),
        FieldKind::Select => {
            let options: Vec<&str> = field.options.iter().map(|o| o.value.as_str()).collect();
            json!({"type": "string", "enum": options})
        }
        FieldKind::Relationship => match (field.relation_to.as_deref(), all) {
            (Some(slug), Some(all)) => related(slug, all),
            _ => json!({"type": "string", "format": "uuid"}),
        },
        FieldKind::Json => json!({}),
        FieldKind::Group | FieldKind::Address => group(field, all),
        FieldKind::Array => return rows(field, all),
    };
    if field.many { json!({"type": "array", "items": one}) } else { one }
}

fn text(field: &Field, format: Option<&str>) -> Value {
    let mut schema = json!({"type": "string"});
    if let Some(format) = format {
        schema["format"] = format.into();
    }
    if let Some(least) = field.min {
        schema["minLength"] = least.into();
    }
    if let Some(most) = field.max {
        schema["maxLength"] = most.into();
    }
    schema
}

fn number(field: &Field) -> Value {
    let mut schema = json!({"type": if field.integer { "integer" } else { "number" }});
    if let Some(least) = field.min {
        schema["minimum"] = least.into();
    }
    if let Some(most) = field.max {
        schema["maximum"] = most.into();
    }
    schema
}

fn related(slug: &str, all: &[Collection]) -> Value {
    let id = json!({"type": "string", "format": "uuid"});
    match all.iter().find(|c| c.slug == slug) {
        Some(target) => json!({"anyOf": [id, reference(&name(target))]}),
        None => id,
    }
}

fn group(field: &Field, all: Option<&[Collection]>) -> Value {
    let mut properties = Map::new();
    for inner in &field.fields {
        let mut schema = nullable(value(inner, all), inner);
        annotate(&mut schema, inner);
        properties.insert(inner.name.clone(), schema);
    }
    json!({"type": "object", "properties": properties})
}

fn rows(field: &Field, all: Option<&[Collection]>) -> Value {
    let mut row = group(field, all);
    row["properties"]["id"] = json!({"type": "string"});
    let mut schema = json!({"type": "array", "items": row});
    if let Some(least) = field.min {
        schema["minItems"] = least.into();
    }
    if let Some(most) = field.max {
        schema["maxItems"] = most.into();
    }
    schema
}

/// Empty scalars are null; lists are empty and groups are there instead.
fn nullable(schema: Value, field: &Field) -> Value {
    let never = field.many
        || matches!(field.kind, FieldKind::Group | FieldKind::Address | FieldKind::Array);
    if never || field.kind == FieldKind::Json {
        return schema;
    }
    match schema {
        Value::Object(mut map) if map.contains_key("anyOf") => {
            if let Some(Value::Array(choices)) = map.get_mut("anyOf") {
                choices.push(json!({"type": "null"}));
            }
            Value::Object(map)
        }
        other => json!({"anyOf": [other, {"type": "null"}]}),
    }
}

fn annotate(schema: &mut Value, field: &Field) {
    schema["title"] = field.label_text().into();
    let mut notes: Vec<String> = field.description.clone().into_iter().collect();
    if let Some(derived) = &field.derived {
        notes.push(format!("Follows `{}.{}`.", derived.through, derived.field));
    }
    if let Some(rule) = &field.read {
        notes.push(format!("Shown to {}.", rule.describe()));
    }
    if let Some(rule) = &field.write {
        notes.push(format!("Set by {}.", rule.describe()));
    }
    if !notes.is_empty() {
        schema["description"] = notes.join(" ").into();
    }
    if let Some(default) = &field.default {
        schema["default"] = default.clone();
    }
    if field.read_only {
        schema["readOnly"] = true.into();
    }
    if field.write_only {
        schema["writeOnly"] = true.into();
    }
    schema["x-kind"] = kind(field).into();
    let operators = operators::names(field);
    if !operators.is_empty() {
        schema["x-operators"] = json!(operators);
    }
}

fn system(title: &str, mut schema: Value) -> Value {
    schema["title"] = title.into();
    schema["readOnly"] = true.into();
    schema["x-kind"] = if title.ends_with("At") { "datetime" } else { "id" }.into();
    schema
}

/// What a person calls the type: `text`, `list of select`, `relationship to companies`.
fn kind(field: &Field) -> String {
    let value = serde_json::to_value(field.kind).unwrap_or_default();
    let mut name = value.as_str().unwrap_or_default().to_owned();
    if let Some(target) = &field.relation_to {
        name = format!("{name} to {target}");
    }
    if field.many { format!("list of {name}") } else { name }
}
