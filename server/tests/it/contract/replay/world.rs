//! The server that answers: the recorded collections on a database of their own, and the people who ask.

use std::collections::HashMap;
use std::path::PathBuf;

use kernel::Id;
use reqwest::{Client, Method};
use serde_json::{Map, Value, json};
use server::app::App;
use server::config::{Config, Values};
use server::database::{self, Database, OWNER_ROLE};
use server::postgres::SUPERUSER;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::ids::Ids;
use super::requests::{self, Asked};
use super::{Exchange, definitions};
use crate::support::{app, cluster, database as databases};

/// What a request got.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) media: String,
    pub(super) cookie: Option<String>,
    /// With recorded numbers in place of ids.
    pub(super) body: Value,
}

pub(super) struct World {
    pub(super) ids: Ids,
    /// Kept: it listens for what other processes change.
    _app: App,
    url: String,
    http: Client,
    database: String,
    data: tempfile::TempDir,
    /// By name of the person.
    tokens: HashMap<&'static str, String>,
    server: JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    pub(super) async fn new() -> World {
        let (database, name) = defined().await;
        let data = tempfile::tempdir().unwrap();
        let env = [("MAINSTAY_DATA", data.path().to_str().unwrap()), ("MAINSTAY_POOL", "4")];
        let config = Config::from_values(Values::of(&env, None)).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bound = listener.local_addr().unwrap();
        let modules = |passwords: &auth::Passwords, post: &auth::Post| {
            vec![auth::module(passwords.clone(), post.clone()), definitions::module()]
        };
        let mut app = App::open_with(&config, &database, bound, modules).await.unwrap();
        let (router, door) = (app.router(), app.door.clone());
        let server = tokio::spawn(async move {
            door.serve(listener, router, std::future::pending()).await;
        });
        World {
            ids: Ids::default(),
            _app: app,
            url: format!("http://{bound}/api"),
            http: Client::new(),
            database: name,
            data,
            tokens: HashMap::new(),
            server,
        }
    }

    pub(super) async fn play(&mut self, exchange: &Exchange) -> Answer {
        requests::before(self, exchange).await;
        let asked = Asked::of(exchange, self).await;
        let (answer, raw) = self.ask(asked).await;
        let theirs = exchange.answer();
        self.ids.learn(exchange.collection(), &theirs, &raw);
        if let Some(person) = requests::signs_in(&exchange.name) {
            let token = raw["token"].as_str().or(raw["refreshedToken"].as_str());
            let token = token.unwrap_or_else(|| panic!("{}: {raw}", exchange.name));
            self.tokens.insert(person, token.to_owned());
        }
        requests::after(self, exchange, &raw).await;
        Answer { body: self.ids.translated(raw), ..answer }
    }

    /// Sends a request of the replay's own, which must succeed, and answers its body.
    pub(super) async fn make(
        &mut self,
        person: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> Value {
        let mut asked = Asked::json(method, path, self.token(person), &body);
        if body.is_null() {
            asked.body = None;
        }
        let (answer, raw) = self.ask(asked).await;
        assert!(answer.status < 300, "{path} {body}: {raw}");
        raw
    }

    /// Empty for nobody.
    pub(super) fn token(&self, person: &str) -> &str {
        if person == "nobody" {
            return "";
        }
        self.tokens.get(person).unwrap_or_else(|| panic!("{person} has not signed in"))
    }

    pub(super) fn knows(&self, person: &str) -> bool {
        self.tokens.contains_key(person)
    }

    pub(super) fn introduce(&mut self, person: &'static str, token: &Value) {
        self.tokens.insert(person, token.as_str().unwrap().to_owned());
    }

    pub(super) fn mail(&self) -> PathBuf {
        self.data.path().join("mail")
    }

    pub(super) async fn mailed_token(&self, email: &str, page: &str) -> String {
        app::mailed_token(&self.mail(), email, page).await
    }

    /// As the superuser of the database: what no verb can do.
    pub(super) async fn sql(&self, sql: &str) {
        let cluster = cluster::shared().await;
        let client = database::connect(&cluster.url(SUPERUSER, &self.database)).await.unwrap();
        client.batch_execute(sql).await.unwrap();
    }

    /// Sends a request whatever it gets.
    pub(super) async fn send(&self, asked: Asked) {
        self.ask(asked).await;
    }

    async fn ask(&self, asked: Asked) -> (Answer, Value) {
        let mut request = self.http.request(asked.method, format!("{}{}", self.url, asked.path));
        for (name, value) in asked.headers {
            request = request.header(name, value);
        }
        if let Some(body) = asked.body {
            request = request.body(body);
        }
        let response = request.send().await.unwrap();
        let header = |name: &str| {
            response.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
        };
        let media = header("content-type").unwrap_or_default();
        let answer = Answer {
            status: response.status().as_u16(),
            media: media.split(';').next().unwrap_or_default().to_owned(),
            cookie: header("set-cookie"),
            body: Value::Null,
        };
        let text = response.text().await.unwrap();
        let raw = serde_json::from_str(&text).unwrap_or_else(|_| Value::from(text));
        (answer, raw)
    }

    /// An account of an agency, and a member of it: whoever asked without signing in where everything
    /// was open.
    pub(super) async fn settle(&mut self) {
        let agency = json!({ "name": "Recorded" });
        let agency = self.make("root", Method::POST, "/tenants", agency).await;
        let account = json!({ "name": "Account", "parent": agency["doc"]["id"] });
        let account = self.make("root", Method::POST, "/tenants", account).await;
        let tenant = account["doc"]["id"].clone();
        self.ids.account = tenant.as_str().and_then(|id| id.parse::<Id>().ok());
        let visitor = json!({
            "email": "visitor@probe.test", "password": requests::password("visitor"), "role": "member",
            "tenant": tenant,
        });
        self.make("root", Method::POST, "/users", visitor.clone()).await;
        let mut login = Map::new();
        for key in ["email", "password"] {
            login.insert(key.to_owned(), visitor[key].clone());
        }
        let signed = self.make("nobody", Method::POST, "/users/login", login.into()).await;
        self.introduce("visitor", &signed["token"]);
    }
}

/// A database whose tables are what the definitions say, and nothing else of the product's.
async fn defined() -> (Database, String) {
    let database = databases::fresh().await;
    let url = database.owner_url.as_ref().unwrap().expose().to_owned();
    let client = database::connect(&url).await.unwrap();
    let name: String =
        client.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0);
    let empty = "DO $$ DECLARE t record; BEGIN \
        DROP SCHEMA app CASCADE; \
        FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' \
            AND tablename <> 'app_migrations' \
        LOOP EXECUTE format('DROP TABLE %I CASCADE', t.tablename); END LOOP; END $$";
    let cluster = cluster::shared().await;
    let owner = database::connect(&cluster.url(OWNER_ROLE, &name)).await.unwrap();
    owner.batch_execute(empty).await.unwrap();
    let (passwords, post) = (auth::Passwords::new(), auth::Post::new());
    let registry =
        engine::Registry::new(vec![auth::module(passwords, post), definitions::module()]);
    owner.batch_execute(&registry.unwrap().ddl()).await.unwrap();
    (database, name)
}
