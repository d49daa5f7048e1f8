//! What no honest client sends. Every answer is a 4xx in the contract's shape, or the value was kept
//! exactly; never a 5xx, never a partial write, and never a word of what is inside.

mod bodies;
mod fuzz;
mod kinds;
mod queries;
mod wire;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp, read};
use crate::support::discreet;

/// An account with an owner and a company, for requests that try to harm it.
struct Victim {
    app: TestApp,
    company: String,
}

const OWNER: &str = "owner@harbor.example";

impl Victim {
    async fn new() -> Victim {
        let app = TestApp::start().await;
        let account = app.account("harbor").await;
        app.user(account, OWNER, kernel::Role::Owner).await;
        let company = app.create(account, "companies", json!({ "name": "Anchor" })).await;
        for name in ["Ann", "Ben"] {
            app.create(account, "contacts", json!({ "firstName": name, "company": company })).await;
        }
        let company = company.to_string();
        Victim { app, company }
    }

    async fn owner(&self) -> Person<'_> {
        self.app.sign_in(OWNER).await
    }
}

async fn raw(
    person: &Person<'_>,
    method: &str,
    path: &str,
    media: Option<&str>,
    body: impl Into<reqwest::Body>,
) -> (StatusCode, Value) {
    let mut request = person.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    if let Some(media) = media {
        request = request.header("Content-Type", media);
    }
    read(request.body(body).send().await.unwrap()).await
}

/// Refused as the contract says.
#[track_caller]
fn assert_refused(name: &str, status: StatusCode, body: &Value) {
    assert!(status.is_client_error(), "{name}: {status} {body}");
    assert_sound(name, status, body);
}

/// Refused as the contract says, or fine.
#[track_caller]
fn assert_sound(name: &str, status: StatusCode, body: &Value) {
    assert!(status.is_client_error() || status.is_success(), "{name}: {status} {body}");
    if status.is_success() {
        return;
    }
    let is_message = |v: &Value| v.as_str().is_some_and(|text| !text.is_empty());
    let listed = body["errors"].as_array().is_some_and(|errors| {
        !errors.is_empty() && errors.iter().all(|e| is_message(&e["message"]))
    });
    let no_route = status == StatusCode::NOT_FOUND && is_message(&body["message"]);
    assert!(listed || no_route, "{name}: {status} {body} is not the contract's shape");
    assert_discreet(name, body);
}

#[track_caller]
fn assert_discreet(name: &str, body: &Value) {
    let told = discreet::told(&body.to_string(), name);
    assert_eq!(told, None, "{name}: {body}");
}
