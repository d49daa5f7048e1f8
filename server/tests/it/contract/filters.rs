//! The spellings of a filter. What filters find is judged in `reference`.

use serde_json::json;

use super::{Harbor, create, id, ok};

/// The two spellings of a filter and the two of a path mean the same.
#[tokio::test]
async fn spellings_of_a_filter() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let company = create(&owner, "companies", json!({ "name": "Anchor", "employees": 5 })).await;
    create(&owner, "companies", json!({ "name": "Buoy", "employees": 9 })).await;
    create(&owner, "contacts", json!({ "firstName": "Cleo", "company": id(&company) })).await;
    create(&owner, "contacts", json!({ "firstName": "Dan" })).await;
    for (query, found) in [
        ("contacts?where[company.name][equals]=Anchor", 1),
        ("contacts?where[company__name][equals]=Anchor", 1),
        ("contacts?where=%7B%22company.name%22%3A%7B%22equals%22%3A%22Anchor%22%7D%7D", 1),
        ("contacts?where%5Bcompany.name%5D%5Bequals%5D=Anchor", 1),
        ("companies?where[employees][greater_than]=4&where[employees][less_than]=6", 1),
        ("companies?where[employees][greater_than]=4&where[name][like]=b", 1),
        ("companies?where[or][0][name][equals]=Anchor&where[or][1][name][equals]=Buoy", 2),
        ("companies?where[OR][0][name][equals]=Anchor&where[Or][1][employees][equals]=5", 1),
        ("companies?where[or][0][name][equals]=Anchor&where[employees][equals]=9", 0),
        (
            "companies?where[and][0][or][0][name][equals]=Anchor&where[and][1][employees][equals]=5",
            1,
        ),
        ("companies?where[name][in]=Anchor,Buoy", 2),
        ("companies?where[name][in][]=Anchor&where[name][in][]=Buoy", 2),
        ("companies?where[name][in][0]=Anchor&where[name][in][1]=x", 1),
        ("companies?where[id][not_in]=x", 2),
        ("companies?where[and]=", 2),
        ("companies?where[or][]=", 2),
    ] {
        let body = ok(&owner, &format!("/api/{query}&depth=0")).await;
        assert_eq!(body["totalDocs"], found, "{query}");
    }
}
