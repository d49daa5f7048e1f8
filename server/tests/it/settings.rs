//! What holds in a tenant, how it looks, and what people prefer for themselves.

use kernel::Role;
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::{OWNER, TestApp};

const PNG: &str = "data:image/png;base64,iVBORw0KGgo=";

#[tokio::test]
async fn settings_come_from_the_nearest_tenant_that_has_them() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "account").await;
    let top = app.sign_in(OWNER).await;
    let change = async |id: kernel::Id, data: Value| {
        let (status, body) = top.patch(&format!("/api/tenants/{id}"), data).await;
        assert_eq!(status.as_u16(), 200, "{body}");
    };
    change(app.platform(), json!({ "locale": "es", "currency": "EUR" })).await;
    change(agency, json!({ "timezone": "europe/madrid", "brandColor": "#0E7490", "logo": PNG }))
        .await;
    change(account, json!({ "currency": "gbp" })).await;
    app.user(account, "ann@account.example", Role::Viewer).await;

    let path = format!("/api/tenants/{account}/settings");
    let (_, all) = top.get(&path).await;
    let from = |id: kernel::Id, name: &str| json!({ "id": id, "name": name });
    assert_eq!(all["currency"], json!({ "value": "GBP", "from": from(account, "account") }));
    assert_eq!(all["timezone"]["value"], "Europe/Madrid", "as IANA writes it");
    assert_eq!(all["brandColor"], json!({ "value": "#0e7490", "from": from(agency, "agency") }));
    assert_eq!(all["logo"]["value"], PNG);
    assert_eq!(all["locale"]["from"]["id"], json!(app.platform()));
    assert_eq!((&all["name"], &all["kind"]), (&json!("account"), &json!("account")));
    assert_eq!(all["parent"], json!(agency));

    // Whoever does not reach the tenants above sees what they set, and not who they are.
    let ann = app.sign_in("ann@account.example").await;
    let (status, seen) = ann.get(&path).await;
    assert_eq!(status.as_u16(), 200);
    assert_eq!(seen["locale"], json!({ "value": "es", "from": { "id": null, "name": null } }));
    assert_eq!((&seen["parent"], &seen["logo"]["value"]), (&Value::Null, &json!(PNG)));
    let foreign = ann.get(&format!("/api/tenants/{agency}/settings")).await;
    let absent = ann.get(&format!("/api/tenants/{}/settings", kernel::new_id())).await;
    assert_eq!((foreign.0.as_u16(), &foreign), (404, &absent));
    assert_eq!(app.anonymous().get(&path).await.0.as_u16(), 403);

    change(app.platform(), json!({ "locale": "", "currency": null })).await;
    change(account, json!({ "currency": null })).await;
    let (_, all) = top.get(&path).await;
    assert_eq!(all["currency"], json!({ "value": "USD", "from": null }));
    assert_eq!(all["locale"], json!({ "value": "en", "from": null }));
}

#[tokio::test]
async fn what_a_tenant_cannot_look_like_is_refused_by_field() {
    let app = TestApp::start().await;
    let top = app.sign_in(OWNER).await;
    let path = format!("/api/tenants/{}", app.platform());
    for (field, wrong) in [
        ("brandColor", "teal"),
        ("brandColor", "#12345"),
        ("timezone", "Mars/Olympus"),
        ("locale", "english"),
        ("logo", "data:image/svg+xml;base64,PHN2Zy8+"),
        ("logo", "https://x.test/logo.png"),
    ] {
        let (status, body) = top.patch(&path, json!({ field: wrong })).await;
        assert_eq!(status.as_u16(), 400, "{field} {wrong}: {body}");
        assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], field, "{body}");
    }
    assert_eq!(top.patch(&path, json!({ "logo": PNG })).await.0.as_u16(), 200);
    // The picture is in the tenant's own document and in none that leads to it.
    app.create(app.platform(), "companies", json!({ "name": "Harbor" })).await;
    let (_, companies) = top.get("/api/companies?depth=1").await;
    let tenant = &companies["docs"][0]["tenant"];
    assert_eq!((&tenant["name"], tenant.get("logo")), (&json!("Platform"), None));
    assert_eq!(top.get(&path).await.1["logo"], PNG);
    let chosen = "/api/companies?depth=1&populate[tenants][logo]=true";
    assert_eq!(top.get(chosen).await.1["docs"][0]["tenant"]["logo"], PNG);
}

#[tokio::test]
async fn preferences_are_for_oneself_alone() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    let ann = app.user(account, "ann@north.example", Role::Viewer).await;
    app.user(account, "boss@north.example", Role::Owner).await;
    let (person, boss) =
        (app.sign_in("ann@north.example").await, app.sign_in("boss@north.example").await);
    let path = format!("/api/users/{ann}");
    let set = json!({ "preferences": { "density": "secret-compact" } });
    let witness = Witness::of(&app).await;
    let before = witness.look().await;
    let (status, body) = person.patch(&path, set.clone()).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    assert_eq!(witness.changed_since(&before).await, ["preferences"], "no audit row, no event");
    let (_, me) = person.get("/api/users/me").await;
    assert_eq!(me["user"]["preferences"], json!({ "density": "secret-compact" }));
    let (_, mine) = person.post("/api/users/refresh-token", json!({})).await;
    assert_eq!(mine["user"]["preferences"]["density"], "secret-compact");

    for shown in [path.as_str(), "/api/users?depth=2", "/api/memberships?depth=2", "/api/audit"] {
        let (status, body) = boss.get(shown).await;
        assert_eq!(status.as_u16(), 200, "{shown}");
        assert!(!body.to_string().contains("secret-compact"), "{shown}: {body}");
    }
    assert_eq!(boss.get("/api/users?where[preferences][exists]=true").await.0.as_u16(), 400);
    let (status, body) = boss.patch(&path, set).await;
    assert_eq!(status.as_u16(), 400, "{body}");
    assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], "preferences");
    let huge = json!({ "preferences": { "x": "x".repeat(33_000) } });
    assert_eq!(person.patch(&path, huge).await.0.as_u16(), 400);
    assert_eq!(person.patch(&path, json!({ "preferences": null })).await.0.as_u16(), 200);
    assert_eq!(person.get("/api/users/me").await.1["user"]["preferences"], Value::Null);
}
