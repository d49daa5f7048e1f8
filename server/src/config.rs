//! Typed configuration: the environment first, then an optional TOML file. Every fault is
//! collected, so that one start names them all.
//!
//! In the file a key is the variable's name in lower case without `MAINSTAY_`: `listen`, `data`,
//! `database_url`. **Invariant:** no secret can be printed; they are [`Secret`]s.

mod read;

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

pub use read::Values;
use rest::{ClientHeader, Network};
use store::Pooler;

/// A value that must not reach a log: `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(value: impl Into<String>) -> Secret {
        Secret(value.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Development,
    Production,
}

#[derive(Debug, Clone)]
pub struct Config {
    pub environment: Environment,
    pub listen: SocketAddr,
    /// Where people reach the server, without a trailing slash. `None`: `http://LISTEN`.
    pub url: Option<String>,
    /// Absolute.
    pub data: PathBuf,
    pub demo: bool,
    pub admin_email: String,
    pub admin_password: Option<Secret>,
    /// Signs sessions. `None` only in development; see `secrets`.
    pub secret: Option<Secret>,
    /// A PostgreSQL to use instead of the private one, as the serving role.
    pub database_url: Option<Secret>,
    /// The same database and role with no pooler between. `None`: `database_url`.
    pub database_direct_url: Option<Secret>,
    /// What stands between us and that PostgreSQL.
    pub pooler: Pooler,
    /// The same database as a role that may migrate it.
    pub database_owner_url: Option<Secret>,
    /// Origins besides our own whose pages may send the session cookie.
    pub trusted_origins: Vec<String>,
    /// A host name of its own for the data engine: its `/` leads to `/admin`.
    pub backend_host: Option<String>,
    /// Peers whose forwarding headers are believed. `None`: this machine.
    pub trusted_proxies: Option<Vec<Network>>,
    /// Whether sign-in waits for an address to be verified by a letter to it.
    pub verify_emails: bool,
    /// In which header they name the client.
    pub client_header: ClientHeader,
    /// In a minute: attempts to sign in of one address, and requests of one user or address (0: any).
    pub sign_ins_per_minute: u32,
    pub requests_per_minute: u32,
    pub smtp_url: Option<Secret>,
    pub mail_from: String,
    /// Every mail goes here instead of to its recipient.
    pub email_redirect_to: Option<String>,
    /// Connections to the database.
    pub pool: usize,
    /// Open connections of clients, in all and from one address.
    pub max_connections: u32,
    pub max_connections_per_address: u32,
    /// A `tracing` filter: `engine=debug,info`. `None`: `info` for `serve`, `warn` for the rest.
    pub log: Option<String>,
    /// Worth telling, not worth refusing to start.
    pub warnings: Vec<String>,
}

/// Everything wrong with the configuration, one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<String>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration cannot be used:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

impl std::error::Error for Faults {}

impl Config {
    /// Reads the process environment and the file it names.
    pub fn load() -> Result<Config, Faults> {
        Config::from_values(Values::gather(std::env::vars_os())?)
    }

    pub fn from_values(mut v: Values) -> Result<Config, Faults> {
        let environment = v.read("MAINSTAY_ENV", Environment::Development, parse_environment);
        let listen_default = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000));
        let config = Config {
            environment,
            listen: v.read("MAINSTAY_LISTEN", listen_default, parse_listen),
            url: v.optional("MAINSTAY_URL", parse_url),
            data: v.read("MAINSTAY_DATA", absolute("data"), |text| Ok(absolute(text))),
            demo: v.read("MAINSTAY_DEMO", false, parse_bool),
            admin_email: v.read("MAINSTAY_ADMIN_EMAIL", DEFAULT_ADMIN.to_owned(), parse_email),
            admin_password: v.optional("MAINSTAY_ADMIN_PASSWORD", parse_password),
            secret: v.optional("MAINSTAY_SECRET", |text| Ok(Secret::new(text))),
            database_url: v.optional("DATABASE_URL", parse_database),
            database_direct_url: v.optional("DATABASE_DIRECT_URL", parse_database),
            pooler: v.read("MAINSTAY_POOLER", Pooler::Session, parse_pooler),
            database_owner_url: v.optional("DATABASE_OWNER_URL", parse_database),
            trusted_origins: v.read("MAINSTAY_TRUSTED_ORIGINS", Vec::new(), parse_origins),
            backend_host: v.optional("MAINSTAY_BACKEND_HOST", parse_host),
            trusted_proxies: v.optional("MAINSTAY_TRUSTED_PROXIES", parse_networks),
            verify_emails: v.read("MAINSTAY_VERIFY_EMAILS", false, parse_bool),
            client_header: v.read("MAINSTAY_CLIENT_HEADER", ClientHeader::default(), str::parse),
            sign_ins_per_minute: v.read("MAINSTAY_SIGN_INS_PER_MINUTE", 20, |text| number(text, 1)),
            requests_per_minute: v
                .read("MAINSTAY_REQUESTS_PER_MINUTE", 6000, |text| number(text, 0)),
            smtp_url: v.optional("SMTP_URL", parse_smtp),
            mail_from: v.read("MAIL_FROM", DEFAULT_FROM.to_owned(), parse_mailbox),
            email_redirect_to: v.optional("EMAIL_REDIRECT_TO", parse_email),
            pool: v.read("MAINSTAY_POOL", 16, parse_pool),
            max_connections: v.read("MAINSTAY_MAX_CONNECTIONS", 8192, |text| number(text, 1)),
            max_connections_per_address: v.read(
                "MAINSTAY_MAX_CONNECTIONS_PER_ADDRESS",
                512,
                |text| number(text, 1),
            ),
            log: v.optional("MAINSTAY_LOG", parse_log),
            warnings: Vec::new(),
        };
        config.guard(v)
    }

    /// What only shows when the keys are seen together.
    fn guard(mut self, mut v: Values) -> Result<Config, Faults> {
        self.warnings = v.unknown();
        if self.database_owner_url.is_some() && self.database_url.is_none() {
            v.fault("DATABASE_OWNER_URL", "is set but DATABASE_URL is not; set both or neither");
        }
        if self.database_direct_url.is_some() && self.database_url.is_none() {
            v.fault("DATABASE_DIRECT_URL", "is set but DATABASE_URL is not; set both or neither");
        }
        if self.pooler == Pooler::Transaction && self.database_direct_url.is_none() {
            let why = "is transaction, which cannot carry notifications; set DATABASE_DIRECT_URL to \
                       the same database without the pooler";
            v.fault("MAINSTAY_POOLER", why);
        }
        if self.database_url.is_some() && self.secret.is_none() {
            let text = "DATABASE_URL is set and MAINSTAY_SECRET is not: a second server on this database \
                        would not know the sessions of this one";
            self.warnings.push(text.to_owned());
        }
        if self.environment == Environment::Production {
            match &self.secret {
                None => v.fault("MAINSTAY_SECRET", &format!("is not set. {MAKE_SECRET}")),
                Some(secret) => check_secret(secret).unwrap_or_else(|why| {
                    v.fault("MAINSTAY_SECRET", &format!("{why}. {MAKE_SECRET}"));
                }),
            }
            if self.email_redirect_to.is_some() {
                let why = "is set, so no customer would get their mail; unset it in production";
                v.fault("EMAIL_REDIRECT_TO", why);
            }
            if !self.url.as_deref().is_some_and(|url| url.starts_with("https://")) {
                let text = "MAINSTAY_URL does not begin with https://; browsers will not send \
                            the Secure session cookie over plain http";
                self.warnings.push(text.to_owned());
            }
            if self.smtp_url.is_none() {
                let text = "SMTP_URL is not set: mail, password resets among it, is only written to \
                            files in the data folder";
                self.warnings.push(text.to_owned());
            }
        }
        match v.faults() {
            faults if faults.is_empty() => Ok(self),
            faults => Err(Faults(faults)),
        }
    }

    pub fn is_production(&self) -> bool {
        self.environment == Environment::Production
    }

    /// The public URL once the server knows the port it got (`MAINSTAY_LISTEN=…:0` picks one).
    pub fn public_url(&self, bound: SocketAddr) -> String {
        self.url.clone().unwrap_or_else(|| format!("http://{}", named(bound)))
    }

    /// The origins whose pages may send the session cookie: our own first.
    pub fn origins(&self, bound: SocketAddr) -> Vec<String> {
        let mut origins = vec![origin_of(&self.public_url(bound))];
        if !self.is_production() {
            let port = bound.port();
            origins.extend(["localhost", "127.0.0.1"].map(|h| format!("http://{h}:{port}")));
        }
        origins.extend(self.trusted_origins.iter().cloned());
        let mut seen = std::collections::HashSet::new();
        origins.retain(|origin| seen.insert(origin.clone()));
        origins
    }
}

const DEFAULT_ADMIN: &str = "owner@mainstay.local";
const DEFAULT_FROM: &str = "Mainstay <no-reply@mainstay.local>";
const MAKE_SECRET: &str = "Make one with: openssl rand -hex 32";

/// An address a person can open: "every address" is not one.
fn named(bound: SocketAddr) -> SocketAddr {
    match bound {
        SocketAddr::V4(a) if a.ip().is_unspecified() => (Ipv4Addr::LOCALHOST, a.port()).into(),
        SocketAddr::V6(a) if a.ip().is_unspecified() => (Ipv6Addr::LOCALHOST, a.port()).into(),
        other => other,
    }
}

fn absolute(text: impl AsRef<Path>) -> PathBuf {
    std::path::absolute(text.as_ref()).unwrap_or_else(|_| text.as_ref().to_owned())
}

fn origin_of(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |u| u.origin().ascii_serialization())
}

/// Too short, a placeholder from an example, or made of a handful of characters.
fn check_secret(secret: &Secret) -> Result<(), String> {
    let text = secret.expose();
    let lower = text.to_lowercase();
    if ["change-me", "changeme", "change_me", "default", "example", "insecure"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return Err("is a placeholder".to_owned());
    }
    if text.len() < 32 {
        return Err(format!("has {} characters; 32 is the least", text.len()));
    }
    if text.chars().collect::<std::collections::HashSet<_>>().len() < 8 {
        return Err("repeats a few characters and can be guessed".to_owned());
    }
    Ok(())
}

fn parse_environment(text: &str) -> Result<Environment, String> {
    match text {
        "development" => Ok(Environment::Development),
        "production" => Ok(Environment::Production),
        _ => Err("must be development or production".to_owned()),
    }
}

fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let text = text.replacen("localhost:", "127.0.0.1:", 1);
    text.parse().map_err(|_| "must be an IP address and a port, such as 127.0.0.1:3000".to_owned())
}

fn parse_url(text: &str) -> Result<String, String> {
    let wrong = || "must be an http or https URL, such as https://crm.company.com".to_owned();
    let url = url::Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(wrong());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("must have no query and no fragment".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn parse_origins(text: &str) -> Result<Vec<String>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| parse_url(part).map(|url| origin_of(&url))).collect()
}

fn parse_networks(text: &str) -> Result<Vec<Network>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::parse).collect()
}

fn parse_bool(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Ok(true),
        "0" | "false" | "no" | "off" => Ok(false),
        _ => Err("must be 1 or 0".to_owned()),
    }
}

fn parse_email(text: &str) -> Result<String, String> {
    let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    match text.split_once('@') {
        Some((name, domain)) if plain && !name.is_empty() && domain.contains('.') => {
            Ok(text.to_owned())
        }
        _ => Err("must be an e-mail address".to_owned()),
    }
}

/// A host name without scheme, port or path.
fn parse_host(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    match text.chars().all(fits) && !text.is_empty() {
        true => Ok(text.to_owned()),
        false => Err("must be a host name, such as backend.example.com".to_owned()),
    }
}

/// `Name <a@b.c>` or the bare address.
fn parse_mailbox(text: &str) -> Result<String, String> {
    let address = match (text.rfind('<'), text.strip_suffix('>')) {
        (Some(at), Some(inner)) => inner.get(at + 1..).unwrap_or_default(),
        _ => text,
    };
    parse_email(address).map(|_| text.to_owned())
}

fn parse_password(text: &str) -> Result<Secret, String> {
    if text.chars().count() < 8 {
        return Err("must have at least 8 characters".to_owned());
    }
    Ok(Secret::new(text))
}

/// The error never repeats the text: it may hold a password.
fn parse_database(text: &str) -> Result<Secret, String> {
    let parsed: Result<tokio_postgres::Config, _> = text.parse();
    match parsed {
        Ok(config) if !config.get_hosts().is_empty() => Ok(Secret::new(text)),
        _ => Err("must be a URL such as postgresql://app_user:password@host/mainstay".to_owned()),
    }
}

fn parse_smtp(text: &str) -> Result<Secret, String> {
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "smtp" | "smtps") && url.host_str().is_some() => {
            Ok(Secret::new(text))
        }
        _ => Err("must be a URL such as smtps://user:password@host:465".to_owned()),
    }
}

fn parse_pool(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1000) => Ok(n),
        _ => Err("must be a number from 1 to 1000".to_owned()),
    }
}

fn parse_pooler(text: &str) -> Result<Pooler, String> {
    match text {
        "session" => Ok(Pooler::Session),
        "transaction" => Ok(Pooler::Transaction),
        _ => Err("must be session or transaction".to_owned()),
    }
}

fn number(text: &str, least: u32) -> Result<u32, String> {
    match text.parse() {
        Ok(n) if (least..=1_000_000).contains(&n) => Ok(n),
        _ => Err(format!("must be a number from {least} to 1000000")),
    }
}

fn parse_log(text: &str) -> Result<String, String> {
    tracing_subscriber::EnvFilter::try_new(text)
        .map(|_| text.to_owned())
        .map_err(|_| "must be a filter such as info or engine=debug,info".to_owned())
}
