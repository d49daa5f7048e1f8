//! Notes: what somebody wrote down about a contact, a deal or a company.

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::Result;

use crate::value::user_value;

pub(crate) fn definition() -> Collection {
    Collection::new("notes", "Note", "Notes")
        .describe("What was written down about a record.")
        .fields(vec![
            Field::textarea("body").required().max(100_000),
            Field::checkbox("pinned"),
            Field::relation("contact", "contacts").index(),
            Field::relation("deal", "deals").index(),
            Field::relation("company", "companies").index(),
            Field::relation("author", "users").read_only(),
        ])
        .title("body")
        .search(&["body"])
        .trash()
}

pub(crate) struct NoteHooks;

#[async_trait]
impl Hooks for NoteHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb == Verb::Create) {
            change.set("author", user_value(ctx.actor));
        }
        Ok(())
    }
}
