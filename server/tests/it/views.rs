//! Saved views: one's own, and those that are shared.

use kernel::Role;
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};

async fn save(person: &Person<'_>, name: &str, shared: bool) -> Value {
    let data = json!({
        "name": name, "collection": "deals", "shared": shared, "config": { "filter": name },
    });
    let (status, body) = person.post("/api/views?depth=0", data).await;
    assert_eq!(status.as_u16(), 201, "{body}");
    body["doc"].clone()
}

async fn names(person: &Person<'_>) -> Vec<String> {
    let (_, body) = person.get("/api/views?sort=name&where[collection][equals]=deals").await;
    let docs = body["docs"].as_array().unwrap().clone();
    docs.iter().map(|d| d["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_view_is_its_owners_until_it_is_shared() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    let mut ids = Vec::new();
    for (name, role) in [("vic", Role::Viewer), ("mia", Role::Member), ("ada", Role::Admin)] {
        ids.push(app.user(account, &format!("{name}@north.example"), role).await);
    }
    let vic = app.sign_in("vic@north.example").await;
    let mia = app.sign_in("mia@north.example").await;
    let ada = app.sign_in("ada@north.example").await;

    let private = save(&mia, "b-private", false).await;
    let shared = save(&mia, "a-shared", true).await;
    assert_eq!(private["owner"], json!(ids[1]));
    // A viewer's views stay private, whatever was sent; nobody makes one in another's name.
    let data =
        json!({ "name": "c-viewer", "collection": "deals", "shared": true, "owner": ids[1] });
    let (status, body) = vic.post("/api/views?depth=0", data).await;
    assert_eq!(status.as_u16(), 201, "{body}");
    assert_eq!((&body["doc"]["shared"], &body["doc"]["owner"]), (&json!(false), &json!(ids[0])));
    let viewers = body["doc"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        vic.patch(&format!("/api/views/{viewers}"), json!({ "name": "c-mine", "shared": true }))
            .await
            .1["doc"]["shared"],
        false
    );

    assert_eq!(names(&mia).await, ["a-shared", "b-private"]);
    assert_eq!(names(&vic).await, ["a-shared", "c-mine"]);
    assert_eq!(names(&ada).await, ["a-shared"]);

    let path = |doc: &Value| format!("/api/views/{}", doc["id"].as_str().unwrap());
    let rename = json!({ "name": "renamed" });
    for stranger in [&vic, &ada] {
        assert_eq!(stranger.get(&path(&private)).await.0.as_u16(), 404);
        assert_eq!(stranger.patch(&path(&private), rename.clone()).await.0.as_u16(), 404);
        assert_eq!(stranger.delete(&path(&private)).await.0.as_u16(), 404);
    }
    assert_eq!(vic.patch(&path(&shared), rename.clone()).await.0.as_u16(), 403);
    assert_eq!(vic.delete(&path(&shared)).await.0.as_u16(), 403);
    assert_eq!(ada.patch(&path(&shared), rename).await.0.as_u16(), 200);
    let (status, body) = ada.patch(&path(&shared), json!({ "shared": false })).await;
    assert_eq!(status.as_u16(), 400, "{body}");
    assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], "shared");
    let (status, copy) = vic.post(&format!("{}/duplicate", path(&shared)), json!({})).await;
    assert_eq!((status.as_u16(), &copy["doc"]["shared"]), (200, &json!(false)), "{copy}");
    assert_eq!(ada.delete(&path(&shared)).await.0.as_u16(), 200);
}

#[tokio::test]
async fn whoever_became_a_viewer_changes_nothing_that_everyone_sees() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    let id = app.user(account, "mia@north.example", Role::Member).await;
    app.user(account, "boss@north.example", Role::Owner).await;
    let mia = app.sign_in("mia@north.example").await;
    let shared = save(&mia, "shared", true).await;
    let private = save(&mia, "private", false).await;
    let boss = app.sign_in("boss@north.example").await;
    let (_, found) = boss.get(&format!("/api/memberships?where[user][equals]={id}")).await;
    let membership = format!("/api/memberships/{}", found["docs"][0]["id"].as_str().unwrap());
    assert_eq!(boss.patch(&membership, json!({ "role": "viewer" })).await.0.as_u16(), 200);
    for (view, status) in [(shared, 400), (private, 200)] {
        let path = format!("/api/views/{}", view["id"].as_str().unwrap());
        let (answer, body) = mia.patch(&path, json!({ "config": { "filter": "x" } })).await;
        assert_eq!(answer.as_u16(), status, "{body}");
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    for (field, wrong) in [
        ("config", json!({ "x": "x".repeat(70_000) })),
        ("collection", json!("Deals; drop")),
        ("layout", json!("pie")),
        ("name", json!("")),
    ] {
        let mut data = json!({ "name": "n", "collection": "deals" });
        data[field] = wrong;
        let (status, body) = mia.post("/api/views", data).await;
        assert_eq!(status.as_u16(), 400, "{field}: {body}");
        assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], field, "{body}");
    }
}
