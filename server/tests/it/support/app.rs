//! A server of the test's own: the real router on a port the kernel picks, on a database of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use auth::{Passwords, Post};
use define::Shape;
use engine::{Engine, Module};
use kernel::{Actor, Doc, Id, Role};
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Value, json};
use server::app::{App, NewOwner};
use server::config::{Config, Values};
use server::database::Database;
use server::operator::Tree;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::database;

pub(crate) const OWNER: &str = "owner@mainstay.local";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Stops serving when dropped.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) database: Database,
    pub(crate) url: String,
    /// The first owner, who reaches the platform as it was at the start.
    pub(crate) owner: Actor,
    http: Client,
    server: JoinHandle<()>,
    data: tempfile::TempDir,
}

/// Somebody who is signed in.
pub(crate) struct Person<'a> {
    app: &'a TestApp,
    token: Option<String>,
}

/// Status and JSON of an answer; `Null` when the body is empty.
pub(crate) type Answer = (StatusCode, Value);

impl TestApp {
    /// An initialised platform, with nothing in it but its owner.
    pub(crate) async fn start() -> TestApp {
        TestApp::start_with(&[]).await
    }

    /// The same with settings of the test's own.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> TestApp {
        TestApp::start_on(database::fresh().await, settings).await
    }

    /// The same on a database of the test's own.
    pub(crate) async fn start_on(database: Database, settings: &[(&str, &str)]) -> TestApp {
        TestApp::start_extended(database, settings, Vec::new()).await
    }

    /// The same with further modules, whose tables the database has.
    pub(crate) async fn start_extended(
        database: Database,
        settings: &[(&str, &str)],
        further: Vec<Module>,
    ) -> TestApp {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().to_str().unwrap();
        let mut env = vec![
            ("MAINSTAY_DATA", folder),
            ("MAINSTAY_POOL", "4"),
            // Tests sign in more often than people do.
            ("MAINSTAY_SIGN_INS_PER_MINUTE", "100000"),
            ("MAINSTAY_ADMIN_EMAIL", OWNER),
            ("MAINSTAY_ADMIN_PASSWORD", PASSWORD),
        ];
        env.extend_from_slice(settings);
        let config = Config::from_values(Values::of(&env, None)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bound = listener.local_addr().unwrap();
        let modules = |passwords: &Passwords, post: &Post| {
            let own = server::app::modules(passwords, post);
            own.into_iter().chain(further).collect()
        };
        let mut app = App::open_with(&config, &database, bound, modules).await.unwrap();
        let NewOwner { actor: owner, .. } = app.first_owner(&config).await.unwrap().unwrap();
        let (router, door) = (app.router(), app.door.clone());
        let server = tokio::spawn(async move {
            door.serve(listener, router, std::future::pending()).await;
        });
        let (url, http) = (format!("http://{bound}"), Client::new());
        TestApp { app, database, url, owner, http, server, data }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.app.engine
    }

    /// The tenant of the platform itself.
    pub(crate) fn platform(&self) -> Id {
        self.owner.reach.home().unwrap()
    }

    /// The product itself, owner of everything there is now.
    pub(crate) async fn everywhere(&self) -> Actor {
        Tree::read(&self.database).await.unwrap().everywhere("test").unwrap()
    }

    /// A tenant below another: an agency under the platform, an account under an agency.
    pub(crate) async fn tenant(&self, parent: Id, slug: &str) -> Id {
        let data = json!({ "name": slug, "slug": slug, "parent": parent.to_string() });
        self.create(parent, "tenants", data).await
    }

    /// `agency-NAME` with an account `NAME` under it; answers the account.
    pub(crate) async fn account(&self, slug: &str) -> Id {
        let agency = self.tenant(self.platform(), &format!("agency-{slug}")).await;
        self.tenant(agency, slug).await
    }

    /// `ROLE@SLUG…` with [`PASSWORD`] and one membership.
    pub(crate) async fn user(&self, tenant: Id, email: &str, role: Role) -> Id {
        let data = json!({ "name": email, "email": email, "password": PASSWORD, "role": role });
        self.create(tenant, "users", data).await
    }

    /// A document made by the product itself in a tenant.
    pub(crate) async fn create(&self, tenant: Id, slug: &str, data: Value) -> Id {
        let actor = self.everywhere().await.select(tenant).unwrap();
        let Value::Object(data) = data else { panic!("{data} is not a document") };
        let made = self.engine().create(&actor, slug, data, &Shape::flat()).await.unwrap();
        let made: Doc = serde_json::from_str(&made).unwrap();
        made["id"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn letter(&self, email: &str) -> String {
        letter(&self.mail(), email).await
    }

    pub(crate) async fn mailed_token(&self, email: &str, page: &str) -> String {
        mailed_token(&self.mail(), email, page).await
    }

    /// How many there are to this address.
    pub(crate) fn letters_to(&self, email: &str) -> usize {
        letters(&self.mail())
            .iter()
            .filter(|(_, text)| text.contains(&format!("To: {email}")))
            .count()
    }

    pub(crate) fn forget_letters(&self) {
        for file in std::fs::read_dir(self.mail()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
    }

    fn mail(&self) -> PathBuf {
        self.data.path().join("mail")
    }

    pub(crate) fn anonymous(&self) -> Person<'_> {
        Person { app: self, token: None }
    }

    /// Signs in over HTTP with [`PASSWORD`].
    pub(crate) async fn sign_in(&self, email: &str) -> Person<'_> {
        let body = json!({ "email": email, "password": PASSWORD });
        let (status, answer) = self.anonymous().post("/api/users/login", body).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        Person { app: self, token: Some(answer["token"].as_str().unwrap().to_owned()) }
    }
}

/// The last letter to this address, waited for: letters are written after the answer.
pub(crate) async fn letter(folder: &Path, email: &str) -> String {
    for _ in 0..200 {
        let mut found = letters(folder);
        found.retain(|(_, text)| text.contains(&format!("To: {email}")));
        if let Some((_, text)) = found.into_iter().max_by_key(|(at, _)| *at) {
            return text;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no letter to {email}");
}

/// The token of the link in it.
pub(crate) async fn mailed_token(folder: &Path, email: &str, page: &str) -> String {
    let letter = letter(folder, email).await;
    let link = letter.split(&format!("/{page}#")).nth(1).unwrap();
    link.chars().take_while(char::is_ascii_hexdigit).collect()
}

/// Letters that are written whole, soft line breaks taken out.
fn letters(folder: &Path) -> Vec<(SystemTime, String)> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    files
        .map(Result::unwrap)
        .filter_map(|file| {
            let text = std::fs::read_to_string(file.path()).ok()?.replace("=\r\n", "");
            let at = file.metadata().ok()?.modified().ok()?;
            text.contains("</p>").then_some((at, text))
        })
        .collect()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Person<'_> {
    pub(crate) fn token(&self) -> &str {
        self.token.as_deref().unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        read(request.send().await.unwrap()).await
    }

    /// For a test that needs headers or a body of its own.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.app.http.request(method, format!("{}{path}", self.app.url));
        match &self.token {
            Some(token) => request.header("Authorization", format!("JWT {token}")),
            None => request,
        }
    }
}

pub(crate) async fn read(response: Response) -> Answer {
    let status = response.status();
    let text = response.text().await.unwrap();
    let json = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned())),
    };
    (status, json)
}
