//! What becomes of the rest when something is deleted.

use kernel::Role;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::office::{Office, id_of, path};
use crate::matrix::digest::Witness;
use crate::support::app::{PASSWORD, TestApp};

#[tokio::test]
async fn contacts_and_deals_survive_their_company() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let harbor = office.company("Harbor").await;
    let below = office.make("companies", json!({ "name": "Quay", "parent": harbor["id"] })).await;
    let ann = office.contact("Ann", &harbor).await;
    let data = json!({ "name": "Berth", "stage": stages.new["id"], "primaryContact": ann["id"] });
    let deal = office.make("deals", data).await;
    let note = json!({ "body": "Likes sailing", "company": harbor["id"] });
    let note = office.make("notes", note).await;

    let (status, body) = office.delete("companies", &harbor).await;
    assert_eq!((status, &body["doc"]["name"]), (StatusCode::OK, &json!("Harbor")), "{body}");
    for (slug, doc, field) in [
        ("contacts", &ann, "company"),
        ("deals", &deal, "company"),
        ("notes", &note, "company"),
        ("companies", &below, "parent"),
    ] {
        assert_eq!(office.see(slug, doc).await[field], Value::Null, "{slug}");
    }
    // The timeline of the deal is there still, without its company.
    let told = office.list("activities", "where[deal][exists]=true").await;
    assert_eq!((told.len(), &told[0]["company"]), (1, &Value::Null));
}

#[tokio::test]
async fn a_deal_survives_its_primary_contact() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (harbor, yard) = (office.company("Harbor").await, office.company("Yard").await);
    let data = json!({ "firstName": "Ann", "email": "ann@example.test", "company": harbor["id"] });
    let ann = office.make("contacts", data).await;
    let data = json!({ "name": "Berth", "stage": stages.new["id"], "primaryContact": ann["id"] });
    let deal = office.make("deals", data).await;
    let visit = json!({
        "title": "Visit", "startsAt": "2026-12-01T09:00:00Z", "attendees": [ann["id"]],
    });
    let visit = office.make("appointments", visit).await;

    assert_eq!(office.delete("contacts", &ann).await.0, StatusCode::OK);
    let deal = office.see("deals", &deal).await;
    assert_eq!((&deal["primaryContact"], &deal["company"]), (&Value::Null, &harbor["id"]));
    assert_eq!(office.see("appointments", &visit).await["attendees"], json!([]));
    assert_eq!(office.count("identities", "").await, 0);
    // From now on its company is free to choose.
    let deal = office.change("deals", &deal, json!({ "company": yard["id"] })).await;
    assert_eq!(deal["company"], yard["id"]);
}

#[tokio::test]
async fn a_stage_in_use_stays() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let deal = office.deal(&stages.new).await;
    let pipeline = json!({ "id": stages.new["pipeline"] });
    let used = json!([{ "message": "Other records (deals) still refer to this one." }]);
    for (slug, doc) in [("stages", &stages.new), ("pipelines", &pipeline)] {
        let (status, body) = office.delete(slug, doc).await;
        assert_eq!((status, &body["errors"]), (StatusCode::CONFLICT, &used), "{slug}");
    }
    // In bulk each stage answers for itself.
    let (status, body) = office.me.delete("/api/stages?where[id][exists]=true").await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert_eq!(body["message"], "Unable to delete 1 out of 4 Stages.");
    assert_eq!(body["errors"][0]["id"], stages.new["id"]);
    assert_eq!(body["errors"][0]["message"], used[0]["message"]);
    assert_eq!(office.count("stages", "").await, 1);

    // One in the trash holds it too; when the deal is gone both can go.
    let gone = json!({ "deletedAt": "2026-11-21T10:00:00Z" });
    office.change("deals", &deal, gone).await;
    assert_eq!(office.delete("stages", &stages.new).await.0, StatusCode::CONFLICT);
    let (status, _) = office.me.delete(&format!("{}?trash=true", path("deals", &deal))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(office.delete("pipelines", &pipeline).await.0, StatusCode::OK);
    assert_eq!(office.count("stages", "").await, 0, "stages go with their pipeline");
}

#[tokio::test]
async fn a_person_who_goes_leaves_what_they_did() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let data = json!({ "email": "seller@north.example.test", "password": PASSWORD });
    let seller = office.make("users", data).await;
    let data = json!({ "name": "Berth", "stage": stages.new["id"], "owner": seller["id"] });
    let deal = office.make("deals", data).await;
    let (status, body) = office.delete("users", &seller).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(office.see("deals", &deal).await["owner"], Value::Null);
    let email = "where[user.email][equals]=seller@north.example.test";
    assert_eq!(office.count("memberships", email).await, 0);
}

/// How many rows of each table are a tenant's; tables without any are left out.
async fn rows_of(witness: &Witness, tenant: kernel::Id) -> Vec<(String, i64)> {
    let tables = "SELECT relname::text FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
                   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                     AND attname = 'tenant_id' AND NOT attisdropped ORDER BY 1";
    let tables = witness.client.query(tables, &[]).await.unwrap();
    assert!(tables.len() > 15, "{}", tables.len());
    let mut found = Vec::new();
    for table in &tables {
        let table: String = table.get(0);
        let sql = format!("SELECT count(*) FROM {table} WHERE tenant_id = '{tenant}'");
        let count = witness.number(&sql).await;
        if count > 0 {
            found.push((table, count));
        }
    }
    found
}

#[tokio::test]
async fn a_tenant_goes_with_all_its_rows_and_its_parent_remembers() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let other = Office::open(&app, "south").await;
    for office in [&office, &other] {
        let stages = office.pipeline("Sales").await;
        let vip = office.make("tags", json!({ "name": "VIP" })).await;
        let service = office.make("services", json!({ "name": "Berth" })).await;
        let data = json!({ "name": "Harbor", "tags": [vip["id"]] });
        let harbor = office.make("companies", data).await;
        let data = json!({
            "firstName": "Ann", "company": harbor["id"], "email": "ann@example.test",
            "tags": [vip["id"]],
        });
        let ann = office.make("contacts", data).await;
        let data = json!({
            "name": "Berth", "stage": stages.won["id"], "primaryContact": ann["id"],
            "serviceInterest": [service["id"]], "owner": office.my_id,
        });
        let deal = office.make("deals", data).await;
        office.make("tasks", json!({ "title": "Call", "deal": deal["id"] })).await;
        office.make("notes", json!({ "body": "Likes sailing", "deal": deal["id"] })).await;
        let visit = json!({
            "title": "Visit", "startsAt": "2026-12-01T09:00:00Z", "attendees": [ann["id"]],
        });
        office.make("appointments", visit).await;
    }
    let witness = Witness::of(&app).await;
    let before = rows_of(&witness, office.tenant).await;
    assert!(before.len() >= 17, "every table has rows: {before:?}");
    let others = rows_of(&witness, other.tenant).await;

    let tenant = json!({ "id": office.tenant });
    let one = path("tenants", &tenant);
    let sql = format!("SELECT parent_id FROM tenants WHERE id = '{}'", office.tenant);
    let agency: kernel::Id = witness.client.query_one(&sql, &[]).await.unwrap().get(0);
    // Not its own owner, not the parent's admin.
    app.user(office.tenant, "owner@north.example.test", Role::Owner).await;
    app.user(agency, "admin@agency.example.test", Role::Admin).await;
    app.user(agency, "owner@agency.example.test", Role::Owner).await;
    for email in ["owner@north.example.test", "admin@agency.example.test"] {
        let (status, body) = app.sign_in(email).await.delete(&one).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{email}: {body}");
    }
    let boss = app.sign_in("owner@agency.example.test").await;
    let (status, body) = boss.delete(&format!("{one}?depth=0")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body["doc"]["slug"], "north");
    assert_eq!(rows_of(&witness, office.tenant).await, []);
    assert_eq!(rows_of(&witness, other.tenant).await, others);
    let (status, _) = boss.get(&one).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let recorded = format!(
        "SELECT count(*) FROM audit a JOIN outbox o USING (tenant_id, document_id)
          WHERE a.tenant_id = '{agency}' AND a.verb = 'delete' AND a.collection = 'tenants'
            AND a.document_id = '{}' AND a.before ->> 'slug' = 'north'
            AND o.events::text = '[\"tenant.deleted\"]'",
        office.tenant
    );
    assert_eq!(witness.number(&recorded).await, 1);
    // Its people are nobody's now: they cannot come in.
    let (status, _) = office.me.get("/api/deals").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_ne!(id_of(&tenant), agency);
}
