//! A session alone does not own the account; asking for the password neither locks nor stops anyone.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use kernel::{Id, Role};
use serde_json::{Value, json};
use server::postgres::SUPERUSER;
use tokio::sync::mpsc;

use super::{Harbor, message};
use crate::support::app::{PASSWORD, Person};
use crate::support::cluster;

const ANN: &str = "ann@harbor.example";
const ASKED: &str = "Enter your current password.";

async fn ann(harbor: &Harbor) -> Id {
    harbor.app.user(harbor.account, ANN, Role::Viewer).await
}

async fn change(person: &Person<'_>, id: Id, data: Value) -> (u16, Value) {
    let (status, body) = person.patch(&format!("/api/users/{id}?depth=0"), data).await;
    (status.as_u16(), body)
}

fn reason(body: &Value) -> &str {
    body["errors"][0]["data"]["errors"][0]["message"].as_str().unwrap_or(message(body))
}

#[tokio::test]
async fn changing_the_own_sign_in_asks_for_the_password() {
    let harbor = Harbor::new().await;
    let id = ann(&harbor).await;
    let person = harbor.app.sign_in(ANN).await;
    for data in [
        json!({ "email": "free@harbor.example" }),
        json!({ "email": super::OWNER }),
        json!({ "password": "another one" }),
        json!({ "password": "another one", "currentPassword": null }),
        json!({ "email": "free@harbor.example", "currentPassword": "wrong" }),
    ] {
        let (status, body) = change(&person, id, data.clone()).await;
        assert_eq!((status, reason(&body)), (400, ASKED), "{data}: {body}");
    }
    let by_filter = format!("/api/users?where[id][equals]={id}");
    let (status, body) = person.patch(&by_filter, json!({ "password": "another one" })).await;
    assert!(status.is_client_error(), "{body}");
    harbor.app.sign_in(ANN).await;
    // Nothing else asks, nor does the address one has.
    for data in [json!({ "name": "Ann" }), json!({ "email": ANN.to_uppercase() })] {
        assert_eq!(change(&person, id, data).await.0, 200);
    }
    let data = json!({ "email": "anna@harbor.example", "currentPassword": PASSWORD });
    let (status, body) = change(&person, id, data).await;
    assert_eq!((status, &body["doc"]["email"]), (200, &json!("anna@harbor.example")), "{body}");
    assert!(!body.to_string().contains(PASSWORD));
    // Who manages the account needs to prove nothing.
    let owner = harbor.owner().await;
    let data = json!({ "email": ANN, "password": PASSWORD });
    assert_eq!(change(&owner, id, data).await.0, 200);
    harbor.app.sign_in(ANN).await;
}

#[tokio::test]
async fn wrong_passwords_lock_and_right_ones_do_not() {
    let harbor = Harbor::new().await;
    let id = ann(&harbor).await;
    let person = harbor.app.sign_in(ANN).await;
    let renew = |current: &str| json!({ "password": PASSWORD, "currentPassword": current });
    for _ in 0..7 {
        let (status, body) = change(&person, id, renew(PASSWORD)).await;
        assert_eq!(status, 200, "{body}");
    }
    // Refused for another reason.
    for _ in 0..7 {
        let data = json!({ "password": "short", "currentPassword": PASSWORD });
        let (status, body) = change(&person, id, data).await;
        assert_eq!(status, 400);
        assert_ne!(reason(&body), ASKED);
    }
    harbor.app.sign_in(ANN).await;
    for _ in 0..5 {
        assert_eq!(reason(&change(&person, id, renew("wrong")).await.1), ASKED);
    }
    let (status, body) = change(&person, id, renew(PASSWORD)).await;
    assert_eq!((status, reason(&body)), (400, ASKED), "{body}");
    let sign_in = json!({ "email": ANN, "password": PASSWORD });
    let (status, body) = harbor.app.anonymous().post("/api/users/login", sign_in).await;
    assert_eq!(status, 401, "{body}");
    assert!(message(&body).contains("locked"), "{body}");
}

/// They once held all connections while waiting for one more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_changes_of_one_account_at_once_stop_nobody() {
    let harbor = Harbor::new().await;
    let elsewhere = harbor.app.account("elsewhere").await;
    harbor.app.user(elsewhere, "bea@elsewhere.example", Role::Viewer).await;
    let id = ann(&harbor).await;
    let person = harbor.app.sign_in(ANN).await;
    let neighbor = harbor.app.sign_in("bea@elsewhere.example").await;
    for password in ["wrong", PASSWORD] {
        let attack = join_all((0..30).map(|n| {
            let data =
                json!({ "email": format!("free{n}@harbor.example"), "currentPassword": password });
            change(&person, id, data)
        }));
        let others = async {
            for _ in 0..10 {
                let started = Instant::now();
                assert_eq!(neighbor.get("/api/tags?limit=1").await.0, 200);
                assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let (answers, ()) = join(attack, others).await;
        for (status, body) in answers {
            assert!(status < 500, "{status} {body}");
        }
        harbor.sql("DELETE FROM sign_in_attempts").await;
    }
}

/// Each message makes every process forget everyone it knows.
#[tokio::test]
async fn a_sign_in_is_no_news_to_other_processes() {
    let harbor = Harbor::new().await;
    let id = ann(&harbor).await;
    let serving: tokio_postgres::Config = harbor.app.database.url.expose().parse().unwrap();
    let url = cluster::shared().await.url(SUPERUSER, serving.get_dbname().unwrap());
    let (sender, mut news) = mpsc::unbounded_channel();
    let (client, _driving) = store::dial(&url, move |payload| {
        let _ = sender.send(payload);
    })
    .await
    .unwrap();
    client.batch_execute("LISTEN mainstay_auth").await.unwrap();
    let mut heard = async || {
        // What was sent before comes before the answer to this.
        tokio::time::sleep(Duration::from_millis(50)).await;
        client.batch_execute("SELECT 1").await.unwrap();
        std::iter::from_fn(|| news.try_recv().ok()).count()
    };
    for _ in 0..3 {
        harbor.app.sign_in(ANN).await;
    }
    assert_eq!(heard().await, 0, "nothing had expired");
    harbor
        .sql(&format!(
            "INSERT INTO sessions (id, user_id, created_at, expires_at, ip, user_agent)
             VALUES (gen_random_uuid(), '{id}', now() - interval '2 h', now() - interval '1 h', '', '')"
        ))
        .await;
    let person = harbor.app.sign_in(ANN).await;
    assert_eq!(heard().await, 0, "an expired session stood for nobody");
    assert_eq!(harbor.number("SELECT count(*) FROM sessions WHERE expires_at < now()").await, 0);
    assert_eq!(person.post("/api/users/logout", json!({})).await.0, 200);
    assert!(heard().await > 0, "whoever signs out is");
}
