//! A client that hangs up leaves nothing running behind it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use server::postgres::SUPERUSER;

use super::{Harbor, assert_served};
use crate::support::cluster;

const AT_WORK: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND usename = 'app_user' AND state <> 'idle'";

impl Harbor {
    /// Waits until the server's connections are at work, or no longer.
    async fn at_work(&self, wanted: bool) {
        let started = Instant::now();
        while (self.number(AT_WORK).await > 0) != wanted {
            assert!(started.elapsed() < Duration::from_secs(1), "at work is not {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Holds what `sql` locks until dropped. On a connection of its own: inside a transaction the activity
/// of others is seen only once.
async fn locked(harbor: &Harbor, sql: &str) -> tokio_postgres::Client {
    let serving: tokio_postgres::Config = harbor.app.database.url.expose().parse().unwrap();
    let url = cluster::shared().await.url(SUPERUSER, serving.get_dbname().unwrap());
    let client = server::database::connect(&url).await.unwrap();
    client.batch_execute(&format!("BEGIN; {sql}")).await.unwrap();
    client
}

/// 40 notes of 99 kB against 250 patterns: legal, and 20 s of work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_read_ends() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    harbor
        .sql(
            "INSERT INTO notes (tenant_id, id, body, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), repeat('zq1 ', 24750), now(), now()
             FROM generate_series(1, 40)",
        )
        .await;
    let tests: Vec<_> =
        (0..250).map(|n| json!({ "body": { "contains": format!("zq0{n}") } })).collect();
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let body = form.append_pair("where", &json!({ "or": tests }).to_string()).finish();
    let hung_up = join_all((0..8).map(|_| {
        let request = owner
            .request(Method::POST, "/api/notes/count")
            .header("X-HTTP-Method-Override", "GET")
            .header("Content-Type", "application/x-www-form-urlencoded");
        request.body(body.clone()).timeout(Duration::from_millis(400)).send()
    }));
    let answers = tokio::spawn(hung_up);
    harbor.at_work(true).await;
    for answer in answers.await.unwrap() {
        assert!(answer.is_err_and(|e| e.is_timeout()), "it was not slow");
    }
    harbor.at_work(false).await;
    let started = Instant::now();
    assert_served(&owner.get("/api/tags?limit=1").await);
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_write_ends_and_is_undone() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let contact =
        harbor.app.create(harbor.account, "contacts", json!({ "firstName": "Ann" })).await;
    let lock = locked(&harbor, "SELECT FROM contacts FOR UPDATE").await;
    let path = format!("/api/contacts/{contact}");
    let hung_up = join_all((0..8).map(|_| {
        let request = owner.request(Method::PATCH, &path).json(&json!({ "source": "late" }));
        request.timeout(Duration::from_millis(300)).send()
    }));
    let answers = tokio::spawn(hung_up);
    harbor.at_work(true).await;
    assert!(answers.await.unwrap().into_iter().all(|a| a.is_err_and(|e| e.is_timeout())));
    harbor.at_work(false).await;
    assert_served(&owner.get("/api/contacts").await);
    lock.batch_execute("COMMIT").await.unwrap();
    let changed = "SELECT count(*) FROM contacts WHERE source = 'late'";
    assert_eq!(harbor.number(changed).await, 0);
}

/// The same while a statement is still being prepared, and in a statement of a hook.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_abandoned_statement_ends_wherever_it_waits() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    for (table, method, path, body) in [
        ("services", Method::GET, "/api/services?limit=7", json!(null)),
        (
            "identities",
            Method::POST,
            "/api/contacts",
            json!({ "firstName": "Ann", "email": "ann@mail.example" }),
        ),
    ] {
        let lock = locked(&harbor, &format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await;
        let hung_up = join_all((0..4).map(|_| {
            let mut request = owner.request(method.clone(), path);
            if !body.is_null() {
                request = request.json(&body);
            }
            request.timeout(Duration::from_millis(300)).send()
        }));
        let answers = tokio::spawn(hung_up);
        harbor.at_work(true).await;
        assert!(answers.await.unwrap().into_iter().all(|a| a.is_err_and(|e| e.is_timeout())));
        harbor.at_work(false).await;
        assert_served(&owner.get("/api/tags").await);
        lock.batch_execute("COMMIT").await.unwrap();
    }
    assert_eq!(harbor.number("SELECT count(*) FROM contacts").await, 0);
}
