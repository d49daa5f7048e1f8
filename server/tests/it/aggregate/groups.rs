//! Counts, sums and buckets are right, and stand as the contract has them.

use kernel::Role;
use serde_json::{Value, json};

use super::{Quay, groups};

fn eur(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

fn usd(amount: i64) -> Value {
    json!({ "amount": amount, "currency": "USD" })
}

#[tokio::test]
async fn money_is_computed_by_currency() {
    let quay = Quay::new().await;
    let owner = quay.owner().await;
    let query =
        "group=status&values=count,sum:value,avg:value,min:value,max:value,max:closedAt&sort=key";
    let found = groups(&owner, "deals", query).await;
    assert_eq!(
        found["groups"][2],
        json!({
            "key": { "status": "won" },
            "count": 3,
            "sum": { "value": [eur(350), usd(300)] },
            "avg": { "value": [usd(300), eur(175)] },
            "min": { "value": [usd(300), eur(100)] },
            "max": { "value": [usd(300), eur(250)], "closedAt": "2026-02-11T12:00:00.000Z" },
        })
    );
    assert_eq!(found["groups"][1]["key"], json!({ "status": "open" }));
    assert_eq!(found["groups"][1]["sum"]["value"], json!([eur(700)]));
    assert_eq!(found["groups"][1]["max"]["closedAt"], Value::Null);
    assert_eq!(found["total"]["count"], 6);
    assert_eq!(found["total"]["sum"]["value"], json!([eur(1000), usd(300)]));
    assert_eq!(found["hasMore"], false);
    // A currency may be the key and be computed with.
    let found = groups(&owner, "deals", "group=value.currency&values=sum:value&sort=key").await;
    let sums: Vec<&Value> =
        found["groups"].as_array().unwrap().iter().map(|g| &g["sum"]["value"]).collect();
    assert_eq!(sums, [&json!([eur(1000)]), &json!([usd(300)]), &json!([])]);
    assert_eq!(found["groups"][2]["key"], json!({ "value.currency": null }));
}

#[tokio::test]
async fn sums_pass_what_64_bits_hold() {
    let quay = Quay::new().await;
    for name in ["x", "y"] {
        quay.deal(name, "open", Some(9_000_000_000_000_000_000), "JPY", "").await;
    }
    let found = groups(&quay.owner().await, "deals", "values=sum:value").await;
    assert_eq!(
        found["total"]["sum"]["value"][0].to_string(),
        r#"{"amount":18000000000000000000,"currency":"JPY"}"#
    );
}

#[tokio::test]
async fn instants_fall_into_the_buckets_of_a_zone() {
    let quay = Quay::new().await;
    let owner = quay.owner().await;
    for (bucket, zone, expected) in [
        ("month", "UTC", vec![json!("2026-01-01"), json!("2026-02-01"), Value::Null]),
        ("month", "Europe/Madrid", vec![json!("2026-02-01"), Value::Null]),
        ("quarter", "", vec![json!("2026-01-01"), Value::Null]),
        ("year", "America/New_York", vec![json!("2026-01-01"), Value::Null]),
        ("week", "UTC", vec![json!("2026-01-26"), json!("2026-02-09"), Value::Null]),
    ] {
        let query = format!("group=closedAt:{bucket}&zone={zone}&sort=key");
        let found = groups(&owner, "deals", &query).await;
        let key = format!("closedAt:{bucket}");
        let keys: Vec<Value> = found["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["key"][key.as_str()].clone())
            .collect();
        assert_eq!(keys, expected, "{bucket} in {zone}");
    }
    let data = json!({ "name": "g", "stage": quay.stages["open"], "expectedClose": "2026-12-31" });
    quay.app.create(quay.account, "deals", data).await;
    let found = groups(&owner, "deals", "group=expectedClose:day,expectedClose").await;
    let key = json!({ "expectedClose:day": "2026-12-31", "expectedClose": "2026-12-31" });
    assert_eq!(found["groups"][1]["key"], key);
}

#[tokio::test]
async fn lists_count_by_element_and_the_whole_by_document() {
    let quay = Quay::new().await;
    let mut tags = Vec::new();
    for name in ["hot", "cold"] {
        tags.push(quay.app.create(quay.account, "tags", json!({ "name": name })).await);
    }
    for (name, tags) in [("Ann", json!(tags)), ("Bea", json!([tags[0]])), ("Cleo", json!([]))] {
        let data = json!({ "firstName": name, "tags": tags });
        quay.app.create(quay.account, "contacts", data).await;
    }
    let found = groups(&quay.owner().await, "contacts", "group=tags").await;
    let counts: Vec<(&Value, &Value)> = found["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| (&g["key"]["tags"], &g["count"]))
        .collect();
    assert_eq!(counts[0], (&json!(tags[0]), &json!(2)));
    assert!(counts.contains(&(&json!(tags[1]), &json!(1))));
    assert!(counts.contains(&(&Value::Null, &json!(1))));
    assert_eq!(found["total"]["count"], 3);
    // Named twice it is one list, not each of its elements beside each.
    let twice = groups(&quay.owner().await, "contacts", "group=tags,tags.id").await;
    assert_eq!(twice["groups"].as_array().unwrap().len(), 3, "{twice}");
}

#[tokio::test]
async fn paths_filters_order_and_limit() {
    let quay = Quay::new().await;
    let owner = quay.owner().await;
    let found = groups(&owner, "deals", "group=stage.kind&sort=count").await;
    let kinds: Vec<&Value> =
        found["groups"].as_array().unwrap().iter().map(|g| &g["key"]["stage.kind"]).collect();
    assert_eq!(kinds, ["lost", "open", "won"]);
    let found = groups(&owner, "deals", "group=stage&where[status][equals]=won").await;
    assert_eq!(found["groups"][0]["key"]["stage"], quay.stages["won"]);
    assert_eq!(found["total"]["count"], 3);
    let found =
        groups(&owner, "deals", "group=name&limit=2&values=sum:value&sort=-sum:value").await;
    let names: Vec<&Value> =
        found["groups"].as_array().unwrap().iter().map(|g| &g["key"]["name"]).collect();
    assert_eq!(names, ["e", "b"]);
    assert_eq!((&found["hasMore"], &found["total"]["count"]), (&json!(true), &json!(6)));
    let found = groups(&owner, "deals", "group=name&limit=6").await;
    assert_eq!(found["hasMore"], false);
    // Without a key: one group, which is the whole; of nothing, one of nothing.
    let found = groups(&owner, "deals", "values=max:position").await;
    assert_eq!(found["groups"][0]["key"], json!({}));
    assert_eq!(found["groups"][0]["max"], found["total"]["max"]);
    let nothing = "where[name][equals]=nobody";
    let found = groups(&owner, "deals", &format!("values=sum:value&{nothing}")).await;
    assert_eq!(found["total"], json!({ "count": 0, "sum": { "value": [] } }));
    let found = groups(&owner, "deals", &format!("group=stage&{nothing}")).await;
    assert_eq!((&found["groups"], &found["total"]["count"]), (&json!([]), &json!(0)));
    let found = groups(&owner, "stages", "values=sum:probability,avg:probability,min:order").await;
    assert_eq!(found["total"]["sum"]["probability"], 100);
    assert_eq!(found["total"]["avg"]["probability"], 50);
}

#[tokio::test]
async fn the_trash_and_other_tenants_are_left_out() {
    let quay = Quay::new().await;
    let elsewhere = quay.app.account("elsewhere").await;
    quay.app.create(elsewhere, "tags", json!({ "name": "theirs" })).await;
    quay.app.create(quay.account, "tags", json!({ "name": "ours" })).await;
    let owner = quay.owner().await;
    let (_, page) = owner.get("/api/deals?where[name][equals]=a&depth=0").await;
    let path = format!("/api/deals/{}", page["docs"][0]["id"].as_str().unwrap());
    let gone = json!({ "deletedAt": "2026-03-01T00:00:00.000Z" });
    assert_eq!(owner.patch(&path, gone).await.0, 200);
    assert_eq!(groups(&owner, "deals", "").await["total"]["count"], 5);
    assert_eq!(groups(&owner, "deals", "trash=true").await["total"]["count"], 6);
    assert_eq!(groups(&owner, "tags", "group=tenant").await["total"]["count"], 1);
    // Who stands above sees each account by itself, or the one the request names.
    let agency = quay.app.sign_in(crate::support::app::OWNER).await;
    let found = groups(&agency, "tags", "group=tenant,name&sort=key").await;
    assert_eq!(found["groups"].as_array().map(Vec::len), Some(2));
    let found =
        groups(&agency, "tags", &format!("where[tenant][equals]={elsewhere}&group=name")).await;
    assert_eq!(found["groups"][0]["key"]["name"], "theirs");
    assert_eq!(found["total"]["count"], 1);
    quay.app.user(quay.account, "viewer@quay.example", Role::Viewer).await;
    let viewer = quay.app.sign_in("viewer@quay.example").await;
    assert_eq!(groups(&viewer, "deals", "group=stage").await["total"]["count"], 5);
}
