//! Contacts: people. Their e-mail address and phone number also join the identity graph.

use std::collections::HashSet;

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Doc, Error, Id, Result, Timestamp, Value, iso, now};
use store::Param;

use crate::LIFECYCLE;
use crate::timeline::{self, Names, Subject, Watch};
use crate::value::{self, now_value, text_of};

pub(crate) fn definition() -> Collection {
    let utm = |name: &str| Field::text(name).max(300);
    Collection::new("contacts", "Contact", "Contacts")
        .describe("People you know.")
        .fields(vec![
            Field::text("name").read_only().describe("First and last name in one."),
            Field::text("firstName").required().max(150),
            Field::text("lastName").max(150),
            Field::email("email").index(),
            Field::phone("phone"),
            Field::text("jobTitle").max(200),
            Field::relation("company", "companies").index(),
            Field::relation("owner", "users").index(),
            Field::select("lifecycle", &LIFECYCLE).default("lead"),
            Field::text("source").max(120),
            Field::group(
                "utm",
                vec![utm("source"), utm("medium"), utm("campaign"), utm("term"), utm("content")],
            )
            .label("UTM"),
            Field::relation("tags", "tags").many(),
            Field::group(
                "consent",
                vec![
                    Field::checkbox("marketing"),
                    Field::datetime("at").describe("When consent was given."),
                    Field::text("source").max(300).describe("Where consent was given."),
                ],
            ),
        ])
        .search(&["name", "email", "phone"])
        .index(&["lastName", "firstName"])
        .trash()
}

const SUBJECT: Subject = Subject {
    noun: "Contact",
    links: &[("contact", "id"), ("company", "company")],
    watches: &[
        Watch {
            field: "lifecycle",
            kind: "lifecycle_changed",
            label: "Lifecycle",
            names: Names::Options,
        },
        Watch { field: "owner", kind: "owner_changed", label: "Owner", names: Names::Of("users") },
    ],
};

pub(crate) struct ContactHooks;

#[async_trait]
impl Hooks for ContactHooks {
    async fn before(&self, _ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            value::normalize(change, "email", value::email);
            fill_name(change);
            stamp_consent(change);
            if change.verb == Verb::Update && change.changed("lifecycle") {
                change.events.push("contact.lifecycle_changed".into());
            }
        }
        Ok(())
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        join_identities(ctx, changes).await?;
        timeline::record(ctx, &SUBJECT, changes, |_, _| None).await
    }
}

fn fill_name(change: &mut Change) {
    let parts = ["firstName", "lastName"].map(|f| text_of(change.get(f)));
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if change.get("name").as_str() != Some(name.as_str()) {
        change.set("name", Value::String(name));
    }
}

/// Consent without a date proves nothing, so its moment is kept.
fn stamp_consent(change: &mut Change) {
    let Value::Object(consent) = change.get("consent") else { return };
    let given = consent.get("marketing") == Some(&Value::Bool(true));
    if given && consent.get("at").is_none_or(Value::is_null) {
        let mut consent = consent.clone();
        consent.insert("at".into(), now_value());
        change.set("consent", Value::Object(consent));
    }
}

/// Handles nobody has yet become identities of the contact; those of others stay theirs.
async fn join_identities(ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
    let mut found = Vec::new();
    for change in changes.iter().filter(|c| c.verb != Verb::Delete) {
        let email = text_of(change.get("email")).map(value::email);
        let phone = text_of(change.get("phone")).map(value::phone);
        for (channel, handle) in [("email", email), ("phone", phone)] {
            let Some(handle) = handle.filter(|h| !h.is_empty() && change.changed(channel)) else {
                continue;
            };
            found.push((channel, handle, change.id));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    // In one order, so that two batches with the same handles wait for each other and not both.
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let at = now();
    let docs: Vec<(Id, Doc)> = found
        .iter()
        .map(|(channel, handle, contact)| identity(channel, handle, *contact, at))
        .collect();
    let rows = [
        Param::Uuid(ctx.tenant),
        Param::uuids(docs.iter().map(|(id, _)| *id)),
        Param::uuids(found.iter().map(|(_, _, contact)| *contact)),
        Param::texts(found.iter().map(|(channel, _, _)| *channel)),
        Param::texts(found.iter().map(|(_, handle, _)| handle.clone())),
        Param::Time(at),
    ];
    let mut new = HashSet::new();
    for row in ctx.query(include_str!("../sql/join_identities.sql"), &rows).await? {
        let wrong = |e| Error::internal("an identity without an id").with_source(e);
        new.insert(row.try_get::<_, Id>(0).map_err(wrong)?);
    }
    let docs = docs.into_iter().filter(|(id, _)| new.contains(id)).map(|(_, doc)| doc).collect();
    ctx.record_inserted("identities", docs)
}

/// The document of a row that `join_identities.sql` inserts.
fn identity(channel: &str, handle: &str, contact: Id, at: Timestamp) -> (Id, Doc) {
    let id = kernel::new_id();
    let mut doc = Doc::new();
    doc.insert("id".into(), Value::String(id.to_string()));
    doc.insert("contact".into(), Value::String(contact.to_string()));
    doc.insert("channel".into(), Value::String(channel.to_owned()));
    doc.insert("handle".into(), Value::String(handle.to_owned()));
    doc.insert("verified".into(), Value::Bool(false));
    for stamp in ["createdAt", "updatedAt"] {
        doc.insert(stamp.into(), Value::String(iso(at)));
    }
    (id, doc)
}
