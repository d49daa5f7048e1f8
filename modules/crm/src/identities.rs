//! Identities: the handles a contact is reached by, the identity graph. A handle is written in
//! one normal form, so that a message always finds its person.

use async_trait::async_trait;
use define::{Collection, Field, OnDelete};
use engine::{Change, Context, Hooks, Verb};
use kernel::Result;

use crate::value;

pub(crate) fn definition() -> Collection {
    let channels =
        ["email", "phone", "whatsapp", "instagram", "facebook", "telegram", "linkedin", "web"];
    Collection::new("identities", "Identity", "Identities")
        .describe("The addresses and handles of contacts, one per channel and handle.")
        .fields(vec![
            Field::relation("contact", "contacts").required().index().on_delete(OnDelete::Cascade),
            Field::select("channel", &channels).required().option_label("whatsapp", "WhatsApp"),
            Field::text("handle").required().max(320),
            Field::checkbox("verified"),
        ])
        .title("handle")
        .unique(&["channel", "handle"])
}

pub(crate) struct IdentityHooks;

#[async_trait]
impl Hooks for IdentityHooks {
    async fn before(&self, _ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            let is_number = matches!(change.get("channel").as_str(), Some("phone" | "whatsapp"));
            let clean = if is_number { value::phone } else { value::email };
            value::normalize(change, "handle", clean);
        }
        Ok(())
    }
}
