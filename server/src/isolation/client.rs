//! Requests to the real router, without a network between: the same layers, handlers and sessions.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use serde_json::Value;
use tower::ServiceExt;

/// More than any answer the product gives.
const MOST: usize = 64 * 1024 * 1024;

/// Somebody at the door, signed in or not.
#[derive(Clone)]
pub struct Client {
    router: Router,
    token: Option<String>,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    /// With its query.
    pub path: String,
    /// Sent as `X-Tenant`.
    pub tenant: Option<String>,
    /// Sent as `Idempotency-Key`.
    pub key: Option<String>,
    pub body: Option<Value>,
}

impl Ask {
    pub fn new(method: Method, path: impl Into<String>) -> Ask {
        Ask { method, path: path.into(), tenant: None, key: None, body: None }
    }

    pub fn with(self, body: Value) -> Ask {
        Ask { body: Some(body), ..self }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub body: String,
}

impl Client {
    pub fn anonymous(router: Router) -> Client {
        Client { router, token: None }
    }

    /// Signs in as the browser does.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Client> {
        let body = serde_json::json!({ "email": email, "password": password });
        let ask = Ask::new(Method::POST, "/api/users/login").with(body);
        let answer = self.send(&ask).await?;
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let token = body["token"].as_str().map(str::to_owned);
        let refused = || format!("signing in as {email} was answered with {}", answer.status);
        Ok(Client { router: self.router.clone(), token: Some(token.with_context(refused)?) })
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub async fn send(&self, ask: &Ask) -> Result<Answer> {
        let mut request = Request::builder().method(ask.method.clone()).uri(&ask.path);
        request = request.header(header::HOST, "127.0.0.1");
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("JWT {token}"));
        }
        if let Some(tenant) = &ask.tenant {
            request = request.header("X-Tenant", tenant);
        }
        if let Some(key) = &ask.key {
            request = request.header("Idempotency-Key", key);
        }
        let body = match &ask.body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let mut request = request.body(body)?;
        let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await?;
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), MOST).await?;
        Ok(Answer { status, body: String::from_utf8_lossy(&body).into_owned() })
    }
}
