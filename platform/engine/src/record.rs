//! What a mutation leaves behind: one audit row and one event per document.

use kernel::{Doc, Id, Timestamp, Value, Who, new_id, now};
use serde_json::json;
use store::{Param, Statement, write};

use crate::change::{Change, Context, Verb};

const AUDIT: [(&str, &str); 15] = [
    ("tenant_id", "uuid"),
    ("id", "uuid"),
    ("at", "timestamptz"),
    ("actor_kind", "text"),
    ("actor_id", "uuid"),
    ("actor_name", "text"),
    ("session_id", "uuid"),
    ("ip", "text"),
    ("user_agent", "text"),
    ("request_id", "text"),
    ("verb", "text"),
    ("collection", "text"),
    ("document_id", "uuid"),
    ("before", "json"),
    ("after", "json"),
];

const OUTBOX: [(&str, &str); 7] = [
    ("tenant_id", "uuid"),
    ("id", "uuid"),
    ("at", "timestamptz"),
    ("events", "json"),
    ("collection", "text"),
    ("document_id", "uuid"),
    ("payload", "json"),
];

/// Two statements for the whole batch.
pub(crate) fn records(ctx: &Context<'_>, slug: &str, changes: &[Change]) -> Vec<Statement> {
    if changes.is_empty() {
        return Vec::new();
    }
    let at = now();
    let audit = changes.iter().map(|c| audit_row(ctx, slug, c, at)).collect();
    let outbox = changes.iter().map(|c| outbox_row(ctx.tenant, slug, c, at)).collect();
    vec![write::insert_rows("audit", &AUDIT, audit), write::insert_rows("outbox", &OUTBOX, outbox)]
}

fn audit_row(ctx: &Context<'_>, slug: &str, change: &Change, at: Timestamp) -> Vec<Param> {
    let actor = ctx.actor;
    let (kind, id, name) = match actor.who {
        Who::User(id) => ("user", Param::Uuid(id), Param::text(&actor.email)),
        Who::System(name) => ("system", Param::Null, Param::text(name)),
        Who::Anonymous => ("anonymous", Param::Null, Param::Null),
    };
    let (before, after) = sides(change);
    vec![
        Param::Uuid(ctx.tenant),
        Param::Uuid(new_id()),
        Param::Time(at),
        Param::text(kind),
        id,
        name,
        actor.session.map_or(Param::Null, Param::Uuid),
        Param::text(&actor.request.ip),
        Param::text(&actor.request.user_agent),
        Param::text(&actor.request.id),
        Param::text(change.verb.as_str()),
        Param::text(slug),
        Param::Uuid(change.id),
        before.map_or(Param::Null, |doc| Param::Json(Value::Object(doc).to_string())),
        after.map_or(Param::Null, |doc| Param::Json(Value::Object(doc).to_string())),
    ]
}

/// Whole documents at birth and death; between, only what changed.
fn sides(change: &Change) -> (Option<Doc>, Option<Doc>) {
    match change.verb {
        Verb::Create => (None, Some(change.after.clone())),
        Verb::Delete => (change.before.clone(), None),
        Verb::Update => {
            let (before, after) = changed_keys(change)
                .map(|key| {
                    let former = (key.clone(), change.former(&key).clone());
                    (former, (key.clone(), change.get(&key).clone()))
                })
                .unzip();
            (Some(before), Some(after))
        }
    }
}

fn changed_keys(change: &Change) -> impl Iterator<Item = String> + '_ {
    change.after.keys().filter(|key| change.changed(key)).cloned()
}

fn outbox_row(tenant: Id, slug: &str, change: &Change, at: Timestamp) -> Vec<Param> {
    let changed: Doc = match change.verb {
        Verb::Update => {
            changed_keys(change).map(|k| (k.clone(), change.former(&k).clone())).collect()
        }
        _ => Doc::new(),
    };
    let events: Vec<&String> = change.events.iter().rev().collect();
    let payload = json!({ "doc": change.after, "changed": changed });
    vec![
        Param::Uuid(tenant),
        Param::Uuid(new_id()),
        Param::Time(at),
        Param::Json(json!(events).to_string()),
        Param::text(slug),
        Param::Uuid(change.id),
        Param::Json(payload.to_string()),
    ]
}
