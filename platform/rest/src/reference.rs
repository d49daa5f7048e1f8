//! The API reference: the OpenAPI document and readable pages made from it, one for each tag. No
//! script, nothing from elsewhere.

mod highlight;
mod page;

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bytes::Bytes;
use define::Collection;
use engine::Action;

use crate::error::{Reply, route_not_found};
use crate::openapi;
use crate::state::AppState;
use crate::unread::Shared;

const STYLE: &str = include_str!("reference/style.css");
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                           form-action 'none'; frame-ancestors 'none'";

/// A made file with its entity tag.
struct Asset {
    media: &'static str,
    body: Bytes,
    tag: HeaderValue,
}

pub(crate) struct Reference {
    document: Asset,
    style: Asset,
    /// By the page's name in the URL; the first page's is empty.
    pages: HashMap<String, Asset>,
}

impl Reference {
    pub(crate) fn new(
        collections: &[Collection],
        actions: &[Action],
        url: &str,
    ) -> kernel::Result<Reference> {
        let document = openapi::document(collections, actions, url);
        let style = Asset::new("text/css; charset=utf-8", STYLE.into());
        let pages = page::render(&document)?
            .into_iter()
            .map(|(name, html)| (name, Asset::new("text/html; charset=utf-8", html)))
            .collect();
        let media = "application/json; charset=utf-8";
        Ok(Reference { document: Asset::new(media, document.to_string()), style, pages })
    }
}

impl Asset {
    fn new(media: &'static str, body: String) -> Asset {
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = HeaderValue::from_str(&format!("\"{:016x}\"", hasher.finish()));
        Asset { media, body: body.into(), tag: tag.unwrap_or(HeaderValue::from_static("\"0\"")) }
    }

    /// The file, or 304 when the client has it already. Caches ask before they use theirs.
    fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|given| {
            let tag = self.tag.to_str().unwrap_or_default();
            given.to_str().is_ok_and(|given| given == "*" || given.contains(tag))
        });
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            (Extension(Shared), self.body.clone()).into_response()
        };
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media));
        answer.insert(header::ETAG, self.tag.clone());
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        if self.media.starts_with("text/html") {
            let policy = HeaderValue::from_static(PAGE_POLICY);
            answer.insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/openapi.json", get(document))
        .route("/api/docs", get(first_page))
        .route("/api/docs/style.css", get(style))
        .route("/api/docs/{page}", get(other_page))
}

async fn document(State(state): State<AppState>, headers: HeaderMap) -> Reply {
    Ok(state.reference()?.document.answer(&headers))
}

async fn style(State(state): State<AppState>, headers: HeaderMap) -> Reply {
    Ok(state.reference()?.style.answer(&headers))
}

async fn first_page(State(state): State<AppState>, headers: HeaderMap, uri: Uri) -> Reply {
    show(&state, "", &headers, uri.path())
}

async fn other_page(State(state): State<AppState>, headers: HeaderMap, uri: Uri) -> Reply {
    let page = uri.path().rsplit('/').next().unwrap_or_default();
    show(&state, page, &headers, uri.path())
}

fn show(state: &AppState, page: &str, headers: &HeaderMap, path: &str) -> Reply {
    match state.reference()?.pages.get(page) {
        Some(asset) => Ok(asset.answer(headers)),
        None => Ok(route_not_found(path)),
    }
}
