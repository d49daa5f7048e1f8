//! The whole server without a database: what it answers before any row is needed.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use auth::{Auth, Passwords, Post};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, header};
use define::{Collection, Rule};
use engine::{Engine, Registry};
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower::ServiceExt;

use crate::{AppState, Asset, Assets, Info, Rates, Throttle, app, frame, openapi, routed};

struct NoMail;

#[async_trait]
impl mail::Mailer for NoMail {
    async fn send(&self, _: mail::Message) -> kernel::Result<()> {
        Ok(())
    }
}

fn state() -> AppState {
    state_with(Info::new("http://localhost:3000"))
}

fn state_with(info: Info) -> AppState {
    let (passwords, post) = (Passwords::new(), Post::new());
    let registry = Registry::new(vec![auth::module(passwords.clone(), post.clone())]).unwrap();
    let url = "host=/nonexistent user=nobody dbname=none".to_owned();
    let engine = Engine::new(store::Config::new(url, 2), registry).unwrap();
    let engine = Arc::new(engine);
    let address = "http://localhost:3000";
    let config = auth::Config::new("a secret of the tests, long enough for anyone", address);
    let auth = Auth::new(engine.clone(), passwords, post, Arc::new(NoMail), config).unwrap();
    AppState { engine, auth: Arc::new(auth), info: Arc::new(info) }
}

struct Answer {
    status: u16,
    headers: axum::http::HeaderMap,
    body: String,
}

impl Answer {
    fn is_routed(&self) -> bool {
        !self.body.contains("Route not found")
    }
}

async fn ask(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

async fn send(app: &Router, method: &str, path: &str) -> Answer {
    ask(app, Request::builder().method(method).uri(path).body(Body::empty()).unwrap()).await
}

fn filled(template: &str) -> String {
    let id = "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3";
    template.replace("{id}", id).replace("{token}", "abc").replace("{page}", "tenants")
}

#[tokio::test]
async fn every_mounted_route_is_documented_and_every_documented_one_mounted() {
    let state = state();
    let collections: Vec<_> = state.engine.collections().cloned().collect();
    let documented: BTreeSet<(String, String)> =
        openapi::routes_of(&collections, state.engine.actions()).into_iter().collect();
    // axum lists its templates only in its debug output.
    let listing = format!("{:?}", routed(&state));
    let mut templates: BTreeSet<String> =
        documented.iter().map(|(_, template)| template.clone()).collect();
    for template in listing.split('"').filter(|part| part.starts_with("/api/")) {
        for collection in &collections {
            templates.insert(template.replace("{collection}", &collection.slug));
        }
    }
    assert!(templates.len() > 40, "{templates:?}");
    let app = app(state);
    for template in templates {
        for method in ["GET", "POST", "PATCH", "DELETE", "PUT"] {
            let answer = send(&app, method, &filled(&template)).await;
            let expected = documented.contains(&(method.to_owned(), template.clone()))
                || is_for_nobody(&collections, method, &template);
            assert_eq!(answer.is_routed(), expected, "{method} {template}: {}", answer.body);
        }
    }
}

/// Routes every collection has, refused to everybody and left out of the document.
fn is_for_nobody(collections: &[Collection], method: &str, template: &str) -> bool {
    let parts: Vec<&str> = template.trim_start_matches("/api/").split('/').collect();
    let Some(access) = collections.iter().find(|c| c.slug == parts[0]).map(|c| &c.access) else {
        return false;
    };
    let rule = match (method, &parts[1..]) {
        ("POST", [] | ["{id}", "duplicate"]) => &access.create,
        ("PATCH", [] | ["{id}"]) => &access.update,
        ("DELETE", [] | ["{id}"]) => &access.delete,
        _ => return false,
    };
    *rule == Rule::Never
}

#[tokio::test]
async fn what_has_no_route_says_so() {
    let app = app(state());
    for (method, path) in [
        ("GET", "/api/nothing"),
        ("PUT", "/api/users/1"),
        ("GET", "/api/users/1/zzz"),
        ("POST", "/api/users/1?_method=DELETE"),
        ("GET", "/api/graphql?query=x"),
    ] {
        let answer = send(&app, method, path).await;
        let path = path.split('?').next().unwrap();
        let expected = format!(r#"{{"message":"Route not found \"{path}\""}}"#);
        assert_eq!((answer.status, answer.body), (404, expected));
    }
    let options = send(&app, "OPTIONS", "/api/users").await;
    assert_eq!((options.status, options.body.as_str()), (200, "{}"));
}

#[tokio::test]
async fn anonymous_requests_are_forbidden_before_the_database_is_asked() {
    let app = app(state());
    for (method, path) in [
        ("GET", "/api/users"),
        ("GET", "/api/users/1"),
        ("GET", "/api/users/count"),
        ("DELETE", "/api/users?where[id][equals]=1"),
        ("GET", "/api/schema"),
    ] {
        let answer = send(&app, method, path).await;
        let body = r#"{"errors":[{"message":"You are not allowed to perform this action."}]}"#;
        assert_eq!((answer.status, answer.body.as_str()), (403, body), "{method} {path}");
    }
}

#[tokio::test]
async fn limits_answer_4xx() {
    let app = app(state());
    let long = format!("/api/users?x={}", "a".repeat(frame::MAX_URI));
    assert_eq!(send(&app, "GET", &long).await.status, 414);
    assert_eq!(send(&app, "GET", "/api/users?limit=99999").await.status, 400);
    assert_eq!(send(&app, "GET", "/api/users?where=%7Bbad").await.status, 400);
    assert_eq!(send(&app, "GET", "/api/users?a=%ff").await.status, 400);
    assert_eq!(send(&app, "PATCH", "/api/users").await.status, 400);
    assert_eq!(send(&app, "DELETE", "/api/users").await.status, 400);
    let post = |body: String| {
        let request = Request::post("/api/users").header("content-type", "application/json");
        request.body(Body::from(body)).unwrap()
    };
    assert_eq!(ask(&app, post("x".repeat(crate::body::MAX_BODY + 1))).await.status, 413);
    let bad = ask(&app, post("{\"name\":\"\\ud800\"}".into())).await;
    assert_eq!(
        (bad.status, bad.body.as_str()),
        (400, r#"{"errors":[{"message":"Invalid JSON"}]}"#)
    );
    assert_eq!(ask(&app, post(String::new())).await.status, 400);
}

#[tokio::test]
async fn a_post_may_stand_for_a_get_and_for_nothing_else() {
    let app = app(state());
    let post = |wanted: &str, body: &str| {
        Request::post("/api/users")
            .header("x-http-method-override", wanted)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap()
    };
    assert_eq!(ask(&app, post("GET", "where[id][equals]=1")).await.status, 403);
    let refused = ask(&app, post("GET", "limit=99999")).await;
    assert!(refused.status == 400 && refused.body.contains("limit"), "{}", refused.body);
    assert!(!ask(&app, post("DELETE", "")).await.is_routed());
}

/// A POST of a client behind our proxy.
fn post_from(address: &str, path: &str) -> axum::http::request::Builder {
    let proxy = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711)));
    Request::post(path).extension(proxy).header("x-forwarded-for", address)
}

/// One byte short of what it announces.
fn endless(bytes: usize) -> Body {
    let piece = Ok::<_, Infallible>(Bytes::from(vec![b' '; bytes]));
    Body::from_stream(stream::iter([piece]).chain(stream::pending()))
}

fn override_from(address: &str, body: Body) -> Request<Body> {
    post_from(address, "/api/users").header("x-http-method-override", "GET").body(body).unwrap()
}

#[tokio::test]
async fn bodies_that_do_not_end_are_in_nobody_s_way_but_their_sender_s() {
    let app = app(state());
    let mut idle = JoinSet::new();
    for n in 0..80 {
        // A stranger with many addresses.
        let request = override_from(&format!("192.0.2.{}", n % 20), endless(1 << 20));
        let app = app.clone();
        idle.spawn(async move { ask(&app, request).await.status });
    }
    let mut refused = 0;
    while let Ok(ended) = timeout(Duration::from_millis(500), idle.join_next()).await {
        refused += usize::from(ended.unwrap().unwrap() == 503);
    }
    // Strangers have half of it, and leave some to the next.
    assert!((50..80).contains(&refused), "{refused} of 80 were refused");
    let pieces = |size: usize| {
        let pieces = [Bytes::from(vec![b' '; size]), Bytes::from("{}")];
        Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
    };
    for (address, body, expected) in [
        ("198.51.100.1", pieces(100_000), 403),
        ("198.51.100.1", Body::from(format!("{{}}{}", " ".repeat(1_000_000))), 403),
        // Even theirs, when it comes at once.
        ("192.0.2.1", Body::from("{}"), 403),
        ("192.0.2.1", pieces(1_000_000), 503),
    ] {
        let request = post_from(address, "/api/users").header("content-type", "application/json");
        let answer = ask(&app, request.body(body).unwrap()).await;
        assert_eq!(answer.status, expected, "{address}: {}", answer.body);
        assert_eq!(answer.headers.contains_key("retry-after"), expected == 503);
    }
}

#[tokio::test]
async fn who_asks_too_often_is_not_listened_to() {
    let mut info = Info::new("http://localhost:3000");
    let rates = Rates { requests: NonZeroU32::new(60), ..Rates::default() };
    info.throttle = Arc::new(Throttle::new(rates));
    let app = app(state_with(info));
    for n in 0..11 {
        let expected = if n < 10 { 403 } else { 429 };
        assert_eq!(ask(&app, override_from("203.0.113.5", Body::empty())).await.status, expected);
    }
    let started = Instant::now();
    assert_eq!(ask(&app, override_from("203.0.113.5", endless(9))).await.status, 429);
    assert!(started.elapsed() < Duration::from_secs(1), "its body was waited for");
}

#[tokio::test]
async fn a_request_counts_once() {
    let app = app(state());
    for n in 0..61 {
        let request = post_from("203.0.113.6", "/api/users").header("idempotency-key", "k");
        let request = request.header("content-type", "application/json").body(Body::from("{}"));
        let expected = if n < 60 { 403 } else { 429 };
        assert_eq!(ask(&app, request.unwrap()).await.status, expected, "{n}");
    }
}

#[tokio::test]
async fn a_condition_is_heeded_or_refused() {
    let app = app(state());
    for (method, path) in [
        ("POST", "/api/users/{id}/duplicate"),
        ("PATCH", "/api/users?where[id][equals]=1"),
        ("DELETE", "/api/users?where[id][equals]=1"),
    ] {
        let request = Request::builder().method(method).uri(filled(path)).header("if-match", "*");
        let answer = ask(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 400, "{method} {path}: {}", answer.body);
        assert!(answer.body.contains("If-Match"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_missing_database_is_unavailable_not_a_fault() {
    let app = app(state());
    let body = r#"{"email":"a@b.co","password":"x"}"#;
    let request = Request::post("/api/users/login").header("content-type", "application/json");
    let answer = ask(&app, request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert!(!answer.body.contains("nonexistent"));
    assert_eq!(send(&app, "GET", "/api/healthz").await.body, r#"{"status":"ok"}"#);
    let ready = send(&app, "GET", "/api/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains(r#""database":"failed""#), "{}", ready.body);
}

#[tokio::test]
async fn answers_are_dressed() {
    let app = app(state());
    let request = Request::get("/api/healthz").header("x-request-id", "mine-1");
    let answer = ask(&app, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers["x-request-id"], "mine-1");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json; charset=utf-8");
    let page = send(&app, "GET", "/api/docs/users").await;
    assert_eq!(page.status, 200);
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    let tag = page.headers[header::ETAG].clone();
    let again = Request::get("/api/docs/users").header(header::IF_NONE_MATCH, tag);
    assert_eq!(ask(&app, again.body(Body::empty()).unwrap()).await.status, 304);
    let zipped = Request::get("/api/openapi.json").header("accept-encoding", "gzip");
    let zipped = ask(&app, zipped.body(Body::empty()).unwrap()).await;
    assert_eq!(zipped.headers[header::CONTENT_ENCODING], "gzip");
}

#[tokio::test]
async fn a_panic_is_a_fault_with_an_id() {
    async fn fail() -> &'static str {
        panic!("on purpose")
    }
    let inner = Router::new().route("/", axum::routing::get(fail));
    let request = Request::builder().method(Method::GET).uri("/").header("x-request-id", "r1");
    let request = request.body(Body::empty()).unwrap();
    let response = frame::serve(inner, state(), request).await;
    assert_eq!(response.status(), 500);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, r#"{"errors":[{"message":"Something went wrong.","id":"r1"}]}"#);
}

#[tokio::test]
async fn the_app_is_files_kept_or_asked_for_again_and_nothing_beside_them() {
    let mut info = Info::new("http://localhost:3000");
    // There is a file for every name but those of pages.
    let find = |name: &str| {
        let times = if name.starts_with("long") { 1_000 } else { 1 };
        let bytes = name.contains('.').then(|| name.repeat(times).into_bytes())?;
        Some(Asset { bytes: bytes.into(), compressed: false, tag: "t1".into() })
    };
    info.assets = Assets::new(find, Some("b1".into()));
    info.backend_host = Some("backend.example".into());
    let app = app(state_with(info));
    for (path, body, kept) in [
        ("/", "index.html", "no-cache"),
        ("/index.html", "index.html", "no-cache"),
        ("/w/north/deals", "index.html", "no-cache"),
        ("/sw.js", "sw.js", "no-cache"),
        ("/assets/a-1.js", "assets/a-1.js", "public, max-age=31536000, immutable"),
    ] {
        let answer = send(&app, "GET", path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
        assert_eq!(answer.headers[header::CACHE_CONTROL], kept, "{path}");
        assert_eq!(answer.headers["x-app-build"], "b1");
        let head = send(&app, "HEAD", path).await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{path}");
        assert_eq!(head.headers[header::CONTENT_LENGTH], body.len().to_string(), "{path}");
    }
    for path in ["/../x.txt", "/assets/../../x.txt", "/assets/..", "/assets/gone", "/api/x.txt"] {
        let answer = send(&app, "GET", path).await;
        assert!(answer.status == 404 && !answer.is_routed(), "{path}: {}", answer.body);
    }
    // Pictures and fonts are as small as they get.
    for (path, encoding) in
        [("/a.txt", None), ("/long.txt", Some("gzip")), ("/long.png", None), ("/long.woff2", None)]
    {
        let request = Request::builder().uri(path).header(header::ACCEPT_ENCODING, "gzip");
        let answer = ask(&app, request.body(Body::empty()).unwrap()).await;
        let found = answer.headers.get(header::CONTENT_ENCODING);
        assert_eq!(found.map(|v| v.to_str().unwrap()), encoding, "{path}");
    }
    for (host, status) in
        [("backend.example", 307), ("Backend.Example:3000", 307), ("[::1]:3000", 200), ("", 200)]
    {
        let request = Request::builder().uri("/").header(header::HOST, host);
        let answer = ask(&app, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{host}");
    }
}
