//! A client that is signed in and knows the world it made.

use anyhow::{Context, Result, bail};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::{EMAIL, Instance, PASSWORD};

/// Status and body; the body is `Null` when it is empty or was cut.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
}

/// Requests of the owner in one tenant.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
    tenant: Option<String>,
}

impl Api {
    pub async fn sign_in(instance: &Instance) -> Result<Api> {
        let client = Client::new();
        let body = json!({ "email": EMAIL, "password": PASSWORD });
        let url = instance.url("/api/users/login");
        let login: Value = client.post(url).json(&body).send().await?.json().await?;
        let token = login["token"].as_str().context("no token")?.to_owned();
        Ok(Api { client, base: instance.url(""), token, tenant: None })
    }

    /// For requests that others make in this person's name.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The same person through connections made as `client` says (time limits, no keep-alive).
    pub fn through(&self, client: Client) -> Api {
        Api { client, ..self.clone() }
    }

    /// The same session on another server over the same database.
    pub fn at(&self, instance: &Instance) -> Api {
        Api { base: instance.url(""), ..self.clone() }
    }

    pub fn within(&self, tenant: &str) -> Api {
        Api { tenant: Some(tenant.to_owned()), ..self.clone() }
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header("Authorization", format!("JWT {}", self.token));
        match &self.tenant {
            Some(tenant) => request.header("X-Tenant", tenant),
            None => request,
        }
    }

    /// Errors when there was no answer at all. One whose status came and whose body was cut is an
    /// answer: the server had decided.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Answer> {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.json().await.unwrap_or(Value::Null);
        Ok(Answer { status, body })
    }

    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// Creates a document and answers its id.
    pub async fn made(&self, collection: &str, body: Value) -> Result<String> {
        let answer = self.post(&format!("/api/{collection}"), &body).await?;
        match answer.body["doc"]["id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => bail!("{collection}: {}: {}", answer.status, answer.body),
        }
    }

    /// An agency with one account; the account.
    pub async fn account(&self, slug: &str) -> Result<String> {
        let agency = json!({"name": slug, "slug": format!("{slug}-agency"), "kind": "agency"});
        let parent = self.made("tenants", agency).await?;
        let account = json!({"name": slug, "slug": slug, "kind": "account", "parent": parent});
        self.made("tenants", account).await
    }

    /// A pipeline with stages of these kinds; their ids in order. `self` stands in the tenant.
    pub async fn stages(&self, kinds: &[&str]) -> Result<Vec<String>> {
        let pipeline = self.made("pipelines", json!({"name": "Sales"})).await?;
        let mut stages = Vec::with_capacity(kinds.len());
        for (at, kind) in kinds.iter().enumerate() {
            let name = format!("Stage {}", at + 1);
            let body = json!({"name": name, "order": at, "kind": kind, "pipeline": pipeline});
            stages.push(self.made("stages", body).await?);
        }
        Ok(stages)
    }
}
