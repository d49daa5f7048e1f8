//! Values at the edge of what is kept: exactly as sent, or refused.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Harbor, message};
use crate::support::app::{Person, read};

async fn raw(person: &Person<'_>, method: Method, path: &str, body: String) -> (u16, Value) {
    let request = person.request(method, path).header("Content-Type", "application/json");
    let (status, answer) = read(request.body(body).send().await.unwrap()).await;
    (status.as_u16(), answer)
}

/// A document that holds one of them could once be neither changed nor deleted.
#[tokio::test]
async fn keys_private_to_the_json_library_are_refused_in_every_spelling() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let plain = "$serde_json::private::";
    let all_escaped: String = plain.chars().map(|c| format!("\\u{:04x}", c as u32)).collect();
    let mut bodies = Vec::new();
    for prefix in [
        plain,
        "\\u0024serde_json::private::",
        "$\\u0073erde_json::private::",
        "$serde\\u005Fjson::private::",
        "$serde\\u005fjson\\u003a\\u003Aprivate::",
        "$serde_json::\\u0070rivate::",
        "$serde_json::private\\u003a:",
        &all_escaped,
    ] {
        for name in ["RawValue", "Number", "Raw\\u0056alue", "\\u004eumber"] {
            for value in ["\"[[[\"", "\"{\\\"x\\\":1}\"", "\"12\"", "1"] {
                bodies.push(format!(r#"{{"{prefix}{name}":{value}}}"#));
                bodies.push(format!(r#"{{"a":1,"{prefix}{name}":{value}}}"#));
                bodies.push(format!(r#"[{{"\\u":{{"{prefix}{name}":{value}}}}}]"#));
            }
        }
    }
    for meta in bodies {
        let body = format!(r#"{{"subject":"x","meta":{meta}}}"#);
        let (status, answer) = raw(&owner, Method::POST, "/api/activities", body).await;
        assert_eq!((status, message(&answer)), (400, "Invalid JSON"), "{meta}");
    }
    assert_eq!(harbor.number("SELECT count(*) FROM activities").await, 0);
    let body = r#"{"subject":"x","meta":{"$serde_json":1,"private::Number":"1"}}"#.to_owned();
    let (status, made) = raw(&owner, Method::POST, "/api/activities", body).await;
    assert_eq!(status, 201, "{made}");
    let path = format!("/api/activities/{}", made["doc"]["id"].as_str().unwrap());
    assert_eq!(owner.patch(&path, json!({ "subject": "y" })).await.0, 200);
    assert_eq!(owner.delete(&path).await.0, 200);
}

#[tokio::test]
async fn long_web_addresses_do_not_break_the_domain_made_of_them() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    // Nothing that compresses: an index row has room for 2.7 kB.
    let noise: String = (0..6000).map(|_| rand::random_range('a'..='z')).collect();
    for website in
        [format!("http://{noise}.com/"), format!("http://{}.com/", [&noise[..60]; 8].join("."))]
    {
        let data = json!({ "name": "Long", "website": website });
        let (status, body) = owner.post("/api/companies", data).await;
        assert!(status == 400 || status == 201, "{status} {body}");
        let domain = body["doc"]["domain"].as_str().unwrap_or_default();
        assert!(domain.len() <= 253, "{domain}");
    }
    let company = harbor.app.create(harbor.account, "companies", json!({ "name": "Short" })).await;
    let data = json!({ "website": format!("http://{noise}.com/") });
    let (status, body) = owner.patch(&format!("/api/companies/{company}"), data).await;
    assert!(status == 400 || status == 200, "{status} {body}");
}

/// One deal at 1e300 once kept every other out of its stage.
#[tokio::test]
async fn no_position_closes_a_stage() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let stage = super::stage(&harbor).await;
    let body =
        |position: &str| format!(r#"{{"name":"x","stage":"{stage}","position":{position}}}"#);
    for wrong in ["1e300", "-1e300", "1e19", "1000000001", "-1000000000.5"] {
        let (status, answer) = raw(&owner, Method::POST, "/api/deals", body(wrong)).await;
        assert_eq!(status, 400, "{wrong}: {answer}");
    }
    for right in ["1000000000", "-1000000000", "0.5"] {
        let (status, answer) = raw(&owner, Method::POST, "/api/deals", body(right)).await;
        assert_eq!(status, 201, "{right}: {answer}");
    }
    for n in 0..3 {
        let data = json!({ "name": format!("after {n}"), "stage": stage });
        let (status, answer) = owner.post("/api/deals?depth=0", data).await;
        assert_eq!(status, 201, "{answer}");
        let path = format!("/api/deals/{}?depth=0", answer["doc"]["id"].as_str().unwrap());
        let position = answer["doc"]["position"].clone();
        let (status, answer) = owner.patch(&path, json!({ "name": "renamed" })).await;
        assert_eq!((status.as_u16(), &answer["doc"]["position"]), (200, &position), "{answer}");
    }
}

#[tokio::test]
async fn numbers_are_kept_exactly_or_refused() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let stage = super::stage(&harbor).await;
    let send = async |field: &str, value: &str| {
        let body = format!(r#"{{"name":"x","stage":"{stage}","{field}":{value}}}"#);
        raw(&owner, Method::POST, "/api/deals?depth=0", body).await
    };
    for value in [
        "1e-400",
        "-1e-400",
        "1.00000000000000000001",
        "0.99999999999999999999",
        "9007199254740992.5",
        "1.5",
        "1e400",
        "\"1e-400\"",
    ] {
        for value in [value.to_owned(), format!(r#"{{"amount":{value},"currency":"USD"}}"#)] {
            let (status, answer) = send("value", &value).await;
            assert_eq!(status, 400, "{value}: {answer}");
        }
    }
    for (value, kept) in [
        ("0", 0_i64),
        ("12.0", 12),
        ("1e2", 100),
        ("0.0", 0),
        ("9007199254740993", 9_007_199_254_740_993),
    ] {
        let (status, answer) = send("value", value).await;
        assert_eq!((status, &answer["doc"]["value"]["amount"]), (201, &json!(kept)), "{value}");
    }
    // Either refused, or what a double of the same figures is.
    let (status, answer) = send("value", "9007199254740993.0").await;
    let exact = answer["doc"]["value"]["amount"] == json!(9_007_199_254_740_993_i64);
    assert!(status == 400 || exact, "{answer}");
    for value in ["1e-400", "0.12345678901234567890123", "12345678.12345678901234", "\"1e-400\""] {
        let (status, answer) = send("position", value).await;
        assert_eq!(status, 400, "{value}: {answer}");
    }
    for (value, kept) in
        [("0.1", json!(0.1)), ("0.30000000000000004", json!(0.300_000_000_000_000_04))]
    {
        let (status, answer) = send("position", value).await;
        assert_eq!(status, 201, "{value}: {answer}");
        assert_eq!(answer["doc"]["position"].as_f64(), kept.as_f64(), "{value}");
    }
}

#[tokio::test]
async fn an_email_is_one_mailbox_and_nothing_beside_it() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    for wrong in [
        "Bob <b@c.co>",
        "Bob <owner@harbor.example>",
        "<b@c.co>",
        "a@b",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "\"a b\"@c.co",
        "\"a\"@c.co",
        "a@c.co,b@c.co",
        "a b@c.co",
        "@c.co",
        "a@",
    ] {
        let contact = json!({ "firstName": "x", "email": wrong });
        let user = json!({ "email": wrong, "password": "long enough" });
        for (slug, data) in [("contacts", contact), ("users", user)] {
            let (status, answer) = owner.post(&format!("/api/{slug}"), data).await;
            assert_eq!(status, 400, "{slug} {wrong}: {answer}");
        }
    }
    assert_eq!(harbor.number("SELECT count(*) FROM contacts").await, 0);
    let data = json!({ "firstName": "x", "email": " Ann+crm@Mail.Example.co.uk " });
    let (status, answer) = owner.post("/api/contacts", data).await;
    assert_eq!(
        (status.as_u16(), &answer["doc"]["email"]),
        (201, &json!("ann+crm@mail.example.co.uk"))
    );
}
