//! Saved views: how somebody likes to look at a collection, kept to themselves or shared with
//! everyone in the tenant. What stands in a view is the interface's own; here it is only kept.

use std::sync::Arc;

use async_trait::async_trait;
use define::{Access, Collection, Field, Rule};
use engine::{Change, Context, Hooks, Module, Verb};
use kernel::{Result, Role, Value};

/// Bytes of JSON that a view may hold.
const MAX_CONFIG: i64 = 64 * 1024;

pub fn module() -> Module {
    Module {
        name: "views",
        collections: vec![collection()],
        hooks: vec![("views", Arc::new(ViewHooks))],
        sql: include_str!("../sql/views.sql"),
        ..Module::default()
    }
}

fn collection() -> Collection {
    let own = Rule::Own("owner".to_owned());
    let shared = Rule::Is("shared".to_owned());
    let kept =
        Rule::Any(vec![own.clone(), Rule::All(vec![Rule::Role(Role::Admin), shared.clone()])]);
    Collection::new("views", "View", "Views")
        .describe("Filters, order and layout of a collection, saved under a name.")
        .fields(vec![
            Field::text("name").required().max(120),
            Field::text("collection").required().max(40).describe("Slug of what it shows."),
            Field::select("layout", &["list", "board", "calendar"]).required().default("list"),
            Field::json("config").max(MAX_CONFIG).describe("The interface's own."),
            Field::checkbox("shared")
                .required()
                .write(Rule::Role(Role::Member))
                .describe("Whether everyone in the tenant sees it; a viewer's views are private."),
            Field::relation("owner", "users").read_only().describe("Whoever made it."),
            Field::number("position").min(-1_000_000_000).max(1_000_000_000),
        ])
        .access(Access {
            read: Rule::Any(vec![own, shared]),
            create: Rule::Member,
            update: kept.clone(),
            delete: kept,
        })
        // Admins read the audit, and a private view is nobody's but its owner's.
        .confidential()
        .sort("position")
        .index(&["collection", "position"])
}

struct ViewHooks;

#[async_trait]
impl Hooks for ViewHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let me = ctx.actor.user().map_or(Value::Null, |id| id.to_string().into());
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            if change.verb == Verb::Create {
                change.set("owner", me.clone());
                if me.is_null() {
                    // A view of the product's own would otherwise be seen by nobody.
                    change.set("shared", true);
                }
            } else if hides_anothers(change, &me) {
                change.refuse("shared", "Only its owner can make a view private.");
            } else if ctx.role < Role::Member && change.get("shared") == &Value::Bool(true) {
                // Whoever shared it was a member then.
                change.refuse("shared", "Viewers cannot change what everyone sees.");
            }
            check_collection(change);
        }
        Ok(())
    }
}

/// Whether a view that is someone else's would be seen by nobody but them.
fn hides_anothers(change: &Change, me: &Value) -> bool {
    change.get("shared") != &Value::Bool(true) && change.get("owner") != me
}

fn check_collection(change: &mut Change) {
    let Some(slug) = change.get("collection").as_str() else { return };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !slug.is_empty() && !slug.chars().all(plain) {
        change.refuse("collection", "Name a collection by its slug, such as deals.");
    }
}
