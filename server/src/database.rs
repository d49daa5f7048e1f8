//! The database of an instance and its two roles, made before there is a store to speak through:
//! the one place outside `store` that names the database driver.
//!
//! `mainstay_owner` owns every table and migrates; `app_user` serves and can do only what the
//! policies let it. **Invariant:** neither is a superuser, bypasses row-level security or is a
//! member of the other.

use anyhow::{Context, Result, bail};
use tokio_postgres::Client;

use crate::config::{Config, Secret};
use crate::postgres::{Cluster, SUPERUSER};

pub const OWNER_ROLE: &str = "mainstay_owner";
pub const SERVING_ROLE: &str = "app_user";
pub const NAME: &str = "mainstay";

/// Where the database is, for each of the two roles.
#[derive(Debug, Clone)]
pub struct Database {
    /// As the serving role.
    pub url: Secret,
    /// As a role that is, or may become, `mainstay_owner`. `None`: somebody else migrates.
    pub owner_url: Option<Secret>,
}

impl Database {
    /// The database of the private cluster, made with its roles on the first start.
    pub async fn private(cluster: &Cluster) -> Result<Database> {
        create(cluster, NAME).await?;
        Ok(Database::named(cluster, NAME))
    }

    /// A database of the cluster that is there already.
    pub fn named(cluster: &Cluster, name: &str) -> Database {
        Database {
            url: Secret::new(cluster.url(SERVING_ROLE, name)),
            owner_url: Some(Secret::new(cluster.url(OWNER_ROLE, name))),
        }
    }

    /// The operator's own server, when `DATABASE_URL` is set. Touches nothing.
    pub fn configured(config: &Config) -> Option<Database> {
        let url = config.database_url.clone()?;
        Some(Database { url, owner_url: config.database_owner_url.clone() })
    }

    /// Where migrations connect, for `store::migrate`. On a server of the operator's the roles are
    /// made first when the given role may make them.
    pub async fn for_migrations(&self) -> Result<&Secret> {
        let url = self.owner_url.as_ref().context(
            "Migrations need DATABASE_OWNER_URL: the same database as a role that is a superuser, \
             has CREATEROLE, or is a member of mainstay_owner",
        )?;
        let config: tokio_postgres::Config = url.expose().parse()?;
        if config.get_user() != Some(OWNER_ROLE) {
            let client = connect(url.expose()).await.context("DATABASE_OWNER_URL")?;
            become_owner(&client, &self.url).await?;
        }
        Ok(url)
    }
}

/// One connection, driven in the background until the client is dropped.
pub async fn connect(url: &str) -> Result<Client> {
    let (client, _driving) = store::dial(url, |_| {}).await?;
    Ok(client)
}

/// Makes the roles of the private cluster and a database owned by `mainstay_owner`, unless there.
pub async fn create(cluster: &Cluster, name: &str) -> Result<()> {
    let client = connect(&cluster.url(SUPERUSER, SUPERUSER)).await?;
    for role in [OWNER_ROLE, SERVING_ROLE] {
        create_role(&client, role, None).await?;
    }
    let found = client.query("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?;
    if found.is_empty() {
        let sql =
            "SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', $1::text, $2::text)";
        run_built(&client, sql, &[&name, &OWNER_ROLE]).await?;
    }
    // Without TEMPORARY nobody can put a table of their own in front of ours.
    let sql = "SELECT format('REVOKE ALL ON DATABASE %1$I FROM PUBLIC; \
               GRANT CONNECT ON DATABASE %1$I TO %2$I', $1::text, $2::text)";
    run_built(&client, sql, &[&name, &SERVING_ROLE]).await
}

/// On the operator's server: makes what is missing if this connection may, then sees whether it can
/// take the owner's role on, as migrations will.
async fn become_owner(client: &Client, serving: &Secret) -> Result<()> {
    // Processes that start together would trip over each other's roles and grants.
    let sql = "SELECT pg_advisory_lock(hashtextextended('mainstay.roles', 0))";
    client.batch_execute(sql).await?;
    let me = client
        .query_one(
            "SELECT current_user::text, rolsuper, rolsuper OR rolcreaterole
               FROM pg_roles WHERE rolname = current_user",
            &[],
        )
        .await?;
    let (name, is_superuser, may_create): (String, bool, bool) = (me.get(0), me.get(1), me.get(2));
    if may_create {
        create_role(client, OWNER_ROLE, None).await?;
        create_role(client, SERVING_ROLE, password_of(serving)).await?;
        if !is_superuser {
            let sql = "SET client_min_messages = warning; GRANT mainstay_owner TO CURRENT_USER";
            client.batch_execute(sql).await?;
        }
        let sql = "SELECT format('GRANT CONNECT, CREATE ON DATABASE %1$I TO mainstay_owner; \
                   GRANT CREATE, USAGE ON SCHEMA public TO mainstay_owner; \
                   GRANT CONNECT ON DATABASE %1$I TO app_user', current_database())";
        run_built(client, sql, &[]).await?;
    }
    if let Err(e) = client.batch_execute("SET ROLE mainstay_owner").await {
        bail!(
            "{name} cannot become mainstay_owner ({}). Give DATABASE_OWNER_URL a superuser or a \
             role with CREATEROLE once, or run as one: \
             CREATE ROLE mainstay_owner LOGIN; GRANT mainstay_owner TO {name};",
            e.as_db_error().map_or_else(|| e.to_string(), |e| e.message().to_owned())
        );
    }
    Ok(())
}

/// The password to give `app_user` when it is made: the one it will be asked for.
fn password_of(serving: &Secret) -> Option<String> {
    let config: tokio_postgres::Config = serving.expose().parse().ok()?;
    let password = config.get_password().filter(|_| config.get_user() == Some(SERVING_ROLE))?;
    String::from_utf8(password.to_vec()).ok()
}

/// A role that may sign in and nothing else, unless there is one of that name.
async fn create_role(client: &Client, role: &str, password: Option<String>) -> Result<()> {
    let found = client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", &[&role]).await?;
    if !found.is_empty() {
        return Ok(());
    }
    let sql = "SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE \
               NOREPLICATION NOBYPASSRLS PASSWORD %L', $1::text, $2::text)";
    run_built(client, sql, &[&role, &password]).await
}

/// Runs the statement that `sql` builds: names cannot be parameters, and `format` quotes them.
async fn run_built(
    client: &Client,
    sql: &str,
    values: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Result<()> {
    let built: String = client.query_one(sql, values).await?.get(0);
    // The statement may hold a password, so the error carries only the server's message.
    client.batch_execute(&built).await.map_err(|e| match e.as_db_error() {
        Some(db) => anyhow::anyhow!("{}", db.message()),
        None => e.into(),
    })
}
