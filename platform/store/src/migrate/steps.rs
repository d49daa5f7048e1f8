//! Migrations in steps: what cannot, or should not, be one transaction. Each step is remembered, so
//! that the next run of one that was cut goes on where it was.

use std::time::{Duration, Instant};

use kernel::{Error, Result};
use tokio_postgres::Client;

use super::patience::{Patience, Tries};
use super::script::{Manner, Step};
use super::{BRIEFLY, Migration, RECORD};
use crate::errors::InWords as _;

/// Steps done of migrations that are not over. Made with the first step, dropped with the last.
const TABLE: &str = "
    CREATE TABLE IF NOT EXISTS app_migration_steps (
        name text, step bigint, hash text NOT NULL, PRIMARY KEY (name, step));
    ALTER TABLE app_migration_steps ENABLE ROW LEVEL SECURITY;
    ALTER TABLE app_migration_steps FORCE ROW LEVEL SECURITY;
    DROP POLICY IF EXISTS app_migration_steps_all ON app_migration_steps;
    CREATE POLICY app_migration_steps_all ON app_migration_steps TO mainstay_owner
        USING (true) WITH CHECK (true)";

const DONE: &str = "INSERT INTO app_migration_steps (name, step, hash) VALUES ($1, $2, $3)";

/// Unfinished indexes that a cut CREATE INDEX CONCURRENTLY left, among those the step names.
const UNFINISHED: &str = "
    SELECT format('DROP INDEX CONCURRENTLY %I.%I', n.nspname, c.relname), c.relname::text
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE NOT i.indisvalid AND n.nspname IN ('public', 'app') AND strpos($1, c.relname) > 0";

/// How often a long backfill says how far it has come.
const TELL: Duration = Duration::from_secs(10);

pub(super) async fn run(
    client: &mut Client,
    migration: &Migration,
    steps: &[Step<'_>],
    patience: &Patience,
) -> Result<()> {
    client.batch_execute(TABLE).await.in_words()?;
    let done = done(client, migration).await?;
    for (number, step) in (1_i64..).zip(steps) {
        if done.contains(&number) {
            continue;
        }
        let tries = patience.tries(&format!("{} (step {number})", migration.name));
        let mut progress = Progress { client, migration, number, tries };
        match &step.manner {
            Manner::Transaction => progress.transaction(&step.sql).await?,
            Manner::Alone => progress.alone(&step.sql).await?,
            Manner::Batches(tables) => progress.batches(&step.sql, tables).await?,
        }
        tracing::info!(migration = migration.name, step = number, of = steps.len(), "done");
    }
    let tx = client.transaction().await.in_words()?;
    tx.execute(RECORD, &[&migration.name, &migration.hash()]).await.in_words()?;
    tx.batch_execute("DROP TABLE app_migration_steps").await.in_words()?;
    tx.commit().await.in_words()
}

/// Steps of this migration that were done. Refuses one that was edited after it had begun.
async fn done(client: &Client, migration: &Migration) -> Result<Vec<i64>> {
    let sql = "SELECT step, hash FROM app_migration_steps WHERE name = $1";
    let rows = client.query(sql, &[&migration.name]).await.in_words()?;
    if rows.iter().any(|row| row.get::<_, String>(1) != migration.hash()) {
        let name = migration.name;
        return Err(Error::internal(format!(
            "Migration {name} was changed after it had begun here"
        )));
    }
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

struct Progress<'a> {
    client: &'a mut Client,
    migration: &'a Migration,
    number: i64,
    tries: Tries,
}

impl Progress<'_> {
    /// The step and its remembrance are one.
    async fn transaction(&mut self, sql: &str) -> Result<()> {
        loop {
            let hash = self.migration.hash();
            let outcome = async {
                let tx = self.client.transaction().await?;
                tx.batch_execute(BRIEFLY).await?;
                tx.batch_execute(sql).await?;
                tx.execute(DONE, &[&self.migration.name, &self.number, &hash]).await?;
                tx.commit().await
            };
            match outcome.await {
                Ok(()) => return Ok(()),
                Err(error) => self.tries.again(self.client, error).await?,
            }
        }
    }

    /// What builds concurrently waits for old transactions without holding anybody up, so it waits
    /// as long as they take. One that was cut left an index that nobody uses and that is in the way.
    async fn alone(&mut self, sql: &str) -> Result<()> {
        let patient = sql.to_uppercase().contains("CONCURRENTLY");
        let wait = if patient { "SET lock_timeout = 0" } else { "SET lock_timeout = '2s'" };
        loop {
            let outcome = async {
                self.client.batch_execute("SET lock_timeout = 0").await?;
                for row in self.client.query(UNFINISHED, &[&sql]).await? {
                    let (drop, name): (String, String) = (row.get(0), row.get(1));
                    tracing::warn!(index = name, "dropping what an interrupted run left");
                    self.client.batch_execute(&drop).await?;
                }
                self.client.batch_execute(wait).await?;
                self.client.batch_execute(sql).await
            };
            match outcome.await {
                Ok(()) => break,
                Err(error) if is_there_already(&error) => break,
                Err(error) => self.tries.again(self.client, error).await?,
            }
        }
        self.client.batch_execute("SET lock_timeout = 0").await.in_words()?;
        self.remember().await
    }

    async fn batches(&mut self, sql: &str, tables: &[&str]) -> Result<()> {
        self.in_brief(&tables.iter().map(|t| show(t)).collect::<String>()).await?;
        let (mut rows, mut most, mut told) = (0, 0, Instant::now());
        loop {
            let outcome = async {
                let tx = self.client.transaction().await?;
                tx.batch_execute(BRIEFLY).await?;
                let touched = tx.execute(sql, &[]).await?;
                tx.commit().await?;
                Ok(touched)
            };
            match outcome.await {
                Ok(touched) => {
                    self.tries.renew();
                    rows += touched;
                    most = most.max(touched);
                    // A batch that is not full has met the end. The release before goes on adding rows, so
                    // that waiting for an empty one could take for ever; a few missing ones are no end yet,
                    // as others delete rows meanwhile.
                    if touched == 0 || touched < most / 2 {
                        break;
                    }
                }
                Err(error) => self.tries.again(self.client, error).await?,
            }
            if told.elapsed() > TELL {
                tracing::info!(migration = self.migration.name, rows, "backfilling");
                told = Instant::now();
            }
        }
        self.in_brief(&tables.iter().map(|t| hide(t)).collect::<String>()).await?;
        self.remember().await
    }

    async fn in_brief(&mut self, sql: &str) -> Result<()> {
        loop {
            let outcome = async {
                let tx = self.client.transaction().await?;
                tx.batch_execute(BRIEFLY).await?;
                tx.batch_execute(sql).await?;
                tx.commit().await
            };
            match outcome.await {
                Ok(()) => {
                    self.tries.renew();
                    return Ok(());
                }
                Err(error) => self.tries.again(self.client, error).await?,
            }
        }
    }

    async fn remember(&self) -> Result<()> {
        let hash = self.migration.hash();
        self.client
            .execute(DONE, &[&self.migration.name, &self.number, &hash])
            .await
            .in_words()
            .map(|_| ())
    }
}

/// A step alone that was cut between being done and being remembered.
fn is_there_already(error: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    error.code() == Some(&SqlState::DUPLICATE_TABLE)
        || error.code() == Some(&SqlState::DUPLICATE_OBJECT)
}

/// For the owner's eyes, who could lift forced row-level security anyway; nobody else's change.
/// Lifting it would lock the table for as long as it is lifted.
fn show(table: &str) -> String {
    format!(
        "{}CREATE POLICY mainstay_backfill ON public.{table} TO mainstay_owner USING (true) WITH CHECK (true);",
        hide(table)
    )
}

fn hide(table: &str) -> String {
    format!("DROP POLICY IF EXISTS mainstay_backfill ON public.{table};")
}
