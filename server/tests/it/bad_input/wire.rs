//! Requests byte by byte: what a well-behaved HTTP library would not send.

use reqwest::StatusCode;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Victim, assert_refused, assert_sound};
use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

/// Sends `GET path` with nothing re-encoded on the way.
pub(super) async fn get(app: &TestApp, token: &str, path: &[u8]) -> (StatusCode, Value) {
    let head =
        format!(" HTTP/1.1\r\nHost: x\r\nAuthorization: JWT {token}\r\nConnection: close\r\n\r\n");
    exchange(app, &[b"GET ", path, head.as_bytes()].concat()).await
}

async fn exchange(app: &TestApp, request: &[u8]) -> (StatusCode, Value) {
    let mut socket = TcpStream::connect(app.url.trim_start_matches("http://")).await.unwrap();
    socket.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let status = StatusCode::from_u16(status).unwrap_or_else(|_| panic!("no answer: {answer:?}"));
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn addresses_that_are_none() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let get = async |path: &[u8]| get(&victim.app, owner.token(), path).await;
    let long = "x".repeat(8_000);
    for id in [
        "abc",
        "1",
        "-1",
        "%00",
        "%ff",
        "..%2f..%2fetc%2fpasswd",
        "%F0%9F%98%80",
        "%zz",
        "%",
        "'",
        "\"",
        "null",
        "undefined",
        "{}",
        "00000000-0000-0000-0000-000000000000",
        "0%20OR%201=1",
        "%0d%0aX-A:%20b",
        long.as_str(),
    ] {
        for tail in ["", "?depth=3", "/access"] {
            let path = format!("/api/companies/{id}{tail}");
            let (status, body) = get(path.as_bytes()).await;
            assert_eq!(status, 404, "{path}: {body}");
            assert_refused(&path, status, &body);
        }
    }
    for slug in [
        "nope",
        "__proto__",
        "constructor",
        "%00",
        "%ff",
        "companies%2fcount",
        "COMPANIES",
        "x.html",
        "app_migrations",
        "outbox",
    ] {
        for path in [
            format!("/api/{slug}"),
            format!("/api/{slug}/count"),
            format!("/api/{slug}/1"),
            format!("/api/docs/{slug}"),
        ] {
            let (status, body) = get(path.as_bytes()).await;
            assert_eq!(status, 404, "{path}: {body}");
            assert_refused(&path, status, &body);
        }
    }
    let (status, body) =
        get(format!("/api/companies?where[name][equals]={}", "x".repeat(20_000)).as_bytes()).await;
    assert_eq!(status, 414, "{body}");
    assert_refused("a long address", status, &body);
    // These end in the HTTP library, before any of us: refused, with nothing to read.
    for path in [
        &b"/api/companies?\xff\xfe"[..],
        b"/api/companies?a=\x00b",
        b"/api/comp anies",
        b"nonsense",
    ] {
        let (status, _) = get(path).await;
        assert!(status.is_client_error() || status.is_success(), "{path:?}: {status}");
    }
}

#[tokio::test]
async fn bodies_that_do_not_arrive() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let witness = Witness::of(&victim.app).await;
    let before = witness.look().await;
    let head = |length: &str| {
        format!(
            "POST /api/companies HTTP/1.1\r\nHost: x\r\nAuthorization: JWT {}\r\n\
             Content-Type: application/json\r\n{length}\r\n\r\n",
            owner.token()
        )
    };
    let whole = r#"{"name":"Half"}"#;
    for (length, body) in [
        ("Content-Length: 100", whole),
        ("Content-Length: 15", r#"{"name":"#),
        ("Transfer-Encoding: chunked", "f\r\n{\"name\":\"Half\"}\r\n"),
        ("Transfer-Encoding: chunked", "zz\r\n"),
    ] {
        let mut socket =
            TcpStream::connect(victim.app.url.trim_start_matches("http://")).await.unwrap();
        socket.write_all((head(length) + body).as_bytes()).await.unwrap();
        socket.shutdown().await.unwrap();
        let mut answer = String::new();
        let _ = socket.read_to_string(&mut answer).await;
        let served = answer.starts_with("HTTP/1.1 2") || answer.starts_with("HTTP/1.1 5");
        assert!(!served, "{length} {body}: {answer}");
    }
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn methods_and_headers_from_elsewhere() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let path = format!("/api/companies/{}", victim.company);
    for method in ["PUT", "TRACE", "FOO", "PROPFIND", "POST"] {
        let request = owner.request(reqwest::Method::from_bytes(method.as_bytes()).unwrap(), &path);
        let (status, body) = crate::support::app::read(request.send().await.unwrap()).await;
        assert_eq!(status, 404, "{method}: {body}");
        assert_refused(method, status, &body);
    }
    let long = "x".repeat(5_000);
    for (header, value) in [
        ("Authorization", "JWT"),
        ("Authorization", "JWT ."),
        ("Authorization", "Bearer a.b.c"),
        ("Authorization", "JWT eyJhbGciOiJub25lIn0.e30."),
        ("Authorization", "users API-Key x"),
        ("Authorization", long.as_str()),
        ("Cookie", "crm_token=\"; crm_token=a.b.c; ="),
        ("Cookie", long.as_str()),
    ] {
        let request =
            victim.app.anonymous().request(reqwest::Method::GET, &path).header(header, value);
        let (status, body) = crate::support::app::read(request.send().await.unwrap()).await;
        assert_eq!(status, 403, "{header}: {value}: {body}");
        assert_refused(header, status, &body);
    }
    for tenant in ["x", "00000000-0000-0000-0000-000000000000", "'; --", long.as_str()] {
        let request = owner.request(reqwest::Method::GET, &path).header("X-Tenant", tenant);
        let (status, body) = crate::support::app::read(request.send().await.unwrap()).await;
        assert_eq!(status, 403, "{tenant}: {body}");
        let request = owner.request(reqwest::Method::GET, &path);
        let request = request.header("Cookie", format!("payload-tenant={tenant}"));
        let (status, body) = crate::support::app::read(request.send().await.unwrap()).await;
        assert_sound("a remembered tenant that is none", status, &body);
        assert_eq!(status, 200);
    }
}
