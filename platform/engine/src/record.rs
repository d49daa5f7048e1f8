//! What a mutation leaves behind: one audit row and one event per document. The audit is read like any
//! other collection; reading it leaves no trace of its own.

use define::{Collection, Field, OnDelete, Rule};
use kernel::{Doc, Error, Id, Result, Role, Timestamp, Who, new_id, now};
use serde_json::json;
use store::{Param, Statement, write};

use crate::change::{Change, Context, Verb};
use crate::idempotency;

/// The audit as a collection. Its rows are written here and by functions of sign-in, and by nobody else.
pub(crate) fn collection() -> Collection {
    Collection::new("audit", "Audit entry", "Audit")
        .describe("Who did what, when and from where. Nobody can change it.")
        .fields(vec![
            Field::datetime("at").required().read_only(),
            Field::select("actorKind", &["user", "system", "anonymous"]).required().read_only(),
            Field::relation("actor", "users").on_delete(OnDelete::Keep).read_only(),
            Field::text("actorName").read_only().describe("The address or name as it was then."),
            Field::id("session"),
            Field::text("ip").label("IP address").required().read_only(),
            Field::text("userAgent").required().read_only(),
            Field::text("requestId").required().read_only(),
            Field::select("verb", &["create", "update", "delete"]).required().read_only(),
            Field::text("collection").required().read_only().describe("Its slug."),
            Field::id("document").required(),
            Field::json("before")
                .read_only()
                .describe("The whole document when it was deleted; of a change, what was changed."),
            Field::json("after")
                .read_only()
                .describe("The whole document when it was created; of a change, what it became."),
        ])
        .ledger(Rule::Role(Role::Admin))
        .title("verb")
        .sort("-at")
        .index(&["at", "id"])
        .index(&["collection", "document", "at"])
}

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

/// Notes on the claim that the request holds, if it does, which document it wrote.
pub(crate) fn claim(ctx: &Context<'_>, slug: &str, changes: &[Change]) -> Option<Statement> {
    let written = changes.iter().find(|c| !c.quiet)?;
    let claim = ctx.actor.request.claim.as_ref()?;
    Some(idempotency::used(claim, slug, written.id))
}

/// Two statements for the whole batch.
pub(crate) fn records(ctx: &Context<'_>, slug: &str, changes: &[Change]) -> Result<Vec<Statement>> {
    let at = now();
    let confidential = ctx.engine.layout(slug)?.collection.confidential;
    let mut audit = Vec::with_capacity(changes.len());
    let mut outbox = Vec::with_capacity(changes.len());
    for change in changes.iter().filter(|c| !c.quiet) {
        let mut told = Told::of(change)?;
        if confidential {
            (told.before, told.after) = (None, None);
        }
        outbox.push(outbox_row(ctx.tenant, slug, change, at, told.payload));
        audit.push(audit_row(ctx, slug, change, at, (told.before, told.after)));
    }
    if audit.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![
        write::insert_rows("audit", &AUDIT, audit),
        write::insert_rows("outbox", &OUTBOX, outbox),
    ])
}

/// A change as JSON texts; what both rows hold is written out once.
struct Told {
    /// Whole documents at birth and death; between, only what changed.
    before: Option<String>,
    after: Option<String>,
    payload: String,
}

impl Told {
    fn of(change: &Change) -> Result<Told> {
        let doc = text(&change.after)?;
        Ok(match change.verb {
            Verb::Create => Told { before: None, payload: payload(&doc, "{}"), after: Some(doc) },
            Verb::Delete => Told { payload: payload(&doc, "{}"), before: Some(doc), after: None },
            Verb::Update => {
                let changed: Vec<&String> =
                    change.after.keys().filter(|key| change.changed(key)).collect();
                let former: Doc =
                    changed.iter().map(|k| ((*k).clone(), change.former(k).clone())).collect();
                let latter: Doc =
                    changed.iter().map(|k| ((*k).clone(), change.get(k).clone())).collect();
                let former = text(&former)?;
                Told {
                    payload: payload(&doc, &former),
                    before: Some(former),
                    after: Some(text(&latter)?),
                }
            }
        })
    }
}

fn text(doc: &Doc) -> Result<String> {
    serde_json::to_string(doc)
        .map_err(|e| Error::internal("a document that is no JSON").with_source(e))
}

fn payload(doc: &str, changed: &str) -> String {
    format!("{{\"doc\":{doc},\"changed\":{changed}}}")
}

fn audit_row(
    ctx: &Context<'_>,
    slug: &str,
    change: &Change,
    at: Timestamp,
    (before, after): (Option<String>, Option<String>),
) -> Vec<Param> {
    let actor = ctx.actor;
    let (kind, id, name) = match actor.who {
        Who::User(id) => ("user", Param::Uuid(id), Param::text(&actor.email)),
        Who::System(name) => ("system", Param::Null, Param::text(name)),
        Who::Anonymous => ("anonymous", Param::Null, Param::Null),
    };
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
        before.map_or(Param::Null, Param::Json),
        after.map_or(Param::Null, Param::Json),
    ]
}

fn outbox_row(
    tenant: Id,
    slug: &str,
    change: &Change,
    at: Timestamp,
    payload: String,
) -> Vec<Param> {
    let events: Vec<&String> = change.events.iter().rev().collect();
    vec![
        Param::Uuid(tenant),
        Param::Uuid(new_id()),
        Param::Time(at),
        Param::Json(json!(events).to_string()),
        Param::text(slug),
        Param::Uuid(change.id),
        Param::Json(payload),
    ]
}
