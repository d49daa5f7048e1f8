//! Setting a tenant up for its trade, and the demo as people ask for it.

use kernel::{Id, Role};
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::{OWNER, TestApp};

async fn count(app: &TestApp, table: &str, tenant: Id) -> i64 {
    let witness = Witness::of(app).await;
    witness.number(&format!("SELECT count(*) FROM {table} WHERE tenant_id = '{tenant}'")).await
}

#[tokio::test]
async fn a_tenant_is_set_up_once() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "ada@north.example", Role::Admin).await;
    app.user(account, "mia@north.example", Role::Member).await;
    let ada = app.sign_in("ada@north.example").await;
    let (_, kinds) = ada.get("/api/business-types?locale=es").await;
    let marina = kinds["docs"].as_array().unwrap().iter().find(|k| k["value"] == "marina").unwrap();
    let (_, english) = ada.get("/api/business-types").await;
    assert!(english["docs"].as_array().unwrap().len() >= 9);
    assert_ne!(english["docs"][0]["label"], kinds["docs"][0]["label"]);

    let path = format!("/api/tenants/{account}/setup");
    let choice = json!({
        "businessType": "marina", "currency": "eur", "timezone": "Europe/Madrid", "locale": "es",
    });
    let (status, first) = ada.post(&path, choice.clone()).await;
    assert_eq!(status.as_u16(), 200, "{first}");
    let doc = &first["doc"];
    assert_eq!(
        (&doc["businessType"], &doc["currency"], &doc["timezone"], &doc["locale"]),
        (&json!("marina"), &json!("EUR"), &json!("Europe/Madrid"), &json!("es"))
    );
    let len = |key: &str| json!(marina[key].as_array().unwrap().len());
    let stages = json!(marina["pipelines"][0]["stages"].as_array().unwrap().len());
    assert_eq!(
        first["created"],
        json!({ "pipelines": 1, "stages": stages, "services": len("services"), "tags": len("tags") })
    );
    let (_, pipelines) = ada.get("/api/pipelines").await;
    assert_eq!(
        (&pipelines["docs"][0]["name"], &pipelines["docs"][0]["isDefault"]),
        (&marina["pipelines"][0]["name"], &json!(true))
    );
    let (_, seen) = ada.get("/api/stages?sort=order&depth=0").await;
    assert_eq!(seen["docs"][0]["name"], marina["pipelines"][0]["stages"][0]["name"]);
    // What the trade brings is in the audit like everything else.
    assert_eq!(
        ada.get("/api/audit/count?where[collection][equals]=stages").await.1["totalDocs"],
        stages
    );

    let nothing = json!({ "pipelines": 0, "stages": 0, "services": 0, "tags": 0 });
    assert_eq!(ada.post(&path, choice).await.1["created"], nothing);
    // What somebody removed comes back, what they have stays.
    let gone = seen["docs"][1]["id"].as_str().unwrap();
    assert_eq!(ada.delete(&format!("/api/stages/{gone}")).await.0.as_u16(), 200);
    let (_, again) = ada.post(&path, json!({ "businessType": "marina" })).await;
    assert_eq!((&again["created"]["stages"], &again["created"]["tags"]), (&json!(1), &json!(0)));
    // Another trade comes beside it and becomes the default.
    let (_, other) = ada.post(&path, json!({ "businessType": "clinic" })).await;
    assert_eq!(other["created"]["pipelines"], 1, "{other}");
    let (_, defaults) = ada.get("/api/pipelines?where[isDefault][equals]=true").await;
    assert_eq!(
        (&defaults["totalDocs"], &defaults["docs"][0]["name"]),
        (&json!(1), &json!("Pacientes"))
    );

    let mia = app.sign_in("mia@north.example").await;
    let choice = json!({ "businessType": "other" });
    assert_eq!(mia.post(&path, choice.clone()).await.0.as_u16(), 403);
    let absent = format!("/api/tenants/{}/setup", kernel::new_id());
    let foreign = format!("/api/tenants/{}/setup", app.platform());
    let hidden = ada.post(&foreign, choice.clone()).await;
    assert_eq!((hidden.0.as_u16(), &hidden), (404, &ada.post(&absent, choice.clone()).await));
    assert_eq!(app.anonymous().post(&path, choice).await.0.as_u16(), 403);
}

#[tokio::test]
async fn a_wrong_choice_changes_nothing() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "ada@north.example", Role::Admin).await;
    let ada = app.sign_in("ada@north.example").await;
    let path = format!("/api/tenants/{account}/setup");
    let witness = Witness::of(&app).await;
    let before = witness.look().await;
    for (data, field) in [
        (json!({}), "businessType"),
        (json!({ "businessType": "piracy" }), "businessType"),
        (json!({ "businessType": "marina", "timezone": "Mars" }), "timezone"),
        (json!({ "businessType": "marina", "currency": "gold" }), "currency"),
    ] {
        let (status, body) = ada.post(&path, data).await;
        assert_eq!(status.as_u16(), 400, "{body}");
        assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], field, "{body}");
    }
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_the_same_moment_set_up_once() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    let top = app.sign_in(OWNER).await;
    let path = format!("/api/tenants/{account}/setup");
    let choice = json!({ "businessType": "agency" });
    let (one, two) = tokio::join!(top.post(&path, choice.clone()), top.post(&path, choice));
    assert_eq!((one.0.as_u16(), two.0.as_u16()), (200, 200), "{} {}", one.1, two.1);
    assert_eq!(count(&app, "pipelines", account).await, 1);
    assert_eq!(count(&app, "tags", account).await, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_comes_and_goes_where_one_stands() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "account").await;
    app.user(agency, "boss@agency.example", Role::Owner).await;
    app.user(agency, "mia@agency.example", Role::Member).await;
    app.user(agency, "ada@agency.example", Role::Admin).await;
    let witness = Witness::of(&app).await;
    let before = witness.look().await;
    let boss = app.sign_in("boss@agency.example").await;
    let path = format!("/api/tenants/{agency}/demo");
    assert_eq!(boss.get(&path).await.1, json!({ "present": false, "tenant": null }));
    let mia = app.sign_in("mia@agency.example").await;
    assert_eq!(mia.post(&path, json!({})).await.0.as_u16(), 403);
    let (status, body) = boss.post(&format!("/api/tenants/{account}/demo"), json!({})).await;
    assert_eq!(status.as_u16(), 400);
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("agency"), "{body}");

    // Two clicks make one demo.
    let (one, two) = tokio::join!(boss.post(&path, json!({})), boss.post(&path, json!({})));
    let mut statuses = [one.0.as_u16(), two.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!((statuses, &one.1), ([200, 201], &two.1), "{} {}", one.1, two.1);
    let demo: Id = one.1["tenant"].as_str().unwrap().parse().unwrap();
    assert_eq!(boss.get(&path).await.1, json!({ "present": true, "tenant": demo }));
    for (table, least) in [("contacts", 500), ("companies", 60), ("deals", 50)] {
        let there = count(&app, table, demo).await;
        assert!(there >= least, "{table}: {there}");
    }
    let history = format!(
        "SELECT extract(day FROM max(at) - min(at))::bigint FROM activities WHERE tenant_id = '{demo}'"
    );
    assert!(witness.number(&history).await >= 50);
    let (_, seen) = boss.get(&format!("/api/contacts/count?where[tenant][equals]={demo}")).await;
    assert!(seen["totalDocs"].as_i64().unwrap() >= 500, "{seen}");

    // Whoever may not delete tenants may not delete this one either.
    let ada = app.sign_in("ada@agency.example").await;
    assert_eq!(ada.delete(&path).await.0.as_u16(), 403);
    let (status, body) = boss.delete(&path).await;
    assert_eq!((status.as_u16(), &body), (200, &json!({ "present": false, "tenant": null })));
    assert_eq!(boss.delete(&path).await.0.as_u16(), 200, "and is gone");
    assert_eq!(count(&app, "contacts", demo).await, 0);
    let changed = witness.changed_since(&before).await;
    assert_eq!(changed, ["audit", "audit_chain", "outbox", "sessions"]);
    assert_eq!(ada.post(&path, json!({})).await.0.as_u16(), 201, "an admin may make it");
}

/// Whoever may not make one waits for nobody; those who may wait on one connection, and not many of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_a_demo_takes_no_connection_from_others() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    app.user(agency, "boss@agency.example", Role::Owner).await;
    app.user(agency, "vic@agency.example", Role::Viewer).await;
    let (boss, vic) =
        (app.sign_in("boss@agency.example").await, app.sign_in("vic@agency.example").await);
    let path = format!("/api/tenants/{agency}/demo");
    // A transaction sees of the others what it saw first, so another one looks.
    let (holder, witness) = (Witness::of(&app).await, Witness::of(&app).await);
    let turn = "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('mainstay.demo', 0))";
    holder.client.batch_execute(turn).await.unwrap();
    let refused = (0..40).map(|_| vic.post(&path, json!({})));
    for (status, body) in futures_util::future::join_all(refused).await {
        assert_eq!(status.as_u16(), 403, "{body}");
    }
    let waiting = "SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'";
    let watched = async {
        while witness.number(waiting).await == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        let taken = witness.number(waiting).await;
        holder.client.batch_execute("COMMIT").await.unwrap();
        taken
    };
    let asked = futures_util::future::join_all((0..40).map(|_| boss.post(&path, json!({}))));
    let (answers, taken) = tokio::join!(asked, watched);
    assert_eq!(taken, 1);
    let count = |wanted: u16| answers.iter().filter(|(s, _)| s.as_u16() == wanted).count();
    assert_eq!((count(201), count(200), count(503)), (1, 7, 32), "{answers:?}");
}

/// An admin may name tenants and make demos, and yet have none deleted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_tenant_is_deleted_for_the_name_of_an_unfinished_demo() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "account").await;
    app.user(agency, "boss@agency.example", Role::Owner).await;
    app.user(agency, "ada@agency.example", Role::Admin).await;
    let ada = app.sign_in("ada@agency.example").await;
    let (tenant, demo) = (format!("/api/tenants/{account}"), format!("/api/tenants/{agency}/demo"));
    assert_eq!(ada.delete(&tenant).await.0.as_u16(), 403);
    let slug = json!({ "slug": "mainstay-demo-unfinished" });
    assert_eq!(ada.patch(&tenant, slug).await.0.as_u16(), 200);
    let (status, body) = ada.post(&demo, json!({})).await;
    assert_eq!(status.as_u16(), 403, "{body}");
    assert_eq!(ada.get(&tenant).await.0.as_u16(), 200, "it is still there");
    let boss = app.sign_in("boss@agency.example").await;
    assert_eq!(boss.post(&demo, json!({})).await.0.as_u16(), 201, "who may delete it may");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_owner_gets_a_whole_agency() {
    let app = TestApp::start().await;
    let top = app.sign_in(OWNER).await;
    let path = format!("/api/tenants/{}/demo", app.platform());
    let (status, body) = top.post(&path, json!({})).await;
    assert_eq!(status.as_u16(), 201, "{body}");
    let (_, agency) = top.get(&format!("/api/tenants/{}", body["tenant"].as_str().unwrap())).await;
    assert_eq!((&agency["kind"], &agency["slug"]), (&json!("agency"), &json!("demo-agency")));
    assert_eq!(top.get("/api/contacts/count").await.1["totalDocs"], 540);
    assert_eq!(top.post(&path, json!({})).await, (reqwest::StatusCode::OK, body));
    let (status, body) = top.delete(&path).await;
    assert_eq!((status.as_u16(), &body["present"]), (200, &Value::Bool(false)), "{body}");
    assert_eq!(top.get("/api/contacts/count").await.1["totalDocs"], 0);
    assert_eq!(top.get("/api/users/count").await.1["totalDocs"], 1);
}
