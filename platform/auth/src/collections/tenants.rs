//! The tree of tenants: one platform, agencies under it, accounts under agencies.

use async_trait::async_trait;
use define::{Access, Collection, Field, OnDelete, Rule, Tenancy};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Currency, Error, FieldError, Id, Result, Role, Value};

use super::branding;

pub(super) fn collection() -> Collection {
    Collection::new("tenants", "Tenant", "Tenants")
        .describe("Whoever has data of their own: the platform, its agencies, their accounts.")
        .tenancy(Tenancy::Tree)
        .access(Access {
            read: Rule::Member,
            create: Rule::Role(Role::Admin),
            update: Rule::Role(Role::Admin),
            delete: Rule::Role(Role::Owner),
        })
        .fields(vec![
            Field::text("name").required().max(200),
            Field::text("slug")
                .required()
                .max(63)
                .describe("Lower-case letters, digits and dashes; made from the name when absent."),
            Field::select("kind", &["platform", "agency", "account"]).required().create_only(),
            Field::relation("parent", "tenants").create_only().on_delete(OnDelete::Restrict),
            Field::select("status", &["active", "suspended"])
                .required()
                .default("active")
                .describe(
                    "Its own people cannot enter a suspended tenant or one below it; those above \
                     still can. Set from the tenant above.",
                ),
            Field::text("currency").max(3).describe(
                "Three capital letters (ISO 4217); absent means that of the tenant above.",
            ),
            Field::text("timezone").max(64).describe("Of IANA: Europe/Madrid."),
            Field::text("locale").max(35).describe("A language tag: en, es, pt-BR."),
            Field::text("brandColor").max(7).describe("Six hexadecimal digits: #0e7490."),
            Field::text("logo").max(branding::MAX_LOGO_TEXT).aside().describe(
                "A data URL of a PNG, JPEG or WebP picture of at most 128 KB. Left out where a tenant is \
                 shown inside another document.",
            ),
            Field::text("businessType").max(60).describe("One of GET /api/business-types."),
        ])
        .sort("name")
        // Of each parent, so that a name taken elsewhere says nothing about who is a client there.
        .unique(&["parent", "slug"])
}

pub(super) struct Rules;

#[async_trait]
impl Hooks for Rules {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut() {
            match change.verb {
                Verb::Create => create(ctx, change).await?,
                Verb::Update => update(ctx, change)?,
                Verb::Delete if is_platform(change) => return Err(Error::forbidden()),
                Verb::Delete => {}
            }
            if change.verb != Verb::Delete {
                check(change);
            }
        }
        Ok(())
    }
}

async fn create(ctx: &mut Context<'_>, change: &mut Change) -> Result<()> {
    let parent = change.get_id("parent").unwrap_or(ctx.tenant);
    if ctx.actor.role_in(parent) < Some(Role::Admin) {
        return Err(Error::forbidden());
    }
    change.set("parent", parent.to_string());
    let above = ctx.load("tenants", &[parent]).await?;
    let kind_above = above.get(&parent).and_then(|doc| doc.get("kind")).and_then(Value::as_str);
    let fitting = match kind_above {
        Some("platform") => Some("agency"),
        Some("agency") => Some("account"),
        _ => None,
    };
    match (fitting, change.get("kind").as_str()) {
        (None, _) => change.refuse("parent", "An account cannot have tenants below it."),
        (Some(kind), None) => change.set("kind", kind),
        (Some(kind), Some(asked)) if kind == asked => {}
        (Some(_), Some(_)) => {
            change.refuse("kind", "Agencies stand under the platform, accounts under an agency.");
        }
    }
    if change.get("slug").is_null() {
        let made = slug(change.get("name").as_str().unwrap_or_default());
        if !made.is_empty() {
            change.set("slug", made);
        }
    }
    Ok(())
}

/// Whether someone is let in is for those above to say.
fn update(ctx: &Context<'_>, change: &Change) -> Result<()> {
    if !change.changed("status") {
        return Ok(());
    }
    let above: Option<Id> = change.get_id("parent");
    let role = above.and_then(|parent| ctx.actor.role_in(parent));
    if role >= Some(Role::Admin) { Ok(()) } else { Err(Error::forbidden()) }
}

fn is_platform(change: &Change) -> bool {
    change.former("kind").as_str() == Some("platform")
}

fn check(change: &mut Change) {
    branding::check_place(change);
    check_look(change);
    if let Some(text) = change.get("slug").as_str()
        && slug(text) != text
    {
        let message = "Use lower-case letters, digits and single dashes.";
        change.errors.push(FieldError::new("slug", message).labeled("Slug"));
    }
    if let Some(text) = change.get("currency").as_str() {
        let upper = text.trim().to_uppercase();
        match Currency::parse(&upper) {
            Some(_) => change.set("currency", upper),
            None => {
                let message = "A currency is three letters, as in USD.";
                change.errors.push(FieldError::new("currency", message).labeled("Currency"));
            }
        }
    }
}

fn check_look(change: &mut Change) {
    branding::rewrite(change, "brandColor", branding::color);
    branding::rewrite(change, "logo", |text| match branding::logo_fault(text) {
        None => Ok(text.to_owned()),
        Some(fault) => Err(fault),
    });
}

/// `Blue Harbor, Inc.` → `blue-harbor-inc`.
fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() == 63 {
            break;
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs() {
        assert_eq!(slug("Blue Harbor, Inc."), "blue-harbor-inc");
        assert_eq!(slug("--A  b--"), "a-b");
        assert_eq!(slug("…"), "");
        assert_eq!(slug(&"x".repeat(100)).len(), 63);
        assert_eq!(slug("sample"), "sample");
    }
}
