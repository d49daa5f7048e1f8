//! Filters that would make a statement PostgreSQL cannot or should not take.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Harbor, asked, assert_served, docs};

#[tokio::test]
async fn no_list_of_wanted_values_breaks_the_statement() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    super::stage(&harbor).await;
    for field in ["name", "status", "stage", "value.amount", "position", "serviceInterest"] {
        let answer = asked(&owner, "/api/deals", &json!({ field: { "all": [] } })).await;
        assert_served(&answer);
        assert_eq!(docs(&answer.1).len(), 0, "all of nothing: {field}");
        let address = format!("/api/deals?where[{field}][all][]=");
        let (status, body) = owner.get(&address).await;
        assert!(status.as_u16() < 500, "{address}: {status} {body}");
    }
    let text = "1,".repeat(70_000);
    let words = "w ".repeat(40_000);
    for filter in [
        json!({ "name": { "all": text } }),
        json!({ "status": { "all": vec!["open"; 70_000] } }),
        json!({ "position": { "all": text } }),
        json!({ "serviceInterest": { "all": vec![harbor.account; 15_000] } }),
        json!({ "name": { "like": words } }),
        json!({ "name": { "not_like": words } }),
    ] {
        let started = Instant::now();
        let (status, body) = asked(&owner, "/api/deals/count", &filter).await;
        assert_eq!(status, 400, "{body}");
        assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    }
}

/// 200 tests of 95 values each once were 19,000 sub-queries: 22 s of planning and 4 GB of a backend.
#[tokio::test]
async fn many_small_tests_are_counted_together() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let many = |tests: usize, values: usize| -> Value {
        let values: Vec<_> = (0..values).map(|_| kernel::new_id()).collect();
        json!({ "or": vec![json!({ "serviceInterest": { "all": values } }); tests] })
    };
    let started = Instant::now();
    for filter in [
        many(200, 95),
        json!({ "or": vec![json!({ "name": { "like": "a b c d e f g h" } }); 200] }),
        json!({ "or": vec![json!({ "serviceInterest.name": { "equals": "x" } }); 250] }),
    ] {
        let (status, body) = asked(&owner, "/api/deals/count", &filter).await;
        assert_eq!(status, 400, "{body}");
    }
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    assert_served(&asked(&owner, "/api/deals/count", &many(4, 20)).await);
}

/// A tenant out of reach has no rows; it is no reason to refuse what else was asked.
#[tokio::test]
async fn a_tenant_out_of_reach_is_an_empty_page() {
    let harbor = Harbor::new().await;
    let elsewhere = harbor.app.account("elsewhere").await;
    let owner = harbor.owner().await;
    for tenant in [elsewhere, kernel::new_id()] {
        for path in ["company.name", "tags.name", "owner.email"] {
            let query = format!("where[tenant][equals]={tenant}&where[{path}][exists]=true");
            let (status, body) = owner.get(&format!("/api/contacts?{query}")).await;
            assert_eq!((status.as_u16(), &body["totalDocs"]), (200, &json!(0)), "{path}: {body}");
        }
    }
}
