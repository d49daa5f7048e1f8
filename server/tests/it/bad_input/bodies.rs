//! Bodies that are no documents, and documents at the edge of what can be kept.

use serde_json::{Value, json};

use super::{Victim, assert_refused, assert_sound, raw};
use crate::matrix::digest::Witness;

const JSON: Option<&str> = Some("application/json");

#[tokio::test]
async fn what_is_no_document_changes_nothing() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let witness = Witness::of(&victim.app).await;
    let before = witness.look().await;
    let deep = format!("{{\"name\":\"x\",\"meta\":{}{}}}", "[".repeat(500), "]".repeat(500));
    let objects = format!("{}1{}", "{\"a\":".repeat(500), "}".repeat(500));
    let many_tags = json!({ "name": "x", "tags": vec![victim.company.as_str(); 1001] }).to_string();
    let huge = json!({ "name": "x", "source": "y".repeat(2 * 1024 * 1024) }).to_string();
    let long = json!({ "name": "n".repeat(301) }).to_string();
    let bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "{bad",
        "{\"name\":\"a\"",
        "{\"name\":\"a\"} x",
        "{\"name\":\"a\"}{}",
        "[]",
        "[{\"name\":\"a\"}]",
        "\"name\"",
        "null",
        "1",
        "true",
        "nan",
        "{\"name\":nan}",
        "{'name':'a'}",
        "{\"name\":\"a\",}",
        "{name:\"a\"}",
        "{\"name\":\"\u{0}\"}",
        r#"{"name":"a\u0000b"}"#,
        r#"{"name":"\ud800"}"#,
        r#"{"name":"\udc00x"}"#,
        r#"{"name":"\ud83d"}"#,
        r#"{"name":"\x41"}"#,
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a","address":{"city":"x","city":"y"}}"#,
        r#"{"name":"a","\u006eame":"b"}"#,
        r#"{"name":"a","employees":1e400}"#,
        r#"{"name":"a","employees":-1e400}"#,
        r#"{"name":"a","employees":9223372036854775808}"#,
        r#"{"name":"a","employees":1.5}"#,
        r#"{"name":"a","annualRevenue":9223372036854775808}"#,
        r#"{"name":"a","annualRevenue":{"amount":-9223372036854775809}}"#,
        r#"{"name":"a","annualRevenue":9007199254740993.0}"#,
        r#"{"name":"a","annualRevenue":9007199254740991.4}"#,
        r#"{"name":"a","employees":4503599627370497.3}"#,
        r#"{"name":"a","employees":1.00000000000000000001}"#,
        r#"{"name":"a","employees":01}"#,
        r#"{"name":"a","employees":+1}"#,
        r#"{"name":"a","employees":.5}"#,
        r#"{"name":""}"#,
        r#"{"name":null}"#,
        r#"{}"#,
        r#"{"__proto__":{"name":"a"}}"#,
        r#"{"constructor":{"prototype":{"name":"a"}}}"#,
        r#"{"name":"a","tenant":"__proto__"}"#,
        deep.as_str(),
        objects.as_str(),
        many_tags.as_str(),
        huge.as_str(),
        long.as_str(),
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([
        b"\xff\xfe{\"name\":\"a\"}".to_vec(),
        b"{\"name\":\"\xff\"}".to_vec(),
        b"{\"name\":\"\xed\xa0\x80\"}".to_vec(),
    ])
    .collect();
    for body in bodies {
        let name = String::from_utf8_lossy(&body).chars().take(80).collect::<String>();
        let (status, answer) = raw(&owner, "POST", "/api/companies", JSON, body).await;
        assert_refused(&name, status, &answer);
    }
    let one = format!("/api/companies/{}", victim.company);
    let many = "/api/companies?where[name][equals]=Anchor";
    for body in [
        "{",
        "[]",
        "null",
        "",
        r#"{"name":"\ud800"}"#,
        r#"{"name":""}"#,
        r#"{"name":null}"#,
        r#"{"employees":1e400}"#,
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"a\u0000b","employees":5}"#,
        r#"{"employees":5,"tags":["x"]}"#,
    ] {
        for path in [one.as_str(), many] {
            let (status, answer) = raw(&owner, "PATCH", path, JSON, body).await;
            assert_refused(&format!("PATCH {body}"), status, &answer_or_bulk(&answer));
        }
    }
    for media in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
        Some("application/xml"),
        Some("json"),
        Some(""),
    ] {
        let (status, answer) =
            raw(&owner, "POST", "/api/companies", media, r#"{"name":"a"}"#).await;
        assert_refused(&format!("{media:?}"), status, &answer);
    }
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

/// A filtered write that fails lists the failures beside the documents.
fn answer_or_bulk(answer: &Value) -> Value {
    match answer.get("docs") {
        Some(_) => json!({ "errors": answer["errors"] }),
        None => answer.clone(),
    }
}

/// Keys by which a JSON library of ours marks numbers and raw text are refused, or kept as they are.
#[tokio::test]
async fn no_key_has_a_secret_meaning() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    for key in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        for value in ["\"1\"", "\"[1]\"", "\"x\"", "1", "null", "{}"] {
            let meta = format!(r#"{{"{key}":{value}}}"#);
            let body = format!(r#"{{"subject":"x","meta":{meta}}}"#);
            let (status, made) =
                raw(&owner, "POST", "/api/activities?depth=0", JSON, body.clone()).await;
            if status == 201 {
                assert_eq!(made["doc"]["meta"].to_string(), meta, "{body}");
            } else {
                assert_refused(&body, status, &made);
            }
        }
    }
}

/// What is taken is given back as it was sent.
#[tokio::test]
async fn what_is_kept_is_kept_exactly() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let company = |field: &str, value: &str| {
        ("companies", format!(r#"{{"name":"x","{field}":{value}}}"#), field.to_owned())
    };
    let meta = |value: &str| {
        ("activities", format!(r#"{{"subject":"x","meta":{value}}}"#), "meta".to_owned())
    };
    let usd = |amount: &str| format!(r#"{{"amount":{amount},"currency":"USD"}}"#);
    let odd = "\"a\\\"b\\\\c/\u{2028}\u{200f}\u{1f600}\u{fffd}\\u0001\\u001f\\u007f\u{10ffff} $1 %s {{7*7}} ' ; -- \"";
    let long = format!("\"{}\"", "é".repeat(300));
    let text = format!("\"{}\"", "a\\n".repeat(50_000));
    let number = "123456789012345678901234567890.123456789e-5";
    for ((slug, body, field), kept) in [
        (company("employees", "9223372036854775807"), "9223372036854775807".to_owned()),
        (company("employees", "9223372036854775806"), "9223372036854775806".to_owned()),
        (company("employees", "9007199254740993"), "9007199254740993".to_owned()),
        (company("employees", "0"), "0".to_owned()),
        (company("employees", "4.0"), "4".to_owned()),
        (company("employees", "4e2"), "400".to_owned()),
        (company("employees", "\"7\""), "7".to_owned()),
        (company("annualRevenue", &usd("9223372036854775807")), usd("9223372036854775807")),
        (company("annualRevenue", &usd("-9223372036854775808")), usd("-9223372036854775808")),
        (company("annualRevenue", "9007199254740993"), usd("9007199254740993")),
        (company("annualRevenue", "null"), "null".to_owned()),
        (company("name", odd), odd.to_owned()),
        (company("name", &long), long.clone()),
        (company("source", "true"), "\"true\"".to_owned()),
        (company("source", "1.50"), "\"1.50\"".to_owned()),
        (
            company("createdAt", "\"0001-01-01T00:00:00.000Z\""),
            "\"0001-01-01T00:00:00.000Z\"".to_owned(),
        ),
        (
            company("createdAt", "\"9999-12-30T21:59:59.999Z\""),
            "\"9999-12-30T21:59:59.999Z\"".to_owned(),
        ),
        (
            ("activities", format!(r#"{{"subject":"x","body":{text}}}"#), "body".to_owned()),
            text.clone(),
        ),
        (meta(number), number.to_owned()),
        (meta("1e400"), "1e400".to_owned()),
        (meta("-0"), "-0".to_owned()),
        (meta("\"\""), "\"\"".to_owned()),
        (
            meta(r#"{"__proto__":{"a":1},"constructor":null,"":[],"b":[{"id":1}]}"#),
            r#"{"__proto__":{"a":1},"constructor":null,"":[],"b":[{"id":1}]}"#.to_owned(),
        ),
        (
            meta(r#"[[],{},null,false,"\"",{"a b":{"c.d":"e"}}]"#),
            r#"[[],{},null,false,"\"",{"a b":{"c.d":"e"}}]"#.to_owned(),
        ),
    ] {
        let body = if field == "name" { format!(r#"{{"name":{kept}}}"#) } else { body };
        let (status, made) =
            raw(&owner, "POST", &format!("/api/{slug}?depth=0"), JSON, body.clone()).await;
        assert_eq!(status, 201, "{body}: {made}");
        let expected: Value = serde_json::from_str(&kept).unwrap();
        assert_eq!(made["doc"][&field], expected, "{body}");
        let path = format!("/api/{slug}/{}?depth=0", made["doc"]["id"].as_str().unwrap());
        let (_, seen) = owner.get(&path).await;
        assert_eq!(seen[&field], expected, "{body}");
        assert_eq!(seen[&field].to_string(), expected.to_string(), "{body}");
    }
}

#[tokio::test]
async fn sign_in_survives_everything() {
    let victim = Victim::new().await;
    let nobody = victim.app.anonymous();
    let owner = victim.owner().await;
    let long = "x".repeat(100_000);
    let odd = [
        json!(null),
        json!(5),
        json!(true),
        json!([]),
        json!({}),
        json!(["a"]),
        json!(""),
        json!("a\u{0}b"),
        json!(long),
        json!("'; DROP TABLE users; --"),
        json!("\u{202e}@x"),
    ];
    for email in &odd {
        for password in &odd {
            let body =
                json!({ "email": email, "password": password, "token": email, "name": email });
            for path in [
                "/api/users/login",
                "/api/auth/signin",
                "/api/users/reset-password",
                "/api/users/first-register",
            ] {
                let (status, answer) = nobody.post(path, body.clone()).await;
                assert_refused(&format!("{path} {}", short(&body)), status, &answer);
            }
        }
        let body = json!({ "email": email });
        for path in ["/api/users/forgot-password", "/api/users/unlock"] {
            let (status, answer) = owner.post(path, body.clone()).await;
            assert_sound(&format!("{path} {}", short(&body)), status, &answer);
        }
    }
    for path in ["/api/users/verify/%00", "/api/users/verify/%ff", "/api/users/verify/x"] {
        let (status, answer) = raw(&nobody, "POST", path, None, "").await;
        assert_refused(path, status, &answer);
    }
    for path in ["/api/users/sessions/%00", "/api/users/sessions/%ff", "/api/users/sessions/x"] {
        let (status, answer) = raw(&owner, "DELETE", path, None, "").await;
        assert_refused(path, status, &answer);
    }
    assert_eq!(owner.get("/api/users/me?depth=NaN").await.0, 200);
}

fn short(body: &Value) -> String {
    body.to_string().chars().take(100).collect()
}
