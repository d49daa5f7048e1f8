//! The app: the files that a browser loads, handed over by whoever embeds them.
//!
//! Names under `assets/` carry a hash of their content and are kept forever; everything else is asked for
//! again each time. An address that is neither a file nor of the API is a page of the app.

use std::borrow::Cow;
use std::io::Read;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::error::route_not_found;
use crate::state::AppState;
use crate::unread::Shared;

/// Everything is a file of our own origin. Logos are kept as `data:`, previews of uploads are `blob:`.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'",
);
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK: HeaderValue = HeaderValue::from_static("no-cache");
const BROTLI: HeaderValue = HeaderValue::from_static("br");
const INDEX: &str = "index.html";

/// One file as it is embedded.
pub struct Asset {
    pub bytes: Cow<'static, [u8]>,
    /// Whether `bytes` are compressed with brotli.
    pub compressed: bool,
    /// Changes with the content; letters and digits.
    pub tag: String,
}

/// The files of the app, by path without a leading slash.
pub struct Assets {
    find: fn(&str) -> Option<Asset>,
    /// Names this build of the app: what the page knows of itself and each answer says.
    pub(crate) build: Option<HeaderValue>,
}

impl Assets {
    /// `build` is `None` when there is no app in this binary.
    pub fn new(find: fn(&str) -> Option<Asset>, build: Option<String>) -> Assets {
        Assets { find, build: build.and_then(|text| HeaderValue::from_str(text.trim()).ok()) }
    }

    /// No app at all, as in tests of the API.
    pub fn none() -> Assets {
        Assets { find: |_| None, build: None }
    }
}

/// Whatever no route of the API answers.
pub(crate) async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let path = request.uri().path();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path == "/api" || path.starts_with("/api/") {
        return route_not_found(path);
    }
    let headers = request.headers();
    if path == "/" && is_backend(&state, headers) {
        return Redirect::temporary("/admin").into_response();
    }
    let assets = &state.info.assets;
    let name = path.trim_start_matches('/');
    // A debug build looks files up on disk, where this would climb out of the app.
    if name.split(['/', '\\']).any(|part| part == "..") {
        return route_not_found(path);
    }
    if let Some(asset) = (assets.find)(name).filter(|_| name != INDEX) {
        return answer(asset, name, headers);
    }
    match (assets.find)(INDEX) {
        Some(page) if wants_page(name, headers) => answer(page, INDEX, headers),
        Some(_) => route_not_found(path),
        // A binary of the API alone shows what it has.
        None if path == "/" => Redirect::temporary("/api/docs").into_response(),
        None => route_not_found(path),
    }
}

/// Whether the request came for the host that is the data engine's own.
fn is_backend(state: &AppState, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| host.rsplit_once(':').map_or(host, |(name, _)| name));
    match (&state.info.backend_host, name) {
        (Some(backend), Some(name)) => backend.eq_ignore_ascii_case(name),
        _ => false,
    }
}

/// A file that is gone (an older build's chunk) must not be answered with a page.
fn wants_page(name: &str, headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let whatever = accept.is_none_or(|a| a == "*/*");
    // Pages have no dot in their last word: whoever takes whatever there is wants `favicon.ico` itself.
    let is_file = name != INDEX && name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let is_page = accept.is_some_and(|a| a.contains("text/html")) || (whatever && !is_file);
    !name.starts_with("assets/") && is_page
}

fn answer(asset: Asset, name: &str, asked: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", asset.tag);
    let known = asked.get_all(header::IF_NONE_MATCH).iter().any(|given| {
        given.to_str().is_ok_and(|given| given.split(',').any(|one| one.trim().ends_with(&tag)))
    });
    let encoded = asset.compressed && accepts_brotli(asked);
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else if asset.compressed && !encoded {
        match expand(&asset.bytes) {
            Ok(bytes) => Body::from(bytes).into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    } else {
        match asset.bytes {
            Cow::Borrowed(bytes) => (Extension(Shared), Body::from(bytes)).into_response(),
            Cow::Owned(bytes) => Body::from(bytes).into_response(),
        }
    };
    dress(response.headers_mut(), name, &tag, encoded && !known);
    response
}

fn dress(headers: &mut HeaderMap, name: &str, tag: &str, encoded: bool) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(name)));
    headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let kept = if name.starts_with("assets/") { FOREVER } else { ASK };
    headers.insert(header::CACHE_CONTROL, kept);
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    if encoded {
        headers.insert(header::CONTENT_ENCODING, BROTLI);
    }
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    let sent = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok());
    sent.flat_map(|list| list.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next() == Some("br") && parts.all(|p| !matches!(p, "q=0" | "q=0.0" | "q=0.00"))
    })
}

/// For the few clients that read no brotli.
fn expand(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() * 4);
    brotli_decompressor::Decompressor::new(bytes, 4096).read_to_end(&mut out)?;
    Ok(out)
}

fn media(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("woff2") => "font/woff2",
        Some("json") => "application/json; charset=utf-8",
        Some("webmanifest") => "application/manifest+json; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn brotli_is_sent_to_those_who_read_it() {
        let accepts = |value| accepts_brotli(&with(header::ACCEPT_ENCODING, value));
        assert!(accepts("gzip, deflate, br, zstd"));
        assert!(accepts("br;q=0.5"));
        assert!(!accepts("gzip, br;q=0"));
        assert!(!accepts("gzip"));
        assert!(!accepts_brotli(&HeaderMap::new()));
    }

    #[test]
    fn pages_are_for_browsers_and_missing_files_are_missing() {
        let page = |name, value| wants_page(name, &with(header::ACCEPT, value));
        assert!(page("w/harbor/contacts", "text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(page("login", "*/*"));
        assert!(!page("favicon.ico", "*/*") && page("favicon.ico", "text/html"));
        assert!(!page("assets/old-1234.js", "*/*"));
        assert!(!page("w/harbor", "application/json"));
    }
}
