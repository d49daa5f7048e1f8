//! What the tables hold, seen past every policy: a request that was refused must leave it as it was.

use std::collections::BTreeMap;

use server::database;
use server::postgres::SUPERUSER;
use tokio_postgres::Client;

use crate::support::app::TestApp;
use crate::support::cluster;

/// By table.
pub(crate) type Digests = BTreeMap<String, String>;

/// A superuser looking at one test's database.
pub(crate) struct Witness {
    pub(crate) client: Client,
    sql: String,
}

impl Witness {
    pub(crate) async fn of(app: &TestApp) -> Witness {
        let owner = app.database.owner_url.as_ref().unwrap();
        let owner: tokio_postgres::Config = owner.expose().parse().unwrap();
        let url = cluster::shared().await.url(SUPERUSER, owner.get_dbname().unwrap());
        let client = database::connect(&url).await.unwrap();
        let names = "SELECT relname::text FROM pg_class
                      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1";
        let rows = client.query(names, &[]).await.unwrap();
        let parts: Vec<String> = rows.iter().map(|row| digest_of(row.get(0))).collect();
        Witness { client, sql: parts.join(" UNION ALL ") }
    }

    pub(crate) async fn look(&self) -> Digests {
        let rows = self.client.query(&self.sql, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// The tables that are not as they were.
    pub(crate) async fn changed_since(&self, before: &Digests) -> Vec<String> {
        let after = self.look().await;
        let changed = after.into_iter().filter(|(table, digest)| before[table] != *digest);
        changed.map(|(table, _)| table).collect()
    }

    pub(crate) async fn number(&self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

/// Rows of the two growing tables are never changed (a policy's matter, tested elsewhere), so their
/// keys are enough.
fn digest_of(table: &str) -> String {
    let row = if matches!(table, "audit" | "outbox") { "t.id::text" } else { "t::text" };
    format!(
        "SELECT '{table}', md5(coalesce(string_agg({row}, chr(10) ORDER BY {row}), '')) FROM {table} t"
    )
}
