//! The timeline tells what changed, in the transaction that changed it.

use serde_json::json;

use super::office::{Office, id_of};
use crate::support::app::TestApp;

fn told(kind: &str, subject: &str) -> (String, String) {
    (kind.to_owned(), subject.to_owned())
}

#[tokio::test]
async fn a_deal_tells_its_stages_status_and_owners() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let harbor = office.company("Harbor").await;
    let ann = office.contact("Ann", &harbor).await;
    let data = json!({ "name": "Berth", "stage": stages.new["id"], "primaryContact": ann["id"] });
    let deal = office.make("deals", data).await;
    assert_eq!(office.told("deal", &deal).await, [told("created", "Deal created")]);

    office.change("deals", &deal, json!({ "stage": stages.talk["id"] })).await;
    let both = json!({ "stage": stages.won["id"], "owner": office.my_id });
    office.change("deals", &deal, both).await;
    let mut all = office.told("deal", &deal).await;
    all.sort();
    let mut wanted = [
        told("created", "Deal created"),
        told("stage_changed", "Stage: New → Talk"),
        told("stage_changed", "Stage: Talk → Won"),
        told("status_changed", "Status: Open → Won"),
        told("owner_changed", "Owner: none → admin@north.example.test"),
    ];
    wanted.sort();
    assert_eq!(all, wanted);

    let filter = format!(
        "where[deal][equals]={}&where[kind][equals]=status_changed",
        deal["id"].as_str().unwrap()
    );
    let row = office.list("activities", &filter).await.remove(0);
    assert_eq!(row["actor"], json!(office.my_id));
    assert_eq!((&row["contact"], &row["company"]), (&ann["id"], &harbor["id"]));
    assert_eq!(row["meta"], json!({ "field": "status", "from": "open", "to": "won" }));
    // A change of nothing that is watched tells nothing.
    office.change("deals", &deal, json!({ "name": "Berth 2", "stage": stages.won["id"] })).await;
    assert_eq!(office.told("deal", &deal).await.len(), 5);
}

#[tokio::test]
async fn a_deal_closed_last_week_changed_its_status_last_week() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let deal = office.deal(&stages.new).await;
    let day = "2026-11-14T10:00:00.000Z";
    let data = json!({ "stage": stages.lost["id"], "closedAt": day });
    office.change("deals", &deal, data).await;
    let rows = office.list("activities", "where[kind][in]=status_changed,stage_changed").await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row["at"] == day), "{rows:?}");
}

#[tokio::test]
async fn contacts_and_companies_tell_lifecycle_and_owner() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let harbor = office.company("Harbor").await;
    let ann = office.contact("Ann", &harbor).await;
    office.change("contacts", &ann, json!({ "lifecycle": "customer" })).await;
    office.change("contacts", &ann, json!({ "owner": office.my_id })).await;
    let wanted = [
        told("created", "Contact created"),
        told("lifecycle_changed", "Lifecycle: Lead → Customer"),
        told("owner_changed", "Owner: none → admin@north.example.test"),
    ];
    assert_eq!(office.told("contact", &ann).await, wanted);

    office.change("companies", &harbor, json!({ "lifecycle": null, "owner": office.my_id })).await;
    let all = office.told("company", &harbor).await;
    assert!(all.contains(&told("lifecycle_changed", "Lifecycle: Lead → none")), "{all:?}");
    // What happened to its contacts is part of a company's story.
    assert!(all.contains(&told("created", "Contact created")), "{all:?}");
}

#[tokio::test]
async fn a_refused_change_tells_nothing() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let deal = office.deal(&stages.new).await;
    let witness = office.witness().await;
    let before = witness.look().await;
    for wrong in [
        json!({ "stage": stages.won["id"], "name": "" }),
        json!({ "stage": stages.won["id"], "owner": kernel::new_id() }),
        json!({ "stage": kernel::new_id(), "owner": office.my_id }),
    ] {
        office.refused("deals", &deal, wrong).await;
    }
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn people_log_calls_but_not_what_the_product_writes() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let deal = office.deal(&stages.new).await;
    let call = json!({ "kind": "call", "subject": "First call", "deal": deal["id"] });
    let call = office.make("activities", call).await;
    assert_eq!(call["actor"], json!(office.my_id));
    assert!(call["at"].is_string());
    let forged = json!({ "kind": "stage_changed", "subject": "Stage: New → Won" });
    let said = office.not_made("activities", forged).await;
    assert_eq!(said, "kind: \"stage_changed\" is written by the product only.");
}

#[tokio::test]
async fn a_task_done_is_told_where_it_belongs() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let deal = office.deal(&stages.new).await;
    let task = office.make("tasks", json!({ "title": "Call back", "deal": deal["id"] })).await;
    office.change("tasks", &task, json!({ "status": "done" })).await;
    let all = office.told("deal", &deal).await;
    assert_eq!(all.last().unwrap(), &told("task", "Task done: Call back"));
    let loose = office.make("tasks", json!({ "title": "Tidy up", "status": "done" })).await;
    assert!(loose["completedAt"].is_string());
    assert_eq!(office.count("activities", "where[subject][contains]=Tidy").await, 0);
}

#[tokio::test]
async fn fifty_deals_changed_at_once_tell_fifty_times() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(id_of(&office.deal(&stages.new).await).to_string());
    }
    let witness = office.witness().await;
    let count = async |what: &str| witness.number(&format!("SELECT count(*) FROM {what}")).await;
    let audit = count("audit").await;
    let outbox = count("outbox").await;
    let path =
        format!("/api/deals?limit=0&where[stage][equals]={}", stages.new["id"].as_str().unwrap());
    let (status, body) = office.me.patch(&path, json!({ "stage": stages.won["id"] })).await;
    assert_eq!(
        (status.as_u16(), &body["message"]),
        (200, &json!("Updated 50 Deals successfully."))
    );
    assert_eq!(count("audit").await - audit, 50);
    assert_eq!(count("outbox").await - outbox, 50);
    let won = "outbox WHERE events::text LIKE '[\"deal.won\",%' AND collection = 'deals'";
    assert_eq!(count(won).await, 50);
    assert_eq!(office.count("activities", "where[kind][equals]=stage_changed").await, 50);
    assert_eq!(office.count("activities", "where[kind][equals]=status_changed").await, 50);
    let mut places: Vec<i64> = office
        .list("deals", "select[position]=true")
        .await
        .iter()
        .map(|deal| deal["position"].as_i64().unwrap())
        .collect();
    places.sort_unstable();
    assert_eq!(places, (1..=50).collect::<Vec<i64>>());
}
