//! Invitations: from the letter to the membership, and everything that must not get there.

use std::time::Duration;

use kernel::{Id, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::matrix::digest::Witness;
use crate::support::app::{Answer, OWNER, PASSWORD, Person, TestApp, read};

struct World {
    app: TestApp,
    agency: Id,
    account: Id,
}

impl World {
    async fn new() -> World {
        let app = TestApp::start().await;
        let agency = app.tenant(app.platform(), "agency").await;
        let account = app.tenant(agency, "north").await;
        for role in [Role::Viewer, Role::Member, Role::Admin, Role::Owner] {
            app.user(account, &format!("{}@north.example", role.as_str()), role).await;
        }
        World { app, agency, account }
    }

    async fn invite(&self, person: &Person<'_>, email: &str, role: &str) -> Answer {
        let data = json!({ "email": email, "role": role, "name": "Ana Ruiz" });
        person.post("/api/invitations?depth=0", data).await
    }

    /// Invites as the account's admin; answers the invitation's path and the token of its letter.
    async fn invited(&self, email: &str, role: &str) -> (String, String) {
        let admin = self.app.sign_in("admin@north.example").await;
        let (status, body) = self.invite(&admin, email, role).await;
        assert_eq!(status.as_u16(), 201, "{body}");
        let path = format!("/api/invitations/{}", body["doc"]["id"].as_str().unwrap());
        let email = email.trim().to_lowercase();
        (path, self.app.mailed_token(&email, "accept-invitation").await)
    }

    async fn look(&self, token: &str) -> Answer {
        self.app.anonymous().post("/api/users/invitation", json!({ "token": token })).await
    }

    async fn accept(&self, token: &str, password: &str) -> Answer {
        let data = json!({ "token": token, "name": "Ana", "password": password });
        self.app.anonymous().post("/api/users/accept-invitation", data).await
    }

    /// That the token is worth nothing, and that trying leaves no trace.
    async fn assert_dead(&self, token: &str, why: &str) {
        let witness = Witness::of(&self.app).await;
        let before = witness.look().await;
        assert_eq!(self.look(token).await.0.as_u16(), 403, "{why}");
        let (status, body) = self.accept(token, PASSWORD).await;
        assert_eq!(status.as_u16(), 403, "{why}: {body}");
        assert!(body["errors"][0]["message"].as_str().unwrap().contains("expired"), "{body}");
        assert_eq!(witness.changed_since(&before).await, Vec::<String>::new(), "{why}");
    }
}

#[tokio::test]
async fn somebody_new_joins_by_the_letter() {
    let world = World::new().await;
    let app = &world.app;
    let brand = json!({ "brandColor": "#0e7490", "locale": "es" });
    app.sign_in(OWNER).await.patch(&format!("/api/tenants/{}", world.agency), brand).await;
    let (path, token) = world.invited(" Ana@New.example ", "member").await;
    let letter = app.letter("ana@new.example").await;
    assert!(letter.contains("Hola Ana Ruiz"), "{letter}");
    let (status, seen) = world.look(&token).await;
    assert_eq!(status.as_u16(), 200, "{seen}");
    assert_eq!(
        seen,
        json!({
            "email": "ana@new.example", "name": "Ana Ruiz", "role": "member", "exists": false,
            "tenant": { "name": "north", "logo": null, "brandColor": "#0e7490" },
        })
    );
    let (status, body) = world.accept(&token, "short").await;
    assert_eq!(status.as_u16(), 400, "{body}");

    let data = json!({ "token": token, "name": "Ana", "password": PASSWORD });
    let request = app.anonymous().request(Method::POST, "/api/users/accept-invitation");
    let response = request.json(&data).send().await.unwrap();
    assert!(response.headers()["set-cookie"].to_str().unwrap().starts_with("crm_token="));
    let (status, body) = read(response).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    assert_eq!(
        (&body["user"]["name"], &body["user"]["email"]),
        (&json!("Ana"), &json!("ana@new.example"))
    );
    assert_eq!(body["user"]["tenants"][0]["role"], "member");
    assert!(body["token"].is_string() && body["exp"].is_number());
    let ana = app.sign_in("ana@new.example").await;
    assert_eq!(ana.post("/api/companies", json!({ "name": "x" })).await.0.as_u16(), 201);
    assert_eq!(ana.get("/api/companies/count").await.1["totalDocs"], 1);

    world.assert_dead(&token, "spent").await;
    let admin = app.sign_in("admin@north.example").await;
    let (_, invitation) = admin.get(&format!("{path}?depth=1")).await;
    assert!(invitation["acceptedAt"].is_string(), "{invitation}");
    assert_eq!(invitation["invitedBy"]["email"], "admin@north.example");
    assert_eq!(admin.post(&format!("{path}/resend"), json!({})).await.0.as_u16(), 400);
    // The audit knows how she came.
    for (collection, verb) in [
        ("invitations", "create"),
        ("invitations", "update"),
        ("users", "create"),
        ("memberships", "create"),
    ] {
        let query = format!(
            "/api/audit/count?where[collection][equals]={collection}&where[verb][equals]={verb}&sort=-at"
        );
        assert_ne!(admin.get(&query).await.1["totalDocs"], 0, "{verb} {collection}");
    }
    // Nothing anywhere says what the token is.
    let witness = Witness::of(app).await;
    let kept = format!("SELECT count(*) FROM audit WHERE audit::text LIKE '%{token}%'");
    assert_eq!(witness.number(&kept).await, 0);
}

#[tokio::test]
async fn somebody_known_proves_it_by_their_own_password() {
    let world = World::new().await;
    let app = &world.app;
    let south = app.tenant(world.agency, "south").await;
    let sam = app.user(south, "sam@south.example", Role::Owner).await;
    let (_, token) = world.invited("sam@south.example", "admin").await;
    assert_eq!(world.look(&token).await.1["exists"], true);
    let (status, body) = world.accept(&token, "not my password").await;
    assert_eq!(status.as_u16(), 401, "{body}");
    let (status, body) = world.accept(&token, PASSWORD).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    let mut roles: Vec<_> =
        body["user"]["tenants"].as_array().unwrap().iter().map(|t| t["role"].clone()).collect();
    roles.sort_by_key(Value::to_string);
    assert_eq!(roles, ["admin", "owner"]);
    assert_eq!(
        (&body["user"]["id"], &body["user"]["name"]),
        (&json!(sam), &json!("sam@south.example"))
    );
    world.assert_dead(&token, "spent").await;

    // Wrong passwords here lock the address like those of sign-in, and the other way round.
    app.user(south, "lea@south.example", Role::Viewer).await;
    let (_, token) = world.invited("lea@south.example", "viewer").await;
    for _ in 0..5 {
        assert_eq!(world.accept(&token, "guess").await.0.as_u16(), 401);
    }
    let (status, body) = world.accept(&token, PASSWORD).await;
    assert_eq!(status.as_u16(), 401);
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("locked"), "{body}");
    let sign_in = json!({ "email": "lea@south.example", "password": PASSWORD });
    assert_eq!(app.anonymous().post("/api/users/login", sign_in).await.0.as_u16(), 401);
}

#[tokio::test]
async fn nobody_invites_above_themselves_or_twice() {
    let world = World::new().await;
    let app = &world.app;
    let admin = app.sign_in("admin@north.example").await;
    let field = |body: &Value| body["errors"][0]["data"]["errors"][0]["path"].clone();
    let (status, body) = world.invite(&admin, "a@new.example", "owner").await;
    assert_eq!((status.as_u16(), field(&body)), (400, json!("role")), "{body}");
    let (status, body) = world.invite(&admin, "member@north.example", "viewer").await;
    assert_eq!((status.as_u16(), field(&body)), (400, json!("email")), "{body}");
    assert_eq!(world.invite(&admin, "nobody", "viewer").await.0.as_u16(), 400);
    for weak in ["viewer", "member"] {
        let person = app.sign_in(&format!("{weak}@north.example")).await;
        assert_eq!(world.invite(&person, "b@new.example", "viewer").await.0.as_u16(), 403);
        assert_eq!(person.get("/api/invitations").await.0.as_u16(), 403);
    }
    let both = tokio::join!(
        world.invite(&admin, "twin@new.example", "viewer"),
        world.invite(&admin, "Twin@new.example", "member")
    );
    let mut statuses = [both.0.0.as_u16(), both.1.0.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409], "{} {}", both.0.1, both.1.1);
    let made = if both.0.0.as_u16() == 201 { both.0.1 } else { both.1.1 };
    let path = format!("/api/invitations/{}", made["doc"]["id"].as_str().unwrap());
    assert_eq!(admin.patch(&path, json!({ "role": "owner" })).await.0.as_u16(), 403);
    // Another tenant may invite the same address, and an open one does not outlive its time.
    let above = app.sign_in(OWNER).await;
    let other = json!({ "email": "twin@new.example", "role": "viewer", "tenant": world.agency });
    assert_eq!(above.post("/api/invitations", other).await.0.as_u16(), 201);
    let witness = Witness::of(app).await;
    let late = "UPDATE invitations SET expires_at = now() - interval '1 minute'";
    witness.client.batch_execute(late).await.unwrap();
    assert_eq!(world.invite(&admin, "twin@new.example", "viewer").await.0.as_u16(), 201);
}

#[tokio::test]
async fn a_letter_is_worth_nothing_when_its_ground_is_gone() {
    let world = World::new().await;
    let app = &world.app;
    let witness = Witness::of(app).await;
    let run = async |sql: String| witness.client.batch_execute(&sql).await.unwrap();

    world.assert_dead("", "no token").await;
    world.assert_dead("0123456789abcdef0123456789abcdef01234567", "made up").await;

    let (path, token) = world.invited("revoked@new.example", "viewer").await;
    let admin = app.sign_in("admin@north.example").await;
    assert_eq!(admin.delete(&path).await.0.as_u16(), 200);
    world.assert_dead(&token, "revoked").await;
    assert_eq!(witness.number("SELECT count(*) FROM invitation_tokens").await, 0);

    let (_, token) = world.invited("late@new.example", "viewer").await;
    run("UPDATE invitations SET expires_at = now() - interval '1 second'".to_owned()).await;
    world.assert_dead(&token, "too old").await;

    let (_, token) = world.invited("weak@new.example", "admin").await;
    let member = format!(
        "UPDATE memberships SET role = 'member' WHERE tenant_id = '{}' AND role = 'admin'",
        world.account
    );
    run(member.clone()).await;
    world.assert_dead(&token, "the inviter is no admin now").await;
    run(member.replace("'member'", "'x'").replace("'admin'", "'member'").replace("'x'", "'admin'"))
        .await;
    assert_eq!(world.look(&token).await.0.as_u16(), 200, "and is again");

    run("UPDATE users SET status = 'suspended' WHERE email = 'admin@north.example'".to_owned())
        .await;
    world.assert_dead(&token, "the inviter is suspended").await;
    run("UPDATE users SET status = 'active'".to_owned()).await;
    run(format!("UPDATE tenants SET status = 'suspended' WHERE id = '{}'", world.agency)).await;
    world.assert_dead(&token, "the tenant lies below a suspended one").await;
    run("UPDATE tenants SET status = 'active'".to_owned()).await;

    // Whoever the letter is for was suspended.
    let south = app.tenant(world.agency, "south").await;
    app.user(south, "sam@south.example", Role::Viewer).await;
    let (_, token) = world.invited("sam@south.example", "viewer").await;
    run("UPDATE users SET status = 'suspended' WHERE email = 'sam@south.example'".to_owned()).await;
    let before = witness.look().await;
    assert_eq!(world.accept(&token, PASSWORD).await.0.as_u16(), 403);
    let changed = witness.changed_since(&before).await;
    assert!(changed.iter().all(|t| t == "sign_in_attempts"), "{changed:?}");
    run("DELETE FROM users WHERE email = 'admin@north.example'".to_owned()).await;
    run("UPDATE users SET status = 'active'".to_owned()).await;
    world.assert_dead(&token, "the inviter is gone").await;
}

#[tokio::test]
async fn a_letter_can_be_sent_again() {
    let world = World::new().await;
    let app = &world.app;
    let (path, first) = world.invited("ana@new.example", "admin").await;
    let witness = Witness::of(app).await;
    let hours_ago = "UPDATE invitation_tokens SET sent_at = now() - interval '1 hour';
                     UPDATE invitations SET expires_at = now() - interval '1 hour'";
    witness.client.batch_execute(hours_ago).await.unwrap();
    world.assert_dead(&first, "too old").await;
    let owner = app.sign_in("owner@north.example").await;
    app.forget_letters();
    let (status, body) = owner.post(&format!("{path}/resend"), json!({})).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    assert!(
        body["doc"]["expiresAt"].as_str().unwrap() > body["doc"]["updatedAt"].as_str().unwrap()
    );
    let second = app.mailed_token("ana@new.example", "accept-invitation").await;
    assert_ne!(first, second);
    world.assert_dead(&first, "replaced").await;
    assert_eq!(world.look(&second).await.0.as_u16(), 200);
    // A second click sends nothing, and leaves the link as it is.
    app.forget_letters();
    assert_eq!(owner.post(&format!("{path}/resend"), json!({})).await.0.as_u16(), 200);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(world.look(&second).await.0.as_u16(), 200);
    for weak in ["viewer", "member"] {
        let person = app.sign_in(&format!("{weak}@north.example")).await;
        assert_eq!(person.post(&format!("{path}/resend"), json!({})).await.0.as_u16(), 403);
    }
    // Nor may an admin send an owner's invitation: it would be theirs from then on.
    let (_, body) = world.invite(&owner, "boss@new.example", "owner").await;
    let theirs = format!("/api/invitations/{}/resend", body["doc"]["id"].as_str().unwrap());
    let admin = app.sign_in("admin@north.example").await;
    assert_eq!(admin.post(&theirs, json!({})).await.0.as_u16(), 403);
    let stranger = app.tenant(world.agency, "south").await;
    app.user(stranger, "sam@south.example", Role::Owner).await;
    let sam = app.sign_in("sam@south.example").await;
    let foreign = sam.post(&format!("{path}/resend"), json!({})).await;
    let absent =
        sam.post(&format!("/api/invitations/{}/resend", kernel::new_id()), json!({})).await;
    assert_eq!((foreign.0.as_u16(), &foreign), (404, &absent));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_simultaneous_answers_one_succeeds() {
    let world = World::new().await;
    let (_, token) = world.invited("ana@new.example", "member").await;
    let answers = tokio::join!(
        world.accept(&token, PASSWORD),
        world.accept(&token, PASSWORD),
        world.accept(&token, PASSWORD)
    );
    let statuses = [answers.0.0.as_u16(), answers.1.0.as_u16(), answers.2.0.as_u16()];
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|s| [200, 400, 403].contains(s)), "{statuses:?}");
    let witness = Witness::of(&world.app).await;
    let there = "SELECT count(*) FROM users WHERE email = 'ana@new.example'";
    assert_eq!(witness.number(there).await, 1);
}
