//! Forward-only migrations: numbered SQL files, each run once, in order, in its own transaction.
//!
//! An advisory lock lets one process migrate while the others wait. The hash of every file is kept:
//! an edited migration that already ran is refused.

use include_dir::{Dir, include_dir};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::errors::InWords as _;
use crate::pool::dial;
use crate::{Param, Store};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// Any number, the same everywhere: "mainstay" as ASCII.
const LOCK: i64 = 0x6d61_696e_7374_6179;

pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    fn hash(&self) -> String {
        Sha256::digest(self.sql.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
    }
}

/// The migrations compiled into this binary, in order.
pub fn all() -> Vec<Migration> {
    let mut found: Vec<Migration> = FILES
        .files()
        .filter_map(|file| {
            let name = file.path().file_name()?.to_str()?.strip_suffix(".sql")?;
            Some(Migration { name, sql: file.contents_utf8()? })
        })
        .collect();
    found.sort_by_key(|m| m.name);
    found
}

/// Runs what is missing as the owning role. Answers the names of those run.
///
/// `url` must connect as `mainstay_owner` or as a role that may SET ROLE to it.
pub async fn run(url: &str) -> Result<Vec<&'static str>> {
    let (mut client, _connection) = connect_owner(url).await?;
    client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await.in_words()?;
    client.batch_execute(TABLE).await.in_words()?;
    let done = recorded(&client).await?;
    let todo = plan(&done)?;
    let mut ran = Vec::with_capacity(todo.len());
    for migration in todo {
        let tx = client.transaction().await.in_words()?;
        tx.batch_execute("SET LOCAL lock_timeout = '2s'").await.in_words()?;
        tx.batch_execute(migration.sql).await.map_err(|e| failed(&migration, e))?;
        tx.execute(
            "INSERT INTO app_migrations (name, hash, at) VALUES ($1, $2, now())",
            &[&migration.name, &migration.hash()],
        )
        .await
        .in_words()?;
        tx.commit().await.in_words()?;
        tracing::info!(migration = migration.name, "migrated");
        ran.push(migration.name);
    }
    Ok(ran)
}

/// A client acting as `mainstay_owner`.
pub async fn connect_owner(url: &str) -> Result<(Client, tokio::task::JoinHandle<()>)> {
    let (client, connection) = dial(url, |_| {}).await?;
    client.batch_execute("SET ROLE mainstay_owner").await.in_words()?;
    Ok((client, connection))
}

const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS app_migrations (
        name text PRIMARY KEY, hash text NOT NULL, at timestamp with time zone NOT NULL);
    ALTER TABLE app_migrations ENABLE ROW LEVEL SECURITY;
    ALTER TABLE app_migrations FORCE ROW LEVEL SECURITY;
    DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE policyname = 'app_migrations_all') THEN
            CREATE POLICY app_migrations_all ON app_migrations TO mainstay_owner
                USING (true) WITH CHECK (true);
        END IF;
    END $$;
    CREATE OR REPLACE FUNCTION public.app_migrations_done() RETURNS TABLE (name text, hash text)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS 'SELECT m.name, m.hash FROM public.app_migrations m ORDER BY m.name';
    REVOKE ALL ON FUNCTION public.app_migrations_done() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION public.app_migrations_done() TO app_user";

async fn recorded(client: &Client) -> Result<Vec<(String, String)>> {
    let rows = client
        .query("SELECT name, hash FROM app_migrations ORDER BY name", &[])
        .await
        .in_words()?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// What is left to run. Refuses a database that is ahead of, or differs from, this binary.
fn plan(done: &[(String, String)]) -> Result<Vec<Migration>> {
    let known = all();
    for (name, hash) in done {
        match known.iter().find(|m| m.name == name) {
            None => {
                return Err(Error::internal(format!(
                    "The database was migrated by a newer version (migration {name})."
                )));
            }
            Some(m) if m.hash() != *hash => {
                return Err(Error::internal(format!(
                    "Migration {name} was changed after it ran here."
                )));
            }
            Some(_) => {}
        }
    }
    Ok(known.into_iter().filter(|m| done.iter().all(|(name, _)| name != m.name)).collect())
}

fn failed(migration: &Migration, error: tokio_postgres::Error) -> Error {
    let detail = error.as_db_error().map(|e| e.message().to_owned()).unwrap_or_default();
    Error::internal(format!("Migration {} failed and was undone: {detail}", migration.name))
        .with_source(error)
}

/// Names of migrations this binary has and the database lacks, seen by the serving role.
pub async fn pending(store: &Store) -> Result<Vec<&'static str>> {
    let exists = store
        .call("SELECT to_regprocedure('public.app_migrations_done()') IS NOT NULL", &[])
        .await?;
    if !exists.first().is_some_and(|row| row.get::<_, bool>(0)) {
        return Ok(all().iter().map(|m| m.name).collect());
    }
    let no_params: &[Param] = &[];
    let rows = store.call("SELECT name, hash FROM public.app_migrations_done()", no_params).await?;
    let done: Vec<(String, String)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    Ok(plan(&done)?.iter().map(|m| m.name).collect())
}
