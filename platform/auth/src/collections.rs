//! The collections of this floor and what happens when they are written.

mod branding;
mod invitations;
mod memberships;
mod preferences;
mod tenants;
mod users;

use std::sync::Arc;

use engine::{Context, Module};
use kernel::{Error, Kind, Result};

use crate::actors::column;
use crate::{Passwords, Post};

/// Tenants, users, memberships and invitations, with the tables and functions of sign-in.
pub fn module(passwords: Passwords, post: Post) -> Module {
    Module {
        name: "auth",
        collections: vec![
            tenants::collection(),
            users::collection(),
            memberships::collection(),
            invitations::collection(),
        ],
        hooks: vec![
            ("tenants", Arc::new(tenants::Rules)),
            ("users", Arc::new(users::Rules { passwords })),
            ("memberships", Arc::new(memberships::Rules)),
            ("invitations", Arc::new(invitations::Rules { post: post.clone() })),
        ],
        sql: concat!(
            include_str!("../sql/auth.sql"),
            "\n",
            include_str!("../sql/letters.sql"),
            "\n",
            include_str!("../sql/preferences.sql"),
            "\n",
            include_str!("../sql/settings.sql"),
            "\n",
            include_str!("../sql/invitations.sql"),
            "\n",
            include_str!("../sql/noted.sql"),
        ),
        actions: vec![crate::settings::action(), invitations::resend(post)],
    }
}

const ROLES: [&str; 4] = ["viewer", "member", "admin", "owner"];

const TOO_STRONG: &str = "You cannot grant a role stronger than your own.";

/// Refuses a write after which nobody would own the platform. To be asked after the rows are written.
async fn keep_an_owner(ctx: &mut Context<'_>) -> Result<()> {
    let rows = ctx.query("SELECT app.platform_has_owner() AS kept", &[]).await?;
    match rows.first() {
        Some(row) if column::<bool>(row, "kept")? => Ok(()),
        _ => Err(Error::new(
            Kind::Conflict,
            "The platform must keep an active owner; give the role to someone else first.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Role;

    #[test]
    fn definitions_are_sound() {
        assert_eq!(
            define::check(&module(Passwords::new(), Post::new()).collections),
            Vec::<String>::new()
        );
        assert_eq!(ROLES.to_vec(), Role::ALL.map(Role::as_str).to_vec());
    }
}
