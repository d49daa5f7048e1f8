//! The signed-in person as the wire contract shows them, and the tenants they may choose from.

use axum::http::Uri;
use define::{Find, Op, Select, Shape, Sort, Where};
use kernel::{Actor, Doc, Error, Result, Value, iso};
use serde_json::{Map, json};

use super::{STRATEGY, parameter};
use crate::state::AppState;

pub(super) const DEPTH: u8 = Shape::DEFAULT_DEPTH;

/// `?depth=`, within the contract's limits; what is no number is 0.
pub(super) fn depth(uri: &Uri) -> u8 {
    match parameter(uri, "depth") {
        None => DEPTH,
        Some(text) => text.parse().unwrap_or(0).min(Shape::MAX_DEPTH),
    }
}

/// The user's document, their memberships as `tenants`, their live sessions, and how they signed in.
pub(super) async fn document(app: &AppState, actor: &Actor, depth: u8) -> Result<Doc> {
    let user = actor.user().ok_or_else(Error::forbidden)?.to_string();
    // The person is the same wherever they stand.
    let everywhere = Actor { selected: None, ..actor.clone() };
    let shape = Shape { depth, ..Shape::default() };
    let text = app.engine.find_by_id(&everywhere, "users", &user, &shape, false).await?;
    let mut doc = parse(&text)?;
    let find = Find {
        filter: Where::test("user", Op::Equals, user),
        sort: Sort::parse("createdAt"),
        limit: 0,
        pagination: false,
        shape: Shape { select: Some(select(&["tenant", "role"])), ..shape },
        ..Find::default()
    };
    let page = app.engine.find(&everywhere, "memberships", &find).await?;
    let memberships = page.docs.iter().map(|d| parse(d).map(membership)).collect::<Result<_>>()?;
    doc.insert("tenants".into(), Value::Array(memberships));
    doc.insert("preferences".into(), app.auth.preferences(actor).await?);
    let sessions = app.auth.sessions(actor).await?;
    let sessions = sessions
        .iter()
        .map(|s| json!({"id": s.id, "createdAt": iso(s.created), "expiresAt": iso(s.expires)}));
    doc.insert("sessions".into(), sessions.collect());
    doc.insert("collection".into(), "users".into());
    doc.insert("_strategy".into(), STRATEGY.into());
    Ok(doc)
}

/// `{id, tenant, role}`
fn membership(mut doc: Doc) -> Value {
    let mut out = Map::new();
    for key in ["id", "tenant", "role"] {
        out.insert(key.into(), doc.shift_remove(key).unwrap_or_default());
    }
    Value::Object(out)
}

/// `{label, value}` of every tenant within reach, by name.
pub(super) async fn tenant_options(app: &AppState, actor: &Actor) -> Result<Vec<Value>> {
    let everywhere = Actor { selected: None, ..actor.clone() };
    let find = Find {
        sort: Sort::parse("name"),
        limit: engine::MAX_LIMIT,
        pagination: false,
        shape: Shape { select: Some(select(&["name"])), ..Shape::flat() },
        ..Find::default()
    };
    let page = app.engine.find(&everywhere, "tenants", &find).await?;
    let option = |text: &String| {
        let mut doc = parse(text)?;
        let mut take = |key| doc.shift_remove(key).unwrap_or_default();
        Ok(json!({"label": take("name"), "value": take("id")}))
    };
    page.docs.iter().map(option).collect()
}

fn select(fields: &[&str]) -> Select {
    Select::Include(fields.iter().map(|f| ((*f).to_owned(), Default::default())).collect())
}

/// What the engine wrote, read back.
fn parse(text: &str) -> Result<Doc> {
    serde_json::from_str(text)
        .map_err(|e| Error::internal("a document that is no JSON").with_source(e))
}
