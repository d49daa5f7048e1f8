//! How much of a document is sent: depth, select, populate.

use serde_json::{Value, json};

use super::{Harbor, create, id, keys, ok};

#[tokio::test]
async fn depth_select_and_populate() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let tag = create(&owner, "tags", json!({ "name": "vip" })).await;
    let top = create(&owner, "companies", json!({ "name": "Top", "tags": [tag["id"]] })).await;
    let company = create(
        &owner,
        "companies",
        json!({ "name": "Sub", "parent": top["id"], "tags": tag["id"] }),
    )
    .await;
    let data = json!({
        "firstName": "Cleo", "company": { "id": company["id"], "name": "ignored" }, "tags": [tag["id"]],
        "utm": { "source": "fair", "term": "boats" },
    });
    let contact = create(&owner, "contacts", data).await;
    assert_eq!((&contact["company"], &contact["tags"]), (&company["id"], &json!([tag["id"]])));
    let path = format!("/api/contacts/{}", id(&contact));
    let seen = async |query: &str| ok(&owner, &format!("{path}?{query}")).await;

    assert_eq!(seen("depth=0").await, contact);
    let one = seen("depth=1").await;
    assert_eq!((&one["company"], &one["tags"]), (&company, &json!([tag])));
    assert_eq!(one["tenant"]["name"], "harbor");
    let two = seen("").await;
    assert_eq!((&two["company"]["parent"], &two["company"]["tags"]), (&top, &json!([tag])));
    let three = seen("depth=3").await;
    assert_eq!(three["company"]["parent"]["tags"], json!([tag]));
    assert_eq!(seen("depth=99").await, seen("depth=10").await);
    for none in ["depth=-1", "depth=NaN", "depth=abc", "depth="] {
        assert_eq!(seen(none).await, contact, "{none}");
    }

    let shape = async |query: &str| seen(&format!("depth=0&{query}")).await;
    assert_eq!(
        shape("select[firstName]=true").await,
        json!({ "id": contact["id"], "firstName": "Cleo" })
    );
    assert_eq!(shape("select=none").await, json!({ "id": contact["id"] }));
    let utm = shape("select[utm][source]=true&select[tags]=true").await;
    assert_eq!(
        utm,
        json!({ "id": contact["id"], "utm": { "source": "fair" }, "tags": [tag["id"]] })
    );
    let rest = shape("select[utm][source]=false&select[company]=false&select[id]=false").await;
    assert!(rest.get("company").is_none() && rest["id"] == contact["id"]);
    assert_eq!(keys(&rest["utm"]), ["medium", "campaign", "term", "content"]);
    let mixed = shape("select[firstName]=true&select[utm]=false").await;
    assert_eq!(keys(&mixed), ["id", "firstName"], "the first word says the mode");

    let few = "populate[companies][name]=true&populate[tags][color]=false";
    let populated = seen(&format!("depth=1&{few}")).await;
    assert_eq!(populated["company"], json!({ "id": company["id"], "name": "Sub" }));
    assert!(populated["tags"][0].get("color").is_none() && populated["tags"][0]["name"] == "vip");
    assert_eq!(populated["firstName"], "Cleo", "populate is for what is inside");
    let inside = seen("depth=1&select[company]=true").await;
    assert_eq!(inside["company"], company, "select is not for what is inside");

    // Written documents are shown the same way.
    let query = "depth=1&select[company]=true&populate[companies][name]=true";
    let shown = json!({ "id": contact["id"], "company": { "id": company["id"], "name": "Sub" } });
    let (_, body) = owner.patch(&format!("{path}?{query}"), json!({ "jobTitle": "Captain" })).await;
    assert_eq!(body["doc"], shown);
    let (_, body) = owner
        .patch(&format!("/api/contacts?where[id][equals]={}&{query}", id(&contact)), json!({}))
        .await;
    assert_eq!(body["docs"], json!([shown]));
    let (_, body) = owner
        .post(
            &format!("/api/contacts?{query}"),
            json!({ "firstName": "Dan", "company": company["id"] }),
        )
        .await;
    assert_eq!(body["doc"]["company"], shown["company"]);
    assert_eq!(keys(&body["doc"]), ["id", "company"]);
    let (_, body) = owner.delete(&format!("{path}?{query}")).await;
    assert_eq!(body["doc"], shown);
}

#[tokio::test]
async fn what_is_deleted_leaves_no_reference() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let (one, two) = (
        create(&owner, "tags", json!({ "name": "1" })).await,
        create(&owner, "tags", json!({ "name": "2" })).await,
    );
    let company = create(
        &owner,
        "companies",
        json!({ "name": "C", "tags": [one["id"], two["id"], one["id"]] }),
    )
    .await;
    assert_eq!(company["tags"], json!([one["id"], two["id"]]), "a tag stands there once");
    let path = format!("/api/companies/{}?depth=0", id(&company));
    let (_, body) = owner.patch(&path, json!({ "tags": [two["id"], one["id"]] })).await;
    assert_eq!(
        body["doc"]["tags"],
        json!([two["id"], one["id"]]),
        "lists are replaced, order kept"
    );
    owner.delete(&format!("/api/tags/{}", id(&two))).await;
    assert_eq!(ok(&owner, &path).await["tags"], json!([one["id"]]));
    let (_, body) = owner.patch(&path, json!({ "tags": null })).await;
    assert_eq!(body["doc"]["tags"], json!([]));
}

#[tokio::test]
async fn coercions() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let data = json!({
        "firstName": 123, "lastName": ["a"], "jobTitle": true, "source": 1.5, "email": " Ann@Example.COM ",
        "consent": { "marketing": "true", "at": "2026-02-03" },
    });
    let doc = create(&owner, "contacts", data).await;
    for (field, value) in [
        ("firstName", "123"),
        ("lastName", "[\"a\"]"),
        ("jobTitle", "true"),
        ("source", "1.5"),
        ("email", "ann@example.com"),
    ] {
        assert_eq!(doc[field], value, "{field}");
    }
    assert_eq!(
        doc["consent"],
        json!({ "marketing": true, "at": "2026-02-03T00:00:00.000Z", "source": null })
    );
    let money = async |value: Value| {
        create(&owner, "companies", json!({ "name": "x", "annualRevenue": value })).await["annualRevenue"].clone()
    };
    assert_eq!(money(json!(105_400)).await, json!({ "amount": 105_400, "currency": "USD" }));
    assert_eq!(
        money(json!({ "amount": "5", "currency": "EUR" })).await,
        json!({ "amount": 5, "currency": "EUR" })
    );
    assert_eq!(money(json!({ "amount": null, "currency": "EUR" })).await, Value::Null);
    let doc = create(
        &owner,
        "companies",
        json!({ "name": "x", "employees": "4", "website": "", "industry": "" }),
    )
    .await;
    assert_eq!((&doc["employees"], &doc["industry"]), (&json!(4), &Value::Null));
}
