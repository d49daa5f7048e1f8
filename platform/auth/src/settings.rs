//! What holds in a tenant: its own settings, else those of the nearest tenant above that has any.

use std::sync::Arc;

use async_trait::async_trait;
use engine::{Action, Call, Done, Engine, Example, Manner, Perform};
use kernel::{Actor, Error, Id, Map, Result, Value};
use serde_json::json;
use store::{Authority, Param, Row};

use crate::actors::column;

/// Key, column, and what the product does where nobody says anything.
const SETTINGS: [(&str, &str, Option<&str>); 5] = [
    ("currency", "currency", Some("USD")),
    ("timezone", "timezone", Some("UTC")),
    ("locale", "locale", Some("en")),
    ("brandColor", "brand_color", None),
    ("logo", "logo", None),
];

/// The settings that hold in a tenant, in the shape of `GET /api/tenants/{id}/settings`. NotFound when
/// the actor does not reach it.
pub async fn settings(engine: &Engine, actor: &Actor, tenant: Id) -> Result<Value> {
    let visible = actor.reach.tenants().collect();
    let authority = Authority { user: actor.user(), visible, ..Authority::default() };
    let mut tx = engine.store().read(&authority).await?;
    let sql = "SELECT id, name, kind, parent_id, currency, timezone, locale, brand_color, logo \
               FROM app.tenant_settings($1)";
    let line = tx.query(sql, &[Param::Uuid(tenant)]).await?;
    tx.commit().await?;
    let own = line.first().ok_or_else(Error::not_found)?;
    let mut out = Map::new();
    out.insert("id".to_owned(), json!(tenant));
    out.insert("name".to_owned(), json!(column::<Option<String>>(own, "name")?));
    out.insert("kind".to_owned(), json!(column::<String>(own, "kind")?));
    let parent: Option<Id> = column(own, "parent_id")?;
    out.insert("parent".to_owned(), json!(parent.filter(|id| actor.role_in(*id).is_some())));
    for (key, name, default) in SETTINGS {
        out.insert(key.to_owned(), setting(&line, name, default)?);
    }
    Ok(Value::Object(out))
}

/// `{"value", "from"}`: the tenant it comes from, null for the product's own choice.
fn setting(line: &[Row], name: &str, default: Option<&str>) -> Result<Value> {
    for row in line {
        let value: Option<String> = column(row, name)?;
        if let Some(value) = value.filter(|text| !text.is_empty()) {
            let (id, name): (Option<Id>, Option<String>) =
                (column(row, "id")?, column(row, "name")?);
            return Ok(json!({"value": value, "from": {"id": id, "name": name}}));
        }
    }
    Ok(json!({"value": default, "from": null}))
}

pub(crate) fn action() -> Action {
    let one = json!({
        "type": "object",
        "properties": {
            "value": {"type": ["string", "null"]},
            "from": {
                "type": ["object", "null"],
                "description": "The tenant that set it, without id and name where the caller does not \
                                reach it; null for the product's own choice.",
            },
        },
    });
    let mut properties = Map::new();
    for key in ["id", "name", "kind", "parent"] {
        properties.insert(key.to_owned(), json!({"type": ["string", "null"]}));
    }
    for (key, _, _) in SETTINGS {
        properties.insert(key.to_owned(), one.clone());
    }
    let (agency, account) =
        ("01936f3e-0c11-7f02-8f5e-6f0d3c2b1a09", "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3");
    let above = json!({"id": agency, "name": "Harbor & Co"});
    let example = json!({
        "id": account, "name": "Blue Heron Marina", "kind": "account", "parent": agency,
        "currency": {"value": "EUR", "from": {"id": account, "name": "Blue Heron Marina"}},
        "timezone": {"value": "Europe/Lisbon", "from": above}, "locale": {"value": "en", "from": null},
        "brandColor": {"value": "#0e7490", "from": above}, "logo": {"value": null, "from": null},
    });
    Action {
        manner: Manner::Ask,
        on: Some("tenants"),
        name: "settings",
        id: "findTenantSettings",
        summary: "The settings that hold in a tenant",
        description: "Its own, else those of the nearest tenant above that has any.",
        input: None,
        answer: Example::new(json!({"type": "object", "properties": properties}), example),
        run: Arc::new(Settings),
    }
}

struct Settings;

#[async_trait]
impl Perform for Settings {
    async fn perform(&self, engine: &Engine, actor: &Actor, call: Call) -> Result<Done> {
        settings(engine, actor, call.document).await.map(Done::with)
    }
}
