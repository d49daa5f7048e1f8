//! Records that change because another one did leave what every change leaves: an audit row, an event,
//! a line on the timeline where there is one. And what follows is right whoever comes first.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::office::Office;
use crate::support::app::TestApp;

/// Audit rows and events of a record, of creations and of changes.
async fn traces(office: &Office<'_>, doc: &Value) -> [i64; 2] {
    let id = doc["id"].as_str().unwrap();
    let witness = office.witness().await;
    let audit = format!("SELECT count(*) FROM audit WHERE document_id = '{id}'");
    let events = format!("SELECT count(*) FROM outbox WHERE document_id = '{id}'");
    [witness.number(&audit).await, witness.number(&events).await]
}

#[tokio::test]
async fn who_follows_another_record_has_changed_too() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (harbor, yard) = (office.company("Harbor").await, office.company("Yard").await);
    let ann = office.contact("Ann", &harbor).await;
    let data = json!({ "name": "Berth", "stage": stages.talk["id"], "primaryContact": ann["id"] });
    let deal = office.make("deals", data).await;
    assert_eq!(traces(&office, &deal).await, [1, 1]);

    office.change("contacts", &ann, json!({ "company": yard["id"] })).await;
    assert_eq!(traces(&office, &deal).await, [2, 2]);
    let after = office.see("deals", &deal).await;
    assert_ne!(after["updatedAt"], deal["updatedAt"]);
    let witness = office.witness().await;
    let told = format!(
        "SELECT count(*) FROM audit WHERE document_id = {id} AND before ->> 'company' = {from}
            AND after ->> 'company' = {to}",
        id = quoted(&deal["id"]),
        from = quoted(&harbor["id"]),
        to = quoted(&yard["id"]),
    );
    assert_eq!(witness.number(&told).await, 1);
    // Saying the same again changes nobody.
    office.change("contacts", &ann, json!({ "company": yard["id"] })).await;
    assert_eq!(traces(&office, &deal).await, [2, 2]);

    office.change("stages", &stages.talk, json!({ "kind": "won" })).await;
    assert_eq!(traces(&office, &deal).await, [3, 3]);
    let won = format!(
        "SELECT count(*) FROM outbox WHERE document_id = {} AND events::text LIKE '%\"deal.won\"%'",
        quoted(&deal["id"])
    );
    assert_eq!(witness.number(&won).await, 1);
    // One in the trash follows as well.
    office.change("deals", &deal, json!({ "deletedAt": "2026-11-21T00:00:00.000Z" })).await;
    office.change("contacts", &ann, json!({ "company": harbor["id"] })).await;
    let company =
        format!("SELECT count(*) FROM deals WHERE company_id = {}", quoted(&harbor["id"]));
    assert_eq!(witness.number(&company).await, 1);
}

#[tokio::test]
async fn identities_that_come_with_a_contact_are_told_of() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let person =
        json!({ "firstName": "Ann", "email": "ann@north.example", "phone": "+34 612 345 678" });
    office.make("contacts", person.clone()).await;
    let identities = office.list("identities", "").await;
    assert_eq!(identities.len(), 2);
    let witness = office.witness().await;
    for identity in &identities {
        assert_eq!(traces(&office, identity).await, [1, 1]);
        // The audit holds the document as it reads.
        let sql = format!(
            "SELECT after::text FROM audit WHERE document_id = {}",
            quoted(&identity["id"])
        );
        let told: String = witness.client.query_one(&sql, &[]).await.unwrap().get(0);
        let told: Value = serde_json::from_str(&told).unwrap();
        for key in ["id", "channel", "handle", "verified", "contact", "createdAt", "updatedAt"] {
            assert_eq!(told[key], identity[key], "{key}");
        }
    }
    // Handles that somebody has already are nobody's news.
    office.make("contacts", person).await;
    let told = "SELECT count(*) FROM audit WHERE collection = 'identities'";
    assert_eq!(witness.number(told).await, 2);
}

#[tokio::test]
async fn the_former_default_pipeline_has_changed_too() {
    let app = TestApp::start_with(&[("MAINSTAY_POOL", "8")]).await;
    let office = Office::open(&app, "north").await;
    let first = office.make("pipelines", json!({ "name": "First" })).await;
    assert_eq!(first["isDefault"], true);
    let second = office.make("pipelines", json!({ "name": "Second", "isDefault": true })).await;
    assert_eq!(office.see("pipelines", &first).await["isDefault"], false);
    assert_eq!(traces(&office, &first).await, [2, 2]);
    // Of several that want it at the same moment one has it.
    let chosen = (0..6).map(|n| {
        let doc = if n % 2 == 0 { &first } else { &second };
        office.change("pipelines", doc, json!({ "isDefault": true, "order": n }))
    });
    join_all(chosen).await;
    assert_eq!(office.count("pipelines", "where[isDefault][equals]=true").await, 1);
}

/// A deal made in the moment its contact changes company has the contact's company, before or after.
#[tokio::test]
async fn a_deal_made_while_its_contact_moves_has_the_right_company() {
    let app = TestApp::start_with(&[("MAINSTAY_POOL", "12")]).await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (harbor, yard) = (office.company("Harbor").await, office.company("Yard").await);
    let ann = office.contact("Ann", &harbor).await;
    for round in 0..12 {
        let company = if round % 2 == 0 { &yard } else { &harbor };
        let moving = office.change("contacts", &ann, json!({ "company": company["id"] }));
        let making = (0..6).map(|n| {
            let name = format!("Berth {round} {n}");
            let data =
                json!({ "name": name, "stage": stages.new["id"], "primaryContact": ann["id"] });
            office.make("deals", data)
        });
        let (_, _) = tokio::join!(moving, join_all(making));
    }
    let stale = "SELECT count(*) FROM deals d JOIN contacts c ON c.id = d.primary_contact_id
                  WHERE d.company_id IS DISTINCT FROM c.company_id";
    let witness = office.witness().await;
    assert_eq!(witness.number(stale).await, 0);
    assert_eq!(witness.number("SELECT count(*) FROM deals").await, 72);
}

/// Two processes know nothing of each other's places: here two engines over one database.
#[tokio::test]
async fn deals_that_two_servers_make_share_no_place() {
    let app = TestApp::start_with(&[("MAINSTAY_POOL", "8")]).await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let data = tempfile::tempdir().unwrap();
    let config = [("MAINSTAY_POOL", "8"), ("MAINSTAY_DATA", data.path().to_str().unwrap())];
    let config =
        server::config::Config::from_values(server::config::Values::of(&config, None)).unwrap();
    let bound = "127.0.0.1:0".parse().unwrap();
    let other = server::app::App::open(&config, &app.database, bound).await.unwrap();
    let actor = app.everywhere().await.select(office.tenant).unwrap();
    let here = (0..30).map(|_| office.deal(&stages.new));
    let flat = define::Shape::flat();
    let there = (0..30).map(|n| {
        let data = json!({ "name": format!("There {n}"), "stage": stages.new["id"] });
        let Value::Object(data) = data else { panic!("no document") };
        other.engine.create(&actor, "deals", data, &flat)
    });
    let (_, there) = tokio::join!(join_all(here), join_all(there));
    assert!(there.iter().all(Result::is_ok));
    let places = "SELECT count(DISTINCT position) FROM deals";
    assert_eq!(office.witness().await.number(places).await, 60);
}

fn quoted(id: &Value) -> String {
    format!("'{}'", id.as_str().unwrap())
}
