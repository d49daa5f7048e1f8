//! The one PostgreSQL of this test process. It stops, and its folder goes, when the process ends.

use server::postgres::Cluster;
use tokio::sync::OnceCell;

static CLUSTER: OnceCell<Cluster> = OnceCell::const_new();

pub(crate) async fn shared() -> &'static Cluster {
    CLUSTER.get_or_init(|| async { Cluster::temporary().await.expect("PostgreSQL starts") }).await
}
