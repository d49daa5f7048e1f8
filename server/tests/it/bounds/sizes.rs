//! Bodies, answers and pages: what they may cost, and what comes of those that cost more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::Id;
use serde_json::{Value, json};

use super::{Harbor, assert_served, docs, message};

const TOO_LARGE: &str =
    "The answer would be too large. Ask for fewer documents, less 'depth', or a 'select'.";

/// Resident memory of this process, in megabytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() / 1024
}

/// Looks at the memory until told to stop; answers the most there was.
struct Gauge {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<usize>,
}

impl Gauge {
    fn start() -> Gauge {
        let stop = Arc::new(AtomicBool::new(false));
        let told = stop.clone();
        let thread = std::thread::spawn(move || {
            let mut most = resident();
            while !told.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(5));
                most = most.max(resident());
            }
            most
        });
        Gauge { stop, thread }
    }

    fn peak(self) -> usize {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

/// The body was once copied for every document found: 18 MB each, 3.6 GB for these. The bound leaves
/// room for what other tests of this process do meanwhile.
#[tokio::test]
async fn a_filtered_write_does_not_copy_its_body_per_document() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    harbor.contacts(200, None).await;
    let body = json!({ "source": "zz", "junk": vec![1; 450_000] });
    let (before, gauge) = (resident(), Gauge::start());
    let (status, answer) = owner.patch("/api/contacts?where[id][exists]=true&depth=0", body).await;
    let grown = gauge.peak().saturating_sub(before);
    assert_eq!((status.as_u16(), docs(&answer).len()), (200, 200), "{}", message(&answer));
    assert!(docs(&answer).iter().all(|d| d["source"] == "zz" && d.get("junk").is_none()));
    assert!(grown < 500, "{grown} MB");
    let told = "SELECT count(*) FROM audit WHERE after::text LIKE '%junk%'";
    assert_eq!(harbor.number(told).await, 0);
}

/// A company that is its own parent, with so many tags that ten levels of it are 40 MB.
async fn heavy_company(harbor: &Harbor) -> Id {
    let company = harbor.app.create(harbor.account, "companies", json!({ "name": "Heavy" })).await;
    harbor
        .sql(&format!(
            "INSERT INTO tags (tenant_id, id, name, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), 't' || n, now(), now() FROM generate_series(1, 9000) n;
             INSERT INTO companies__tags (tenant_id, parent_id, position, value)
             SELECT tenant_id, '{company}', row_number() OVER (), id FROM tags;
             UPDATE companies SET parent_id = id WHERE id = '{company}'"
        ))
        .await;
    company
}

#[tokio::test]
async fn an_answer_that_would_be_too_large_is_refused() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let company = heavy_company(&harbor).await;
    harbor.contacts(60, Some(company)).await;
    let (before, gauge) = (resident(), Gauge::start());
    for path in [
        "/api/contacts?depth=10&limit=60".to_owned(),
        format!("/api/companies/{company}?depth=10"),
        "/api/companies?depth=10".to_owned(),
    ] {
        let (status, body) = owner.get(&path).await;
        assert_eq!((status.as_u16(), message(&body)), (400, TOO_LARGE), "{path}");
    }
    let grown = gauge.peak().saturating_sub(before);
    assert!(grown < 500, "{grown} MB");
    let (status, body) = owner.get("/api/contacts?depth=1&limit=60").await;
    assert_eq!((status.as_u16(), docs(&body).len()), (200, 60));
    assert_served(&owner.get("/api/contacts?depth=10&select[firstName]=true").await);
}

/// What is written is answered as written, flat when whole would be too much.
#[tokio::test]
async fn the_answer_never_fails_a_write() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let company = heavy_company(&harbor).await;
    harbor.contacts(6, Some(company)).await;
    let flat = |doc: &Value| doc["company"] == json!(company);

    let data = json!({ "source": "bulk" });
    let (status, body) =
        owner.patch("/api/contacts?where[id][exists]=true&limit=6&depth=10", data).await;
    assert_eq!((status.as_u16(), docs(&body).len()), (200, 6), "{}", message(&body));
    assert!(docs(&body).iter().all(|d| d["source"] == "bulk" && flat(d)));

    let path = format!("/api/contacts/{}?depth=10", docs(&body)[0]["id"].as_str().unwrap());
    let (status, body) = owner.patch(&path, json!({ "source": "one" })).await;
    assert_eq!(
        (status.as_u16(), &body["doc"]["source"]),
        (200, &json!("one")),
        "{}",
        message(&body)
    );
    assert!(flat(&body["doc"]));

    let data = json!({ "firstName": "New", "company": company });
    let (status, body) = owner.post("/api/contacts?depth=10", data).await;
    assert_eq!((status.as_u16(), flat(&body["doc"])), (201, true), "{}", message(&body));

    let (status, body) = owner.delete(&path).await;
    assert_eq!(status, 200, "{}", message(&body));
    let (status, body) = owner.delete("/api/contacts?where[id][exists]=true&depth=10").await;
    assert_eq!((status.as_u16(), docs(&body).len()), (200, 6), "{}", message(&body));
    assert_eq!(harbor.number("SELECT count(*) FROM contacts").await, 0);
}

/// A key may be a long text, and there may be a thousand of them.
#[tokio::test]
async fn groups_have_a_size_too() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    harbor
        .sql(
            "INSERT INTO notes (tenant_id, id, body, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), n || repeat('x', 99000), now(), now()
               FROM generate_series(1, 400) n",
        )
        .await;
    let (status, body) = owner.get("/api/notes/aggregate?group=body&limit=1000").await;
    assert_eq!(status, 400, "{}", message(&body));
    assert!(message(&body).contains("too large"), "{}", message(&body));
    let (status, _) = owner.get("/api/notes/aggregate?group=body&limit=10").await;
    assert_eq!(status, 200);
}

/// Counting stops at 100,000; walking does not.
#[tokio::test]
async fn pages_go_on_past_the_counted_ones() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    harbor
        .sql(
            "INSERT INTO notes (tenant_id, id, body, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), 'x', now(), now() FROM generate_series(1, 100100);
             ANALYZE notes",
        )
        .await;
    let page = async |page: usize| {
        let (status, body) = owner.get(&format!("/api/notes?limit=100&depth=0&page={page}")).await;
        assert_eq!(status, 200, "{body}");
        (docs(&body).len(), body["hasNextPage"].clone(), body["nextPage"].clone())
    };
    assert_eq!(page(1000).await, (100, json!(true), json!(1001)));
    assert_eq!(page(1001).await.0, 100);
    assert_eq!(page(1002).await, (0, json!(false), Value::Null));
}
