//! Limits that one client must not be able to pass at the cost of the others: memory, time, statements,
//! answers; and values, accounts and refusals at the edge. Each test is a defect that once was there.

mod abandoned;
mod accounts;
mod filters;
mod letters;
mod refusals;
mod sizes;
mod throttled;
mod unread;
mod values;

use kernel::{Id, Role};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::{Person, TestApp};

const OWNER: &str = "owner@harbor.example";

/// An account with an owner, and a superuser's connection beside it.
struct Harbor {
    app: TestApp,
    account: Id,
    witness: Witness,
}

impl Harbor {
    async fn new() -> Harbor {
        let app = TestApp::start().await;
        let account = app.account("harbor").await;
        app.user(account, OWNER, Role::Owner).await;
        let witness = Witness::of(&app).await;
        Harbor { app, account, witness }
    }

    async fn owner(&self) -> Person<'_> {
        self.app.sign_in(OWNER).await
    }

    /// Runs SQL as superuser; `ACCOUNT` stands for the account's id.
    async fn sql(&self, sql: &str) {
        let sql = sql.replace("ACCOUNT", &format!("'{}'::uuid", self.account));
        self.witness.client.batch_execute(&sql).await.unwrap();
    }

    async fn number(&self, sql: &str) -> i64 {
        self.witness.number(sql).await
    }

    /// Contacts `n1`… of the account, all of `company` when given.
    async fn contacts(&self, count: usize, company: Option<Id>) {
        let company = company.map_or("NULL".to_owned(), |id| format!("'{id}'"));
        self.sql(&format!(
            "INSERT INTO contacts (tenant_id, id, first_name, name, company_id, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), 'n' || n, 'n' || n, {company}, now(), now()
             FROM generate_series(1, {count}) n"
        ))
        .await;
    }
}

fn message(body: &Value) -> &str {
    body["message"].as_str().or(body["errors"][0]["message"].as_str()).unwrap_or_default()
}

fn docs(body: &Value) -> &[Value] {
    body["docs"].as_array().map_or(&[], Vec::as_slice)
}

/// A list or count whose `where` is longer than an address may be.
async fn asked(person: &Person<'_>, path: &str, filter: &Value) -> (StatusCode, Value) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let body = form.append_pair("where", &filter.to_string()).append_pair("depth", "0").finish();
    let request = person
        .request(reqwest::Method::POST, path)
        .header("X-HTTP-Method-Override", "GET")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(body);
    crate::support::app::read(request.send().await.unwrap()).await
}

#[track_caller]
fn assert_served(answer: &(StatusCode, Value)) {
    assert_eq!(answer.0, 200, "{}", answer.1);
}

/// A pipeline with one open stage; answers the stage.
async fn stage(harbor: &Harbor) -> Id {
    let pipeline = harbor.app.create(harbor.account, "pipelines", json!({ "name": "Sales" })).await;
    let data = json!({ "name": "Open", "kind": "open", "pipeline": pipeline });
    harbor.app.create(harbor.account, "stages", data).await
}
