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
    let sealed = "SELECT count(*) FROM audit a JOIN audit_chain c ON a.id = ANY (c.entries)";
    assert_eq!(root.query_one(sealed, &[]).await.unwrap().get::<_, i64>(0), 1);
    drop((client, root));
    let root = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    root.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

/// A superuser on the app's own database: whoever could change the audit behind the product's back.
async fn root(app: &TestApp) -> tokio_postgres::Client {
    let config = app.database.url.expose().parse::<tokio_postgres::Config>().unwrap();
    let name = config.get_dbname().unwrap();
    database::connect(&cluster::shared().await.url(SUPERUSER, name)).await.unwrap()
}

#[tokio::test]
async fn whatever_is_done_to_it_shows() {
    let app = TestApp::start().await;
    let north = app.account("north").await;
    app.user(north, "mia@north.example", Role::Member).await;
    let mia = app.sign_in("mia@north.example").await;
    let made = (0..40).map(|n| mia.post("/api/companies", json!({ "name": format!("No {n}") })));
    futures_util::future::join_all(made).await;
    let actor = app.everywhere().await;
    let check = async || app.engine().check_audit(&actor, north).await.unwrap();
    let whole = check().await;
    assert_eq!(whole.faults, Vec::<String>::new());
    let root = root(&app).await;
    let rows = "SELECT count(*) FROM audit WHERE tenant_id = $1";
    let rows: i64 = root.query_one(rows, &[&north]).await.unwrap().get(0);
    assert_eq!(whole.entries, rows);
    assert_eq!(whole.head.len(), 64);

    let some = format!("tenant_id = '{north}'");
    let one = format!(
        "{some} AND id = (SELECT id FROM audit WHERE {some} ORDER BY id OFFSET 20 LIMIT 1)"
    );
    let link = format!(
        "{some} AND (lane, seq) = (SELECT lane, seq FROM audit_chain WHERE {some} ORDER BY lane, seq LIMIT 1)"
    );
    for (what, sql) in [
        ("a changed row", format!("UPDATE audit SET actor_name = 'somebody else' WHERE {one}")),
        ("a changed value", format!("UPDATE audit SET after = '{{}}' WHERE {one}")),
        ("a moved instant", format!("UPDATE audit SET at = at + interval '1 us' WHERE {one}")),
        ("a removed row", format!("DELETE FROM audit WHERE {one}")),
        ("a removed link", format!("DELETE FROM audit_chain WHERE {link}")),
        ("a changed link", format!("UPDATE audit_chain SET hash = sha256('') WHERE {link}")),
        ("a row slipped in", format!(
            "ALTER TABLE audit DISABLE TRIGGER audit_added;
             INSERT INTO audit SELECT tenant_id, gen_random_uuid(), at, actor_kind, actor_id, actor_name,
                 session_id, ip, user_agent, request_id, verb, collection, document_id, before, after
             FROM audit WHERE {one};
             ALTER TABLE audit ENABLE TRIGGER audit_added")),
    ] {
        root.batch_execute("CREATE TABLE audit_copy AS TABLE audit; CREATE TABLE chain_copy AS TABLE audit_chain").await.unwrap();
        root.batch_execute(&sql).await.unwrap();
        let broken = check().await;
        assert!(!broken.faults.is_empty(), "{what} went unnoticed");
        root.batch_execute(
            "ALTER TABLE audit DISABLE TRIGGER audit_added; DELETE FROM audit; DELETE FROM audit_chain;
             INSERT INTO audit SELECT * FROM audit_copy; INSERT INTO audit_chain SELECT * FROM chain_copy;
             ALTER TABLE audit ENABLE TRIGGER audit_added; DROP TABLE audit_copy, chain_copy",
        )
        .await
        .unwrap();
        assert_eq!(check().await, whole, "after {what}");
    }
    // Cutting off the end leaves a chain that holds; a head noted elsewhere tells.
    let last = "DELETE FROM audit_chain c USING (SELECT lane, max(seq) AS seq FROM audit_chain WHERE tenant_id = $1 GROUP BY lane) e
                WHERE c.tenant_id = $1 AND c.lane = e.lane AND c.seq = e.seq AND c.lane = 0 RETURNING entries[1]";
    let gone: kernel::Id = root.query_one(last, &[&north]).await.unwrap().get(0);
    root.execute("DELETE FROM audit WHERE id = $1", &[&gone]).await.unwrap();
    assert_ne!(check().await.head, whole.head);
}

#[tokio::test]
async fn the_serving_role_cannot_touch_the_chain() {
    let app = TestApp::start().await;
    let serving = database::connect(app.database.url.expose()).await.unwrap();
    let home = app.platform();
    for sql in [
        "INSERT INTO audit_chain SELECT tenant_id, 9::smallint, 1, entries, hash FROM audit_chain",
        "UPDATE audit_chain SET hash = ''",
        "DELETE FROM audit_chain",
        "TRUNCATE audit_chain",
        "UPDATE audit SET verb = 'delete'",
        "DELETE FROM audit",
        "ALTER TABLE audit DISABLE TRIGGER audit_added",
        "DROP TRIGGER audit_added ON audit",
        "SELECT app.audit_seal(gen_random_uuid(), '{}', '')",
        "SET session_replication_role = replica",
    ] {
        let context = format!(
            "BEGIN; SET LOCAL app.tenant = '{home}'; SET LOCAL app.visible = '{{{home}}}'; SET LOCAL app.rank = '4'; {sql}"
        );
        let refused = serving.batch_execute(&context).await.unwrap_err();
        let code = refused.code().map(|c| c.code().to_owned());
        assert_eq!(code.as_deref(), Some("42501"), "{sql}: {refused:?}");
        serving.batch_execute("ROLLBACK").await.unwrap();
    }
}

#[tokio::test]
async fn it_begins_with_the_first_owner_and_knows_who_was_locked_out() {
    let app = TestApp::start().await;
    let owner = app.sign_in(crate::support::app::OWNER).await;
    let (_, found) = owner.get("/api/audit?sort=at&limit=3&depth=0").await;
    let mut told: Vec<&str> = found["docs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d["collection"].as_str().unwrap())
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["memberships", "tenants", "users"]);
    let north = app.account("north").await;
    let mia = app.user(north, "mia@north.example", Role::Member).await;
    for _ in 0..8 {
        let wrong = json!({ "email": "mia@north.example", "password": "not it at all" });
        app.anonymous().post("/api/users/login", wrong).await;
    }
    let query =
        format!("/api/audit?where[document][equals]={mia}&where[verb][equals]=update&depth=0");
    let (_, found) = owner.get(&query).await;
    assert_eq!(found["totalDocs"], 1, "{found}");
    assert_eq!(found["docs"][0]["actorKind"], "anonymous");
    assert!(found["docs"][0]["after"]["lockedUntil"].is_string());
}
