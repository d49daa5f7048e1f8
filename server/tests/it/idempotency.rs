//! Requests sent twice are carried out once; writes meant for another state of a document are not
//! carried out at all.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use engine::{Action, Call, Done, Engine, Example, Manner, Module, Perform};
use kernel::{Actor, Role};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::database;
use server::postgres::SUPERUSER;

use crate::support::app::{Answer, OWNER, Person, TestApp, read};
use crate::support::{cluster, database as fresh};

async fn once(person: &Person<'_>, key: &str, path: &str, body: &Value) -> (Answer, bool) {
    let request = person.request(Method::POST, path).header("Idempotency-Key", key).json(body);
    let response = request.send().await.unwrap();
    let replayed = response.headers().contains_key("idempotent-replayed");
    (read(response).await, replayed)
}

async fn total(person: &Person<'_>, path: &str) -> i64 {
    person.get(path).await.1["totalDocs"].as_i64().unwrap()
}

/// What only the operator could do: the rows themselves.
async fn rewrite(app: &TestApp, sql: &str) -> u64 {
    let name = app.database.url.expose().parse::<tokio_postgres::Config>().unwrap();
    let name = name.get_dbname().unwrap().to_owned();
    let root = database::connect(&cluster::shared().await.url(SUPERUSER, &name)).await.unwrap();
    root.execute(sql, &[]).await.unwrap()
}

#[tokio::test]
async fn a_post_sent_fifty_times_at_once_makes_one_row() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let body = json!({ "firstName": "Ada", "lastName": "Lovelace" });
    let sent = (0..50).map(|_| once(&mia, "k-1", "/api/contacts", &body));
    let answers = futures_util::future::join_all(sent).await;
    let made: Vec<&Value> =
        answers.iter().filter(|((s, _), _)| *s == 201).map(|((_, a), _)| &a["doc"]["id"]).collect();
    assert!(!made.is_empty() && made.iter().all(|id| *id == made[0]), "{made:?}");
    assert!(answers.iter().all(|((s, _), _)| *s == 201 || *s == 409), "{answers:?}");
    assert_eq!(total(&mia, "/api/contacts/count").await, 1);
    // Now that it is done, the answer is the first one, word for word.
    let ((status, again), replayed) = once(&mia, "k-1", "/api/contacts", &body).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, true));
    let first = answers.iter().find(|((s, _), replayed)| *s == 201 && !replayed).unwrap();
    assert_eq!(again, first.0.1);
    assert_eq!(total(&mia, "/api/contacts/count").await, 1);
}

#[tokio::test]
async fn a_key_stands_for_one_request_of_one_person_in_one_tenant() {
    let app = TestApp::start().await;
    let (north, south) = (app.account("north").await, app.account("south").await);
    for (tenant, email) in [(north, "mia@north.example"), (north, "tom@north.example")] {
        app.user(tenant, email, Role::Member).await;
    }
    let boss = app.sign_in(crate::support::app::OWNER).await;
    let mia = app.sign_in("mia@north.example").await;
    let tom = app.sign_in("tom@north.example").await;
    let body = json!({ "name": "Harbor" });
    for person in [&mia, &tom] {
        let ((status, _), replayed) = once(person, "k", "/api/companies", &body).await;
        assert_eq!((status, replayed), (StatusCode::CREATED, false));
    }
    assert_eq!(total(&mia, "/api/companies/count").await, 2);
    for (path, body) in [
        ("/api/companies", json!({ "name": "Pier" })),
        ("/api/companies?depth=0", body.clone()),
        ("/api/contacts", body.clone()),
    ] {
        let ((status, answer), _) = once(&mia, "k", path, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    assert_eq!(total(&mia, "/api/companies/count").await, 2);
    // One person in two tenants.
    for tenant in [north, south, north] {
        let request = boss.request(Method::POST, "/api/companies");
        let request = request.header("Idempotency-Key", "k").header("X-Tenant", tenant.to_string());
        assert_eq!(request.json(&body).send().await.unwrap().status(), 201);
    }
    assert_eq!(total(&boss, "/api/companies/count").await, 4);
    // What the other sees of a key is nothing.
    for wrong in ["", &"x".repeat(256)] {
        let ((status, _), _) = once(&mia, wrong, "/api/companies", &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    // A day later it is a new request.
    let day = "UPDATE idempotency_keys SET at = at - interval '25 hours'";
    assert_eq!(rewrite(&app, day).await, 4);
    let ((status, _), replayed) =
        once(&mia, "k", "/api/companies", &json!({ "name": "Pier" })).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, false));
}

#[tokio::test]
async fn what_was_refused_may_be_tried_again_and_what_was_lost_is_known() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    // Nothing was written, so the key is free, for the corrected body too.
    let ((status, _), _) = once(&mia, "k", "/api/companies", &json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let body = json!({ "name": "Harbor" });
    let ((status, made), replayed) = once(&mia, "k", "/api/companies?depth=0", &body).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, false), "{made}");
    // The process died between the commit and the answer.
    let lost = "UPDATE idempotency_keys SET status = NULL, answer = NULL";
    rewrite(&app, lost).await;
    let ((status, _), _) = once(&mia, "k", "/api/companies?depth=0", &body).await;
    assert_eq!(status, StatusCode::CONFLICT, "it may still be at work");
    rewrite(&app, "UPDATE idempotency_keys SET at = at - interval '2 minutes'").await;
    let ((status, again), replayed) = once(&mia, "k", "/api/companies?depth=0", &body).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, true));
    assert_eq!(again, made);
    // It died before: somebody else takes over, and the first would write nothing any more.
    let body = json!({ "name": "Pier" });
    once(&mia, "k2", "/api/companies", &body).await;
    let before = total(&mia, "/api/companies/count").await;
    let died = "UPDATE idempotency_keys SET status = NULL, answer = NULL, document_id = NULL, \
                collection = NULL, at = at - interval '2 minutes' WHERE key = 'k2'";
    assert_eq!(rewrite(&app, died).await, 1);
    let ((status, _), replayed) = once(&mia, "k2", "/api/companies", &body).await;
    assert_eq!((status, replayed), (StatusCode::CREATED, false));
    assert_eq!(total(&mia, "/api/companies/count").await, before + 1);
}

/// The backend is ended between its commit and its answer: the write stands, and it says that it failed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_after_the_commit_is_answered_by_what_was_written() {
    let database = fresh::fresh().await;
    let url = database.url.expose().parse::<tokio_postgres::Config>().unwrap();
    let name = url.get_dbname().unwrap();
    let root = async |base| database::connect(&cluster::shared().await.url(SUPERUSER, base)).await;
    let control = root(SUPERUSER).await.unwrap();
    // In this database alone commits wait for a standby, once one is asked for.
    let patient = format!("ALTER DATABASE {name} SET synchronous_commit = on");
    control.batch_execute(&patient).await.unwrap();
    let app = TestApp::start_on(database, &[]).await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let body = json!({ "name": "Harbor" });
    let path = "/api/companies?depth=0";

    let holder = root(name).await.unwrap();
    let probe = root(name).await.unwrap();
    let standby = async |names: &str| {
        let sql = format!("ALTER SYSTEM SET synchronous_standby_names = '{names}'");
        control.batch_execute(&sql).await.unwrap();
        control.batch_execute("SELECT pg_reload_conf()").await.unwrap();
    };
    let waits = async |sql: &str| loop {
        let row = control.query_opt(sql, &[&name]).await.unwrap();
        match row {
            Some(row) => break row.get::<_, i32>(0),
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    };
    // It claims its key, and then stands before the table.
    holder.batch_execute("BEGIN; LOCK TABLE companies IN SHARE MODE").await.unwrap();
    let cut = async {
        waits(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND usename = 'app_user'
                AND wait_event_type = 'Lock'",
        )
        .await;
        standby("nobody").await;
        let emit = "SELECT pg_logical_emit_message(true, 'probe', '')";
        let limit = Duration::from_millis(200);
        while tokio::time::timeout(limit, probe.batch_execute(emit)).await.is_ok() {}
        holder.batch_execute("COMMIT").await.unwrap();
        let backend = waits(
            "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND usename = 'app_user'
                AND wait_event = 'SyncRep'",
        )
        .await;
        control.execute("SELECT pg_terminate_backend($1)", &[&backend]).await.unwrap();
        standby("").await;
    };
    let (((status, answer), _), ()) = tokio::join!(once(&mia, "k", path, &body), cut);
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{answer}");
    assert_eq!(total(&mia, "/api/companies/count").await, 1, "it was written all the same");
    for _ in 0..2 {
        let ((status, answer), replayed) = once(&mia, "k", path, &body).await;
        assert_eq!((status, replayed), (StatusCode::CREATED, true), "{answer}");
        assert_eq!(answer["doc"]["name"], "Harbor");
    }
    assert_eq!(total(&mia, "/api/companies/count").await, 1);
}

/// Writes nothing and says a great deal.
struct Recital(Arc<AtomicUsize>);

#[async_trait]
impl Perform for Recital {
    async fn perform(&self, _: &Engine, _: &Actor, _: Call) -> kernel::Result<Done> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(Done::with(json!({ "text": "la ".repeat(500_000) })))
    }
}

#[tokio::test]
async fn an_answer_too_large_to_keep_is_given_again() {
    let recited = Arc::new(AtomicUsize::new(0));
    let action = Action {
        manner: Manner::Do,
        on: None,
        name: "recital",
        id: "recite",
        summary: "",
        description: "",
        input: None,
        answer: Example::new(json!({}), json!({})),
        run: Arc::new(Recital(recited.clone())),
    };
    let module = Module { name: "recital", actions: vec![action], ..Module::default() };
    let app = TestApp::start_extended(fresh::fresh().await, &[], vec![module]).await;
    let owner = app.sign_in(OWNER).await;
    for time in 1..=2 {
        let ((status, answer), replayed) = once(&owner, "k", "/api/recital", &json!({})).await;
        assert_eq!((status, replayed), (StatusCode::OK, false));
        assert!(answer["text"].as_str().is_some_and(|text| text.len() > 1 << 20));
        assert_eq!(recited.load(Ordering::Relaxed), time);
    }
}

#[tokio::test]
async fn a_claim_that_was_taken_over_writes_nothing() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let actor =
        app.app.auth.authenticate(Some(mia.token()), None, Default::default()).await.unwrap();
    let engine = app.engine();
    let Ok(engine::Claimed::New(claim)) = engine.claim(&actor, "k", "print").await else {
        panic!("nobody had it")
    };
    rewrite(&app, "UPDATE idempotency_keys SET claim = gen_random_uuid()").await;
    let request = kernel::RequestInfo { claim: Some(claim), ..Default::default() };
    let late = kernel::Actor { request: std::sync::Arc::new(request), ..actor };
    let Value::Object(data) = json!({ "name": "Harbor" }) else { unreachable!() };
    let refused =
        engine.create(&late, "companies", data, &define::Shape::flat()).await.unwrap_err();
    assert_eq!(refused.kind, kernel::Kind::Conflict, "{refused:?}");
    assert_eq!(total(&mia, "/api/companies/count").await, 0);
}

#[tokio::test]
async fn tokens_are_never_kept() {
    let app = TestApp::start().await;
    let body =
        json!({ "email": crate::support::app::OWNER, "password": crate::support::app::PASSWORD });
    let owner = app.sign_in(crate::support::app::OWNER).await;
    for person in [&owner, &app.anonymous()] {
        let ((status, _), replayed) = once(person, "k", "/api/users/login", &body).await;
        assert_eq!((status, replayed), (StatusCode::OK, false));
        let ((status, _), _) = once(person, "k", "/api/auth/signin", &body).await;
        assert_eq!(status, StatusCode::OK);
    }
    assert_eq!(rewrite(&app, "DELETE FROM idempotency_keys").await, 0);
}

#[tokio::test]
async fn a_write_for_another_state_is_a_conflict() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let (_, made) = mia.post("/api/companies?depth=0", json!({ "name": "Harbor" })).await;
    let path = format!("/api/companies/{}", made["doc"]["id"].as_str().unwrap());
    let send = async |method: Method, version: &str, body: Value| {
        let request = mia.request(method, &path).header("If-Match", version).json(&body);
        read(request.send().await.unwrap()).await
    };
    let version = made["doc"]["updatedAt"].as_str().unwrap().to_owned();
    let (status, changed) =
        send(Method::PATCH, &format!("\"{version}\""), json!({ "name": "A" })).await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    let newer = changed["doc"]["updatedAt"].as_str().unwrap().to_owned();
    assert!(newer > version);
    for method in [Method::PATCH, Method::DELETE] {
        let (status, refused) = send(method, &version, json!({ "name": "B" })).await;
        assert_eq!(status, StatusCode::CONFLICT);
        assert_eq!(refused["errors"][0]["name"], "ConflictError");
        assert_eq!(refused["errors"][0]["data"]["id"], made["doc"]["id"]);
    }
    assert_eq!(send(Method::PATCH, "*", json!({ "name": "C" })).await.0, StatusCode::OK);
    assert_eq!(send(Method::PATCH, "\"abc\"", json!({})).await.0, StatusCode::BAD_REQUEST);
    let copy = mia.request(Method::POST, &format!("{path}/duplicate"));
    let copy = copy.header("If-Match", &newer).json(&json!({})).send().await.unwrap();
    assert_eq!(copy.status(), StatusCode::BAD_REQUEST);
    let many = mia.request(Method::PATCH, "/api/companies?where[name][equals]=C");
    let many =
        many.header("If-Match", &version).json(&json!({ "name": "D" })).send().await.unwrap();
    assert_eq!(many.status(), StatusCode::BAD_REQUEST);
    assert_eq!(mia.get(&path).await.1["name"], "C");
}

/// Twenty at once with the same version: one wins, and none of the others is lost silently.
#[tokio::test]
async fn of_writers_with_one_version_one_succeeds() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let (_, made) = mia.post("/api/companies?depth=0", json!({ "name": "0" })).await;
    let path = format!("/api/companies/{}?depth=0", made["doc"]["id"].as_str().unwrap());
    let mut version = made["doc"]["updatedAt"].as_str().unwrap().to_owned();
    for round in 0..10 {
        let sent = (0..20).map(|n| {
            let request = mia.request(Method::PATCH, &path).header("If-Match", &version);
            let request = request.json(&json!({ "name": format!("{round}-{n}") }));
            async { read(request.send().await.unwrap()).await }
        });
        let answers = futures_util::future::join_all(sent).await;
        let won: Vec<&Answer> = answers.iter().filter(|(s, _)| s.is_success()).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        let lost = answers.iter().filter(|(s, _)| *s == StatusCode::CONFLICT).count();
        assert_eq!(lost, 19);
        assert_eq!(mia.get(&path).await.1["name"], won[0].1["doc"]["name"]);
        version = won[0].1["doc"]["updatedAt"].as_str().unwrap().to_owned();
    }
}
