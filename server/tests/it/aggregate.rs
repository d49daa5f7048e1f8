//! Groups: what is counted and added up, for whom, and what is refused.

mod groups;
mod refusals;

use kernel::{Id, Role};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};

const OWNER: &str = "owner@quay.example";

/// An account with a pipeline and six deals in two currencies.
struct Quay {
    app: TestApp,
    account: Id,
    /// By kind.
    stages: Value,
}

impl Quay {
    async fn new() -> Quay {
        let app = TestApp::start().await;
        let account = app.account("quay").await;
        app.user(account, OWNER, Role::Owner).await;
        let pipeline = app.create(account, "pipelines", json!({ "name": "Sales" })).await;
        let mut stages = json!({});
        for (order, kind) in ["open", "won", "lost"].into_iter().enumerate() {
            let data = json!({ "name": kind, "kind": kind, "order": order, "pipeline": pipeline });
            stages[kind] = json!(app.create(account, "stages", data).await);
        }
        let quay = Quay { app, account, stages };
        for (name, kind, amount, currency, closed) in [
            ("a", "won", Some(100), "EUR", "2026-01-31T23:30:00.000Z"),
            ("b", "won", Some(300), "USD", "2026-02-10T12:00:00.000Z"),
            ("c", "won", Some(250), "EUR", "2026-02-11T12:00:00.000Z"),
            ("d", "lost", Some(-50), "EUR", "2026-02-12T12:00:00.000Z"),
            ("e", "open", Some(700), "EUR", ""),
            ("f", "open", None, "", ""),
        ] {
            quay.deal(name, kind, amount, currency, closed).await;
        }
        quay
    }

    async fn deal(&self, name: &str, kind: &str, amount: Option<i64>, money: &str, closed: &str) {
        let mut data = json!({ "name": name, "stage": self.stages[kind] });
        if let Some(amount) = amount {
            data["value"] = json!({ "amount": amount, "currency": money });
        }
        if !closed.is_empty() {
            data["closedAt"] = closed.into();
        }
        self.app.create(self.account, "deals", data).await;
    }

    async fn owner(&self) -> Person<'_> {
        self.app.sign_in(OWNER).await
    }
}

async fn groups(person: &Person<'_>, slug: &str, query: &str) -> Value {
    let path = format!("/api/{slug}/aggregate?{query}");
    let (status, body) = person.get(&path).await;
    assert_eq!(status, 200, "{path}: {body}");
    body
}
