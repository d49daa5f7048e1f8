//! What the catalog promises, whatever the definitions are, and that migrations, generated files and
//! definitions say the same.

use std::path::PathBuf;

use engine::Registry;
use server::database::{self, OWNER_ROLE};
use server::postgres::SUPERUSER;
use store::isolation::walls;
use tokio_postgres::Client;

use crate::support::{cluster, database as databases};

/// Tables that are nobody's: the two reference tables and what belongs to one person or to nobody.
const WITHOUT_TENANT: [&str; 9] = [
    "app_migrations",
    "credentials",
    "invitation_tokens",
    "letters",
    "preferences",
    "sessions",
    "sign_in_attempts",
    "tenants",
    "users",
];

async fn owner_of_fresh() -> Client {
    let fresh = databases::fresh().await;
    database::connect(fresh.owner_url.unwrap().expose()).await.unwrap()
}

async fn texts(client: &Client, sql: &str) -> Vec<String> {
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Common table expressions: `tables` of ours, and those of them with a `tenant_id`.
const TABLES: &str = "
    WITH tables AS (SELECT c.* FROM pg_class c
                     WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
                       AND c.relkind IN ('r', 'p')),
    tenants AS (SELECT t.*, a.attnum FROM tables t
                  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id')";

#[tokio::test]
async fn every_table_is_walled() {
    let client = owner_of_fresh().await;
    let ask = async |sql: &str| texts(&client, &format!("{TABLES} {sql}")).await;
    let without = ask(
        "SELECT relname::text FROM tables WHERE oid NOT IN (SELECT oid FROM tenants) ORDER BY 1",
    );
    assert_eq!(without.await, WITHOUT_TENANT, "tables without tenant_id");
    assert_eq!(walls::tally(&client).await.unwrap().failures, Vec::<String>::new());
}

/// The product's registry; its definitions are the same for every instance.
fn registry() -> Registry {
    server::app::registry().unwrap()
}

#[tokio::test]
async fn migrations_from_nothing_make_what_the_definitions_say() {
    let migrated = owner_of_fresh().await;
    let cluster = cluster::shared().await;
    let name = format!("generated_{}", kernel::new_id().simple());
    database::create(cluster, &name).await.unwrap();
    let generated = database::connect(&cluster.url(OWNER_ROLE, &name)).await.unwrap();
    generated.batch_execute(&registry().ddl()).await.unwrap();
    let is = store::catalog::read(&migrated).await.unwrap();
    let should = store::catalog::read(&generated).await.unwrap();
    assert!(should.len() > 500, "{}", should.len());
    assert_eq!(store::catalog::differences(&is, &should), Vec::<String>::new());
    drop(generated);
    let client = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();
}

/// Committed so that a change of the definitions is seen in review. `UPDATE_GENERATED=1` writes them.
#[test]
fn generated_files_are_fresh() {
    let registry = registry();
    let collections: Vec<_> = registry.schema().iter().map(|l| l.collection.clone()).collect();
    let document =
        rest::openapi::document(&collections, registry.actions(), "http://127.0.0.1:3000");
    let document = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../generated");
    for (name, text) in [("schema.sql", registry.ddl()), ("openapi.json", document)] {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_GENERATED").is_some_and(|v| v == "1") {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "generated/{name} is not what the definitions say. Run: \
             UPDATE_GENERATED=1 cargo test -p mainstay --test it generated_files"
        );
    }
}
