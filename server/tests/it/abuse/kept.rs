//! What the product keeps to itself, and what it says of its own rules.

use kernel::Role;
use serde_json::json;

use crate::support::app::TestApp;

const OWNER: &str = "owner@harbor.example";

#[tokio::test]
async fn the_audit_does_not_hold_private_views() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    app.user(account, OWNER, Role::Owner).await;
    app.user(account, "viewer@harbor.example", Role::Viewer).await;
    let viewer = app.sign_in("viewer@harbor.example").await;
    let secret =
        json!({ "name": "my secret list", "collection": "deals", "config": { "a": "hidden" } });
    let (status, made) = viewer.post("/api/views?depth=0", secret).await;
    assert_eq!(status, 201, "{made}");
    let id = made["doc"]["id"].as_str().unwrap();
    let path = format!("/api/views/{id}");
    assert_eq!(viewer.patch(&path, json!({ "name": "another secret" })).await.0, 200);
    assert_eq!(viewer.delete(&path).await.0, 200);
    let owner = app.sign_in(OWNER).await;
    let (_, audit) =
        owner.get(&format!("/api/audit?where[document][equals]={id}&sort=at&depth=0")).await;
    let verbs: Vec<&str> =
        audit["docs"].as_array().unwrap().iter().map(|row| row["verb"].as_str().unwrap()).collect();
    assert_eq!(verbs, ["create", "update", "delete"]);
    let text = audit.to_string();
    assert!(!text.contains("secret") && !text.contains("hidden"), "{text}");
}

#[tokio::test]
async fn a_tenant_goes_from_above_and_says_so() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "harbor").await;
    app.user(agency, OWNER, Role::Owner).await;
    let owner = app.sign_in(OWNER).await;
    for (tenant, may) in [(agency, false), (account, true)] {
        let (_, access) = owner.post(&format!("/api/tenants/access/{tenant}"), json!({})).await;
        assert_eq!(access["delete"] == json!(true), may, "{access}");
        assert_eq!(access["update"], json!(true), "{access}");
    }
    // One that others stand below stays; which end of the relation was written needs no English.
    let (status, body) = app
        .sign_in(crate::support::app::OWNER)
        .await
        .delete(&format!("/api/tenants/{agency}"))
        .await;
    assert_eq!(status, 409, "{body}");
    let message = &body["errors"][0]["message"];
    assert_eq!(message, "Other records (tenants) still refer to this one.");
    assert_eq!(owner.delete(&format!("/api/tenants/{account}")).await.0, 200);
}

#[tokio::test]
async fn a_time_zone_is_an_official_name_everywhere() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    let user = app.user(account, OWNER, Role::Owner).await;
    let owner = app.sign_in(OWNER).await;
    let (person, tenant) = (format!("/api/users/{user}"), format!("/api/tenants/{account}"));
    for zone in ["localtime", "posixrules", "right/UTC", "posix/UTC", "Factory", "Mars", "../UTC"] {
        for path in [&person, &tenant] {
            let (status, body) = owner.patch(path, json!({ "timezone": zone })).await;
            assert_eq!(status, 400, "{path} {zone}: {body}");
        }
        let grouped = format!("/api/deals/aggregate?group=createdAt:day&zone={zone}");
        assert_eq!(owner.get(&grouped).await.0, 400, "{zone}");
    }
    let (status, body) =
        owner.patch(&person, json!({ "timezone": "asia/tokyo", "locale": "ja" })).await;
    assert_eq!((status.as_u16(), &body["doc"]["timezone"]), (200, &json!("Asia/Tokyo")), "{body}");
    assert_eq!(owner.patch(&person, json!({ "locale": "<script>" })).await.0, 400);
}
