//! The runner of migrations: cut, kept waiting, twice at once, ahead of the binary, beside traffic.

use std::cell::Cell;
use std::time::{Duration, Instant};

use kernel::Kind;
use serde_json::json;
use server::database::{self, Database, OWNER_ROLE};
use server::postgres::SUPERUSER;
use store::migrate::{self, Migration, Patience};
use tokio_postgres::Client;

use crate::support::app::{OWNER, TestApp};
use crate::support::cluster;

/// An empty database of the test's own.
struct Ground {
    url: String,
    client: Client,
}

impl Ground {
    async fn new(name: &str) -> Ground {
        let cluster = cluster::shared().await;
        database::create(cluster, name).await.unwrap();
        let client = database::connect(&cluster.url(SUPERUSER, name)).await.unwrap();
        Ground { url: cluster.url(OWNER_ROLE, name), client }
    }

    async fn run(&self, files: Vec<Migration>) -> kernel::Result<Vec<&'static str>> {
        let patience = Patience { tries: 2, pause: Duration::from_millis(100) };
        migrate::run_files(&self.url, files, &patience).await
    }

    async fn number(&self, sql: &str) -> i64 {
        self.client.query_one(sql, &[]).await.unwrap().get(0)
    }
}

const ROWS: Migration = Migration {
    name: "0001_rows",
    sql:
        "CREATE TABLE rows (id bigint PRIMARY KEY, touched bigint NOT NULL DEFAULT 0, twin bigint);
          INSERT INTO rows (id, twin) SELECT n, n % 900 FROM generate_series(1, 1000) n;
          ALTER TABLE rows ENABLE ROW LEVEL SECURITY;
          ALTER TABLE rows FORCE ROW LEVEL SECURITY;",
};

/// Twenty batches of a quarter of a second; forced row-level security hides the rows from their owner.
const SLOW: Migration = Migration {
    name: "0002_slow",
    sql: "-- no transaction
-- step
CREATE TABLE once (a int)
-- step batches of rows
UPDATE rows SET touched = touched + 1
 WHERE id IN (SELECT id FROM rows WHERE touched = 0 ORDER BY id LIMIT 50)
   AND (SELECT true FROM pg_sleep(0.25))",
};

#[tokio::test]
async fn one_that_was_cut_goes_on_where_it_was() {
    let ground = Ground::new("migrations_cut").await;
    ground.run(vec![ROWS]).await.unwrap();
    let cut =
        tokio::time::timeout(Duration::from_millis(2_500), ground.run(vec![ROWS, SLOW])).await;
    assert!(cut.is_err(), "it was not cut");
    let done = ground.number("SELECT count(*) FROM rows WHERE touched > 0").await;
    assert!((50..1000).contains(&done), "{done}");

    // The step that made the table is not tried again, or it would fail.
    assert_eq!(ground.run(vec![ROWS, SLOW]).await.unwrap(), ["0002_slow"]);
    assert_eq!(ground.number("SELECT count(*) FROM rows WHERE touched = 1").await, 1000);
    assert_eq!(ground.run(vec![ROWS, SLOW]).await.unwrap(), [""; 0]);
    let left = "SELECT count(*) FROM pg_class WHERE relname = 'app_migration_steps'";
    assert_eq!(ground.number(left).await, 0);
    assert_eq!(
        ground.number("SELECT count(*) FROM pg_policy WHERE polname LIKE '%backfill'").await,
        0
    );
}

#[tokio::test]
async fn one_that_was_edited_after_it_had_begun_is_refused() {
    let ground = Ground::new("migrations_edited").await;
    let cut =
        tokio::time::timeout(Duration::from_millis(2_500), ground.run(vec![ROWS, SLOW])).await;
    assert!(cut.is_err(), "it was not cut");
    let edited =
        Migration { sql: "-- no transaction\n-- step\nCREATE TABLE twice (a int)", ..SLOW };
    let error = ground.run(vec![ROWS, edited]).await.unwrap_err();
    assert!(error.message.contains("was changed after it had begun"), "{error}");
    let edited = Migration { sql: "SELECT 1", ..ROWS };
    let error = ground.run(vec![edited]).await.unwrap_err();
    assert!(error.message.contains("was changed after it ran"), "{error}");
}

#[tokio::test]
async fn an_index_that_an_interrupted_run_left_is_made_anew() {
    const TWINS: Migration = Migration {
        name: "0002_twins",
        sql: "-- no transaction\n-- step alone\nCREATE UNIQUE INDEX CONCURRENTLY rows_twin_idx ON rows (twin)",
    };
    let ground = Ground::new("migrations_index").await;
    let error = ground.run(vec![ROWS, TWINS]).await.unwrap_err();
    assert!(error.message.contains("0002_twins (step 1) failed"), "{error}");
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(ground.number(invalid).await, 1);
    ground.client.batch_execute("UPDATE rows SET twin = id").await.unwrap();
    assert_eq!(ground.run(vec![ROWS, TWINS]).await.unwrap(), ["0002_twins"]);
    assert_eq!(ground.number(invalid).await, 0);
    let there = "SELECT count(*) FROM pg_class WHERE relname = 'rows_twin_idx'";
    assert_eq!(ground.number(there).await, 1);
}

#[tokio::test]
async fn a_locked_table_is_asked_for_again_and_then_told() {
    const COLUMN: Migration =
        Migration { name: "0002_column", sql: "ALTER TABLE rows ADD COLUMN more bigint" };
    let ground = Ground::new("migrations_locked").await;
    ground.run(vec![ROWS]).await.unwrap();
    ground.client.batch_execute("BEGIN; SELECT FROM rows").await.unwrap();
    let began = Instant::now();
    let error = ground.run(vec![ROWS, COLUMN]).await.unwrap_err();
    assert_eq!(error.kind, Kind::Conflict);
    assert!(error.message.contains("0002_column asked 2 times for tables"), "{error}");
    assert!(error.message.contains("Transactions that hold tables: process"), "{error}");
    assert!((4..9).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    // Nothing of it is left.
    ground.client.batch_execute("COMMIT").await.unwrap();
    let column = "SELECT count(*) FROM pg_attribute WHERE attname = 'more'";
    assert_eq!(ground.number(column).await, 0);

    // Who lets go in between is waited for.
    ground.client.batch_execute("BEGIN; SELECT FROM rows").await.unwrap();
    let (ran, ()) = tokio::join!(ground.run(vec![ROWS, COLUMN]), async {
        tokio::time::sleep(Duration::from_millis(2_050)).await;
        ground.client.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!(ran.unwrap(), ["0002_column"]);
}

/// Others in the way of single batches, three times: more often than one batch is tried.
#[tokio::test]
async fn a_backfill_has_all_its_tries_again_after_each_batch() {
    let ground = Ground::new("migrations_tries").await;
    ground.run(vec![ROWS]).await.unwrap();
    let was_locked = Cell::new(0);
    let in_the_way = async {
        let touched = "SELECT count(*) FROM rows WHERE touched > 0";
        let mut seen = 0;
        for _ in 0..3 {
            while ground.number(touched).await <= seen {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            ground.client.batch_execute("BEGIN; LOCK TABLE rows IN SHARE MODE").await.unwrap();
            tokio::time::sleep(Duration::from_millis(2_300)).await;
            seen = ground.number(touched).await;
            ground.client.batch_execute("COMMIT").await.unwrap();
            was_locked.set(was_locked.get() + 1);
        }
        std::future::pending::<()>().await;
    };
    let ran = tokio::select! {
        ran = ground.run(vec![ROWS, SLOW]) => ran,
        () = in_the_way => unreachable!(),
    };
    assert_eq!((ran.unwrap(), was_locked.get()), (vec!["0002_slow"], 3));
    assert_eq!(ground.number("SELECT count(*) FROM rows WHERE touched = 1").await, 1000);
}

/// The release before goes on adding rows without the value, which nobody can wait out.
#[tokio::test]
async fn a_backfill_ends_while_others_add_rows() {
    let ground = Ground::new("migrations_chased").await;
    ground.run(vec![ROWS]).await.unwrap();
    let adding = async {
        for id in 1_001.. {
            let add = format!("INSERT INTO rows (id) VALUES ({id})");
            ground.client.batch_execute(&add).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let ran = tokio::select! {
        ran = tokio::time::timeout(Duration::from_secs(30), ground.run(vec![ROWS, SLOW])) => ran,
        () = adding => unreachable!(),
    };
    assert_eq!(ran.expect("it goes on for ever").unwrap(), ["0002_slow"]);
    let left = "SELECT count(*) FROM rows WHERE id <= 1000 AND touched <> 1";
    assert_eq!(ground.number(left).await, 0);
}

#[tokio::test]
async fn of_two_at_once_one_waits_and_finds_nothing_to_do() {
    let ground = Ground::new("migrations_twice").await;
    let (one, two) = tokio::join!(ground.run(vec![ROWS, SLOW]), ground.run(vec![ROWS, SLOW]));
    let mut ran = [one.unwrap().len(), two.unwrap().len()];
    ran.sort_unstable();
    assert_eq!(ran, [0, 2]);
    assert_eq!(ground.number("SELECT count(*) FROM rows WHERE touched = 1").await, 1000);
}

/// A server goes on beside a database that a newer release has migrated, and its like does not start.
#[tokio::test]
async fn the_release_before_serves_on_and_does_not_start_again() {
    let app = TestApp::start().await;
    let owner = app.sign_in(OWNER).await;
    let expand = Migration {
        name: "9999_expand",
        sql: "-- no transaction
-- step
ALTER TABLE contacts ADD COLUMN score bigint
-- step alone
CREATE INDEX CONCURRENTLY contacts_score_idx ON contacts (tenant_id, score)",
    };
    let mut files = migrate::all();
    files.push(expand);
    let url = app.database.owner_url.as_ref().unwrap().expose();
    let patience = Patience::default();
    let writes = async {
        for n in 0..20 {
            let person = json!({ "firstName": "Old", "lastName": n.to_string() });
            let (status, answer) = owner.post("/api/contacts", person).await;
            assert_eq!(status, 201, "{answer}");
        }
    };
    let (ran, ()) = tokio::join!(migrate::run_files(url, files, &patience), writes);
    assert_eq!(ran.unwrap(), ["9999_expand"]);
    assert_eq!(owner.get("/api/readyz").await.0, 200);
    let error = migrate::pending(app.engine().store()).await.unwrap_err();
    assert!(error.message.contains("by a newer version"), "{error}");
    let error = migrate::run(url).await.unwrap_err();
    assert!(error.message.contains("9999_expand"), "{error}");
}

/// Half of a migration is none: a server does not start on it.
#[tokio::test]
async fn a_database_that_is_half_migrated_is_not_served() {
    let app = TestApp::start().await;
    let cluster = cluster::shared().await;
    let serving: tokio_postgres::Config = app.database.url.expose().parse().unwrap();
    let name = serving.get_dbname().unwrap();
    let client = database::connect(&cluster.url(SUPERUSER, name)).await.unwrap();
    let last = migrate::all().pop().unwrap().name;
    client.execute("DELETE FROM app_migrations WHERE name = $1", &[&last]).await.unwrap();
    assert_eq!(migrate::pending(app.engine().store()).await.unwrap(), [last]);
    let (status, answer) = app.anonymous().get("/api/readyz").await;
    assert_eq!((status.as_u16(), &answer["checks"]["migrations"]), (503, &json!("failed")));
    let database = Database::named(cluster, name);
    let config =
        server::config::Config::from_values(server::config::Values::of(&[], None)).unwrap();
    let bound = "127.0.0.1:0".parse().unwrap();
    let error = server::app::App::open(&config, &database, bound).await.err().unwrap().to_string();
    assert_eq!(error, format!("the database lacks {last}; run: mainstay migrate"));
}
