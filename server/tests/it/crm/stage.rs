//! A deal's stage says its pipeline and its status, and where it stands among the others.

use serde_json::{Value, json};

use super::office::Office;
use crate::support::app::TestApp;

#[tokio::test]
async fn pipeline_and_status_follow_the_stage() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let sales = office.pipeline("Sales").await;
    let service = office.pipeline("Service").await;
    let state = |deal: &Value| (deal["pipeline"].clone(), deal["status"].clone());

    let data = json!({
        "name": "Berth", "stage": sales.new["id"], "status": "won",
    });
    let deal = office.make("deals", data).await;
    assert_eq!(state(&deal), (sales.new["pipeline"].clone(), json!("open")));
    let deal = office.change("deals", &deal, json!({ "status": "lost" })).await;
    assert_eq!(deal["status"], "open");
    for (stage, status) in [(&sales.won, "won"), (&sales.lost, "lost"), (&service.talk, "open")] {
        let deal = office.change("deals", &deal, json!({ "stage": stage["id"] })).await;
        assert_eq!(state(&deal), (stage["pipeline"].clone(), json!(status)));
    }
    // A pipeline alone leads to its first stage; without either the default pipeline's.
    let deal = office.change("deals", &deal, json!({ "pipeline": sales.new["pipeline"] })).await;
    assert_eq!(deal["stage"], sales.new["id"]);
    let deal = office.make("deals", json!({ "name": "Berth" })).await;
    assert_eq!(deal["stage"], sales.new["id"]);
}

#[tokio::test]
async fn a_stage_of_another_pipeline_is_refused() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let sales = office.pipeline("Sales").await;
    let service = office.pipeline("Service").await;
    let data = json!({
        "name": "Berth", "pipeline": sales.new["pipeline"], "stage": service.new["id"],
    });
    let elsewhere = "stage: This stage belongs to another pipeline.";
    assert_eq!(office.not_made("deals", data.clone()).await, elsewhere);
    let deal = office.deal(&sales.talk).await;
    let both = json!({ "pipeline": service.new["pipeline"], "stage": sales.won["id"] });
    assert_eq!(office.refused("deals", &deal, both).await, elsewhere);
    assert_eq!(office.see("deals", &deal).await["stage"], sales.talk["id"]);

    // Another tenant's is as absent as one that never was.
    let south = Office::open(&app, "south").await;
    let theirs = south.pipeline("Sales").await;
    for stage in [theirs.new["id"].clone(), json!(kernel::new_id())] {
        let said = office.refused("deals", &deal, json!({ "stage": stage })).await;
        let id = stage.as_str().unwrap();
        let wanted = format!("stage: This field has the following invalid selections: {id}, ");
        assert_eq!(said, wanted);
    }
}

#[tokio::test]
async fn deals_are_put_at_the_end_of_their_stage() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let mut deals = Vec::new();
    for place in 1..=3 {
        let deal = office.deal(&stages.new).await;
        assert_eq!(deal["position"], place);
        deals.push(deal);
    }
    let fixed = json!({ "name": "Berth", "stage": stages.talk["id"], "position": 10.5 });
    assert_eq!(office.make("deals", fixed).await["position"], 10.5);

    let moved = office.change("deals", &deals[0], json!({ "stage": stages.talk["id"] })).await;
    assert_eq!(moved["position"], 12);
    let between = json!({ "stage": stages.talk["id"], "position": 11 });
    assert_eq!(office.change("deals", &deals[1], between).await["position"], 11);
    // A change of something else leaves it where it is.
    let named = office.change("deals", &deals[2], json!({ "name": "Berth 13" })).await;
    assert_eq!(named["position"], 3);
}

#[tokio::test]
async fn deals_made_at_the_same_moment_share_no_place() {
    let app = TestApp::start_with(&[("MAINSTAY_POOL", "8")]).await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let all = (0..24).map(|_| office.deal(&stages.new));
    let deals = futures_util::future::join_all(all).await;
    let mut places: Vec<i64> = deals.iter().map(|d| d["position"].as_i64().unwrap()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 24);
}

#[tokio::test]
async fn deals_follow_their_stage_when_its_kind_changes() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (here, elsewhere) = (office.deal(&stages.talk).await, office.deal(&stages.new).await);
    assert_eq!(stages.talk["probability"], Value::Null);

    let talk = office.change("stages", &stages.talk, json!({ "kind": "won" })).await;
    assert_eq!(talk["probability"], 100);
    let deal = office.see("deals", &here).await;
    assert_eq!(deal["status"], "won");
    assert!(deal["closedAt"].is_string(), "{deal}");
    let told = office.told("deal", &here).await;
    assert_eq!(told.last().unwrap(), &("status_changed".into(), "Status: Open → Won".into()));
    assert_eq!(office.see("deals", &elsewhere).await["status"], "open");
    assert_eq!(office.told("deal", &elsewhere).await.len(), 1);

    office.change("stages", &stages.talk, json!({ "kind": "open" })).await;
    let deal = office.see("deals", &here).await;
    assert_eq!((&deal["status"], &deal["closedAt"]), (&json!("open"), &Value::Null));
    // Another pipeline for the stage takes its deals along.
    let service = office.pipeline("Service").await;
    let there = json!({ "pipeline": service.new["pipeline"] });
    office.change("stages", &stages.talk, there).await;
    assert_eq!(office.see("deals", &here).await["pipeline"], service.new["pipeline"]);
}
