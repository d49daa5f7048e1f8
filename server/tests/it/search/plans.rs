//! How a search is run: as the serving role, under row-level security, by ranges of the two indexes.

use kernel::Id;
use server::database;
use store::Statement;
use tokio_postgres::types::ToSql;

use super::Pier;
use crate::matrix::digest::Witness;

const MANY: &str = "INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
    SELECT 'ACCOUNT', 'contacts', w, 2, gen_random_uuid()
      FROM generate_series(1, 30000) n, unnest(ARRAY['maria', 'last' || n]) w;
    ANALYZE search_words";

#[tokio::test]
async fn words_are_ranges_of_an_index_under_the_policies() {
    let pier = Pier::new().await;
    let witness = Witness::of(&pier.app).await;
    let many = MANY.replace("ACCOUNT", &pier.account.to_string());
    witness.client.batch_execute(&many).await.unwrap();
    let layout = server::app::registry().unwrap().schema().layout("contacts").unwrap().clone();
    let words = ["last77", "maria"].map(str::to_owned);
    let [asked, hits] =
        store::search::statements(&layout, &[pier.account], "last77 maria", &words, 8);
    let plan = explained(&pier, &asked, pier.account).await;
    assert!(plan.contains("Index Only Scan using search_words_pkey"), "{plan}");
    let plan = explained(&pier, &hits, pier.account).await;
    for used in [
        "Index Only Scan Backward using search_words_pkey",
        "Index Only Scan using search_words_pkey",
        "Index Only Scan using search_words_document_idx",
    ] {
        assert!(plan.contains(used), "no {used}: {plan}");
    }
    assert!(!plan.contains("Seq Scan on search_words"), "{plan}");
    let range = plan.lines().find(|l| l.contains("Index Cond") && l.contains("word >"));
    assert!(range.is_some_and(|l| l.contains("word <")), "{plan}");
}

async fn explained(pier: &Pier, statement: &Statement, tenant: Id) -> String {
    let client = database::connect(pier.app.database.url.expose()).await.unwrap();
    let begin = format!(
        "BEGIN READ ONLY; SET LOCAL app.visible = '{{{tenant}}}'; SET LOCAL app.rank = '2'"
    );
    client.batch_execute(&begin).await.unwrap();
    let values: Vec<&(dyn ToSql + Sync)> =
        statement.params.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
    let sql = format!("EXPLAIN {}", statement.sql);
    let rows = client.query(&sql, &values).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    lines.join("\n")
}
