//! How often one may knock: passwords are guessed a few times, whatever the guesser writes into headers.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{OWNER, PASSWORD, TestApp, read};

/// Answers to `times` POSTs, the `n`th with its own header and body.
async fn knock(
    app: &TestApp,
    path: &str,
    times: usize,
    make: impl Fn(usize) -> (String, serde_json::Value),
) -> Vec<(StatusCode, String, bool)> {
    let nobody = app.anonymous();
    let mut answers = Vec::new();
    for n in 0..times {
        let (address, body) = make(n);
        let request = nobody.request(Method::POST, path).json(&body);
        let sent = request
            .header("X-Forwarded-For", address.as_str())
            .header("X-Real-IP", address.as_str())
            .header("CF-Connecting-IP", address.as_str())
            .send();
        let response = sent.await.unwrap();
        let retry = response.headers().get("retry-after").is_some();
        let (status, body) = read(response).await;
        answers.push((status, body["errors"][0]["message"].to_string(), retry));
    }
    answers
}

/// Row 20: whoever rotates fields, addresses and letter case gets no more guesses at one account.
#[tokio::test]
async fn guesses_at_one_account_are_few() {
    let app = TestApp::start().await;
    let guesses = knock(&app, "/api/users/login", 200, |n| {
        let email = match n % 4 {
            0 => OWNER.to_owned(),
            1 => OWNER.to_uppercase(),
            2 => format!("  {OWNER} "),
            _ => OWNER.replace('o', "O"),
        };
        let body = json!({
            "email": email, "password": format!("guess-{n}"), "username": format!("u{n}"),
            format!("field{n}"): n, "remember": n % 2 == 0,
        });
        (format!("198.51.{}.{}", n / 250, n % 250), body)
    });
    let guesses = guesses.await;
    let hashed = guesses.iter().filter(|(_, why, _)| why.contains("incorrect")).count();
    println!("row 20: {hashed} of 200 guesses reached the hash");
    assert!((1..=10).contains(&hashed), "{hashed} guesses reached the hash");
    assert!(guesses.iter().all(|(status, _, _)| status.is_client_error()));
    let body = json!({ "email": OWNER, "password": PASSWORD });
    assert_eq!(app.anonymous().post("/api/users/login", body).await.0, 401, "it is locked");
}

/// Row 55: a forged header changes nothing unless a trusted proxy sent it.
#[tokio::test]
async fn forged_addresses_do_not_help() {
    let settings =
        [("MAINSTAY_SIGN_INS_PER_MINUTE", "20"), ("MAINSTAY_TRUSTED_PROXIES", "192.0.2.1")];
    let app = TestApp::start_with(&settings).await;
    let rotating = |n: usize| (format!("203.0.113.{n}"), json!({}));
    let answers = knock(&app, "/api/users/forgot-password", 150, rotating).await;
    let refused: Vec<_> = answers.iter().filter(|(status, _, _)| *status == 429).collect();
    println!("row 55: {} of 150 with forged addresses were let through", 150 - refused.len());
    assert!((45..=50).contains(&refused.len()), "{} were refused", refused.len());
    assert!(refused.iter().all(|(_, why, retry)| *retry && why.contains("Too many requests")));
}

/// Row 55: an IPv6 subscriber has 2^64 addresses and is one client.
#[tokio::test]
async fn a_network_of_addresses_is_one_client() {
    let app = TestApp::start_with(&[("MAINSTAY_SIGN_INS_PER_MINUTE", "20")]).await;
    let within = |n: usize| (format!("2001:db8:1:2:{n:x}::{n:x}"), json!({}));
    let answers = knock(&app, "/api/users/forgot-password", 150, within).await;
    let refused = answers.iter().filter(|(status, _, _)| *status == 429).count();
    println!("row 55: {} of 150 from one /64 were let through", 150 - refused);
    assert!((45..=50).contains(&refused), "{refused} were refused");
    // Others are not held responsible: another network, and behind the same proxy another address.
    for other in ["2001:db8:1:3::1", "198.51.100.7"] {
        let answers =
            knock(&app, "/api/users/forgot-password", 1, |_| (other.to_owned(), json!({})));
        assert_eq!(answers.await[0].0, 400);
    }
}

/// Everything else has room for people and their programs, and an end.
#[tokio::test]
async fn requests_have_a_generous_rate() {
    let app = TestApp::start_with(&[("MAINSTAY_REQUESTS_PER_MINUTE", "600")]).await;
    let owner = app.sign_in(OWNER).await;
    let ask = async |address: Option<String>| {
        let mut request = owner.request(Method::GET, "/api/contacts?limit=1");
        if let Some(address) = address {
            request = request.header("X-Forwarded-For", address);
        }
        request.send().await.unwrap().status()
    };
    let mut refused = 0;
    for n in 0..130 {
        // Somebody who is signed in is one person wherever they are.
        refused += usize::from(ask(Some(format!("198.51.100.{n}"))).await == 429);
    }
    assert!((1..=30).contains(&refused), "{refused} were refused");
    for _ in 0..130 {
        assert_eq!(ask(None).await, 200, "programs of this machine are not counted");
    }
    let strangers = async |n: usize| {
        let (address, body) = ("203.0.113.9".to_owned(), json!({ "n": n }));
        knock(&app, "/api/contacts", 1, |_| (address.clone(), body.clone())).await[0].0
    };
    let mut answers = Vec::new();
    for n in 0..70 {
        answers.push(strangers(n).await);
    }
    assert_eq!(answers.iter().filter(|status| **status == 403).count(), 60);
    assert_eq!(answers.last(), Some(&StatusCode::TOO_MANY_REQUESTS));
}
