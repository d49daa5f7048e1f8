//! An account, one of its admins at work in it, and a witness who sees past every policy.

use kernel::{Id, Role};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::{Person, TestApp};

pub(crate) struct Office<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) tenant: Id,
    pub(crate) me: Person<'a>,
    pub(crate) my_id: Id,
}

/// A pipeline's stages, by what they mean.
pub(crate) struct Stages {
    pub(crate) new: Value,
    pub(crate) talk: Value,
    pub(crate) won: Value,
    pub(crate) lost: Value,
}

impl<'a> Office<'a> {
    pub(crate) async fn open(app: &'a TestApp, slug: &str) -> Office<'a> {
        let tenant = app.account(slug).await;
        let email = format!("admin@{slug}.example.test");
        let my_id = app.user(tenant, &email, Role::Admin).await;
        Office { app, tenant, me: app.sign_in(&email).await, my_id }
    }

    /// A new document, flat.
    pub(crate) async fn make(&self, slug: &str, data: Value) -> Value {
        let (status, body) = self.me.post(&format!("/api/{slug}?depth=0"), data).await;
        assert_eq!(status, StatusCode::CREATED, "{slug}: {body}");
        body["doc"].clone()
    }

    /// A document after a change, flat.
    pub(crate) async fn change(&self, slug: &str, doc: &Value, data: Value) -> Value {
        let path = format!("{}?depth=0", path(slug, doc));
        let (status, body) = self.me.patch(&path, data).await;
        assert_eq!(status, StatusCode::OK, "{slug}: {body}");
        body["doc"].clone()
    }

    /// The fields and messages of a change that is refused as invalid.
    pub(crate) async fn refused(&self, slug: &str, doc: &Value, data: Value) -> String {
        complaint(self.me.patch(&path(slug, doc), data).await)
    }

    /// The same of a document that is not made.
    pub(crate) async fn not_made(&self, slug: &str, data: Value) -> String {
        complaint(self.me.post(&format!("/api/{slug}"), data).await)
    }

    /// A document as it is now, flat.
    pub(crate) async fn see(&self, slug: &str, doc: &Value) -> Value {
        let (status, body) = self.me.get(&format!("{}?depth=0", path(slug, doc))).await;
        assert_eq!(status, StatusCode::OK, "{slug}: {body}");
        body
    }

    pub(crate) async fn delete(&self, slug: &str, doc: &Value) -> (StatusCode, Value) {
        self.me.delete(&path(slug, doc)).await
    }

    /// Everything of a collection that passes a filter in the query string, flat.
    pub(crate) async fn list(&self, slug: &str, filter: &str) -> Vec<Value> {
        let path = format!("/api/{slug}?depth=0&limit=0&{filter}");
        let (status, body) = self.me.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body["docs"].as_array().unwrap().clone()
    }

    pub(crate) async fn count(&self, slug: &str, filter: &str) -> i64 {
        let (status, body) = self.me.get(&format!("/api/{slug}/count?{filter}")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["totalDocs"].as_i64().unwrap()
    }

    /// What the timeline tells of a record (`deal`, `contact`, `company`), oldest first.
    pub(crate) async fn told(&self, link: &str, doc: &Value) -> Vec<(String, String)> {
        let id = doc["id"].as_str().unwrap();
        let rows = self.list("activities", &format!("where[{link}][equals]={id}&sort=at,id")).await;
        let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "kind"), text(row, "subject"))).collect()
    }

    pub(crate) async fn company(&self, name: &str) -> Value {
        self.make("companies", json!({ "name": name })).await
    }

    pub(crate) async fn contact(&self, name: &str, company: &Value) -> Value {
        self.make("contacts", json!({ "firstName": name, "company": company["id"] })).await
    }

    pub(crate) async fn pipeline(&self, name: &str) -> Stages {
        let pipeline = self.make("pipelines", json!({ "name": name })).await;
        let mut made = Vec::new();
        for (order, (name, kind)) in
            (1..).zip([("New", "open"), ("Talk", "open"), ("Won", "won"), ("Lost", "lost")])
        {
            let data =
                json!({ "pipeline": pipeline["id"], "name": name, "order": order, "kind": kind });
            made.push(self.make("stages", data).await);
        }
        let [new, talk, won, lost] = made.try_into().unwrap();
        Stages { new, talk, won, lost }
    }

    pub(crate) async fn deal(&self, stage: &Value) -> Value {
        self.make("deals", json!({ "name": "Berth 12", "stage": stage["id"] })).await
    }

    pub(crate) async fn witness(&self) -> Witness {
        Witness::of(self.app).await
    }
}

pub(crate) fn path(slug: &str, doc: &Value) -> String {
    format!("/api/{slug}/{}", doc["id"].as_str().unwrap())
}

pub(crate) fn id_of(doc: &Value) -> Id {
    doc["id"].as_str().unwrap().parse().unwrap()
}

/// `path: message` of each complaint.
fn complaint((status, body): (StatusCode, Value)) -> String {
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    assert_eq!(body["errors"][0]["name"], "ValidationError", "{body}");
    let complaints = body["errors"][0]["data"]["errors"].as_array().unwrap();
    let one =
        |c: &Value| format!("{}: {}", c["path"].as_str().unwrap(), c["message"].as_str().unwrap());
    complaints.iter().map(one).collect::<Vec<_>>().join("; ")
}
