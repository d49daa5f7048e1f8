//! What surrounds every request: its id, the override of its method, a time limit, the catching of
//! panics, response headers and the log line.
//!
//! **Invariant:** a log line names a request by method, route template, status and user id. Paths,
//! queries, bodies and headers never reach it, so no token can.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use kernel::Error;
use serde_json::json;
use tower::ServiceExt;
use tracing::Instrument;

use crate::caller::Caller;
use crate::error::{Failure, Fault, Reply, route_not_found};
use crate::request::{OverrideQuery, Trace};
use crate::state::AppState;
use crate::{body, idempotency, reply, unread};

/// Longest path and query, as Node's servers have it.
pub(crate) const MAX_URI: usize = 16 * 1024;
/// How long a request may take.
pub(crate) const TIME_LIMIT: Duration = Duration::from_secs(30);
/// A request slower than this is logged even if it only reads.
const SLOW: Duration = Duration::from_secs(1);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// So that a tab left open notices that its app is no longer the one served.
const APP_BUILD: HeaderName = HeaderName::from_static("x-app-build");
const OVERRIDES: [&str; 2] = ["x-payload-http-method-override", "x-http-method-override"];
/// For a year; browsers heed it on HTTPS alone.
const ENCRYPTED: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// A page that opened ours, or that ours opened, cannot reach into it.
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
/// No other site's page can load what we answer, be it as a picture or a script.
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// For answers that are data: no browser is to run or frame anything of them.
const DATA_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// Passes a request through `inner` and dresses the answer.
pub(crate) async fn serve(inner: Router, state: AppState, mut request: Request) -> Response {
    let info = state.info.clone();
    let started = Instant::now();
    let trace = Arc::new(Trace::of(&request, &info.proxies));
    request.extensions_mut().insert(trace.clone());
    let method = request.method().clone();
    let span = tracing::debug_span!("request", id = %trace.info.id, %method);
    let work = AssertUnwindSafe(answer(inner, state, request)).catch_unwind();
    let mut response = match tokio::time::timeout(TIME_LIMIT, work).instrument(span).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Failure(Error::internal("a handler panicked")).into_response(),
        Err(_) => Failure(Error::unavailable("The request took too long.")).into_response(),
    };
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        log_fault(&trace, &method, &fault.0);
    }
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        response = internal(&trace.info.id);
    }
    log(&trace, &method, response.status(), started.elapsed());
    dress(response.headers_mut(), &trace.info.id);
    if info.url.starts_with("https://") {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ENCRYPTED);
    }
    if let Some(build) = &info.assets.build {
        response.headers_mut().insert(APP_BUILD, build.clone());
    }
    response
}

/// Layer inside the router: notes which route matched. A change of who may do what is answered when
/// every process has heard of it.
pub(crate) async fn inside(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>();
    if let (Some(path), Some(trace)) = (matched, request.extensions().get::<Arc<Trace>>()) {
        let _ = trace.route.set(path.clone());
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let before = state.engine.security_epoch();
    let response = next.run(request).await;
    if state.engine.security_epoch() != before {
        state.auth.heard_by_all().await;
    }
    response
}

async fn answer(inner: Router, state: AppState, request: Request) -> Response {
    if request.method() == Method::OPTIONS {
        return reply::ok("{}");
    }
    if request.uri().path_and_query().is_some_and(|p| p.as_str().len() > MAX_URI) {
        let message = format!(
            "The address is longer than {MAX_URI} bytes. Send the query as the form-encoded body of \
             a POST with the header X-HTTP-Method-Override: GET."
        );
        let text = json!({"errors": [{"message": message}]}).to_string();
        return reply::json(StatusCode::URI_TOO_LONG, text);
    }
    let request = match overridden(&state, request).await {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    let trace = request.extensions().get::<Arc<Trace>>().cloned().unwrap_or_default();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let response = match idempotency::concerns(&request) {
        true => idempotency::once(inner, state, request).await,
        false => inner.oneshot(request).await.into_response(),
    };
    unread::counted(response, trace.holder(), is_read).await
}

/// A POST that says it is a GET becomes one, its form-encoded body the query. Nothing else can be
/// put over POST.
async fn overridden(state: &AppState, request: Request) -> Reply<Request> {
    if request.method() != Method::POST {
        return Ok(request);
    }
    let Some(wanted) = OVERRIDES.iter().find_map(|name| request.headers().get(*name)) else {
        return Ok(request);
    };
    if wanted != "GET" {
        return Ok(unroutable(request));
    }
    let (mut parts, sent) = request.into_parts();
    parts.method = Method::GET;
    // Whoever asks too often is not listened to, and what they send counts as theirs.
    Caller::from_request_parts(&mut parts, state).await?;
    let bytes = body::read(&parts, sent).await?;
    if body::media_type(&parts.headers) == "application/x-www-form-urlencoded" {
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| Error::bad_request("The form body is not valid UTF-8."))?;
        let query = match parts.uri.query() {
            Some(query) if !query.is_empty() => format!("{query}&{text}"),
            _ => text.to_owned(),
        };
        parts.extensions.insert(OverrideQuery(query.into()));
    }
    Ok(Request::from_parts(parts, Body::empty()))
}

/// No route answers TRACE, so this ends as "route not found" with the path the client sent.
fn unroutable(mut request: Request) -> Request {
    *request.method_mut() = Method::TRACE;
    request
}

pub(crate) async fn not_found(request: Request) -> Response {
    route_not_found(request.uri().path())
}

fn internal(id: &str) -> Response {
    let text = json!({"errors": [{"message": "Something went wrong.", "id": id}]}).to_string();
    reply::json(StatusCode::INTERNAL_SERVER_ERROR, text)
}

fn dress(headers: &mut HeaderMap, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(OPENER, HeaderValue::from_static("same-origin"));
    headers.insert(RESOURCE, HeaderValue::from_static("same-site"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(DATA_POLICY);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-store"));
}

fn route_of(trace: &Trace) -> &str {
    trace.route.get().map_or("(no route)", MatchedPath::as_str)
}

fn log_fault(trace: &Trace, method: &Method, error: &Error) {
    // Only first lines: the details that a database adds quote rows.
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let cause = error.source.as_ref().map(|source| first_line(source.to_string()));
    tracing::error!(
        request = trace.info.id, %method, route = route_of(trace), kind = ?error.kind,
        location = %error.location, message = first_line(error.message.clone()), cause,
        "request failed"
    );
}

fn log(trace: &Trace, method: &Method, status: StatusCode, took: Duration) {
    let notable = !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
        || status.is_server_error()
        || took > SLOW;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                request = trace.info.id, %method, route = route_of(trace), status = status.as_u16(),
                ms = took.as_secs_f64() * 1000.0, user = trace.user.get().map(tracing::field::display),
                ip = trace.info.ip, "answered"
            )
        };
    }
    if notable { line!(info) } else { line!(debug) }
}
