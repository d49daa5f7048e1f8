//! Sign-in and its doors, on a real database: lockout, recovery, revocation, who may do what to whom.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use ::auth::{Auth, FirstUser, Passwords, Post, SignedIn};
use define::{Condition, Shape};
use engine::{Engine, Registry};
use futures_util::future::join_all;
use kernel::{Actor, Doc, Error, Id, Kind, RequestInfo, Result, Value};
use serde_json::json;
use server::database::Database;

use crate::support;

const PASSWORD: &str = "correct horse";
const INCORRECT: &str = "The email or password provided is incorrect.";
const LOCKED: &str = "This user is locked due to having too many failed login attempts.";
const INVALID: &str = "Token is either invalid or has expired.";

/// A platform with its owner, one agency, and accounts A and B under it.
struct World {
    engine: Arc<Engine>,
    auth: Arc<Auth>,
    letters: PathBuf,
    platform: Id,
    agency: Id,
    a: Id,
    b: Id,
    database: Database,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new() -> World {
        World::with(|_| {}).await
    }

    async fn with(adjust: impl FnOnce(&mut auth::Config)) -> World {
        let (passwords, post) = (Passwords::new(), Post::new());
        let registry = Registry::new(vec![auth::module(passwords.clone(), post.clone())]).unwrap();
        let database = support::database::fresh().await;
        let url = database.url.expose().to_owned();
        let config = store::Config::new(url, 8);
        let engine = Arc::new(Engine::new(config, registry).unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mailer = mail::mailer(mail::Config {
            smtp_url: None,
            folder: folder.path().join("mail"),
            from: "noreply@example.test".into(),
            redirect_to: None,
        });
        let mut config = auth::Config::new("a secret for tests", "https://crm.example.test/");
        adjust(&mut config);
        let auth = Auth::new(engine.clone(), passwords, post, mailer.unwrap(), config).unwrap();
        let mut world = World {
            engine,
            auth: Arc::new(auth),
            letters: folder.path().join("mail"),
            platform: Id::nil(),
            agency: Id::nil(),
            a: Id::nil(),
            b: Id::nil(),
            database,
            _folder: folder,
        };
        let owner = world.register("owner@example.test").await.unwrap().actor;
        world.platform = owner.current().unwrap();
        world.agency = world.tenant(world.platform, "Agency").await;
        world.a = world.tenant(world.agency, "Account A").await;
        world.b = world.tenant(world.agency, "Account B").await;
        world
    }

    async fn register(&self, email: &str) -> Result<SignedIn> {
        let first = FirstUser {
            name: "Owner".into(),
            email: email.into(),
            password: PASSWORD.into(),
            platform: "Platform".into(),
        };
        self.auth.first_register(first, &RequestInfo::default()).await
    }

    async fn sign_in(&self, email: &str, password: &str) -> Result<SignedIn> {
        self.auth.sign_in(email, password, &RequestInfo::default()).await
    }

    async fn actor(&self, name: &str) -> Actor {
        self.sign_in(&address(name), PASSWORD).await.unwrap().actor
    }

    async fn owner(&self) -> Actor {
        self.actor("owner").await
    }

    /// The actor that a request with `token` has.
    async fn seen(&self, token: &str) -> Actor {
        self.auth.authenticate(Some(token), None, RequestInfo::default()).await.unwrap()
    }

    async fn create(&self, actor: &Actor, slug: &str, data: Value) -> Result<Id> {
        let Value::Object(data) = data else { panic!("{data}") };
        let text = self.engine.create(actor, slug, data, &Shape::flat()).await?;
        let doc: Doc = serde_json::from_str(&text).unwrap();
        Ok(doc["id"].as_str().unwrap().parse().unwrap())
    }

    async fn update(&self, actor: &Actor, slug: &str, id: Id, data: Value) -> Result<String> {
        let Value::Object(data) = data else { panic!("{data}") };
        self.engine
            .update(actor, slug, &id.to_string(), data, &Shape::flat(), &Condition::default())
            .await
    }

    async fn delete(&self, actor: &Actor, slug: &str, id: Id) -> Result<String> {
        self.engine
            .delete(actor, slug, &id.to_string(), &Shape::flat(), &Condition::default())
            .await
    }

    async fn tenant(&self, parent: Id, name: &str) -> Id {
        let owner = self.owner().await;
        self.create(&owner, "tenants", json!({"name": name, "parent": parent})).await.unwrap()
    }

    /// A new person `name@example.test` in `tenant`.
    async fn person(&self, name: &str, tenant: Id, role: &str) -> Id {
        let owner = self.owner().await;
        let data =
            json!({"email": address(name), "password": PASSWORD, "role": role, "tenant": tenant});
        self.create(&owner, "users", data).await.unwrap()
    }

    async fn membership(&self, user: Id, tenant: Id, role: &str) -> Id {
        let owner = self.owner().await;
        let data = json!({"user": user, "role": role, "tenant": tenant});
        self.create(&owner, "memberships", data).await.unwrap()
    }

    /// The membership a person got when created.
    async fn membership_of(&self, user: Id) -> Id {
        let find = define::Find {
            filter: define::Where::test("user", define::Op::Equals, user.to_string()),
            shape: Shape::flat(),
            ..define::Find::default()
        };
        let page = self.engine.find(&self.owner().await, "memberships", &find).await.unwrap();
        let doc: Doc = serde_json::from_str(&page.docs[0]).unwrap();
        doc["id"].as_str().unwrap().parse().unwrap()
    }

    /// The token of the `n`-th letter that holds `marker#token`, once it has come.
    async fn mailed(&self, marker: &str, n: usize) -> String {
        for _ in 0..400 {
            let mut found: Vec<(std::time::SystemTime, String)> = std::fs::read_dir(&self.letters)
                .unwrap()
                .flatten()
                .filter_map(|f| {
                    let text = std::fs::read_to_string(f.path()).ok()?.replace("=\r\n", "");
                    let (_, rest) = text.split_once(&format!("{marker}#"))?;
                    let token = rest.get(..40)?.to_owned();
                    Some((f.metadata().ok()?.modified().ok()?, token))
                })
                .collect();
            found.sort();
            if let Some((_, token)) = found.into_iter().nth(n) {
                return token;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("no letter with {marker}");
    }

    async fn as_owner_of_database(&self, sql: &str) {
        let url = self.database.owner_url.as_ref().unwrap().expose();
        let (client, _connection) = store::migrate::connect_owner(url).await.unwrap();
        client.batch_execute(sql).await.unwrap();
    }
}

fn address(name: &str) -> String {
    format!("{name}@example.test")
}

fn message<T>(result: Result<T>) -> (Kind, String) {
    let Error { kind, message, .. } = result.map(|_| ()).unwrap_err();
    (kind, message)
}

fn forbidden() -> (Kind, String) {
    (Kind::Forbidden, "You are not allowed to perform this action.".into())
}

#[tokio::test]
async fn of_many_first_registrations_one_succeeds() {
    let world = World::new().await;
    assert_eq!(message(world.register("second@example.test").await), forbidden());
    world
        .as_owner_of_database("DELETE FROM users; DELETE FROM memberships; DELETE FROM tenants")
        .await;
    assert!(!world.auth.is_initialized().await.unwrap());
    let emails: Vec<String> = (0..20).map(|n| address(&format!("first{n}"))).collect();
    let results = join_all(emails.iter().map(|e| world.register(e))).await;
    let (done, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!((done.len(), refused.len()), (1, 19));
    assert!(refused.into_iter().all(|r| message(r) == forbidden()));
    let actor = done.into_iter().next().unwrap().unwrap().actor;
    assert_eq!(actor.role(), Some(kernel::Role::Owner));
}

#[tokio::test]
async fn the_sixth_try_finds_the_address_locked_whoever_it_belongs_to() {
    let world = World::new().await;
    world.person("ann", world.a, "member").await;
    for name in ["ann", "nobody"] {
        for _ in 0..5 {
            let answer = message(world.sign_in(&address(name), "wrong").await);
            assert_eq!(answer, (Kind::Unauthenticated, INCORRECT.into()), "{name}");
        }
        for password in ["wrong", PASSWORD] {
            let answer = message(
                world.sign_in(&format!(" {} ", address(name).to_uppercase()), password).await,
            );
            assert_eq!(answer, (Kind::Unauthenticated, LOCKED.into()), "{name}");
        }
    }
    let admin = world.owner().await;
    assert_eq!(message(world.auth.unlock(&admin, &address("nobody")).await), forbidden());
    world.auth.unlock(&admin, "ANN@example.test").await.unwrap();
    world.sign_in(&address("ann"), PASSWORD).await.unwrap();
    assert_eq!(
        message(world.auth.unlock(&world.actor("ann").await, &address("owner")).await),
        forbidden()
    );
}

#[tokio::test]
async fn tries_at_the_same_moment_count_and_right_ones_do_not_lock() {
    let world = World::new().await;
    world.person("ann", world.a, "member").await;
    let email = address("ann");
    let all = join_all((0..12).map(|_| world.sign_in(&email, PASSWORD))).await;
    assert!(all.iter().all(Result::is_ok));
    let wrong = join_all((0..40).map(|_| world.sign_in(&email, "wrong"))).await;
    let looked_at = wrong.into_iter().filter(|r| r.as_ref().err().unwrap().message == INCORRECT);
    assert_eq!(looked_at.count(), 5);
}

#[tokio::test]
async fn a_lock_ends_by_itself() {
    let world = World::with(|c| c.lock = Duration::from_secs(1)).await;
    for _ in 0..6 {
        let _ = world.sign_in(&address("owner"), "wrong").await;
    }
    assert_eq!(message(world.sign_in(&address("owner"), PASSWORD).await).1, LOCKED);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    world.sign_in(&address("owner"), PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_reset_token_is_good_once_and_ends_every_session() {
    let world = World::new().await;
    world.person("ann", world.a, "member").await;
    let before = world.sign_in(&address("ann"), PASSWORD).await.unwrap();
    for _ in 0..6 {
        let _ = world.sign_in(&address("ann"), "wrong").await;
    }
    world.auth.forgot(" Ann@Example.test");
    world.auth.forgot("nobody@example.test");
    let token = world.mailed("reset-password", 0).await;
    let reset = |token: String, password: &'static str| {
        let auth = world.auth.clone();
        async move { auth.reset_password(&token, password, &RequestInfo::default()).await }
    };
    assert_eq!(message(reset("nope".into(), "new password").await).1, INVALID);
    assert_eq!(message(reset(token.clone(), "short").await).0, Kind::Validation);
    let results = join_all((0..20).map(|_| reset(token.clone(), "new password"))).await;
    let (done, refused): (Vec<_>, Vec<_>) = results.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    assert!(refused.into_iter().all(|r| message(r) == (Kind::Forbidden, INVALID.into())));
    assert!(world.seen(&before.token).await.is_anonymous());
    let token = done.into_iter().next().unwrap().unwrap().token;
    assert!(!world.seen(&token).await.is_anonymous());
    world.sign_in(&address("ann"), "new password").await.unwrap();
    assert_eq!(message(world.sign_in(&address("ann"), PASSWORD).await).1, INCORRECT);
    assert_eq!(std::fs::read_dir(&world.letters).unwrap().count(), 1, "nobody got a letter");
}

#[tokio::test]
async fn reset_tokens_expire_and_die_with_the_address() {
    let world = World::new().await;
    let ann = world.person("ann", world.a, "member").await;
    let valid = |token: String| {
        let auth = world.auth.clone();
        async move { auth.reset_password(&token, "new password", &RequestInfo::default()).await }
    };
    world.auth.forgot(&address("ann"));
    let token = world.mailed("reset-password", 0).await;
    world.auth.forgot(&address("ann"));
    world
        .as_owner_of_database(
            "UPDATE credentials SET reset_expires_at = now(), reset_requested_at = NULL",
        )
        .await;
    assert_eq!(message(valid(token).await).1, INVALID);
    world.auth.forgot(&address("ann"));
    let token = world.mailed("reset-password", 1).await;
    world
        .update(&world.owner().await, "users", ann, json!({"email": "other@example.test"}))
        .await
        .unwrap();
    assert_eq!(message(valid(token).await).1, INVALID);
}

#[tokio::test]
async fn an_address_is_verified_by_its_letter() {
    let world = World::with(|c| c.verify_emails = true).await;
    world.person("ann", world.a, "member").await;
    let refused = message(world.sign_in(&address("ann"), PASSWORD).await);
    assert_eq!(refused, (Kind::Forbidden, "Please verify your email before logging in.".into()));
    assert_eq!(message(world.sign_in(&address("ann"), "wrong").await).1, INCORRECT);
    let token = world.mailed("verify-email", 0).await;
    assert_eq!(message(world.auth.verify("nope").await).1, "Verification token is invalid.");
    world.auth.verify(&token).await.unwrap();
    assert_eq!(message(world.auth.verify(&token).await).1, "Verification token is invalid.");
    world.sign_in(&address("ann"), PASSWORD).await.unwrap();
}

/// Whatever takes access away does so at the next request, with the actor remembered or not.
#[tokio::test]
async fn access_ends_at_the_next_request() {
    let world = World::new().await;
    tokio::spawn(world.auth.clone().listen());
    let owner = world.owner().await;
    let ann = world.person("ann", world.a, "admin").await;
    let membership = world.membership_of(ann).await;
    let sign_in = || async {
        let signed = world.sign_in(&address("ann"), PASSWORD).await.unwrap();
        for _ in 0..3 {
            assert_eq!(world.seen(&signed.token).await.user(), Some(ann));
        }
        signed
    };

    let signed = sign_in().await;
    world.auth.sign_out(&signed.actor).await.unwrap();
    assert!(world.seen(&signed.token).await.is_anonymous(), "signed out");
    assert_eq!(message(world.auth.refresh(&signed.actor).await), forbidden());

    let (one, two) = (sign_in().await, sign_in().await);
    world.auth.revoke(&one.actor, two.actor.session.unwrap()).await.unwrap();
    assert!(world.seen(&two.token).await.is_anonymous(), "revoked");
    assert_eq!(world.auth.sessions(&one.actor).await.unwrap().len(), 1);
    let others = owner.session.unwrap();
    assert_eq!(message(world.auth.revoke(&one.actor, others).await).0, Kind::NotFound);
    world.auth.sign_out_everywhere(&one.actor).await.unwrap();
    assert!(world.seen(&one.token).await.is_anonymous(), "signed out everywhere");

    let signed = sign_in().await;
    let refreshed = world.auth.refresh(&signed.actor).await.unwrap();
    assert_eq!(refreshed.actor.session, signed.actor.session);
    world.update(&owner, "memberships", membership, json!({"role": "viewer"})).await.unwrap();
    assert_eq!(world.seen(&signed.token).await.role(), Some(kernel::Role::Viewer), "role");

    world.update(&owner, "tenants", world.agency, json!({"status": "suspended"})).await.unwrap();
    assert!(world.seen(&signed.token).await.is_anonymous(), "tenant above suspended");
    assert_eq!(message(world.sign_in(&address("ann"), PASSWORD).await), forbidden());
    // Whoever comes from above signs in anew and lifts it.
    let fresh = world.owner().await;
    world.update(&fresh, "tenants", world.agency, json!({"status": "active"})).await.unwrap();

    let signed = sign_in().await;
    world.update(&owner, "users", ann, json!({"status": "suspended"})).await.unwrap();
    assert!(world.seen(&signed.token).await.is_anonymous(), "suspended");
    assert_eq!(message(world.sign_in(&address("ann"), PASSWORD).await).1, INCORRECT);
    world.update(&owner, "users", ann, json!({"status": "active"})).await.unwrap();
    assert!(world.seen(&signed.token).await.is_anonymous(), "sessions do not come back");

    let (own, other) = (sign_in().await, sign_in().await);
    world
        .update(
            &own.actor,
            "users",
            ann,
            json!({"password": "another one", "currentPassword": PASSWORD}),
        )
        .await
        .unwrap();
    assert!(!world.seen(&own.token).await.is_anonymous(), "the session that changed it stays");
    assert!(world.seen(&other.token).await.is_anonymous(), "password changed");
    world.update(&owner, "users", ann, json!({"password": PASSWORD})).await.unwrap();
    assert!(world.seen(&own.token).await.is_anonymous(), "password set by an admin");

    let signed = sign_in().await;
    world.delete(&owner, "memberships", membership).await.unwrap();
    assert!(world.seen(&signed.token).await.is_anonymous(), "no membership left");
    world.delete(&owner, "users", ann).await.unwrap();
    assert_eq!(message(world.sign_in(&address("ann"), PASSWORD).await).1, INCORRECT);
}

/// Another process hears of it by NOTIFY.
#[tokio::test]
async fn other_processes_forget_what_changed() {
    let world = World::new().await;
    tokio::spawn(world.auth.clone().listen());
    world.person("ann", world.a, "member").await;
    let signed = world.sign_in(&address("ann"), PASSWORD).await.unwrap();
    assert!(!world.seen(&signed.token).await.is_anonymous());
    world
        .as_owner_of_database(
            "UPDATE users SET status = 'suspended' WHERE email = 'ann@example.test'",
        )
        .await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(world.seen(&signed.token).await.is_anonymous());
}

#[tokio::test]
async fn the_platform_keeps_an_owner() {
    let world = World::new().await;
    let owner = world.owner().await;
    let me = owner.user().unwrap();
    let membership = world.membership_of(me).await;
    let kept = |r: Result<String>| assert_eq!(message(r).0, Kind::Conflict);
    kept(world.delete(&owner, "memberships", membership).await);
    kept(world.update(&owner, "memberships", membership, json!({"role": "admin"})).await);
    kept(world.update(&owner, "users", me, json!({"status": "suspended"})).await);
    kept(world.delete(&owner, "users", me).await);
    assert_eq!(message(world.delete(&owner, "tenants", world.platform).await), forbidden());
    let suspend = json!({"status": "suspended"});
    assert_eq!(
        message(world.update(&owner, "tenants", world.platform, suspend).await),
        forbidden()
    );

    let other = world.person("second", world.platform, "owner").await;
    let theirs = world.membership_of(other).await;
    let second = world.actor("second").await;
    let demote = json!({"role": "member"});
    let (x, y) = tokio::join!(
        world.update(&owner, "memberships", theirs, demote.clone()),
        world.update(&second, "memberships", membership, demote.clone()),
    );
    assert_eq!(usize::from(x.is_ok()) + usize::from(y.is_ok()), 1, "{x:?} {y:?}");
}

#[tokio::test]
async fn nobody_grants_or_touches_more_than_they_have() {
    let world = World::new().await;
    let ann = world.person("ann", world.a, "admin").await;
    let boss = world.person("boss", world.a, "owner").await;
    let bob = world.person("bob", world.a, "viewer").await;
    let (own, bosses, bobs) = (
        world.membership_of(ann).await,
        world.membership_of(boss).await,
        world.membership_of(bob).await,
    );
    let admin = world.actor("ann").await;
    let role = |role: &str| json!({"role": role});
    assert_eq!(
        message(world.update(&admin, "memberships", own, role("owner")).await).0,
        Kind::Validation
    );
    assert_eq!(
        message(world.update(&admin, "memberships", bobs, role("owner")).await).0,
        Kind::Validation
    );
    assert_eq!(
        message(world.update(&admin, "memberships", bosses, role("viewer")).await).0,
        Kind::Forbidden
    );
    assert_eq!(message(world.delete(&admin, "memberships", bosses).await).0, Kind::Forbidden);
    world.update(&admin, "memberships", bobs, role("admin")).await.unwrap();

    let make =
        |role: &str, email: &str| json!({"email": email, "password": PASSWORD, "role": role});
    assert_eq!(
        message(world.create(&admin, "users", make("owner", "x@example.test")).await).0,
        Kind::Validation
    );
    world.create(&admin, "users", make("admin", "y@example.test")).await.unwrap();
    let again = message(world.create(&admin, "users", make("member", "Y@example.test")).await);
    assert_eq!(again.0, Kind::Validation);

    for (who, can) in [("bob", false), ("ann", false), ("owner", true)] {
        let actor = world.actor(who).await;
        for data in
            [json!({"password": "stolen password"}), json!({"email": "stolen@example.test"})]
        {
            let done = world.update(&actor, "users", boss, data).await;
            assert_eq!(done.is_ok(), can, "{who}");
        }
    }
    let viewer = world.person("vic", world.a, "viewer").await;
    let vic = world.actor("vic").await;
    assert!(world.update(&vic, "users", bob, json!({"name": "x"})).await.is_err());
    world.update(&vic, "users", viewer, json!({"name": "Victoria"})).await.unwrap();
    assert_eq!(
        message(world.create(&vic, "users", make("viewer", "z@example.test")).await).0,
        Kind::Forbidden
    );
    assert!(world.delete(&vic, "users", viewer).await.is_err());
}

#[tokio::test]
async fn an_admin_of_one_tenant_cannot_reach_into_another_through_a_shared_person() {
    let world = World::new().await;
    world.person("ann", world.a, "admin").await;
    let shared = world.person("shared", world.a, "member").await;
    let admin = world.actor("ann").await;
    world.update(&admin, "users", shared, json!({"name": "Shared"})).await.unwrap();
    world.membership(shared, world.b, "member").await;
    for data in [
        json!({"password": "stolen password"}),
        json!({"email": "stolen@example.test"}),
        json!({"status": "suspended"}),
    ] {
        assert!(world.update(&admin, "users", shared, data).await.is_err());
    }
    assert!(world.delete(&admin, "users", shared).await.is_err());
    assert_eq!(message(world.auth.unlock(&admin, &address("shared")).await), forbidden());
    world.sign_in(&address("shared"), PASSWORD).await.unwrap();
    world.update(&world.owner().await, "users", shared, json!({"name": "S"})).await.unwrap();
}

#[tokio::test]
async fn the_tree_keeps_its_kinds() {
    let world = World::new().await;
    let owner = world.owner().await;
    let kind = |parent: Id, kind: &str| json!({"name": format!("{kind} {parent}"), "parent": parent, "kind": kind});
    for wrong in [
        kind(world.platform, "account"),
        kind(world.platform, "platform"),
        kind(world.agency, "agency"),
        kind(world.a, "account"),
    ] {
        assert_eq!(message(world.create(&owner, "tenants", wrong).await).0, Kind::Validation);
    }
    world.person("ann", world.agency, "admin").await;
    let ann = world.actor("ann").await;
    world.create(&ann, "tenants", json!({"name": "Ann's", "currency": "eur"})).await.unwrap();
    assert!(
        world
            .create(&ann, "tenants", json!({"name": "X", "parent": world.platform}))
            .await
            .is_err()
    );
    world.update(&ann, "tenants", world.a, json!({"status": "suspended"})).await.unwrap();
    assert_eq!(
        message(world.update(&ann, "tenants", world.agency, json!({"status": "suspended"})).await),
        forbidden()
    );
    let moved = world
        .update(&ann, "tenants", world.b, json!({"kind": "agency", "parent": world.platform}))
        .await;
    let doc: Doc = serde_json::from_str(&moved.unwrap()).unwrap();
    assert_eq!(
        (doc["kind"].as_str(), doc["parent"].as_str()),
        (Some("account"), Some(world.agency.to_string().as_str()))
    );
}
