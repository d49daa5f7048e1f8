//! GET /api/schema: the definitions as the interface needs them, cut to what the actor may see.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use define::{Collection, Field, Rule, Tenancy};
use kernel::{Error, Result, Role, Value};
use serde_json::{Map, json};

use crate::caller::Caller;
use crate::error::Reply;
use crate::state::AppState;
use crate::{operators, reply};

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/schema", get(schema))
}

async fn schema(State(state): State<AppState>, caller: Caller) -> Reply {
    if caller.actor.is_anonymous() {
        return Err(Error::forbidden().into());
    }
    let role = caller.actor.role().or(caller.actor.strongest());
    let collections: Vec<Value> =
        state.engine.collections().map(|c| describe(c, role)).collect::<Result<_>>()?;
    let body = json!({"collections": collections, "role": role.map(Role::as_str)});
    Ok(reply::ok(body.to_string()))
}

/// The definition, `permissions` for it, and per field its label, `writable` and `operators`.
/// Fields that the role may not read are left out, unless it may write them (a password).
fn describe(collection: &Collection, role: Option<Role>) -> Result<Value> {
    let mut out = object(collection)?;
    let access = &collection.access;
    let permissions = json!({
        "read": access.read.possible(role),
        "create": access.create.possible(role),
        "update": access.update.possible(role),
        "delete": access.delete.possible(role),
    });
    let writes = access.create.possible(role) || access.update.possible(role);
    out.insert("fields".into(), fields(&collection.fields, collection, role, writes)?);
    out.insert("permissions".into(), permissions);
    out.insert("system".into(), system(collection));
    Ok(Value::Object(out))
}

fn fields(
    list: &[Field],
    collection: &Collection,
    role: Option<Role>,
    writes: bool,
) -> Result<Value> {
    let may = |rule: &Option<Rule>| rule.as_ref().is_none_or(|rule| rule.possible(role));
    let mut out = Vec::with_capacity(list.len());
    for field in list {
        let writable =
            writes && !field.read_only && may(&field.write) && !follows(field, collection);
        let readable = !field.write_only && may(&field.read);
        let shown = readable || (field.write_only && writable);
        if !shown {
            continue;
        }
        let mut one = object(field)?;
        one.insert("label".into(), field.label_text().into());
        one.insert("writable".into(), writable.into());
        one.insert("operators".into(), json!(operators::names(field)));
        if !field.fields.is_empty() {
            one.insert("fields".into(), fields(&field.fields, collection, role, writable)?);
        }
        out.push(Value::Object(one));
    }
    Ok(Value::Array(out))
}

/// Whether the field always has its value from elsewhere: derived through a relation that must be
/// set. Through an optional one it is free while that relation is empty.
fn follows(field: &Field, collection: &Collection) -> bool {
    let derived = field.derived.as_ref();
    derived.and_then(|d| collection.field(&d.through)).is_some_and(|through| through.required)
}

/// Keys of a document that no field defines.
fn system(collection: &Collection) -> Value {
    let mut keys = vec!["id"];
    if collection.tenancy == Tenancy::Tenant {
        keys.push("tenant");
    }
    if !collection.ledger {
        keys.extend(["updatedAt", "createdAt"]);
    }
    if collection.trash {
        keys.push("deletedAt");
    }
    json!(keys)
}

fn object(definition: &impl serde::Serialize) -> Result<Map<String, Value>> {
    match serde_json::to_value(definition) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Error::internal("a definition that is no object")),
        Err(e) => Err(Error::internal("a definition that is no JSON").with_source(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_shown_to_those_who_may_use_it() {
        let collection = Collection::new("users", "User", "Users").fields(vec![
            Field::text("name"),
            Field::text("notes").read(Rule::Role(Role::Admin)),
            Field::text("password").write_only(),
            Field::text("rank").read_only(),
        ]);
        let named = |role| {
            let described = describe(&collection, role).unwrap();
            let fields = described["fields"].as_array().unwrap().clone();
            let words = fields.iter().map(|f| {
                format!("{}:{}", f["name"].as_str().unwrap(), f["writable"].as_bool().unwrap())
            });
            words.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(named(Some(Role::Viewer)), "name:false rank:false");
        assert_eq!(named(Some(Role::Member)), "name:true password:true rank:false");
        assert_eq!(named(Some(Role::Admin)), "name:true notes:true password:true rank:false");
        let permissions = &describe(&collection, Some(Role::Viewer)).unwrap()["permissions"];
        assert_eq!(
            *permissions,
            json!({"read": true, "create": false, "update": false, "delete": false})
        );
    }
}
