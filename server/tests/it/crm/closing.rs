//! When a deal was won or lost.

use kernel::Timestamp;
use serde_json::{Value, json};

use super::office::Office;
use crate::support::app::TestApp;

#[tokio::test]
async fn closing_is_dated_and_reopening_takes_the_date_away() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let before = kernel::now();
    let closed =
        |deal: &Value| -> Timestamp { deal["closedAt"].as_str().unwrap().parse().unwrap() };

    let deal = office.deal(&stages.new).await;
    assert_eq!(deal["closedAt"], Value::Null);
    let deal = office.change("deals", &deal, json!({ "stage": stages.won["id"] })).await;
    assert!((before..=kernel::now()).contains(&closed(&deal)), "{deal}");
    let first = deal["closedAt"].clone();

    // Closed already: a change of something else keeps the date, another outcome renews it.
    let deal = office.change("deals", &deal, json!({ "name": "Berth 13" })).await;
    assert_eq!(deal["closedAt"], first);
    let deal = office.change("deals", &deal, json!({ "stage": stages.lost["id"] })).await;
    assert!(closed(&deal) > first.as_str().unwrap().parse().unwrap());
    let deal = office.change("deals", &deal, json!({ "stage": stages.talk["id"] })).await;
    assert_eq!(deal["closedAt"], Value::Null);
    // An open deal has no such date, whatever is sent.
    let day = "2026-03-01T12:00:00.000Z";
    let deal = office.change("deals", &deal, json!({ "closedAt": day })).await;
    assert_eq!(deal["closedAt"], Value::Null);
    // Whoever closes it may know better when that was.
    let told = json!({ "stage": stages.won["id"], "closedAt": day });
    assert_eq!(office.change("deals", &deal, told).await["closedAt"], day);
    let data = json!({ "name": "Berth", "stage": stages.lost["id"], "closedAt": day });
    assert_eq!(office.make("deals", data).await["closedAt"], day);
}

#[tokio::test]
async fn a_task_that_is_done_has_a_date_too() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let task = office.make("tasks", json!({ "title": "Call" })).await;
    assert_eq!((&task["status"], &task["completedAt"]), (&json!("open"), &Value::Null));
    let task = office.change("tasks", &task, json!({ "status": "done" })).await;
    assert!(task["completedAt"].is_string());
    let task = office.change("tasks", &task, json!({ "status": "open" })).await;
    assert_eq!(task["completedAt"], Value::Null);
}
