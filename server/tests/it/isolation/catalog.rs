//! What the catalog promises, whatever the definitions are, and that migrations, generated files and
//! definitions say the same.

use std::path::PathBuf;

use engine::Registry;
use server::database::{self, OWNER_ROLE};
use server::postgres::SUPERUSER;
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
    let none = Vec::<String>::new();
    for (what, sql) in [
        (
            "row-level security not enabled and forced",
            "SELECT relname::text FROM tables WHERE NOT relrowsecurity OR NOT relforcerowsecurity",
        ),
        (
            "granted to the serving role without a policy for the command",
            "SELECT t.relname || ' ' || a.privilege_type FROM tables t, aclexplode(t.relacl) a
              WHERE a.grantee = 'app_user'::regrole AND NOT EXISTS (
                    SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polpermissive
                       AND 'app_user'::regrole::oid = ANY (p.polroles)
                       AND p.polcmd = CASE a.privilege_type WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a'
                                      WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd' END::\"char\")",
        ),
        (
            "granted to everyone, or more than rows",
            "SELECT t.relname || ' ' || a.privilege_type FROM tables t, aclexplode(t.relacl) a
              WHERE a.grantee = 0 OR (a.grantee = 'app_user'::regrole
                AND a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))",
        ),
        (
            "a policy for everyone, or open to the serving role",
            "SELECT t.relname || '.' || p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
              WHERE 0 = ANY (p.polroles) OR ('app_user'::regrole::oid = ANY (p.polroles)
                AND 'true' IN (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                AND t.relname <> 'app_migrations')",
        ),
        (
            "a policy that asks neither tenant nor person",
            "SELECT t.relname || '.' || p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
              WHERE 'app_user'::regrole::oid = ANY (p.polroles) AND p.polpermissive
                AND concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
                    !~ 'app\\.(visible|tenant|user_id)\\(\\)' AND p.polname NOT IN ('users_select_astray')",
        ),
        (
            "a primary key that the tenant does not lead",
            "SELECT t.relname::text FROM tenants t WHERE NOT EXISTS (
                    SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary AND i.indkey[0] = t.attnum)",
        ),
        (
            "a unique index without the tenant",
            "SELECT i.indexrelid::regclass::text FROM tenants t JOIN pg_index i ON i.indrelid = t.oid
              WHERE i.indisunique AND NOT t.attnum = ANY (i.indkey)",
        ),
        (
            // One person's memberships are asked for before any tenant is known.
            "an index that the tenant does not lead",
            "SELECT i.indexrelid::regclass::text FROM tenants t JOIN pg_index i ON i.indrelid = t.oid
              WHERE i.indkey[0] <> t.attnum AND i.indexrelid::regclass::text <> 'memberships_person_idx'",
        ),
        (
            "a foreign key between tenants' tables without the tenant",
            "SELECT c.conname::text FROM tenants t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'
               JOIN tenants far ON far.oid = c.confrelid
              WHERE NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) k(near, far_key)
                                 WHERE k.near = t.attnum AND k.far_key = far.attnum)",
        ),
        (
            "a view that looks with its owner's eyes",
            "SELECT c.relname::text FROM pg_class c WHERE c.relkind IN ('v', 'm')
                AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
                AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)",
        ),
        (
            "a function with powers and no fixed search_path",
            "SELECT p.oid::regprocedure::text FROM pg_proc p
              WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace) AND p.prosecdef
                AND NOT coalesce(p.proconfig::text LIKE '%search_path=pg_catalog, pg_temp%', false)",
        ),
        (
            "a function with powers that everyone may call",
            "SELECT p.oid::regprocedure::text FROM pg_proc p
              WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace) AND p.prosecdef
                AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0))",
        ),
        (
            "an enum, which no index can compare under row-level security",
            "SELECT typname::text FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace",
        ),
        (
            "something the serving role owns",
            "SELECT relname::text FROM pg_class WHERE relowner = 'app_user'::regrole",
        ),
    ] {
        assert_eq!(ask(sql).await, none, "{what}");
    }
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
