//! Who belongs to a tenant, and as what. A role holds in every tenant below as well.

use async_trait::async_trait;
use define::{Access, Collection, Field, OnDelete};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Error, FieldError, Id, Result, Role, Value};

use super::{ROLES, TOO_STRONG, keep_an_owner};

pub(super) fn collection() -> Collection {
    Collection::new("memberships", "Membership", "Memberships")
        .describe("A person's role in a tenant and in every tenant below it.")
        .access(Access::settings())
        .fields(vec![
            Field::relation("user", "users").required().create_only().on_delete(OnDelete::Cascade),
            Field::select("role", &ROLES).required(),
            Field::relation("manager", "users"),
            Field::text("team").max(120),
        ])
        .title("user")
        .unique(&["user"])
}

pub(super) struct Rules;

#[async_trait]
impl Hooks for Rules {
    /// Nobody gives more than they have, or touches who has more than they.
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut() {
            let tenant: Id = change.get_id("tenant").unwrap_or(ctx.tenant);
            let own = ctx.actor.role_in(tenant);
            if role(change.former("role")) > own {
                return Err(Error::forbidden());
            }
            if change.verb != Verb::Delete && role(change.get("role")) > own {
                change.errors.push(FieldError::new("role", TOO_STRONG).labeled("Role"));
            }
        }
        Ok(())
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        let was_owner = |c: &Change| role(c.former("role")) == Some(Role::Owner);
        let leaves = |c: &Change| c.verb == Verb::Delete || c.changed("role");
        if changes.iter().any(|c| was_owner(c) && leaves(c)) {
            keep_an_owner(ctx).await?;
        }
        Ok(())
    }
}

fn role(value: &Value) -> Option<Role> {
    value.as_str().and_then(Role::parse)
}
