//! The sample mapping: its excerpt always, the whole data set where it is at hand.

use import::{Options, Severity};
use kernel::Role;
use serde_json::Value;

use super::ground::{Ground, counts, module, whole_set};
use crate::support::app::Person;

const EXCERPT: [usize; 9] = [6, 21, 6, 21, 30, 7, 1, 4, 40];
const WHOLE: [usize; 9] = [6, 35, 6, 35, 85, 7, 1, 4, 8_800];

fn all_created(rows: [usize; 9]) -> Vec<[usize; 4]> {
    rows.iter().map(|n| [*n, 0, 0, 0]).collect()
}

fn all_unchanged(rows: [usize; 9]) -> Vec<[usize; 4]> {
    rows.iter().map(|n| [0, 0, *n, 0]).collect()
}

#[tokio::test]
async fn a_dry_run_tells_its_doubts_and_writes_nothing() {
    let ground = Ground::new().await;
    let before = ground.witness.look().await;
    let report = ground.dry_run().await;
    assert!(report.dry_run && !report.loaded);
    assert_eq!(counts(&report), all_created(EXCERPT));
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());

    let doubt = |value: &str| report.doubts.iter().find(|d| d.value == value).unwrap();
    let product = doubt("GTXPro");
    assert_eq!((product.severity, product.lines.len()), (Severity::Note, 10));
    assert_eq!((product.file.as_str(), product.column.as_str()), ("sales_pipeline.csv", "product"));
    assert_eq!(doubt("technolgy").lines, [2, 13, 23]);
    let said = report.to_string();
    for words in [
        "Dry run: nothing is written.",
        "sales_pipeline.csv, column product: \"GTXPro\" is read as \"GTX Pro\", by the mapping's alias (10 rows)",
        "accounts.csv, column sector: \"technolgy\" is read as \"technology\", by the mapping's alias (3 rows)",
        "line 2, 13, 23",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(report.doubts_csv().contains("note,accounts.csv,13,sector,technolgy,"));
}

#[tokio::test]
async fn what_is_loaded_once_stays_as_it_is() {
    let ground = Ground::new().await;
    let report = ground.load().await;
    assert!(report.loaded);
    assert_eq!(counts(&report), all_created(EXCERPT));
    assert_eq!(ground.rows("deals").await, 40);
    assert_eq!(ground.rows("companies").await, 30);
    assert_eq!(ground.rows("deals__service_interest").await, 40);
    // No "created" entries: the past happened before we knew of it.
    assert_eq!(ground.rows("activities").await, 0);

    let before = ground.witness.look().await;
    let again = ground.load().await;
    assert_eq!(counts(&again), all_unchanged(EXCERPT));
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_changed_cell_is_one_update() {
    let ground = Ground::new().await;
    ground.load().await;
    let (audit, outbox) = (ground.rows("audit").await, ground.rows("outbox").await);
    ground.edit("sales_pipeline.csv", "3/1/2017,1054", "3/1/2017,2054");
    let report = ground.load().await;
    let mut wanted = all_unchanged(EXCERPT);
    wanted[8] = [0, 1, 39, 0];
    assert_eq!(counts(&report), wanted);
    assert_eq!(ground.rows("audit").await, audit + 1);
    assert_eq!(ground.rows("outbox").await, outbox + 1);
    let changed = "SELECT count(*) FROM audit a JOIN deals d ON d.id = a.document_id
                    WHERE a.verb = 'update' AND d.reference = '1C1I7A6R' AND d.value_amount = 205400
                      AND a.before -> 'value' ->> 'amount' = '105400'
                      AND a.after -> 'value' ->> 'amount' = '205400'
                      AND (SELECT count(*) FROM json_object_keys(a.after)) = 2";
    assert_eq!(ground.witness.number(changed).await, 1);

    // A stage that changed moves the deal, as it would by hand.
    ground.edit(
        "sales_pipeline.csv",
        "Won,10/20/2016,3/1/2017,2054",
        "Lost,10/20/2016,3/1/2017,2054",
    );
    assert_eq!(ground.load().await.steps[8].updated, 1);
    let told = "SELECT count(*) FROM activities a JOIN deals d ON d.id = a.deal_id
                 WHERE d.reference = '1C1I7A6R' AND d.status = 'lost'
                   AND a.subject IN ('Stage: Won → Lost', 'Status: Won → Lost')";
    assert_eq!(ground.witness.number(told).await, 2);
}

#[tokio::test]
async fn each_row_loaded_has_its_records() {
    let ground = Ground::new().await;
    let audit = ground.rows("audit").await;
    let report = ground.load().await;
    // A new person comes with a membership, which a later step completes: two records of it.
    let people = report.steps[0].created + report.steps[1].created;
    let rows = report.steps.iter().map(|s| s.created).sum::<usize>() + people;
    assert_eq!(ground.rows("audit").await - audit, i64::try_from(rows).unwrap());
    assert_eq!(ground.rows("outbox").await, ground.rows("audit").await);
    let whole = "SELECT count(*) FROM audit a JOIN deals d ON d.id = a.document_id
                  WHERE a.verb = 'create' AND a.actor_kind = 'system' AND a.actor_name = 'import'
                    AND a.after ->> 'name' = d.name AND a.after ->> 'id' = d.id::text
                    AND (a.after ->> 'position')::float8 = d.position";
    assert_eq!(ground.witness.number(whole).await, 40);
    // Written by the batch: one moment for all of them.
    let moments = "SELECT count(DISTINCT at) FROM audit WHERE collection = 'deals'";
    assert_eq!(ground.witness.number(moments).await, 1);
    let places = "SELECT count(*) FROM (SELECT stage_id, count(*) AS n, max(position) AS last,
                         count(DISTINCT position) AS places FROM deals GROUP BY 1) s
                   WHERE n = last AND n = places";
    assert_eq!(ground.witness.number(places).await, 4);
}

#[tokio::test]
async fn the_whole_set_is_loaded_with_its_known_totals() {
    let Some(data) = whole_set() else { return };
    let ground = Ground::new().await;
    let mapping = module().join("mappings/sample.toml");
    let run = async |dry_run: bool| {
        let options = Options { data: Some(data.clone()), dry_run, partial: false };
        import::run(ground.app.engine(), &ground.actor, &mapping, &options).await.unwrap()
    };
    let before = ground.witness.look().await;
    let report = run(true).await;
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
    let lines = |value: &str| report.doubts.iter().find(|d| d.value == value).unwrap().lines.len();
    assert_eq!((lines("GTXPro"), lines("technolgy")), (1_480, 12));
    assert_eq!(counts(&run(false).await), all_created(WHOLE));

    // Read back as anybody would.
    ground.app.user(ground.tenant(), "reader@sample.test", Role::Viewer).await;
    let reader = ground.app.sign_in("reader@sample.test").await;
    let count = async |slug: &str, filter: &str| {
        let (status, body) = reader.get(&format!("/api/{slug}/count?{filter}")).await;
        assert_eq!(status.as_u16(), 200, "{body}");
        body["totalDocs"].as_i64().unwrap()
    };
    for (slug, filter, wanted) in [
        ("deals", "", 8_800),
        ("deals", "where[status][equals]=won", 4_238),
        ("deals", "where[status][equals]=lost", 2_473),
        ("deals", "where[status][equals]=open", 1_589 + 500),
        ("deals", "where[stage.name][equals]=Engaging", 1_589),
        ("deals", "where[stage.name][equals]=Prospecting", 500),
        ("deals", "where[company][exists]=false", 1_425),
        ("deals", "where[owner][exists]=true", 8_800),
        ("deals", "where[serviceInterest.name][equals]=GTX Pro", 1_480),
        ("companies", "", 85),
        ("companies", "where[parent][exists]=true", 15),
        ("companies", "where[industry][equals]=technology", 12),
        ("services", "", 7),
        ("memberships", "where[role][equals]=admin", 6),
        ("memberships", "where[manager][exists]=true", 35),
        ("memberships", "where[team][exists]=true&where[role][equals]=member", 35),
        ("users", "where[email][contains]=@sample.example", 41),
    ] {
        assert_eq!(count(slug, filter).await, wanted, "{slug} {filter}");
    }
    assert_eq!(won_value(&reader).await, 1_000_553_400);

    let before = ground.witness.look().await;
    assert_eq!(counts(&run(false).await), all_unchanged(WHOLE));
    assert_eq!(ground.witness.changed_since(&before).await, Vec::<String>::new());
}

/// In cents, added up page by page.
async fn won_value(reader: &Person<'_>) -> i64 {
    let (mut sum, mut page) = (0, 1);
    loop {
        let path = format!(
            "/api/deals?depth=0&limit=1000&page={page}&sort=id&select[value]=true\
             &where[status][equals]=won"
        );
        let (status, body) = reader.get(&path).await;
        assert_eq!(status.as_u16(), 200, "{body}");
        let docs = body["docs"].as_array().unwrap();
        sum += docs.iter().map(|d| d["value"]["amount"].as_i64().unwrap()).sum::<i64>();
        if body["hasNextPage"] != Value::Bool(true) {
            return sum;
        }
        page += 1;
    }
}
