//! The first walk through a running server: people of one account work, those of another see
//! nothing of it.

use kernel::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{OWNER, TestApp, read};

#[tokio::test]
async fn two_accounts_work_side_by_side() {
    let app = TestApp::start().await;
    let (north, south) = (app.account("north").await, app.account("south").await);
    app.user(north, "ann@north.example", Role::Member).await;
    app.user(south, "sam@south.example", Role::Owner).await;
    let company = app.create(north, "companies", json!({ "name": "Acme" })).await;

    let ann = app.sign_in("ann@north.example").await;
    let contact = json!({ "firstName": "Cleo", "lastName": "Marsh", "company": company });
    let (status, made) = ann.post("/api/contacts", contact).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let path = format!("/api/contacts/{}", made["doc"]["id"].as_str().unwrap());
    let (status, read_back) = ann.get(&format!("{path}?depth=1")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(read_back["company"]["name"], "Acme");
    assert_eq!(ann.patch(&path, json!({ "jobTitle": "Buyer" })).await.0, StatusCode::OK);

    let sam = app.sign_in("sam@south.example").await;
    for answer in [
        sam.get(&path).await,
        sam.patch(&path, json!({ "jobTitle": "Thief" })).await,
        sam.delete(&path).await,
    ] {
        assert_eq!(answer.0, StatusCode::NOT_FOUND, "{}", answer.1);
    }
    assert_eq!(sam.get("/api/contacts").await.1["totalDocs"], 0);
    assert_eq!(app.anonymous().get(&path).await.0, StatusCode::FORBIDDEN);

    assert_eq!(ann.get(&path).await.1["jobTitle"], "Buyer");
    assert_eq!(ann.delete(&path).await.0, StatusCode::OK);
}

#[tokio::test]
async fn the_first_owner_signs_in_and_out() {
    let app = TestApp::start().await;
    let owner = app.sign_in(OWNER).await;
    let (_, me) = owner.get("/api/users/me").await;
    assert_eq!(me["user"]["email"], OWNER);
    let token = format!("Bearer {}", owner.token());
    let request = app.anonymous().request(Method::GET, "/api/users/me");
    let (_, me) = read(request.header("Authorization", &token).send().await.unwrap()).await;
    assert_eq!(me["user"]["email"], OWNER);

    assert_eq!(owner.post("/api/users/logout", json!({})).await.0, StatusCode::OK);
    assert_eq!(owner.get("/api/users/me").await.1["user"], Value::Null);
}

#[tokio::test]
async fn it_says_that_it_is_well() {
    let app = TestApp::start().await;
    for path in ["/api/healthz", "/api/readyz"] {
        let (status, answer) = app.anonymous().get(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {answer}");
    }
    assert!(app.engine().collections().any(|c| c.slug == "deals"));
}
