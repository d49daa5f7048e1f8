//! What each verb answers and does.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Harbor, column, create, id, keys, message, ok, pipeline};
use crate::support::app::read;

#[tokio::test]
async fn one_document_from_birth_to_death() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let made_up = kernel::new_id().to_string();
    let data = json!({
        "id": made_up, "name": "Anchor", "nonsense": 1, "createdAt": "2020-02-03T04:05:06.789Z",
        "updatedAt": "2021-02-03T04:05:06.789Z", "address": { "city": "Oslo", "nonsense": 2 },
    });
    let (status, body) = owner.post("/api/companies?depth=0", data).await;
    assert_eq!((status.as_u16(), message(&body)), (201, "Company successfully created."));
    assert_eq!(keys(&body), ["doc", "message"]);
    let doc = &body["doc"];
    let all = [
        "id",
        "tenant",
        "name",
        "domain",
        "website",
        "phone",
        "industry",
        "employees",
        "annualRevenue",
        "founded",
        "address",
        "parent",
        "owner",
        "lifecycle",
        "tags",
        "source",
        "updatedAt",
        "createdAt",
        "deletedAt",
    ];
    assert_eq!(keys(doc), all);
    assert_ne!(id(doc), made_up);
    assert_eq!(doc["tenant"], json!(harbor.account));
    assert_eq!(doc["createdAt"], "2020-02-03T04:05:06.789Z");
    assert_eq!(doc["updatedAt"], "2021-02-03T04:05:06.789Z", "updatedAt is accepted on create");
    assert_eq!(
        (&doc["domain"], &doc["tags"], &doc["lifecycle"]),
        (&Value::Null, &json!([]), &json!("lead"))
    );
    let address = json!({ "line1": null, "line2": null, "city": "Oslo", "region": null, "postalCode": null, "country": null });
    assert_eq!(doc["address"], address);

    let path = format!("/api/companies/{}", id(doc));
    assert_eq!(ok(&owner, &format!("{path}?depth=0")).await, *doc, "by id it is the bare document");
    let change = json!({
        "id": made_up, "address": { "country": "NO" }, "updatedAt": "1999-01-01T00:00:00.000Z", "nonsense": 1,
        "createdAt": "2019-01-01T00:00:00.000Z",
    });
    let (status, body) = owner.patch(&format!("{path}?depth=0"), change).await;
    assert_eq!((status.as_u16(), message(&body)), (200, "Updated successfully."));
    let changed = &body["doc"];
    assert_eq!((id(changed), &changed["name"]), (id(doc), &json!("Anchor")));
    assert_eq!(
        (&changed["address"]["city"], &changed["address"]["country"]),
        (&json!("Oslo"), &json!("NO"))
    );
    assert_eq!(changed["createdAt"], "2019-01-01T00:00:00.000Z");
    assert!(changed["updatedAt"].as_str() > Some("2026"), "{changed}");

    let (status, body) = owner.delete(&format!("{path}?depth=0")).await;
    assert_eq!((status.as_u16(), message(&body)), (200, "Deleted successfully."));
    assert_eq!(body["doc"], *changed);
    for (method, body) in
        [(Method::GET, None), (Method::PATCH, Some(json!({}))), (Method::DELETE, None)]
    {
        let (status, body) = owner.send(method, &path, body).await;
        assert_eq!(
            (status.as_u16(), body),
            (404, json!({ "errors": [{ "message": "Not Found" }] }))
        );
    }
}

#[tokio::test]
async fn refusals_have_the_contract_s_bodies() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let tag = create(&owner, "tags", json!({ "name": "vip" })).await;
    let other = create(&owner, "tags", json!({ "name": "new" })).await;
    let (status, body) = owner.post("/api/tags", json!({ "name": "vip" })).await;
    assert_eq!(
        (status.as_u16(), &body),
        (
            400,
            &json!({"errors": [{
        "name": "ValidationError",
        "data": {"collection": "tags", "errors": [{"message": "Value must be unique", "path": "name"}]},
        "message": "The following field is invalid: name"}]})
        )
    );
    let (status, body) =
        owner.patch(&format!("/api/tags/{}", id(&other)), json!({ "name": "vip" })).await;
    assert_eq!(status, 400, "{body}");
    assert_eq!(body["errors"][0]["data"]["errors"][0]["path"], "name");
    let (_, body) = owner.patch(&format!("/api/tags/{}", id(&tag)), json!({ "name": "" })).await;
    assert_eq!(
        body,
        json!({"errors": [{
        "name": "ValidationError",
        "data": {"id": id(&tag), "collection": "tags",
                 "errors": [{"label": "Name", "message": "This field is required.", "path": "name"}]},
        "message": "The following field is invalid: Name"}]})
    );
    let wrong = json!({ "employees": -1, "industry": "x", "website": "x", "founded": 10_000 });
    let (_, body) = owner.post("/api/companies", wrong).await;
    assert_eq!(
        message(&body),
        "The following fields are invalid: Name, Website, Industry, Employees, Founded"
    );
    let texts = column(&json!({ "docs": body["errors"][0]["data"]["errors"] }), "message")
        .into_iter()
        .map(|m| m.as_str().unwrap().to_owned())
        .collect::<Vec<_>>();
    assert_eq!(texts[0], "This field is required.");
    assert_eq!(texts[2], "This field has an invalid selection.");
    assert_eq!(texts[3], "-1 is less than the min allowed Value of 0.");
    assert_eq!(texts[4], "10000 is greater than the max allowed Value of 9999.");
    let (_, body) = owner
        .post(
            "/api/contacts",
            json!({ "firstName": "x", "consent": { "at": "nope" }, "email": "x" }),
        )
        .await;
    assert_eq!(message(&body), "The following fields are invalid: Email, Consent > At");
    assert_eq!(body["errors"][0]["data"]["errors"][1]["message"], "\"nope\" is not a valid date.");
    let absent = kernel::new_id();
    let (_, body) =
        owner.post("/api/contacts", json!({ "firstName": "x", "company": absent })).await;
    let text = format!("This field has the following invalid selections: {absent}, ");
    assert_eq!(body["errors"][0]["data"]["errors"][0]["message"], text);
    let (status, body) = owner.get("/api/companies?where[x][equals]=1&where[name][near]=1").await;
    assert_eq!(status, 400, "{body}");
    assert_eq!(body["errors"][0]["name"], "QueryError");
    let (status, body) = owner.get("/api/nowhere/at/all").await;
    assert_eq!(
        (status.as_u16(), body),
        (404, json!({ "message": "Route not found \"/api/nowhere/at/all\"" }))
    );
    let request = owner.request(Method::OPTIONS, "/api/companies");
    let (status, body) = read(request.send().await.unwrap()).await;
    assert_eq!((status.as_u16(), body), (200, json!({})));
}

#[tokio::test]
async fn writes_by_filter() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    for n in 0..5 {
        create(&owner, "tags", json!({ "name": format!("t{n}"), "color": "red" })).await;
    }
    let patch =
        async |query: &str, data: Value| owner.patch(&format!("/api/tags?{query}"), data).await;
    let (status, body) = patch("where[name][equals]=none", json!({ "color": "blue" })).await;
    assert_eq!(
        (status.as_u16(), &body),
        (200, &json!({"docs": [], "errors": [], "message": "Updated 0 Tags successfully."}))
    );
    let (_, body) = patch("where[name][equals]=t1", json!({ "color": "blue" })).await;
    assert_eq!(
        (message(&body), &body["docs"][0]["color"]),
        ("Updated 1 Tag successfully.", &json!("blue"))
    );
    assert_eq!(keys(&body), ["docs", "errors", "message"]);
    let (_, body) = patch("where[color][equals]=red", json!({ "color": "green" })).await;
    assert_eq!(
        (message(&body), body["docs"].as_array().unwrap().len()),
        ("Updated 4 Tags successfully.", 4)
    );
    let (_, body) =
        patch("where[color][equals]=green&limit=2&sort=-name", json!({ "color": "gold" })).await;
    assert_eq!(column(&body, "name"), [&json!("t4"), &json!("t3")]);
    // All of them want one name; the first gets it, the others stay as they were.
    let (status, body) =
        patch("where[color][equals]=green&sort=name", json!({ "name": "same" })).await;
    assert_eq!(
        (status.as_u16(), message_of_bulk(&body)),
        (400, "Unable to update 1 out of 2 Tags.")
    );
    assert_eq!(column(&body, "name"), [&json!("same")]);
    let error = &body["errors"][0];
    assert_eq!(keys(error), ["id", "isPublic", "message"]);
    assert!(error["isPublic"].is_boolean());
    let left = ok(&owner, &format!("/api/tags/{}", id(error))).await;
    assert_eq!(left["name"], "t2");
    let (status, body) = owner.patch("/api/tags", json!({})).await;
    assert_eq!(
        (status.as_u16(), message(&body)),
        (400, "Missing 'where' query of documents to update.")
    );
    let (status, body) = owner.delete("/api/tags").await;
    assert_eq!(
        (status.as_u16(), message(&body)),
        (400, "Missing 'where' query of documents to delete.")
    );
    let (_, body) = owner.delete("/api/tags?where[name][equals]=none").await;
    assert_eq!(body, json!({"docs": [], "errors": [], "message": "Deleted 0 Tags successfully."}));
    let (_, body) = owner.delete("/api/tags?where[color][equals]=gold").await;
    assert_eq!(message(&body), "Deleted 2 Tags successfully.");
    assert_eq!(ok(&owner, "/api/tags/count").await["totalDocs"], 3);
}

/// Of a partly failed write, whose `errors` come beside the message.
fn message_of_bulk(body: &Value) -> &str {
    body["message"].as_str().unwrap()
}

#[tokio::test]
async fn what_others_need_is_not_deleted() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let stages = pipeline(&owner).await;
    let deal = create(&owner, "deals", json!({ "name": "Sale", "stage": stages["open"] })).await;
    let path = format!("/api/stages/{}", stages["open"].as_str().unwrap());
    let (status, body) = owner.delete(&path).await;
    assert_eq!(
        (status.as_u16(), message(&body)),
        (409, "Other records (deals) still refer to this one.")
    );
    let (status, body) = owner.delete("/api/stages?where[id][exists]=true").await;
    assert_eq!(
        (status.as_u16(), message_of_bulk(&body)),
        (400, "Unable to delete 1 out of 3 Stages."),
        "{body}"
    );
    assert_eq!(body["docs"].as_array().unwrap().len(), 2);
    assert_eq!(
        ok(&owner, &format!("/api/deals/{}?depth=0", id(&deal))).await["stage"],
        stages["open"]
    );
}

#[tokio::test]
async fn copies() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let tag = create(&owner, "tags", json!({ "name": "vip", "color": "red" })).await;
    let path = format!("/api/tags/{}/duplicate", id(&tag));
    let (status, body) = owner.post(&path, json!({ "color": "blue" })).await;
    assert_eq!((status.as_u16(), message(&body)), (200, "Tag successfully duplicated."));
    assert_eq!(
        (&body["doc"]["name"], &body["doc"]["color"]),
        (&json!("vip - Copy"), &json!("blue"))
    );
    let (status, _) = read(owner.request(Method::POST, &path).send().await.unwrap()).await;
    assert_eq!(status, 400, "the copy's name is taken");

    let meta = json!([{ "id": 5, "x": [{ "id": "a" }] }, { "id": null }]);
    let activity = create(&owner, "activities", json!({ "subject": "Call", "meta": meta })).await;
    let path = format!("/api/activities/{}/duplicate?depth=0", id(&activity));
    let (status, body) = read(owner.request(Method::POST, &path).send().await.unwrap()).await;
    assert_eq!(status, 200, "no body is no change: {body}");
    assert_eq!(body["doc"]["meta"], meta, "JSON is copied as it is");
    assert_ne!(body["doc"]["createdAt"], Value::Null);
    assert_ne!(id(&body["doc"]), id(&activity));
}

#[tokio::test]
async fn the_trash() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let doc = create(&owner, "companies", json!({ "name": "Anchor" })).await;
    let contact =
        create(&owner, "contacts", json!({ "firstName": "Cleo", "company": id(&doc) })).await;
    let path = format!("/api/companies/{}", id(&doc));
    let at = "2026-01-02T03:04:05.000Z";
    let (status, body) = owner.patch(&path, json!({ "deletedAt": at })).await;
    assert_eq!((status.as_u16(), &body["doc"]["deletedAt"]), (200, &json!(at)));
    for (query, found) in [
        ("", 0),
        ("?trash=true", 1),
        ("?trash=false", 0),
        ("?where[deletedAt][exists]=true&trash=true", 1),
    ] {
        assert_eq!(
            ok(&owner, &format!("/api/companies{query}")).await["totalDocs"],
            found,
            "{query}"
        );
        assert_eq!(
            ok(&owner, &format!("/api/companies/count{query}")).await["totalDocs"],
            found,
            "{query}"
        );
    }
    for (method, body) in
        [(Method::GET, None), (Method::PATCH, Some(json!({ "name": "x" }))), (Method::DELETE, None)]
    {
        let (status, body) = owner.send(method.clone(), &path, body).await;
        assert_eq!(status, 404, "{method}: {body}");
    }
    let bulk = "where[name][equals]=Anchor";
    assert_eq!(
        message(&owner.patch(&format!("/api/companies?{bulk}"), json!({})).await.1),
        "Updated 0 Companies successfully."
    );
    assert_eq!(
        message(&owner.delete(&format!("/api/companies?{bulk}")).await.1),
        "Deleted 0 Companies successfully."
    );
    assert_eq!(ok(&owner, &format!("{path}?trash=true")).await["name"], "Anchor");
    // What refers to it still does.
    let seen = ok(&owner, &format!("/api/contacts/{}?depth=1", id(&contact))).await;
    assert_eq!(seen["company"]["id"], doc["id"]);
    let (status, body) =
        owner.patch(&format!("{path}?trash=true"), json!({ "deletedAt": null })).await;
    assert_eq!((status.as_u16(), &body["doc"]["deletedAt"]), (200, &Value::Null));
    assert_eq!(ok(&owner, &path).await["name"], "Anchor");
    owner.patch(&path, json!({ "deletedAt": at })).await;
    assert_eq!(owner.delete(&format!("{path}?trash=true")).await.0, 200);
    assert_eq!(owner.get(&format!("{path}?trash=true")).await.0, 404);
    let seen = ok(&owner, &format!("/api/contacts/{}?depth=1", id(&contact))).await;
    assert_eq!(seen["company"], Value::Null);
}
