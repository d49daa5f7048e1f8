//! Who must not serve, and on what: each is refused at start-up, by name.

use std::time::{Duration, Instant};

use engine::Engine;
use server::app::{App, registry};
use server::config::{Config, Secret, Values};
use server::database::{self, Database, OWNER_ROLE};
use server::postgres::SUPERUSER;
use tokio_postgres::Client;

use crate::support::{cluster, database as databases};

/// Why a role may not serve this database; empty when it may.
async fn refusal(url: &str) -> String {
    let config = store::Config::new(url, 1);
    let engine = Engine::new(config, registry().unwrap()).unwrap();
    match store::guard::check(engine.store()).await {
        Ok(()) => String::new(),
        Err(error) => error.message,
    }
}

fn name_of(database: &Database) -> String {
    let config: tokio_postgres::Config = database.url.expose().parse().unwrap();
    config.get_dbname().unwrap().to_owned()
}

async fn superuser(database: &str) -> Client {
    let url = cluster::shared().await.url(SUPERUSER, database);
    database::connect(&url).await.unwrap()
}

#[tokio::test]
async fn only_a_harmless_role_may_serve() {
    let fresh = databases::fresh().await;
    let name = name_of(&fresh);
    let cluster = cluster::shared().await;
    let client = superuser(&name).await;
    assert_eq!(refusal(fresh.url.expose()).await, "", "the serving role itself");
    let mark = kernel::new_id().simple().to_string();
    for (kind, options, grant, reason) in [
        ("bypass", "BYPASSRLS", "app_user", "bypasses row-level security"),
        ("member", "", OWNER_ROLE, "owns the tables or is a member of their owner"),
        ("distant", "NOINHERIT", OWNER_ROLE, "owns the tables or is a member of their owner"),
        ("strong", "NOINHERIT", SUPERUSER, "which bypasses it"),
    ] {
        let role = format!("{kind}_{mark}");
        let made = format!(
            "CREATE ROLE {role} LOGIN {options}; GRANT {grant} TO {role}; GRANT CONNECT ON DATABASE {name} TO {role}"
        );
        client.batch_execute(&made).await.unwrap();
        let said = refusal(&cluster.url(&role, &name)).await;
        let gone = format!("REVOKE ALL ON DATABASE {name} FROM {role}; DROP ROLE {role}");
        client.batch_execute(&gone).await.unwrap();
        assert!(said.starts_with("Refusing to serve") && said.contains(reason), "{kind}: {said:?}");
    }
    for (role, reason) in [(SUPERUSER, "is a superuser"), (OWNER_ROLE, "owns the tables")] {
        let said = refusal(&cluster.url(role, &name)).await;
        assert!(said.starts_with("Refusing to serve") && said.contains(reason), "{role}: {said:?}");
    }
}

#[tokio::test]
async fn a_table_without_walls_is_not_served() {
    let fresh = databases::fresh().await;
    let client = superuser(&name_of(&fresh)).await;
    for (open, close, reason) in [
        (
            "ALTER TABLE deals DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE deals ENABLE ROW LEVEL SECURITY",
            "table deals has row-level security off",
        ),
        (
            "ALTER TABLE deals NO FORCE ROW LEVEL SECURITY",
            "ALTER TABLE deals FORCE ROW LEVEL SECURITY",
            "table deals does not force it on its owner",
        ),
        (
            "CREATE TABLE loose (id uuid); ALTER TABLE loose ENABLE ROW LEVEL SECURITY;
             ALTER TABLE loose FORCE ROW LEVEL SECURITY",
            "DROP TABLE loose",
            "table loose has no policy",
        ),
        (
            "CREATE TABLE loose (id uuid)",
            "DROP TABLE loose",
            "table loose has row-level security off and does not force it on its owner and has no policy",
        ),
        (
            "GRANT CREATE ON SCHEMA public TO app_user",
            "REVOKE CREATE ON SCHEMA public FROM app_user",
            "role app_user may create tables in schema public",
        ),
    ] {
        client.batch_execute(open).await.unwrap();
        let said = refusal(fresh.url.expose()).await;
        client.batch_execute(close).await.unwrap();
        assert!(said.starts_with("Refusing to serve") && said.contains(reason), "{open}: {said:?}");
        assert_eq!(refusal(fresh.url.expose()).await, "", "{close}");
    }
}

/// The same at the server's own door, at once.
#[tokio::test]
async fn the_server_does_not_open_as_the_owner_of_its_tables() {
    let fresh = databases::fresh().await;
    let cluster = cluster::shared().await;
    let data = tempfile::tempdir().unwrap();
    let env = [("MAINSTAY_DATA", data.path().to_str().unwrap())];
    let config = Config::from_values(Values::of(&env, None)).unwrap();
    let bound = "127.0.0.1:0".parse().unwrap();
    let name = name_of(&fresh);
    for (role, opens) in [("app_user", true), (OWNER_ROLE, false), (SUPERUSER, false)] {
        let url = Secret::new(cluster.url(role, &name));
        let database = Database { url, owner_url: fresh.owner_url.clone() };
        let began = Instant::now();
        let opened = App::open(&config, &database, bound).await;
        assert_eq!(opened.is_ok(), opens, "{role}: {:?}", opened.err());
        assert!(began.elapsed() < Duration::from_secs(2), "{role}: {:?}", began.elapsed());
    }
}
