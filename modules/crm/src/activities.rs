//! Activities: the timeline. People log calls, e-mails and meetings; the product adds what
//! changed, through [`crate::timeline`].

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::{FieldError, Result};

use crate::value::{now_value, user_value};

/// What people log.
const LOGGED: [&str; 5] = ["note", "call", "email", "meeting", "task"];
/// What the product writes by itself.
const WRITTEN: [&str; 6] =
    ["stage_changed", "status_changed", "owner_changed", "lifecycle_changed", "created", "system"];

pub(crate) fn definition() -> Collection {
    let kinds = [LOGGED.as_slice(), WRITTEN.as_slice()].concat();
    Collection::new("activities", "Activity", "Activities")
        .describe("What happened, when, by whom and on which record.")
        .fields(vec![
            Field::select("kind", &kinds).required().default("note"),
            Field::text("subject").required().max(500),
            Field::textarea("body").max(100_000),
            Field::datetime("at").describe("When it happened; now unless said otherwise."),
            Field::relation("actor", "users").read_only(),
            Field::relation("contact", "contacts"),
            Field::relation("deal", "deals"),
            Field::relation("company", "companies"),
            Field::json("meta"),
        ])
        .title("subject")
        .search(&["subject"])
        .search_among("kind", &LOGGED)
        .sort("-at")
        .index(&["at"])
        .index(&["contact", "at"])
        .index(&["deal", "at"])
        .index(&["company", "at"])
}

pub(crate) struct ActivityHooks;

#[async_trait]
impl Hooks for ActivityHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let by_a_person = ctx.actor.user().is_some();
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            if change.verb == Verb::Create {
                change.set("actor", user_value(ctx.actor));
            }
            if change.get("at").is_null() {
                change.set("at", now_value());
            }
            let kind = change.get("kind").as_str().unwrap_or_default();
            if by_a_person && change.changed("kind") && WRITTEN.contains(&kind) {
                let message = format!("\"{kind}\" is written by the product only.");
                change.errors.push(FieldError::new("kind", message).labeled("Kind"));
            }
        }
        Ok(())
    }
}
