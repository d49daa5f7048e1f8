//! What a handler asks of a request: what it is about, its parameters, where it came from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use axum::response::Response;
use define::Collection;
use kernel::{Error, Id, RequestInfo, Result, Timestamp, new_id};

use crate::client_ip::{Client, Proxies};
use crate::error::{Failure, route_not_found};
use crate::find::Params;
use crate::held::Holder;
use crate::query_string;
use crate::state::AppState;

/// Longest user agent kept.
const MAX_AGENT: usize = 300;
const MAX_ID: usize = 64;

/// What is known of a request before any handler runs, and what is learned on the way for the log.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) info: RequestInfo,
    pub(crate) client: Client,
    /// The template that matched, so that no id or token of a path reaches a log.
    pub(crate) route: OnceLock<MatchedPath>,
    pub(crate) user: OnceLock<Id>,
    /// The throttle knows of it.
    pub(crate) is_counted: AtomicBool,
}

impl Trace {
    pub(crate) fn of(request: &Request, proxies: &Proxies) -> Trace {
        let headers = request.headers();
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        let agent = header(headers, "user-agent").unwrap_or_default();
        let client = proxies.client(peer, headers);
        let info = RequestInfo {
            id: request_id(headers),
            ip: client.address.to_string(),
            user_agent: agent.chars().take(MAX_AGENT).collect(),
            claim: None,
        };
        Trace { info, client, ..Trace::default() }
    }

    /// Whom what is held for the request counts for.
    pub(crate) fn holder(&self) -> Holder {
        match self.user.get() {
            Some(user) => Holder::Person(*user),
            None => Holder::Stranger(self.client.network()),
        }
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The id the caller gave, if it is a plain word, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let plain = |id: &&str| {
        (1..=MAX_ID).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    match header(headers, "x-request-id").filter(plain) {
        Some(id) => id.to_owned(),
        None => new_id().to_string(),
    }
}

pub(crate) fn trace(parts: &Parts) -> Arc<Trace> {
    parts.extensions.get::<Arc<Trace>>().cloned().unwrap_or_default()
}

/// The collection, and perhaps the document, that a path names. A slug that is no collection is a
/// route that does not exist.
pub struct Target {
    pub slug: String,
    /// Empty when the path names none.
    pub id: String,
}

impl Target {
    pub fn collection<'a>(&self, state: &'a AppState) -> Result<&'a Collection> {
        state.engine.collection(&self.slug).ok_or_else(Error::not_found)
    }
}

impl FromRequestParts<AppState> for Target {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Target, Response> {
        let mut target = Target { slug: String::new(), id: String::new() };
        if let Ok(params) = RawPathParams::from_request_parts(parts, state).await {
            for (name, value) in &params {
                match name {
                    "collection" => target.slug.push_str(value),
                    _ => target.id.push_str(value),
                }
            }
        }
        match state.engine.collection(&target.slug) {
            Some(_) => Ok(target),
            None => Err(route_not_found(parts.uri.path())),
        }
    }
}

/// The query of a GET that came as a POST with the query in its body.
#[derive(Clone)]
pub(crate) struct OverrideQuery(pub(crate) Arc<str>);

/// The parsed query string.
pub struct Query(pub Params);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query, Failure> {
        let instead = parts.extensions.get::<OverrideQuery>();
        let text = instead.map(|o| o.0.as_ref()).or_else(|| parts.uri.query()).unwrap_or_default();
        Ok(Query(query_string::parse(text)?))
    }
}

/// `If-Match`: the `updatedAt` by which the sender knows the document, quoted or not; several with
/// commas between; `*` for whatever it is.
pub struct IfMatch(pub Vec<Timestamp>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Failure> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(IfMatch(Vec::new())) };
        let wrong = || Error::bad_request("If-Match takes the updatedAt of the document.");
        let text = value.to_str().map_err(|_| wrong())?.trim();
        if text == "*" {
            return Ok(IfMatch(Vec::new()));
        }
        let version = |one: &str| kernel::parse_instant(one.trim().trim_matches('"'));
        let versions: Option<Vec<Timestamp>> = text.split(',').map(version).collect();
        Ok(IfMatch(versions.ok_or_else(wrong)?))
    }
}

/// Refuses `If-Match` where no single document is changed, rather than passing over it.
pub struct NoCondition;

impl<S: Send + Sync> FromRequestParts<S> for NoCondition {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<NoCondition, Failure> {
        match parts.headers.contains_key(IF_MATCH) {
            true => {
                Err(Error::bad_request("If-Match is for changing or deleting a single document.")
                    .into())
            }
            false => Ok(NoCondition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_request_ids_are_taken_over() {
        let id = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-request-id", value.parse().unwrap());
            request_id(&headers)
        };
        assert_eq!(id("abc-123"), "abc-123");
        for wrong in ["", "a b", "a\"b", "a_b", &"x".repeat(65)] {
            let made = id(wrong);
            assert!(made.len() == 36 && made != wrong, "{wrong}");
        }
    }
}
