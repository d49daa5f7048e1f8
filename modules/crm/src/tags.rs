//! Tags: free labels on contacts and companies.

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::Result;

use crate::value;

pub(crate) fn definition() -> Collection {
    Collection::new("tags", "Tag", "Tags")
        .describe("Labels for contacts and companies.")
        .fields(vec![
            Field::text("name").required().unique().max(80),
            Field::text("color").max(20).describe("As CSS writes it: #0e7490."),
        ])
        .search(&["name"])
        .sort("name")
}

pub(crate) struct TagHooks;

#[async_trait]
impl Hooks for TagHooks {
    async fn before(&self, _ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            value::normalize(change, "name", |name| name.trim().to_owned());
        }
        Ok(())
    }
}
