//! Without a setting there is no row, on every table, for every command.

use server::database;
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Error};

use crate::matrix::digest::Witness;
use crate::matrix::world::World;
use crate::support::app::TestApp;

/// As a pooled connection may be found: never set, and set in a transaction that has ended.
const STATES: [&str; 2] = [
    "SELECT 1",
    "SELECT set_config('app.user', '', false), set_config('app.tenant', '', false),
            set_config('app.visible', '', false), set_config('app.rank', '', false)",
];

async fn tables(witness: &Witness) -> Vec<String> {
    let sql = "SELECT relname::text FROM pg_class
                WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
                  AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1";
    witness.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// What one command on one table did: rows touched, or that it was refused by rights or policy.
async fn touched(client: &Client, sql: &str) -> u64 {
    client.batch_execute("BEGIN").await.unwrap();
    let result = client.execute(sql, &[]).await;
    client.batch_execute("ROLLBACK").await.unwrap();
    match result {
        Ok(rows) => rows,
        Err(error) if is_denied(&error) => 0,
        // Past the policy and into a constraint: that is the row being let in.
        Err(error) if error.code().is_some_and(|c| c.code().starts_with("23")) => 1,
        Err(error) => panic!("{sql}: {error:?}"),
    }
}

fn is_denied(error: &Error) -> bool {
    error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE)
}

fn commands(table: &str, column: &str) -> [(&'static str, String); 4] {
    [
        ("SELECT", format!("SELECT * FROM {table}")),
        ("INSERT", format!("INSERT INTO {table} DEFAULT VALUES")),
        ("UPDATE", format!("UPDATE {table} SET {column} = DEFAULT")),
        ("DELETE", format!("DELETE FROM {table}")),
    ]
}

async fn first_column(witness: &Witness, table: &str) -> String {
    let sql = "SELECT attname::text FROM pg_attribute
                WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
                ORDER BY attnum LIMIT 1";
    witness.client.query_one(sql, &[&table]).await.unwrap().get(0)
}

#[tokio::test]
async fn without_a_setting_the_serving_role_touches_no_row() {
    let app = TestApp::start().await;
    let _world = World::new(&app).await;
    let witness = Witness::of(&app).await;
    let tables = tables(&witness).await;
    assert!(tables.len() > 20, "{tables:?}");
    for state in STATES {
        let client = database::connect(app.database.url.expose()).await.unwrap();
        client.batch_execute(state).await.unwrap();
        for table in &tables {
            let column = first_column(&witness, table).await;
            for (_, sql) in commands(table, &column) {
                assert_eq!(touched(&client, &sql).await, 0, "{sql}");
            }
            // A plain read is answered with nothing or refused by name, never with another fault.
            match client.query_one(&format!("SELECT count(*) FROM {table}"), &[]).await {
                Ok(row) => assert_eq!(row.get::<_, i64>(0), 0, "{table}"),
                Err(error) => assert!(is_denied(&error), "{table}: {error:?}"),
            }
        }
        for table in &tables {
            let all = format!("TRUNCATE {table}");
            assert!(client.batch_execute(&all).await.is_err_and(|e| is_denied(&e)), "{all}");
        }
    }
    let rows = witness.number("SELECT count(*) FROM contacts").await;
    assert!(rows > 3, "the tables were not empty: {rows}");
}
