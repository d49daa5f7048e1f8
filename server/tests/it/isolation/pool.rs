//! Two connections for twenty tenants: whatever a request leaves behind, its successor finds nothing of.
//! Directly, and through PgBouncer, which hands a connection on after every transaction.
//!
//! `POOL_REQUESTS=10000` is the long form.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use kernel::{Id, Role};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use server::database::Database;

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;
use crate::support::bouncer::PgBouncer;
use crate::support::database;

const TENANTS: usize = 20;
const REQUESTS: usize = 2_000;
/// Every so-manyth client is gone before its answer.
const CUT_EVERY: usize = 10;

struct Client {
    tenant: Id,
    contact: Id,
    token: String,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_carries_nothing_over() {
    carries_nothing_over(TestApp::start_with(&[("MAINSTAY_POOL", "2")]).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_of_pgbouncer_carries_nothing_over() {
    let database = database::fresh().await;
    let bouncer = PgBouncer::transactions(&database, 2).await;
    let pooled = Database { url: bouncer.url.clone(), owner_url: database.owner_url.clone() };
    let settings = [
        ("DATABASE_URL", bouncer.url.expose()),
        ("DATABASE_DIRECT_URL", database.url.expose()),
        ("MAINSTAY_POOLER", "transaction"),
        ("MAINSTAY_POOL", "8"),
    ];
    carries_nothing_over(TestApp::start_on(pooled, &settings).await).await;
    // Nothing went past it; it counts once a second.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    let served = bouncer.transactions_served().await;
    // A connection closed after a cut request takes its last count along.
    assert!(served > REQUESTS as i64 / 2, "{served}");
}

async fn carries_nothing_over(app: TestApp) {
    let given = std::env::var("POOL_REQUESTS").ok().and_then(|n| n.parse().ok());
    let requests: usize = given.unwrap_or(REQUESTS);
    let agency = app.tenant(app.platform(), "agency").await;
    let mut clients = Vec::new();
    for n in 0..TENANTS {
        let tenant = app.tenant(agency, &format!("account-{n}")).await;
        let email = format!("ann@account-{n}.example");
        app.user(tenant, &email, Role::Member).await;
        let contact = app.create(tenant, "contacts", json!({ "firstName": "Zero" })).await;
        for name in ["Ann", "Ben", "Cleo"] {
            app.create(tenant, "contacts", json!({ "firstName": name })).await;
        }
        let token = app.sign_in(&email).await.token().to_owned();
        clients.push(Client { tenant, contact, token });
    }
    let address = app.url.trim_start_matches("http://").to_owned();
    let asked = (0..requests).map(|n| ask(&address, &clients[n * 7 % TENANTS], n));
    let answered = stream::iter(asked).buffer_unordered(24).filter(|a| std::future::ready(*a));
    let answered = answered.count().await;
    assert_eq!(answered, requests - requests / CUT_EVERY);
    println!(
        "{requests} requests of {TENANTS} tenants, {} cut: 0 foreign rows",
        requests / CUT_EVERY
    );

    let witness = Witness::of(&app).await;
    let idle = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                   AND usename = 'app_user' AND state LIKE 'idle in transaction%'";
    let mut left = witness.number(idle).await;
    for _ in 0..40 {
        if left == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        left = witness.number(idle).await;
    }
    assert_eq!(left, 0, "transactions left open");
    // A write that was cut is whole or not there: the document, its audit row and its event.
    let unequal = "SELECT count(*) FROM (
        (SELECT document_id FROM audit WHERE verb = 'update' EXCEPT ALL
         SELECT document_id FROM outbox WHERE events::text LIKE '%contact.updated%')
        UNION ALL
        (SELECT document_id FROM outbox WHERE events::text LIKE '%contact.updated%' EXCEPT ALL
         SELECT document_id FROM audit WHERE verb = 'update')) x";
    assert_eq!(witness.number(unequal).await, 0);
    // And both connections still serve.
    let person = app.sign_in("ann@account-0.example").await;
    for _ in 0..4 {
        assert_eq!(person.get("/api/contacts").await.1["totalDocs"], 4);
    }
}

/// Sends one request on a connection of its own. False when it was cut.
async fn ask(address: &str, client: &Client, n: usize) -> bool {
    let (id, token) = (client.contact, &client.token);
    let (method, path, body) = match n % 4 {
        0 => (
            "PATCH",
            format!("/api/contacts/{id}?depth=1"),
            format!("{{\"jobTitle\":\"No. {n}\"}}"),
        ),
        1 => ("GET", format!("/api/contacts/{id}?depth=2"), String::new()),
        _ => ("GET", "/api/contacts?depth=1&limit=50&sort=firstName".to_owned(), String::new()),
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: JWT {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    if n % CUT_EVERY == CUT_EVERY - 1 {
        // From before the first statement to after the last.
        tokio::time::sleep(Duration::from_micros((n as u64 * 37) % 20_000)).await;
        return false;
    }
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    let body: Value = serde_json::from_str(body).unwrap_or_else(|e| panic!("{e}: {answer}"));
    let docs = match (&body["docs"], &body["doc"]) {
        (Value::Array(docs), _) => {
            assert_eq!(docs.len(), 4, "{body}");
            docs.clone()
        }
        (_, Value::Object(doc)) => vec![Value::Object(doc.clone())],
        _ => vec![body.clone()],
    };
    for doc in docs {
        let tenant = doc["tenant"].get("id").unwrap_or(&doc["tenant"]);
        assert_eq!(*tenant, json!(client.tenant), "a row of another tenant: {doc}");
    }
    true
}
