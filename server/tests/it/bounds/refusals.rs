//! Filtered writes of which a part is refused, and what is one tenant's own.

use kernel::Role;
use serde_json::{Value, json};

use super::{Harbor, docs};
use crate::support::app::{OWNER, TestApp};

const AGENT: &str = "owner@agency.example";

/// An agency with its owner and two accounts.
async fn agency() -> TestApp {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    app.user(agency, AGENT, Role::Owner).await;
    for slug in ["victim-one", "victim-two"] {
        app.tenant(agency, slug).await;
    }
    app
}

fn slugs(body: &Value) -> Vec<&str> {
    docs(body).iter().map(|d| d["slug"].as_str().unwrap()).collect()
}

fn failures(body: &Value) -> usize {
    body["errors"].as_array().map_or(0, Vec::len)
}

/// The agency may not suspend itself. That was said as a 403 after its accounts were suspended.
#[tokio::test]
async fn each_document_of_a_filtered_change_answers_for_itself() {
    for sort in ["slug", "-slug"] {
        let app = agency().await;
        let agent = app.sign_in(AGENT).await;
        let data = json!({ "status": "suspended" });
        let path = format!("/api/tenants?where[id][exists]=true&depth=0&sort={sort}");
        let (status, body) = agent.patch(&path, data).await;
        assert_eq!(status, 400, "{body}");
        let mut done = slugs(&body);
        done.sort_unstable();
        assert_eq!((done, failures(&body)), (vec!["victim-one", "victim-two"], 1), "{body}");
        let (_, page) = agent.get("/api/tenants?where[slug][equals]=agency&depth=0").await;
        let refused = &docs(&page)[0];
        assert_eq!(body["errors"][0]["id"], refused["id"]);
        assert_eq!(refused["status"], "active");
    }
}

#[tokio::test]
async fn each_document_of_a_filtered_deletion_answers_for_itself() {
    for sort in ["slug", "-slug"] {
        let app = agency().await;
        let agent = app.sign_in(AGENT).await;
        let path = format!("/api/tenants?where[slug][in]=victim-one,agency&depth=0&sort={sort}");
        let (status, body) = agent.delete(&path).await;
        assert_eq!((status.as_u16(), slugs(&body)), (400, vec!["victim-one"]), "{body}");
        assert_eq!(failures(&body), 1, "{body}");
        let (_, page) = agent.get("/api/tenants?sort=slug&depth=0").await;
        assert_eq!(slugs(&page), ["agency", "victim-two"]);
    }
}

/// The last owner stays; that is no reason to keep the others.
#[tokio::test]
async fn a_conflict_is_one_document_s_own() {
    let app = agency().await;
    let platform = app.platform();
    app.user(platform, "second@mainstay.local", Role::Viewer).await;
    let owner = app.sign_in(OWNER).await;
    let path = format!("/api/memberships?where[tenant][equals]={platform}&depth=0");
    let (status, body) = owner.delete(&path).await;
    assert_eq!((status.as_u16(), failures(&body)), (400, 1), "{body}");
    assert_eq!(docs(&body)[0]["role"], "viewer", "{body}");
    let (_, left) = owner.get(&path).await;
    assert_eq!((docs(&left).len(), &docs(&left)[0]["role"]), (1, &json!("owner")));
}

/// That a slug is taken elsewhere told one agency of another's clients.
#[tokio::test]
async fn a_slug_is_unique_under_its_parent_only() {
    let app = agency().await;
    let other = app.tenant(app.platform(), "other-agency").await;
    app.user(other, "owner@other.example", Role::Owner).await;
    let person = app.sign_in("owner@other.example").await;
    let given = json!({ "name": "Anything", "slug": "victim-one" });
    let made = json!({ "name": "Victim Two" });
    for (data, slug) in [(given, "victim-one"), (made, "victim-two")] {
        let (status, body) = person.post("/api/tenants?depth=0", data.clone()).await;
        assert_eq!((status.as_u16(), &body["doc"]["slug"]), (201, &json!(slug)), "{body}");
        let (status, body) = person.post("/api/tenants?depth=0", data).await;
        assert_eq!(status, 400, "{body}");
        assert!(body.to_string().contains("slug"), "{body}");
    }
    let (_, page) = person.get("/api/tenants?depth=0&sort=slug").await;
    assert_eq!(slugs(&page), ["other-agency", "victim-one", "victim-two"]);
}

/// A role is granted with the account; the log says which.
#[tokio::test]
async fn the_membership_of_a_new_user_is_on_record() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let data = json!({ "email": "new@harbor.example", "password": "long enough", "role": "admin" });
    let (status, body) = owner.post("/api/users?depth=0", data).await;
    assert_eq!(status, 201, "{body}");
    let id = body["doc"]["id"].as_str().unwrap();
    let sql = "SELECT a.actor_name, a.verb, a.after->>'role', a.tenant_id, m.role,
                      (SELECT count(*) FROM outbox o WHERE o.document_id = a.document_id)
                 FROM audit a JOIN memberships m ON m.id = a.document_id
                WHERE a.collection = 'memberships' AND m.user_id::text = $1";
    let row = harbor.witness.client.query_one(sql, &[&id]).await.unwrap();
    let text = |at: usize| row.get::<_, Option<String>>(at).unwrap_or_default();
    assert_eq!((text(1), text(2), text(4)), ("create".into(), "admin".into(), "admin".into()));
    assert_eq!(row.get::<_, kernel::Id>(3), harbor.account);
    assert_eq!(row.get::<_, i64>(5), 1);
}
