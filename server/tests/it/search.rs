//! Search: what is found, by whom, that the words of records follow the records, and what is refused.

mod plans;
mod refusals;
mod scope;
mod upkeep;
mod words;

use kernel::{Id, Role};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};

const OWNER: &str = "owner@pier.example";

/// An account with its owner.
struct Pier {
    app: TestApp,
    account: Id,
}

impl Pier {
    async fn new() -> Pier {
        let app = TestApp::start().await;
        let account = app.account("pier").await;
        app.user(account, OWNER, Role::Owner).await;
        Pier { app, account }
    }

    async fn owner(&self) -> Person<'_> {
        self.app.sign_in(OWNER).await
    }

    async fn contact(&self, first: &str, last: &str, email: &str, phone: &str) -> Id {
        let mut data = json!({ "firstName": first, "lastName": last });
        for (field, value) in [("email", email), ("phone", phone)] {
            if !value.is_empty() {
                data[field] = value.into();
            }
        }
        self.app.create(self.account, "contacts", data).await
    }
}

/// `text` as a value of a query string.
fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// The results of `q`, with other parameters perhaps.
async fn search(person: &Person<'_>, q: &str, more: &str) -> Vec<Value> {
    let (status, body) = person.get(&format!("/api/search?q={}{more}", encoded(q))).await;
    assert_eq!(status, 200, "{q:?}: {body}");
    body["results"].as_array().unwrap().clone()
}

async fn titles(person: &Person<'_>, q: &str) -> Vec<String> {
    let hits = search(person, q, "").await;
    hits.iter().map(|hit| hit["title"].as_str().unwrap().to_owned()).collect()
}

/// How many of `slug` a list finds by `q`; its count and groups agree.
async fn listed(person: &Person<'_>, slug: &str, q: &str, more: &str) -> i64 {
    let q = encoded(q);
    let (status, page) = person.get(&format!("/api/{slug}?q={q}&depth=0{more}")).await;
    assert_eq!(status, 200, "{page}");
    let (_, count) = person.get(&format!("/api/{slug}/count?q={q}{more}")).await;
    let (_, groups) = person.get(&format!("/api/{slug}/aggregate?q={q}{more}")).await;
    assert_eq!(page["totalDocs"], count["totalDocs"]);
    assert_eq!(page["totalDocs"], groups["total"]["count"]);
    page["totalDocs"].as_i64().unwrap()
}
