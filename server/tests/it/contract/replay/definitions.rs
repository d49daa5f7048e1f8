//! The collections the exchanges were recorded over, as definitions of this engine. They exist in this
//! test and nowhere else.
//!
//! What a definition cannot say yet is left out: localized, versions, uploads, relations to several
//! collections, joins. `tenants` and `users` are the product's own; `members`, a second collection that
//! signs in, and `media` do not exist.

use define::{Access, Collection, Field, Rule, words};
use engine::Module;
use kernel::Role;
use serde_json::Value;

const LEFT_OUT: [&str; 4] = ["tenants", "users", "members", "media"];

pub(super) fn module() -> Module {
    Module { name: "contract", collections: collections(), ..Module::default() }
}

fn collections() -> Vec<Collection> {
    let recorded: Value = serde_json::from_str(&super::data("collections.json")).unwrap();
    let all = recorded["collections"].as_array().unwrap();
    all.iter().filter(|c| !LEFT_OUT.contains(&text(c, "slug"))).map(collection).collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn flag(value: &Value, key: &str) -> bool {
    value[key] == true
}

fn collection(recorded: &Value) -> Collection {
    let slug = text(recorded, "slug");
    let plural = words(slug);
    let fields: Vec<Field> =
        recorded["fields"].as_array().unwrap().iter().filter_map(field).collect();
    let title = fields.first().unwrap().name.clone();
    let made = Collection::new(slug, plural.trim_end_matches('s'), &plural)
        .fields(fields)
        .access(access(text(recorded, "access")))
        .title(&title);
    let sorted = match text(recorded, "defaultSort") {
        "" => made,
        by => made.sort(by),
    };
    if flag(recorded, "trash") { sorted.trash() } else { sorted }
}

/// Nothing of this server is open to whoever does not sign in: "open" is open to members.
fn access(recorded: &str) -> Access {
    match recorded {
        "nobody" => {
            let never = || Rule::Never;
            Access { read: never(), create: never(), update: never(), delete: never() }
        }
        _ => Access::records(),
    }
}

fn field(recorded: &Value) -> Option<Field> {
    let name = text(recorded, "name");
    let made = match text(recorded, "type") {
        "text" => Field::text(name),
        "email" => Field::email(name),
        "number" => Field::number(name),
        "date" => Field::datetime(name),
        "checkbox" => Field::checkbox(name),
        "json" => Field::json(name),
        "select" => Field::select(name, &strings(&recorded["options"])),
        "relationship" => Field::relation(name, recorded["relationTo"].as_str()?),
        "group" => Field::group(name, fields(recorded)),
        "array" => Field::array(name, fields(recorded)),
        "join" => return None,
        other => panic!("{name} is of an unknown type {other}"),
    };
    let made = Field {
        required: flag(recorded, "required"),
        unique: flag(recorded, "unique"),
        many: flag(recorded, "hasMany"),
        min: recorded["min"].as_i64(),
        max: recorded["max"].as_i64(),
        ..made
    };
    // Who signed in when it was recorded is an administrator here; everybody else is a member.
    let restricted = text(recorded, "readAccess") == "signed-in";
    Some(if restricted { made.read(Rule::Role(Role::Admin)) } else { made })
}

fn fields(recorded: &Value) -> Vec<Field> {
    recorded["fields"].as_array().unwrap().iter().filter_map(field).collect()
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect()
}
