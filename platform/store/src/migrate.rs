//! Forward-only migrations: numbered SQL files, each run once, in order, in its own transaction or,
//! when it says so, in steps (`script`).
//!
//! An advisory lock lets one process migrate while the others wait. The hash of every file is kept:
//! an edited migration that already ran is refused. Locks on tables are waited for briefly and often, so
//! that traffic never queues behind a migration for long.

mod patience;
mod script;
mod steps;

use std::time::Duration;

use include_dir::{Dir, include_dir};
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use tokio_postgres::Client;

use crate::errors::InWords as _;
use crate::pool::dial;
use crate::{Param, Store, version};

pub use patience::Patience;
use script::Script;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../migrations");

/// Any number, the same everywhere: "mainstay" as ASCII.
const LOCK: i64 = 0x6d61_696e_7374_6179;

pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    fn hash(&self) -> String {
        kernel::hex(Sha256::digest(self.sql.as_bytes()))
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
/// `url` must connect as `mainstay_owner` or as a role that may SET ROLE to it, and to PostgreSQL
/// itself: the lock belongs to a session, which a pooler would share out.
pub async fn run(url: &str) -> Result<Vec<&'static str>> {
    run_files(url, all(), &Patience::default()).await
}

/// The same with files of the caller's.
pub async fn run_files(
    url: &str,
    files: Vec<Migration>,
    patience: &Patience,
) -> Result<Vec<&'static str>> {
    let (mut client, _connection) = connect_owner(url).await?;
    version::check(&client).await?;
    // When we are killed PostgreSQL notices, and gives up what we asked for, instead of finishing it
    // first. Where it cannot look it finishes, and is undone then.
    let _ = client.batch_execute("SET client_connection_check_interval = '1s'").await;
    take_lock(&client).await?;
    client.batch_execute(TABLE).await.in_words()?;
    let done = recorded(&client).await?;
    agree(&done, &files)?;
    let mut ran = Vec::new();
    for migration in missing_of(files, &done) {
        match Script::parse(&migration)? {
            Script::Whole(sql) => whole(&mut client, &migration, sql, patience).await?,
            Script::Steps(steps) => steps::run(&mut client, &migration, &steps, patience).await?,
        }
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

/// Asked for again and again, so that whoever waits can say so.
async fn take_lock(client: &Client) -> Result<()> {
    let mut told = false;
    loop {
        let row = client.query_one("SELECT pg_try_advisory_lock($1)", &[&LOCK]).await.in_words()?;
        if row.get(0) {
            return Ok(());
        }
        if !told {
            tracing::warn!("another process migrates this database; waiting for it");
            told = true;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn whole(
    client: &mut Client,
    migration: &Migration,
    sql: &str,
    patience: &Patience,
) -> Result<()> {
    let mut tries = patience.tries(migration.name);
    loop {
        let outcome = async {
            let tx = client.transaction().await?;
            tx.batch_execute(BRIEFLY).await?;
            tx.batch_execute(sql).await?;
            tx.execute(RECORD, &[&migration.name, &migration.hash()]).await?;
            tx.commit().await
        };
        match outcome.await {
            Ok(()) => return Ok(()),
            Err(error) => tries.again(client, error).await?,
        }
    }
}

/// Whoever wants a table's strongest lock makes everybody queue behind them while they wait.
const BRIEFLY: &str = "SET LOCAL lock_timeout = '2s'";

const RECORD: &str = "INSERT INTO app_migrations (name, hash, at) VALUES ($1, $2, now())";

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

type Done = Vec<(String, String)>;

async fn recorded(client: &Client) -> Result<Done> {
    let rows = client
        .query("SELECT name, hash FROM app_migrations ORDER BY name", &[])
        .await
        .in_words()?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Refuses a database that is ahead of, or differs from, this binary.
fn agree(done: &Done, known: &[Migration]) -> Result<()> {
    for (name, hash) in done {
        match known.iter().find(|m| m.name == name) {
            None => {
                return Err(Error::internal(format!(
                    "The database was migrated by a newer version of Mainstay (migration {name}), \
                     which this one does not know. Run that version"
                )));
            }
            Some(m) if m.hash() != *hash => {
                return Err(Error::internal(format!(
                    "Migration {name} was changed after it ran here. Put back what ran, and write \
                     the change as a new migration"
                )));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn missing_of(known: Vec<Migration>, done: &Done) -> Vec<Migration> {
    known.into_iter().filter(|m| done.iter().all(|(name, _)| name != m.name)).collect()
}

/// Names of migrations this binary has and the database lacks, seen by the serving role. Refuses a
/// database that is ahead of, or differs from, this binary.
pub async fn pending(store: &Store) -> Result<Vec<&'static str>> {
    let done = done_as_served(store).await?;
    agree(&done, &all())?;
    Ok(missing_of(all(), &done).iter().map(|m| m.name).collect())
}

/// As [`pending`], for a server that runs already: one that is older than the database goes on, since
/// migrations only add to what it knows.
pub async fn missing(store: &Store) -> Result<Vec<&'static str>> {
    let done = done_as_served(store).await?;
    Ok(missing_of(all(), &done).iter().map(|m| m.name).collect())
}

async fn done_as_served(store: &Store) -> Result<Done> {
    let exists = store
        .call("SELECT to_regprocedure('public.app_migrations_done()') IS NOT NULL", &[])
        .await?;
    if !exists.first().is_some_and(|row| row.get::<_, bool>(0)) {
        return Ok(Done::new());
    }
    let no_params: &[Param] = &[];
    let rows = store.call("SELECT name, hash FROM public.app_migrations_done()", no_params).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}
