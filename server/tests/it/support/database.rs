//! A database per test, cloned from one that is migrated once.

use server::database::{self, Database, OWNER_ROLE, SERVING_ROLE};
use server::postgres::SUPERUSER;
use tokio::sync::OnceCell;

use super::cluster;

const TEMPLATE: &str = "template_mainstay";

static MIGRATED: OnceCell<()> = OnceCell::const_new();

/// An empty, migrated database of the test's own.
pub(crate) async fn fresh() -> Database {
    let cluster = cluster::shared().await;
    MIGRATED.get_or_init(migrate_template).await;
    let name = format!("test_{}", kernel::new_id().simple());
    let client = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    let sql = format!("CREATE DATABASE {name} OWNER {OWNER_ROLE} TEMPLATE {TEMPLATE}");
    client.batch_execute(&sql).await.unwrap();
    let sql = format!(
        "REVOKE ALL ON DATABASE {name} FROM PUBLIC; GRANT CONNECT ON DATABASE {name} TO {SERVING_ROLE}"
    );
    client.batch_execute(&sql).await.unwrap();
    Database::named(cluster, &name)
}

async fn migrate_template() {
    let cluster = cluster::shared().await;
    database::create(cluster, TEMPLATE).await.unwrap();
    let database = Database::named(cluster, TEMPLATE);
    let url = database.for_migrations().await.unwrap();
    store::migrate::run(url.expose()).await.unwrap();
    // The connection of the migration goes a moment after its client; a template must have none.
    let client = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    let sql = format!("ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false");
    client.batch_execute(&sql).await.unwrap();
    let sql =
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE datname = $1";
    client.query(sql, &[&TEMPLATE]).await.unwrap();
}
