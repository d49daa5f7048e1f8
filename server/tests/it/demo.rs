//! The demo: as large as promised, the same everywhere, and gone again without a trace.

use std::collections::BTreeMap;
use std::time::Duration;

use kernel::{Actor, Timestamp};
use serde_json::Value;

use crate::matrix::digest::Witness;
use crate::support::app::{PASSWORD, TestApp};

const NOW: &str = "2026-11-21T10:30:00Z";

async fn actor(app: &TestApp) -> Actor {
    app.everywhere().await
}

async fn seed(app: &TestApp) -> bool {
    let now: Timestamp = NOW.parse().unwrap();
    crm::demo::seed(app.engine(), &actor(app).await, now, Some(PASSWORD)).await.unwrap()
}

async fn remove(app: &TestApp) -> bool {
    crm::demo::remove(app.engine(), &actor(app).await).await.unwrap()
}

/// Rows of the demo's tables that do not depend on ids, by table, as texts in order.
async fn told(witness: &Witness) -> BTreeMap<&'static str, Vec<String>> {
    let mut found = BTreeMap::new();
    for (table, columns) in [
        ("tenants", "name, slug, kind, status, currency, timezone"),
        ("users", "name, email, status"),
        (
            "companies",
            "name, domain, phone, industry, employees, annual_revenue_amount, created_at",
        ),
        ("contacts", "name, email, phone, job_title, lifecycle, source, created_at"),
        ("deals", "name, status, value_amount, value_currency, closed_at, position, created_at"),
        ("activities", "kind, subject, body, at, created_at"),
        ("tasks", "title, status, priority, due_at, completed_at"),
        ("appointments", "title, starts_at, ends_at, location, status"),
        ("notes", "body, pinned, created_at"),
        ("services", "name, category, price_amount, price_currency, billing"),
        ("stages", "name, order_, probability, kind"),
        ("tags", "name, color"),
    ] {
        let sql = format!("SELECT ({columns})::text FROM {table} ORDER BY 1");
        let rows = witness.client.query(&sql, &[]).await.unwrap();
        found.insert(table, rows.iter().map(|row| row.get(0)).collect());
    }
    found
}

#[tokio::test]
async fn it_is_as_large_as_promised() {
    let app = TestApp::start().await;
    let witness = Witness::of(&app).await;
    assert!(seed(&app).await);
    let count = async |what: &str| witness.number(&format!("SELECT count(*) FROM {what}")).await;
    assert_eq!(count("tenants WHERE kind = 'agency'").await, 1);
    assert_eq!(count("tenants WHERE kind = 'account'").await, 3);
    for (table, least) in [
        ("companies", 60),
        ("contacts", 500),
        ("deals", 50),
        ("tasks", 30),
        ("appointments", 20),
        ("notes", 20),
        ("activities", 300),
        ("identities", 500),
    ] {
        let rows = count(table).await;
        assert!(rows >= least, "{table}: {rows}");
    }
    // Each account has a pipeline with deals in every stage kind.
    let kinds = "(SELECT DISTINCT tenant_id, status FROM deals) s";
    assert_eq!(count(kinds).await, 9);
    // Two months of timeline, nothing in the future, every week of them with something in it.
    let days =
        format!("activities WHERE at < timestamptz '{NOW}' - interval '61 days' OR at > '{NOW}'");
    assert_eq!(count(&days).await, 0);
    let weeks = format!(
        "(SELECT DISTINCT (extract(epoch FROM timestamptz '{NOW}' - at) / 604800)::int
            FROM activities) w"
    );
    assert!(count(&weeks).await >= 8);
    // No deal is closed before it began, and each tells how it came to where it is.
    assert_eq!(count("deals WHERE closed_at < created_at").await, 0);
    let silent = "deals d WHERE NOT EXISTS (SELECT FROM activities a WHERE a.deal_id = d.id)";
    assert_eq!(count(silent).await, 0);

    // Its people can sign in, and their lists are full.
    let boss = app.sign_in(crm::demo::OWNER_EMAIL).await;
    let (status, body) = boss.get("/api/deals/count").await;
    assert_eq!((status.as_u16(), body["totalDocs"].as_i64()), (200, Some(count("deals").await)));
    let seller = app.sign_in("demo-marina-sales@mainstay.example").await;
    let (_, body) = seller.get("/api/companies/count").await;
    assert_eq!(body["totalDocs"], Value::from(22));
}

#[tokio::test]
async fn it_is_the_same_everywhere() {
    let (one, other) = (TestApp::start().await, TestApp::start().await);
    let mut seen = Vec::new();
    for app in [&one, &other] {
        assert!(seed(app).await);
        seen.push(told(&Witness::of(app).await).await);
    }
    let other = seen.pop().unwrap();
    for (table, rows) in seen.pop().unwrap() {
        assert_eq!(rows, other[table], "{table}");
    }
}

#[tokio::test]
async fn a_second_seed_adds_nothing() {
    let app = TestApp::start().await;
    let witness = Witness::of(&app).await;
    assert!(seed(&app).await);
    let before = witness.look().await;
    assert!(!seed(&app).await);
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn it_goes_and_leaves_everything_else() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "me@north.example.test", kernel::Role::Owner).await;
    app.create(account, "companies", serde_json::json!({ "name": "Harbor" })).await;
    let witness = Witness::of(&app).await;
    let before = witness.look().await;
    assert!(!remove(&app).await);
    assert!(seed(&app).await);
    assert!(remove(&app).await);
    // The platform remembers that the agency came and went; nothing else is left.
    let changed = witness.changed_since(&before).await;
    assert_eq!(changed, ["audit", "audit_chain", "outbox"]);
    let remembered = format!(
        "SELECT count(*) FROM audit WHERE tenant_id = '{}' AND verb = 'delete' AND collection = 'tenants'
            AND before ->> 'slug' = 'demo-agency'",
        app.platform()
    );
    assert_eq!(witness.number(&remembered).await, 1);
    let orphans = "SELECT count(*) FROM audit a
                    WHERE NOT EXISTS (SELECT FROM tenants t WHERE t.id = a.tenant_id)";
    assert_eq!(witness.number(orphans).await, 0);
    assert!(!remove(&app).await);
    assert!(seed(&app).await, "and it can come again");
}

#[tokio::test]
async fn a_seed_that_was_cut_is_made_whole() {
    let app = TestApp::start().await;
    let whole = {
        let other = TestApp::start().await;
        assert!(seed(&other).await);
        told(&Witness::of(&other).await).await
    };
    let witness = Witness::of(&app).await;
    let count = async |what: &str| witness.number(&format!("SELECT count(*) FROM {what}")).await;
    let mut cuts = 0;
    for wait in [20, 80, 160, 320, 640] {
        let cut = tokio::time::timeout(Duration::from_millis(wait), seed(&app)).await;
        // Whoever stops waiting leaves no transaction behind, but the last one may still be committing.
        tokio::time::sleep(Duration::from_millis(50)).await;
        if cut.is_ok() {
            assert!(remove(&app).await);
            continue;
        }
        assert_eq!(count("tenants WHERE slug = 'demo-agency'").await, 0, "after {wait} ms");
        cuts += i64::min(count("tenants WHERE slug = 'demo-agency-unfinished'").await, 1);
    }
    assert!(cuts > 0, "no seed was cut half-way");
    assert!(seed(&app).await);
    for (table, rows) in told(&witness).await {
        assert_eq!(rows, whole[table], "{table}");
    }
    assert!(!seed(&app).await);
}

#[tokio::test]
async fn what_a_cut_seed_left_can_be_removed() {
    let app = TestApp::start().await;
    let witness = Witness::of(&app).await;
    assert!(seed(&app).await);
    let cut = "UPDATE tenants SET slug = 'demo-agency-unfinished' WHERE slug = 'demo-agency';
               DELETE FROM deals; DELETE FROM users WHERE email LIKE 'demo-software-%';
               DELETE FROM tenants WHERE slug = 'demo-northlight-software'";
    witness.client.batch_execute(cut).await.unwrap();
    assert!(remove(&app).await);
    assert!(!remove(&app).await);
    assert_eq!(witness.number("SELECT count(*) FROM tenants").await, 1);
    assert_eq!(witness.number("SELECT count(*) FROM users").await, 1);
}
