//! Companies: the organizations that contacts work for and deals are made with.

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Result, Value};

use crate::LIFECYCLE;
use crate::timeline::{self, Names, Subject, Watch};
use crate::value::{self, text_of};

const INDUSTRIES: [&str; 28] = [
    "agriculture",
    "automotive",
    "construction",
    "consulting",
    "education",
    "employment",
    "energy",
    "entertainment",
    "finance",
    "food",
    "government",
    "hospitality",
    "insurance",
    "legal",
    "logistics",
    "manufacturing",
    "marine",
    "marketing",
    "media",
    "medical",
    "nonprofit",
    "real_estate",
    "retail",
    "services",
    "software",
    "technology",
    "telecommunications",
    "other",
];

/// What a host name can have at most (RFC 1035); no address with a longer one leads anywhere.
const MAX_DOMAIN: usize = 253;

pub(crate) fn definition() -> Collection {
    Collection::new("companies", "Company", "Companies")
        .describe("Organizations you do business with.")
        .fields(vec![
            Field::text("name").required().max(300),
            Field::text("domain")
                .max(MAX_DOMAIN as i64)
                .index()
                .describe("Host name, taken from the website."),
            Field::url("website"),
            Field::phone("phone"),
            Field::select("industry", &INDUSTRIES),
            Field::integer("employees").min(0),
            Field::money("annualRevenue"),
            Field::integer("founded").min(1).max(9999).describe("Year the company was founded."),
            Field::address("address"),
            Field::relation("parent", "companies").index(),
            Field::relation("owner", "users").index(),
            Field::select("lifecycle", &LIFECYCLE).default("lead"),
            Field::relation("tags", "tags").many(),
            Field::text("source").max(120),
        ])
        .search(&["name", "domain", "phone", "address.city"])
        .index(&["name"])
        .trash()
}

const SUBJECT: Subject = Subject {
    noun: "Company",
    links: &[("company", "id")],
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

pub(crate) struct CompanyHooks;

#[async_trait]
impl Hooks for CompanyHooks {
    async fn before(&self, _ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            name_the_domain(change);
            if change.verb == Verb::Update && change.changed("lifecycle") {
                change.events.push("company.lifecycle_changed".into());
            }
        }
        Ok(())
    }

    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        timeline::record(ctx, &SUBJECT, changes, |_, _| None).await
    }
}

fn name_the_domain(change: &mut Change) {
    if text_of(change.get("domain")).is_none()
        && change.changed("website")
        && let Some(website) = text_of(change.get("website"))
    {
        let host = value::domain(website);
        if host.chars().count() <= MAX_DOMAIN {
            change.set("domain", Value::String(host));
        }
    }
    value::normalize(change, "domain", value::domain);
}
