//! Forged tokens: none of them is anybody, whichever way it is carried.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Role;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Sha256, Sha512};

use crate::support::app::{TestApp, read};

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
const HEADER: &str = r#"{"alg":"HS256","authVersion":1,"typ":"JWT"}"#;

fn hmac256(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// The key that the product derives from its secret; whoever knows it still cannot say anything it would
/// not have said itself.
fn key() -> Vec<u8> {
    hmac256(SECRET.as_bytes(), b"mainstay session token v1")
}

fn part(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn signed(header: &str, payload: &str, key: &[u8]) -> String {
    let text = format!("{}.{}", part(header), part(payload));
    let signature = hmac256(key, text.as_bytes());
    format!("{text}.{}", part(signature))
}

/// A token taken apart.
struct Real {
    token: String,
    header: String,
    payload: String,
    signature: String,
    claims: Value,
}

impl Real {
    fn of(token: &str) -> Real {
        let parts: Vec<&str> = token.split('.').collect();
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
        Real {
            token: token.to_owned(),
            header: parts[0].to_owned(),
            payload: parts[1].to_owned(),
            signature: parts[2].to_owned(),
            claims,
        }
    }

    /// The claims with some replaced, signed as the product would.
    fn with(&self, changes: Value) -> String {
        let mut claims = self.claims.clone();
        for (key, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().shift_remove(key),
                value => claims.as_object_mut().unwrap().insert(key.clone(), value.clone()),
            };
        }
        signed(HEADER, &claims.to_string(), &key())
    }

    /// The same claims under another header, signed as the product would.
    fn under(&self, header: &str) -> String {
        signed(header, &self.claims.to_string(), &key())
    }
}

/// The letter at `at` from the end exchanged for its neighbor.
fn flipped(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = bytes.len() - 1 - at;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

/// Headers that name another algorithm or another key.
fn headers(real: &Real) -> Vec<(&'static str, String)> {
    let Real { payload, signature, .. } = real;
    let none = |alg: &str, tail: &str| {
        format!("{}.{payload}.{tail}", part(format!(r#"{{"alg":"{alg}","typ":"JWT"}}"#)))
    };
    let text = format!("{}.{payload}", part(r#"{"alg":"HS512","authVersion":1,"typ":"JWT"}"#));
    let mut mac = Hmac::<Sha512>::new_from_slice(&key()).unwrap();
    mac.update(text.as_bytes());
    let hs512 = format!("{text}.{}", part(mac.finalize().into_bytes()));
    let kid = |kid: &str| {
        json!({ "alg": "HS256", "authVersion": 1, "typ": "JWT", "kid": kid }).to_string()
    };
    let claims = real.claims.to_string();
    let jwk = json!({ "alg": "HS256", "typ": "JWT", "jwk": { "kty": "oct", "k": part("mine") } });
    vec![
        ("none", none("none", "")),
        ("None", none("None", "")),
        ("NONE with the old signature", none("NONE", signature)),
        ("nOnE without the last dot", none("nOnE", "").trim_end_matches('.').to_owned()),
        ("HS512 with the right key", hs512),
        ("RS256, signed as HS256", real.under(r#"{"alg":"RS256","authVersion":1,"typ":"JWT"}"#)),
        ("ES256, signed as HS256", real.under(r#"{"alg":"ES256","authVersion":1,"typ":"JWT"}"#)),
        ("kid of an empty file", signed(&kid("../../../../dev/null"), &claims, b"")),
        ("kid that is SQL", signed(&kid("x' UNION SELECT 'key"), &claims, b"key")),
        ("kid with the right key", real.under(&kid("1"))),
        ("a key of its own", signed(&jwk.to_string(), &claims, b"mine")),
        ("jku", real.under(r#"{"alg":"HS256","typ":"JWT","jku":"http://127.0.0.1/keys"}"#)),
        ("crit", real.under(r#"{"alg":"HS256","typ":"JWT","b64":false,"crit":["b64"]}"#)),
        ("no version", real.under(r#"{"alg":"HS256","typ":"JWT"}"#)),
        ("another version", real.under(r#"{"alg":"HS256","authVersion":2,"typ":"JWT"}"#)),
        ("members in another order", real.under(r#"{"typ":"JWT","alg":"HS256","authVersion":1}"#)),
    ]
}

/// Claims that the product never makes, or that do not belong together.
fn claims(real: &Real, other: &Real) -> Vec<(&'static str, String)> {
    let text = real.claims.to_string();
    let twice =
        |more: String| signed(HEADER, &text.replacen('{', &format!("{{{more},"), 1), &key());
    let other_id = &other.claims["id"];
    vec![
        ("expired", real.with(json!({ "exp": 1_000_000_000 }))),
        (
            "expired this moment",
            real.with(json!({ "exp": real.claims["iat"].as_i64().unwrap() - 1 })),
        ),
        ("no end", real.with(json!({ "exp": null }))),
        ("an end that is text", real.with(json!({ "exp": "9999999999" }))),
        ("an end past all numbers", real.with(json!({ "exp": 1e300 }))),
        ("not yet", real.with(json!({ "nbf": 9_999_999_999_i64 }))),
        ("another audience", real.with(json!({ "aud": "other" }))),
        ("another issuer", real.with(json!({ "iss": "https://evil.example" }))),
        ("a role", real.with(json!({ "role": "owner" }))),
        ("another collection", real.with(json!({ "collection": "admins" }))),
        ("another person, my session", real.with(json!({ "id": other_id }))),
        ("another's session, my name", real.with(json!({ "sid": other.claims["sid"] }))),
        ("no such session", real.with(json!({ "sid": kernel::new_id() }))),
        ("no session", real.with(json!({ "sid": null }))),
        ("a session that is SQL", real.with(json!({ "sid": "' OR true --" }))),
        ("two people", twice(format!(r#""id":{other_id}"#))),
        ("two ends", twice(r#""exp":1"#.to_owned())),
        ("a list of claims", signed(HEADER, &format!("[{text}]"), &key())),
    ]
}

/// The right words, wrongly signed or wrongly written.
fn letters(real: &Real, other: &Real) -> Vec<(&'static str, String)> {
    let Real { token, header, payload, signature, claims } = real;
    let text = claims.to_string();
    let bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let short = part(&bytes[..31]);
    // The last letter of 32 bytes holds two bits that mean nothing.
    let last = signature.chars().last().unwrap();
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let next = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
    let idle = format!("{}{next}", &token[..token.len() - 1]);
    vec![
        ("an empty key", signed(HEADER, &text, b"")),
        ("a guessed key", signed(HEADER, &text, b"secret")),
        ("the secret itself as key", signed(HEADER, &text, SECRET.as_bytes())),
        ("no signature", format!("{header}.{payload}.")),
        ("a shortened signature", format!("{header}.{payload}.{short}")),
        ("a padded signature", format!("{header}.{payload}.{}", STANDARD.encode(&bytes))),
        ("idle bits of the signature", idle),
        ("another's signature", format!("{header}.{payload}.{}", other.signature)),
        ("another's payload", format!("{header}.{}.{signature}", other.payload)),
        ("a bit of the signature", flipped(token, 20)),
        ("a bit of the payload", format!("{header}.{}.{signature}", flipped(payload, 40))),
        ("a bit of the header", format!("{}.{payload}.{signature}", flipped(header, 9))),
        ("cut in the payload", token[..header.len() + 30].to_owned()),
        ("a fourth part", format!("{token}.{signature}")),
        ("twice", format!("{token},{token}")),
        ("a huge one", format!("{header}.{}.{signature}", "A".repeat(7_000))),
    ]
}

async fn is_somebody(app: &TestApp, headers: &[(&str, String)]) -> bool {
    let ask = async |path: &str| {
        let mut request = app.anonymous().request(Method::GET, path);
        for (name, value) in headers {
            request = request.header(*name, value.as_str());
        }
        read(request.send().await.unwrap()).await
    };
    let (status, body) = ask("/api/users/me").await;
    let (listed, _) = ask("/api/contacts").await;
    assert!(!status.is_server_error() && !listed.is_server_error(), "{headers:?}");
    status.is_success() && !body["user"].is_null() || listed.is_success()
}

#[tokio::test]
async fn no_forged_token_is_anybody() {
    let app = TestApp::start_with(&[("MAINSTAY_SECRET", SECRET)]).await;
    let account = app.account("harbor").await;
    let foreign = app.account("other").await;
    app.user(account, "viewer@harbor.example", Role::Viewer).await;
    app.user(foreign, "owner@other.example", Role::Owner).await;
    let real = Real::of(app.sign_in("viewer@harbor.example").await.token());
    let other = Real::of(app.sign_in("owner@other.example").await.token());
    let carriers = |token: &str| {
        [
            ("Authorization", format!("JWT {token}")),
            ("Authorization", format!("Bearer {token}")),
            ("Cookie", format!("crm_token={token}")),
        ]
    };
    // The rest would prove nothing if the key were not the product's own.
    for token in [real.token.clone(), real.with(json!({}))] {
        for carrier in carriers(&token) {
            assert!(is_somebody(&app, &[carrier]).await);
        }
    }
    let mut forged = headers(&real);
    forged.extend(claims(&real, &other));
    forged.extend(letters(&real, &other));
    let mut accepted = Vec::new();
    for (name, token) in &forged {
        for carrier in carriers(token) {
            if is_somebody(&app, std::slice::from_ref(&carrier)).await {
                accepted.push(format!("{name} as {}", carrier.0));
            }
        }
    }
    println!("{} of {} forged tokens accepted, over 3 carriers", accepted.len(), forged.len());
    assert!(forged.len() >= 40, "{}", forged.len());
    assert_eq!(accepted, Vec::<String>::new());
}
