//! The wiring: the list of modules, and what is made of them on a database.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use anyhow::{Result, bail};
use auth::{Auth, FirstUser, Passwords, Post};
use axum::Router;
use engine::{Engine, Module, Registry};
use kernel::{Actor, Kind, RequestInfo};
use rest::serve::{Door, Limits};
use rest::{AppState, Info, Proxies, Rates, Throttle};
use tokio::task::JoinHandle;

use crate::assets;
use crate::config::{Config, Secret};
use crate::database::Database;
use crate::descriptors;
use crate::secrets;

/// Every module of the product. A new one is a line here.
pub fn modules(passwords: &Passwords, post: &Post) -> Vec<Module> {
    vec![auth::module(passwords.clone(), post.clone()), crm::module(), views::module()]
}

/// The definitions of all modules, checked against each other.
pub fn registry() -> Result<Registry> {
    Ok(Registry::new(modules(&Passwords::new(), &Post::new()))?)
}

pub struct App {
    pub engine: Arc<Engine>,
    pub auth: Arc<Auth>,
    pub url: String,
    /// Where clients come in; for [`App::router`].
    pub door: Arc<Door>,
    info: Arc<Info>,
    /// Ends with the app, so that no connection outlives it.
    listening: Option<JoinHandle<()>>,
}

/// The owner of a new platform, who has just been registered.
pub struct NewOwner {
    pub actor: Actor,
    pub password: Secret,
    /// The password was made up by us and has to be told.
    pub generated: bool,
}

impl App {
    /// Opens a migrated database, or says why it must not be served. `bound` is where the server
    /// will listen.
    pub async fn open(config: &Config, database: &Database, bound: SocketAddr) -> Result<App> {
        App::open_with(config, database, bound, modules).await
    }

    /// The same with other modules than the product's. `auth::module` has to be among them.
    pub async fn open_with(
        config: &Config,
        database: &Database,
        bound: SocketAddr,
        modules: impl FnOnce(&Passwords, &Post) -> Vec<Module>,
    ) -> Result<App> {
        let (passwords, post) = (Passwords::new(), Post::new());
        let registry = Registry::new(modules(&passwords, &post))?;
        let connecting = store::Config {
            url: database.url.expose().to_owned(),
            direct_url: config.database_direct_url.as_ref().map(|url| url.expose().to_owned()),
            connections: config.pool,
            pooler: config.pooler,
        };
        let engine = Engine::new(connecting, registry)?;
        let missing = store::migrate::pending(engine.store()).await?;
        if !missing.is_empty() {
            bail!("the database lacks {}; run: mainstay migrate", missing.join(", "));
        }
        store::guard::check(engine.store()).await?;

        let engine = Arc::new(engine);
        let mailer = mail::mailer(mail_config(config))?;
        let url = config.public_url(bound);
        let secret = secrets::signing_secret(config)?;
        let mut settings = auth::Config::new(secret.expose(), &url);
        settings.verify_emails = config.verify_emails;
        let auth = Arc::new(Auth::new(engine.clone(), passwords, post, mailer, settings)?);

        let mut info = Info::new(url.clone());
        info.trusted_origins = config.origins(bound);
        info.secure_cookies = config.is_production();
        info.assets = assets::assets();
        info.backend_host = config.backend_host.clone();
        if let Some(networks) = config.trusted_proxies.clone() {
            info.proxies = Proxies::new(networks);
        }
        info.proxies = info.proxies.naming_clients_in(config.client_header);
        info.throttle = Arc::new(Throttle::new(rates(config)));
        let door = Arc::new(Door::new(limits(config), info.proxies.clone()));
        Ok(App { engine, auth, url, door, info: Arc::new(info), listening: None })
    }

    /// Everything the server answers. From here on it also hears of memberships that other
    /// processes change.
    pub fn router(&mut self) -> Router {
        self.listening.get_or_insert_with(|| tokio::spawn(self.auth.clone().listen()));
        rest::app(AppState {
            engine: self.engine.clone(),
            auth: self.auth.clone(),
            info: self.info.clone(),
        })
    }

    /// Registers the first owner of an empty database; `None` when there is a user already, or another
    /// process registers one at this moment.
    pub async fn first_owner(&self, config: &Config) -> Result<Option<NewOwner>> {
        if self.auth.is_initialized().await? {
            return Ok(None);
        }
        let generated = config.admin_password.is_none();
        let password = config.admin_password.clone().unwrap_or_else(secrets::password);
        let first = FirstUser {
            name: "Owner".to_owned(),
            email: config.admin_email.clone(),
            password: password.expose().to_owned(),
            platform: "Platform".to_owned(),
        };
        let signed_in = match self.auth.first_register(first, &RequestInfo::default()).await {
            Err(e) if e.kind == Kind::Forbidden && self.auth.is_initialized().await? => {
                return Ok(None);
            }
            registered => registered?,
        };
        self.auth.sign_out(&signed_in.actor).await?;
        Ok(Some(NewOwner { actor: signed_in.actor, password, generated }))
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

fn limits(config: &Config) -> Limits {
    Limits {
        connections: descriptors::connections(config.max_connections as usize, config.pool),
        per_address: config.max_connections_per_address as usize,
        ..Limits::default()
    }
}

fn rates(config: &Config) -> Rates {
    Rates {
        sign_ins: NonZeroU32::new(config.sign_ins_per_minute).unwrap_or(NonZeroU32::MIN),
        requests: NonZeroU32::new(config.requests_per_minute),
    }
}

fn mail_config(config: &Config) -> mail::Config {
    mail::Config {
        smtp_url: config.smtp_url.as_ref().map(|url| url.expose().to_owned()),
        folder: config.data.join("mail"),
        from: config.mail_from.clone(),
        redirect_to: config.email_redirect_to.clone(),
    }
}
