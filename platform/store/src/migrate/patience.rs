//! How long a migration goes on asking for locks that others hold, and what it says in the end.

use std::time::Duration;

use kernel::{Error, Kind, Result};
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

/// Each try waits up to two seconds for a lock. Tries are counted from the last success on: a backfill of a
/// thousand batches may be kept waiting by a thousand others.
#[derive(Debug, Clone)]
pub struct Patience {
    pub tries: u32,
    /// Between two tries the traffic that queued behind the migration flows.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { tries: 20, pause: Duration::from_secs(1) }
    }
}

impl Patience {
    pub(super) fn tries(&self, migration: &str) -> Tries {
        Tries { left: self.tries, patience: self.clone(), migration: migration.to_owned() }
    }
}

pub(super) struct Tries {
    left: u32,
    patience: Patience,
    migration: String,
}

impl Tries {
    /// What was asked for was given: the next who is in the way is waited for as long as the first.
    pub(super) fn renew(&mut self) {
        self.left = self.patience.tries;
    }

    /// Returns when it is worth trying once more; what was tried was undone.
    pub(super) async fn again(
        &mut self,
        client: &Client,
        error: tokio_postgres::Error,
    ) -> Result<()> {
        let waited = [SqlState::LOCK_NOT_AVAILABLE, SqlState::T_R_DEADLOCK_DETECTED]
            .iter()
            .any(|code| error.code() == Some(code));
        if !waited {
            return Err(self.failed(error));
        }
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            return Err(self.gave_up(client, error).await);
        }
        tracing::warn!(migration = self.migration, "tables are locked by others; trying again");
        tokio::time::sleep(self.patience.pause).await;
        Ok(())
    }

    fn failed(&self, error: tokio_postgres::Error) -> Error {
        let name = &self.migration;
        match error.as_db_error() {
            Some(db) => {
                let said = db.message();
                Error::internal(format!("Migration {name} failed and was undone: {said}"))
            }
            None => Error::unavailable(format!(
                "Migration {name} was cut off; what it had not finished was undone. Run it again"
            )),
        }
        .with_source(error)
    }

    async fn gave_up(&self, client: &Client, error: tokio_postgres::Error) -> Error {
        let holders = match client.query(HOLDERS, &[]).await {
            Ok(rows) => rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(),
            Err(_) => Vec::new(),
        };
        let holders = match holders.as_slice() {
            [] => String::new(),
            some => format!(" Transactions that hold tables: {}.", some.join(", ")),
        };
        Error::new(
            Kind::Conflict,
            format!(
                "Migration {} asked {} times for tables that others hold locked, and was undone.{holders} \
                 Run it again when they are through, or end them with pg_terminate_backend",
                self.migration, self.patience.tries
            ),
        )
        .with_source(error)
    }
}

/// Whoever holds locks on tables of ours. Since when is told of one's own role only.
const HOLDERS: &str = "
    SELECT concat('process ', a.pid, ' of ', a.usename,
                  ', ' || extract(epoch FROM now() - a.xact_start)::int || ' s')
      FROM pg_stat_activity a
     WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND EXISTS (
           SELECT FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            WHERE l.pid = a.pid AND l.granted AND c.relnamespace = 'public'::regnamespace)
     ORDER BY a.xact_start NULLS LAST LIMIT 5";
