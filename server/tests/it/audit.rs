//! The audit, read like any other collection and written by nobody.

use kernel::Role;
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

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
