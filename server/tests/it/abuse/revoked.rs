//! Whatever takes a right away takes it from the very next request of every session, and within a
//! moment from those of another process on the same database.

use std::time::{Duration, Instant};

use kernel::{Id, Role};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use server::app::App;
use server::config::{Config, Values};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::app::{PASSWORD, Person, TestApp};

const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
/// How long another process may go on believing what was; notifications take milliseconds.
const MOMENT: Duration = Duration::from_secs(3);

/// A second process of the product on the same database.
struct Beside {
    url: String,
    http: Client,
    serving: JoinHandle<()>,
    _app: App,
}

impl Drop for Beside {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Beside {
    async fn of(app: &TestApp) -> Beside {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap();
        let env = [("MAINSTAY_DATA", folder), ("MAINSTAY_POOL", "4"), ("MAINSTAY_SECRET", SECRET)];
        let config = Config::from_values(Values::of(&env, None)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bound = listener.local_addr().unwrap();
        let mut second = App::open(&config, &app.database, bound).await.unwrap();
        let (router, door) = (second.router(), second.door.clone());
        let serving = tokio::spawn(async move {
            door.serve(listener, router, std::future::pending()).await;
        });
        Beside { url: format!("http://{bound}"), http: Client::new(), serving, _app: second }
    }

    async fn may(&self, token: &str, right: Right, office: &Office) -> bool {
        let (method, path, body) = right.request(office);
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = request.header("Authorization", format!("JWT {token}"));
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.unwrap();
        right.given(response.status(), &response.text().await.unwrap())
    }
}

/// What is taken away.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    /// To be somebody.
    Session,
    /// To see the records of the account.
    Read,
    /// To change a setting.
    Admin,
}

impl Right {
    fn request(self, office: &Office) -> (Method, String, Value) {
        match self {
            Right::Session => (Method::GET, "/api/users/me".to_owned(), Value::Null),
            Right::Read => (
                Method::GET,
                format!("/api/contacts?where[tenant][equals]={}", office.account),
                Value::Null,
            ),
            Right::Admin => (
                Method::PATCH,
                format!("/api/services/{}", office.service),
                json!({ "name": "Paint" }),
            ),
        }
    }

    fn given(self, status: StatusCode, body: &str) -> bool {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        match self {
            Right::Session => !body["user"].is_null(),
            Right::Read => status.is_success() && body["totalDocs"] != 0,
            Right::Admin => status.is_success(),
        }
    }
}

/// An agency with one account, and in it whoever is about to lose something.
struct Office {
    agency: Id,
    account: Id,
    service: Id,
    user: Id,
    email: String,
}

impl Office {
    async fn new(app: &TestApp, n: usize) -> Office {
        let agency = app.tenant(app.platform(), &format!("agency-{n}")).await;
        let account = app.tenant(agency, &format!("account-{n}")).await;
        app.create(account, "contacts", json!({ "firstName": "Ann" })).await;
        let service = app.create(account, "services", json!({ "name": "Paint" })).await;
        // Someone else, so that nobody is the last owner.
        app.user(agency, &format!("head{n}@office.example"), Role::Owner).await;
        let email = format!("user{n}@office.example");
        let user = app.user(account, &email, Role::Admin).await;
        Office { agency, account, service, user, email }
    }

    /// The name of the membership.
    async fn membership(&self, owner: &Person<'_>) -> String {
        let path = format!("/api/memberships?where[user][equals]={}&depth=0", self.user);
        owner.get(&path).await.1["docs"][0]["id"].as_str().unwrap().to_owned()
    }
}

/// How it is taken away, what is lost, and whether the session that did it itself is spared.
const TAKINGS: [(&str, Right, bool); 13] = [
    ("signing out", Right::Session, false),
    ("signing out everywhere", Right::Session, false),
    ("ending one session", Right::Session, false),
    ("suspending the person", Right::Session, false),
    ("deleting the person", Right::Session, false),
    ("a reset password", Right::Session, false),
    ("a password that an owner sets", Right::Session, false),
    ("a password changed by oneself", Right::Session, true),
    ("a weaker role", Right::Admin, false),
    ("removing the membership", Right::Read, false),
    ("suspending the account", Right::Read, false),
    ("suspending the agency", Right::Read, false),
    ("deleting the account", Right::Read, false),
];

async fn take(
    app: &TestApp,
    owner: &Person<'_>,
    me: &Person<'_>,
    other: &str,
    how: &str,
    office: &Office,
) {
    let Office { agency, account, user, email, .. } = office;
    let (user_path, account_path) =
        (format!("/api/users/{user}"), format!("/api/tenants/{account}"));
    let done = match how {
        "signing out" => me.post("/api/users/logout", json!({})).await,
        "signing out everywhere" => me.post("/api/users/logout?allSessions=true", json!({})).await,
        "ending one session" => me.delete(&format!("/api/users/sessions/{other}")).await,
        "suspending the person" => owner.patch(&user_path, json!({ "status": "suspended" })).await,
        "deleting the person" => owner.delete(&user_path).await,
        "a reset password" => {
            app.forget_letters();
            app.anonymous().post("/api/users/forgot-password", json!({ "email": email })).await;
            let token = app.mailed_token(email, "reset-password").await;
            let body = json!({ "token": token, "password": "another good password" });
            app.anonymous().post("/api/users/reset-password", body).await
        }
        "a password that an owner sets" => {
            owner.patch(&user_path, json!({ "password": "another good password" })).await
        }
        "a password changed by oneself" => {
            let body = json!({ "password": "another good password", "currentPassword": PASSWORD });
            me.patch(&user_path, body).await
        }
        "a weaker role" => {
            let membership = office.membership(owner).await;
            owner
                .patch(&format!("/api/memberships/{membership}"), json!({ "role": "member" }))
                .await
        }
        "removing the membership" => {
            let membership = office.membership(owner).await;
            owner.delete(&format!("/api/memberships/{membership}")).await
        }
        "suspending the account" => {
            owner.patch(&account_path, json!({ "status": "suspended" })).await
        }
        "suspending the agency" => {
            owner.patch(&format!("/api/tenants/{agency}"), json!({ "status": "suspended" })).await
        }
        "deleting the account" => owner.delete(&account_path).await,
        other => panic!("{other}"),
    };
    assert!(done.0.is_success(), "{how}: {} {}", done.0, done.1);
}

fn session_of(token: &str) -> String {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).unwrap();
    let claims: Value = serde_json::from_slice(&bytes).unwrap();
    claims["sid"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_is_gone_at_the_next_request() {
    let app = TestApp::start_with(&[("MAINSTAY_SECRET", SECRET)]).await;
    let beside = Beside::of(&app).await;
    let owner = app.sign_in(crate::support::app::OWNER).await;
    let mut slowest = Duration::ZERO;
    for (n, (how, right, spared)) in TAKINGS.into_iter().enumerate() {
        let office = Office::new(&app, n).await;
        // Two sessions, both known to both processes.
        let sessions = [app.sign_in(&office.email).await, app.sign_in(&office.email).await];
        let here = async |session: &Person<'_>| {
            let (method, path, body) = right.request(&office);
            let (status, body) =
                session.send(method, &path, (!body.is_null()).then_some(body)).await;
            right.given(status, &body.to_string())
        };
        // The tenants made since the owner signed in are within its reach by now.
        for session in &sessions {
            assert!(here(session).await, "{how}: nothing to take");
            assert!(beside.may(session.token(), right, &office).await, "{how}: nothing to take");
        }
        let other = session_of(sessions[1].token());
        take(&app, &owner, &sessions[0], &other, how, &office).await;
        let begun = Instant::now();
        let lost: Vec<&Person<'_>> = match how {
            "signing out" => vec![&sessions[0]],
            "ending one session" => vec![&sessions[1]],
            _ if spared && right == Right::Session => vec![&sessions[1]],
            _ => sessions.iter().collect(),
        };
        for session in &sessions {
            let gone = lost.iter().any(|l| l.token() == session.token());
            assert_eq!(here(session).await, !gone, "{how}");
            while beside.may(session.token(), right, &office).await == gone {
                assert!(begun.elapsed() < MOMENT, "{how}: another process goes on");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        slowest = slowest.max(begun.elapsed());
    }
    println!(
        "{} ways to take a right away: gone at the next request; in a second process after {} ms at most",
        TAKINGS.len(),
        slowest.as_millis()
    );
}
