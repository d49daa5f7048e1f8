//! The trash: out of sight, brought back, gone for good. And copies.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::office::{Office, path};
use crate::support::app::TestApp;

#[tokio::test]
async fn what_is_in_the_trash_is_out_of_sight_until_it_is_asked_for() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let harbor = office.company("Harbor").await;
    let ann = office.contact("Ann", &harbor).await;
    let deal = office.deal(&stages.new).await;
    let task = office.make("tasks", json!({ "title": "Call" })).await;
    let note = office.make("notes", json!({ "body": "Likes sailing" })).await;
    let visit = json!({ "title": "Visit", "startsAt": "2026-12-01T09:00:00Z" });
    let visit = office.make("appointments", visit).await;
    for (slug, doc) in [
        ("companies", &harbor),
        ("contacts", &ann),
        ("deals", &deal),
        ("tasks", &task),
        ("notes", &note),
        ("appointments", &visit),
    ] {
        let one = path(slug, doc);
        let gone = "2026-11-21T10:00:00.000Z";
        assert_eq!(office.change(slug, doc, json!({ "deletedAt": gone })).await["deletedAt"], gone);
        assert_eq!(office.count(slug, "").await, 0, "{slug}");
        assert!(office.list(slug, "").await.is_empty(), "{slug}");
        for answer in [
            office.me.get(&one).await,
            office.me.patch(&one, json!({ "deletedAt": null })).await,
            office.me.delete(&one).await,
            office.me.post(&format!("{one}/duplicate"), json!({})).await,
        ] {
            assert_eq!(answer.0, StatusCode::NOT_FOUND, "{slug}: {}", answer.1);
        }
        let bulk = format!("/api/{slug}?where[id][exists]=true");
        let (status, body) = office.me.delete(&bulk).await;
        assert_eq!((status, &body["docs"]), (StatusCode::OK, &json!([])), "{slug}");

        assert_eq!(office.count(slug, "trash=true").await, 1, "{slug}");
        let only = "trash=true&where[deletedAt][exists]=true";
        assert_eq!(office.list(slug, only).await[0]["id"], doc["id"], "{slug}");
        let (status, body) = office.me.get(&format!("{one}?trash=true&depth=0")).await;
        assert_eq!((status, &body["deletedAt"]), (StatusCode::OK, &json!(gone)), "{slug}");

        let back = json!({ "deletedAt": null });
        let (status, body) = office.me.patch(&format!("{one}?trash=true&depth=0"), back).await;
        assert_eq!((status, &body["doc"]["deletedAt"]), (StatusCode::OK, &Value::Null), "{slug}");
        assert_eq!(office.see(slug, doc).await["id"], doc["id"], "{slug}");

        office.change(slug, doc, json!({ "deletedAt": gone })).await;
        let (status, _) = office.me.delete(&format!("{one}?trash=true")).await;
        assert_eq!(status, StatusCode::OK, "{slug}");
        assert_eq!(office.count(slug, "trash=true").await, 0, "{slug}");
    }
}

#[tokio::test]
async fn a_copy_is_new_and_otherwise_the_same() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let service = office.make("services", json!({ "name": "Berth" })).await;
    let data = json!({
        "name": "Berth 12", "stage": stages.won["id"], "serviceInterest": [service["id"]],
        "value": { "amount": 105_400, "currency": "EUR" },
    });
    let deal = office.make("deals", data).await;
    let copy = format!("{}/duplicate?depth=0", path("deals", &deal));
    let (status, body) = office.me.post(&copy, json!({ "name": "Berth 13" })).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let copy = &body["doc"];
    assert_ne!(copy["id"], deal["id"]);
    assert_eq!(copy["name"], "Berth 13");
    for same in ["stage", "pipeline", "status", "value", "serviceInterest", "closedAt"] {
        assert_eq!(copy[same], deal[same], "{same}");
    }
    let vip = office.make("tags", json!({ "name": "VIP" })).await;
    let (_, body) = office.me.post(&format!("{}/duplicate", path("tags", &vip)), json!({})).await;
    assert_eq!(body["doc"]["name"], "VIP - Copy");
}

#[tokio::test]
async fn one_pipeline_is_the_default() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let first = office.make("pipelines", json!({ "name": "Sales" })).await;
    let second = office.make("pipelines", json!({ "name": "Service" })).await;
    let defaults = async || {
        let chosen = office.list("pipelines", "where[isDefault][equals]=true").await;
        chosen.iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((&first["isDefault"], &second["isDefault"]), (&json!(true), &json!(false)));
    office.change("pipelines", &second, json!({ "isDefault": true })).await;
    assert_eq!(defaults().await, ["Service"]);
}
