//! The audit, read like any other collection and written by nobody.

use kernel::Role;
use serde_json::{Value, json};
use server::database::{self, OWNER_ROLE};
use server::postgres::SUPERUSER;

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;
use crate::support::{cluster, database as databases};

#[tokio::test]
async fn admins_read_who_did_what() {
    let app = TestApp::start().await;
    let (north, south) = (app.account("north").await, app.account("south").await);
    let boss = app.user(north, "boss@north.example", Role::Admin).await;
    app.user(north, "mia@north.example", Role::Member).await;
    app.user(south, "boss@south.example", Role::Owner).await;
    let person = app.sign_in("boss@north.example").await;
    let (_, made) = person.post("/api/companies?depth=0", json!({ "name": "Harbor" })).await;
    let company = made["doc"]["id"].as_str().unwrap();
    person.patch(&format!("/api/companies/{company}"), json!({ "name": "Pier" })).await;
    person.delete(&format!("/api/companies/{company}")).await;

    let query = format!("where[collection][equals]=companies&where[document][equals]={company}");
    let (status, found) = person.get(&format!("/api/audit?{query}&sort=at")).await;
    assert_eq!(status.as_u16(), 200, "{found}");
    let docs = found["docs"].as_array().unwrap();
    let verbs: Vec<&Value> = docs.iter().map(|d| &d["verb"]).collect();
    assert_eq!(verbs, ["create", "update", "delete"]);
    assert_eq!(docs[0]["actor"]["email"], "boss@north.example", "{}", docs[0]);
    assert_eq!(
        (&docs[0]["actorKind"], &docs[0]["actorName"], &docs[0]["document"]),
        (&json!("user"), &json!("boss@north.example"), &json!(company))
    );
    assert_eq!(
        (&docs[1]["before"]["name"], &docs[1]["after"]["name"]),
        (&json!("Harbor"), &json!("Pier"))
    );
    assert_eq!(docs[2]["after"], Value::Null);
    assert!(docs[0].get("createdAt").is_none() && docs[0]["ip"].is_string());
    let (_, latest) = person.get("/api/audit?limit=1&depth=0").await;
    assert_eq!(
        (&latest["docs"][0]["verb"], &latest["docs"][0]["actor"]),
        (&json!("delete"), &json!(boss))
    );
    let count = format!("/api/audit/count?{query}&where[actor][equals]={boss}");
    assert_eq!(person.get(&count).await.1["totalDocs"], 3);
    let (_, groups) = person.get(&format!("/api/audit/aggregate?group=verb&{query}")).await;
    assert_eq!(groups["total"]["count"], 3, "{groups}");

    // Only admins, only what is theirs.
    let mia = app.sign_in("mia@north.example").await;
    assert_eq!(mia.get("/api/audit").await.0.as_u16(), 403);
    let other = app.sign_in("boss@south.example").await;
    assert_eq!(other.get(&format!("/api/audit?{query}")).await.1["totalDocs"], 0);
    let id = docs[0]["id"].as_str().unwrap();
    assert_eq!(other.get(&format!("/api/audit/{id}")).await.0.as_u16(), 404);
}

#[tokio::test]
async fn nobody_writes_it() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "boss@north.example", Role::Owner).await;
    let person = app.sign_in("boss@north.example").await;
    let (_, found) = person.get("/api/audit").await;
    let path = format!("/api/audit/{}", found["docs"][0]["id"].as_str().unwrap());
    let witness = Witness::of(&app).await;
    let before = witness.look().await;
    for answer in [
        person.post("/api/audit", json!({ "verb": "create" })).await,
        person.patch(&path, json!({ "verb": "delete" })).await,
        person.delete(&path).await,
        person.delete("/api/audit?where[verb][equals]=create").await,
        person.post(&format!("{path}/duplicate"), json!({})).await,
    ] {
        assert_eq!(answer.0.as_u16(), 403, "{}", answer.1);
    }
    person.get("/api/audit?limit=0").await;
    assert_eq!(
        witness.changed_since(&before).await,
        Vec::<String>::new(),
        "reading leaves nothing"
    );
    // The serving role could not if it tried.
    let granted = "SELECT count(*) FROM information_schema.role_table_grants
                    WHERE table_name = 'audit' AND grantee = 'app_user'
                      AND privilege_type NOT IN ('SELECT', 'INSERT')";
    assert_eq!(witness.number(granted).await, 0);
    let (_, schema) = person.get("/api/schema").await;
    let audit = schema["collections"].as_array().unwrap().iter().find(|c| c["slug"] == "audit");
    let audit = audit.unwrap();
    assert_eq!(
        audit["permissions"],
        json!({ "read": true, "create": false, "update": false, "delete": false })
    );
    assert_eq!((&audit["defaultSort"], &audit["title"]), (&json!("-at"), &json!("verb")));
    assert_eq!(audit["system"], json!(["id", "tenant"]));
}

#[tokio::test]
async fn it_knows_who_came_and_went() {
    let app = TestApp::start().await;
    let (north, south) = (app.account("north").await, app.account("south").await);
    app.user(north, "boss@north.example", Role::Owner).await;
    let mia = app.user(north, "mia@north.example", Role::Member).await;
    app.create(south, "memberships", json!({ "user": mia, "role": "viewer" })).await;
    app.user(south, "boss@south.example", Role::Owner).await;
    let boss = app.sign_in("boss@north.example").await;
    let seen = async |person: &crate::support::app::Person<'_>| {
        let query = format!("/api/audit?where[actor][equals]={mia}&sort=at&depth=0");
        let (_, found) = person.get(&query).await;
        let docs = found["docs"].as_array().unwrap().clone();
        docs.iter()
            .map(|d| {
                format!("{} {}", d["verb"].as_str().unwrap(), d["collection"].as_str().unwrap())
            })
            .collect::<Vec<_>>()
    };
    let person = app.sign_in("mia@north.example").await;
    person.post("/api/users/logout", json!({})).await;
    let came_and_went = ["create sessions", "delete sessions"];
    assert_eq!(seen(&boss).await, came_and_went);
    // In every tenant of the person, and in no other.
    assert_eq!(seen(&app.sign_in("boss@south.example").await).await, came_and_went);
    let elsewhere = format!("SELECT count(*) FROM audit WHERE actor_id = '{mia}'");
    let witness = Witness::of(&app).await;
    assert_eq!(witness.number(&elsewhere).await, 4);

    let person = app.sign_in("mia@north.example").await;
    let new = json!({ "password": "another passphrase", "currentPassword": crate::support::app::PASSWORD });
    let (status, body) = person.patch(&format!("/api/users/{mia}"), new).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    let query = format!(
        "/api/audit?where[document][equals]={mia}&where[verb][equals]=update&sort=-at&depth=0"
    );
    let (_, found) = boss.get(&query).await;
    let told = found["docs"].as_array().unwrap().iter().map(|d| &d["after"]["password"]);
    assert!(told.collect::<Vec<_>>().contains(&&json!("changed")), "{found}");
    assert!(!found.to_string().contains("passphrase"));
}

/// A database of the first version, with an entry in it, becomes today's.
#[tokio::test]
async fn entries_of_the_first_version_are_kept() {
    // The cluster's roles are there from here on.
    databases::fresh().await;
    let cluster = cluster::shared().await;
    let name = format!("first_{}", kernel::new_id().simple());
    database::create(cluster, &name).await.unwrap();
    let (client, _connection) =
        store::migrate::connect_owner(&cluster.url(OWNER_ROLE, &name)).await.unwrap();
    let root = database::connect(&cluster.url(SUPERUSER, &name)).await.unwrap();
    for (at, migration) in store::migrate::all().iter().enumerate() {
        client.batch_execute(migration.sql).await.unwrap();
        if at == 0 {
            root.batch_execute(
                "INSERT INTO tenants (id, name, slug, kind, status, updated_at, created_at)
                 VALUES (gen_random_uuid(), 'p', 'p', 'platform', 'active', now(), now());
                 INSERT INTO audit (tenant_id, id, at, actor_kind, actor_id, actor_name, ip, user_agent,
                                    request_id, verb, collection, document_id, before)
                 SELECT id, id, now(), 'user', gen_random_uuid(), 'gone@x.test', '::1', 'x', 'r', 'delete',
                        'deals', id, '{\"name\":\"Old\"}' FROM tenants",
            )
            .await
            .unwrap();
        }
    }
    let kept =
        "SELECT count(*) FROM audit WHERE actor_id IS NOT NULL AND before ->> 'name' = 'Old'";
    let rows: i64 = root.query_one(kept, &[]).await.unwrap().get(0);
    assert_eq!(rows, 1);
    drop((client, root));
    let root = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    root.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}
