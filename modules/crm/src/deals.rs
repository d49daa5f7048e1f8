//! Deals: what may be sold, to whom, and how far it has come. The stage says the pipeline and the
//! status; the primary contact says the company.

mod board;

use async_trait::async_trait;
use define::{Collection, Field, OnDelete};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Result, Value};

use crate::timeline::{self, Names, Subject, Watch};
use crate::value::{is_loading, now_value};
use board::{Board, Ends};

pub(crate) fn definition() -> Collection {
    Collection::new("deals", "Deal", "Deals")
        .describe("Possible and made sales.")
        .fields(vec![
            Field::text("name").required().max(300),
            Field::text("reference")
                .max(120)
                .index()
                .describe("The deal's number in another system; an import finds it again by it."),
            Field::relation("pipeline", "pipelines")
                .on_delete(OnDelete::Restrict)
                .derived("stage", "pipeline"),
            Field::relation("stage", "stages").required().on_delete(OnDelete::Restrict),
            Field::select("status", &["open", "won", "lost"])
                .default("open")
                .derived("stage", "kind"),
            Field::money("value"),
            Field::date("expectedClose"),
            Field::datetime("closedAt").describe("Set when the deal is won or lost."),
            Field::relation("primaryContact", "contacts").index(),
            Field::relation("company", "companies")
                .index()
                .derived("primaryContact", "company")
                .describe("The primary contact's company; free to choose without one."),
            Field::relation("serviceInterest", "services").many(),
            Field::relation("owner", "users").index(),
            Field::text("source").max(120),
            Field::text("lostReason").max(500),
            Field::number("position")
                .min(-1_000_000_000)
                .max(1_000_000_000)
                .describe("Place within the stage, smallest first."),
        ])
        .search(&["name", "reference"])
        .index(&["stage", "position"])
        .index(&["status", "value.amount"])
        .index(&["value.amount"])
        .trash()
}

const SUBJECT: Subject = Subject {
    noun: "Deal",
    links: &[("deal", "id"), ("contact", "primaryContact"), ("company", "company")],
    watches: &[
        Watch { field: "stage", kind: "stage_changed", label: "Stage", names: Names::Of("stages") },
        Watch { field: "status", kind: "status_changed", label: "Status", names: Names::Options },
        Watch { field: "owner", kind: "owner_changed", label: "Owner", names: Names::Of("users") },
    ],
};

#[derive(Default)]
pub(crate) struct DealHooks {
    ends: Ends,
}

#[async_trait]
impl Hooks for DealHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let board = Board::load(ctx, changes).await?;
        let loading = is_loading(ctx.actor);
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            board.place(change);
            stamp_closing(change);
            tell(change, loading);
        }
        board::put_last(ctx, &self.ends, changes).await
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        timeline::record(ctx, &SUBJECT, changes, closing_time).await
    }
}

fn status_of(change: &Change) -> &str {
    change.get("status").as_str().unwrap_or("open")
}

/// Closing is dated now unless the caller knows better; an open deal has no such date.
fn stamp_closing(change: &mut Change) {
    let is_closed = matches!(status_of(change), "won" | "lost");
    if !is_closed {
        if !change.get("closedAt").is_null() {
            change.set("closedAt", Value::Null);
        }
        return;
    }
    let told = change.input.get("closedAt").is_some_and(|v| !v.is_null());
    if !told && (change.changed("status") || change.get("closedAt").is_null()) {
        change.set("closedAt", now_value());
    }
}

fn tell(change: &mut Change, loading: bool) {
    let is_update = change.verb == Verb::Update;
    if is_update && change.changed("stage") {
        change.events.push("deal.stage_changed".into());
    }
    if is_update && change.changed("owner") {
        change.events.push("deal.owner_changed".into());
    }
    if (is_update || !loading) && change.changed("status") {
        match status_of(change) {
            "won" => change.events.push("deal.won".into()),
            "lost" => change.events.push("deal.lost".into()),
            _ if is_update => change.events.push("deal.reopened".into()),
            _ => {}
        }
    }
}

/// A deal closed last week changed its status last week.
fn closing_time(change: &Change, watch: &Watch) -> Option<Value> {
    let told = change.input.get("closedAt").is_some_and(|v| !v.is_null());
    let is_closed = matches!(status_of(change), "won" | "lost");
    let follows = watch.field != "owner" && change.changed("status");
    (told && is_closed && follows).then(|| change.get("closedAt").clone())
}
