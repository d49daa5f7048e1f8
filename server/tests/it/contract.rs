//! The wire contract over the CRM's collections: page objects, verbs, shapes, trash, filters, sorting.

mod filters;
mod pages;
mod replay;
mod shapes;
mod verbs;

use kernel::{Id, Role};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};

const OWNER: &str = "owner@harbor.example";

struct Harbor {
    app: TestApp,
    account: Id,
}

impl Harbor {
    async fn new() -> Harbor {
        let app = TestApp::start().await;
        let account = app.account("harbor").await;
        app.user(account, OWNER, Role::Owner).await;
        Harbor { app, account }
    }

    async fn owner(&self) -> Person<'_> {
        self.app.sign_in(OWNER).await
    }
}

/// Creates over HTTP and answers the document at depth 0.
async fn create(person: &Person<'_>, slug: &str, data: Value) -> Value {
    let (status, body) = person.post(&format!("/api/{slug}?depth=0"), data.clone()).await;
    assert_eq!(status, 201, "{slug} {data}: {body}");
    body["doc"].clone()
}

async fn ok(person: &Person<'_>, path: &str) -> Value {
    let (status, body) = person.get(path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap()
}

/// The documents' values of one field, in order.
fn column<'v>(page: &'v Value, field: &str) -> Vec<&'v Value> {
    page["docs"].as_array().unwrap().iter().map(|doc| &doc[field]).collect()
}

fn message(body: &Value) -> &str {
    body["message"].as_str().or(body["errors"][0]["message"].as_str()).unwrap()
}

/// A pipeline with a stage of each kind, by kind.
async fn pipeline(person: &Person<'_>) -> Value {
    let pipeline = create(person, "pipelines", json!({ "name": "Sales" })).await;
    let mut stages = json!({ "pipeline": id(&pipeline) });
    for (order, kind) in ["open", "won", "lost"].into_iter().enumerate() {
        let data = json!({ "name": kind, "kind": kind, "order": order, "pipeline": id(&pipeline) });
        stages[kind] = create(person, "stages", data).await["id"].clone();
    }
    stages
}
