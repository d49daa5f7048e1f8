//! The page object: its keys, in order, and what each query parameter does to them.

use kernel::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Harbor, column, create, keys, ok};
use crate::support::app::{TestApp, read};

const KEYS: [&str; 10] = [
    "docs",
    "hasNextPage",
    "hasPrevPage",
    "limit",
    "nextPage",
    "page",
    "pagingCounter",
    "prevPage",
    "totalDocs",
    "totalPages",
];

#[tokio::test]
async fn page_objects() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    for n in 0..25 {
        create(&owner, "companies", json!({ "name": format!("C{n:02}"), "employees": n })).await;
    }
    let null = Value::Null;
    for (query, docs, next, previous, limit, page, counter, total, pages) in [
        ("", 10, json!(2), null.clone(), 10, 1, 1, 25, 3),
        ("page=2", 10, json!(3), json!(1), 10, 2, 11, 25, 3),
        ("page=3", 5, null.clone(), json!(2), 10, 3, 21, 25, 3),
        ("page=0", 10, json!(2), null.clone(), 10, 1, 1, 25, 3),
        ("page=7", 0, null.clone(), json!(6), 10, 7, 61, 25, 3),
        ("limit=25", 25, null.clone(), null.clone(), 25, 1, 1, 25, 1),
        ("limit=24", 24, json!(2), null.clone(), 24, 1, 1, 25, 2),
        ("limit=0", 25, null.clone(), null.clone(), 0, 1, 1, 25, 1),
        ("limit=0&page=3", 25, null.clone(), null.clone(), 0, 1, 1, 25, 1),
        ("pagination=false&limit=1", 1, null.clone(), null.clone(), 1, 1, 1, 1, 1),
        ("where[name][equals]=none", 0, null.clone(), null.clone(), 10, 1, 1, 0, 1),
        ("where[employees][less_than]=3&limit=2", 2, json!(2), null.clone(), 2, 1, 1, 3, 2),
    ] {
        let body = ok(&owner, &format!("/api/companies?{query}")).await;
        assert_eq!(keys(&body), KEYS, "{query}");
        let expected = json!({
            "hasNextPage": !next.is_null(), "hasPrevPage": !previous.is_null(), "limit": limit, "nextPage": next,
            "page": page, "pagingCounter": counter, "prevPage": previous, "totalDocs": total, "totalPages": pages,
        });
        let mut rest = body.clone();
        rest.as_object_mut().unwrap().shift_remove("docs");
        assert_eq!((rest, body["docs"].as_array().unwrap().len()), (expected, docs), "{query}");
    }
    // Newest first unless said otherwise, and pages neither repeat nor skip.
    let mut names = Vec::new();
    for page in 1..=4 {
        let body = ok(&owner, &format!("/api/companies?limit=7&page={page}&depth=0")).await;
        names.extend(column(&body, "name").into_iter().cloned());
    }
    let expected: Vec<Value> = (0..25).rev().map(|n| json!(format!("C{n:02}"))).collect();
    assert_eq!(names, expected);
    assert_eq!(ok(&owner, "/api/companies/count").await, json!({ "totalDocs": 25 }));
    let counted = ok(&owner, "/api/companies/count?where[employees][greater_than]=20").await;
    assert_eq!(counted, json!({ "totalDocs": 4 }));
}

#[tokio::test]
async fn a_post_can_be_a_get() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    for name in ["Anchor", "Buoy"] {
        create(&owner, "companies", json!({ "name": name })).await;
    }
    let send = async |header: &str, method: &str, path: &str, media: &str, body: &str| {
        let request = owner.request(Method::POST, path).header(header, method);
        read(request.header("Content-Type", media).body(body.to_owned()).send().await.unwrap())
            .await
    };
    let (form, json) = ("application/x-www-form-urlencoded", "application/json");
    let query = "where%5Bname%5D%5Bequals%5D=Buoy&depth=0";
    for header in
        ["X-Payload-HTTP-Method-Override", "X-HTTP-Method-Override", "x-http-method-override"]
    {
        let (status, body) = send(header, "GET", "/api/companies", form, query).await;
        assert_eq!(
            (status.as_u16(), column(&body, "name")),
            (200, vec![&json!("Buoy")]),
            "{header}"
        );
    }
    let (status, body) =
        send("X-HTTP-Method-Override", "GET", "/api/companies/count", form, query).await;
    assert_eq!((status.as_u16(), body), (200, json!({ "totalDocs": 1 })));
    // A list does not read a JSON body.
    let (status, body) =
        send("X-HTTP-Method-Override", "GET", "/api/companies", json, r#"{"limit":1}"#).await;
    assert_eq!((status.as_u16(), &body["totalDocs"], &body["limit"]), (200, &json!(2), &json!(10)));
    for (header, method) in
        [("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method-Override", "PATCH")]
    {
        let (status, body) = send(header, method, "/api/companies", form, query).await;
        assert_eq!(status, 404, "{method}: {body}");
    }
    let (status, _) = send("X-Other", "GET", "/api/companies?_method=GET", json, "{}").await;
    assert_eq!(status, 400, "an ordinary create");
    assert_eq!(ok(&owner, "/api/companies/count").await["totalDocs"], 2);
}

/// Values that follow the order asked for; absent ones last upward and first downward.
#[tokio::test]
async fn sorting() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let mut companies = Vec::new();
    for name in ["alpha", "beta", "gamma"] {
        companies.push(create(&owner, "companies", json!({ "name": name })).await["id"].clone());
    }
    let mut tags = Vec::new();
    for name in ["a", "b", "c"] {
        tags.push(create(&owner, "tags", json!({ "name": name })).await["id"].clone());
    }
    for (n, (company, city, tagged)) in [
        (Some(1), Some("oslo"), vec![0, 2]),
        (None, Some("bergen"), vec![]),
        (Some(0), None, vec![1]),
        (Some(2), Some("oslo"), vec![1, 2]),
        (Some(0), Some("tromso"), vec![0]),
    ]
    .into_iter()
    .enumerate()
    {
        let tagged: Vec<_> = tagged.into_iter().map(|t: usize| tags[t].clone()).collect();
        let company = company.map(|c: usize| companies[c].clone());
        let data = json!({ "firstName": format!("n{n}"), "company": company, "source": city, "tags": tagged });
        create(&owner, "contacts", data).await;
    }
    let order = async |sort: &str| {
        let body = ok(&owner, &format!("/api/contacts?depth=0&{sort}")).await;
        let names: Vec<String> = column(&body, "firstName")
            .iter()
            .map(|n| n.as_str().unwrap()[1..].to_owned())
            .collect();
        names.concat()
    };
    for (sort, expected) in [
        ("", "43210"),
        ("sort=firstName", "01234"),
        ("sort=-firstName", "43210"),
        ("sort=source,firstName", "10342"),
        ("sort=-source,firstName", "24031"),
        ("sort[]=source&sort[]=-firstName", "13042"),
        ("sort=company.name,firstName", "24031"),
        ("sort=-company.name,-firstName", "13042"),
        ("sort=company.name", "42031"),
        ("sort=nonsense", "43210"),
        ("sort=nonsense,firstName", "01234"),
        ("sort=createdAt", "01234"),
        // A list counts by its least element upward, by its greatest downward.
        ("sort=tags,firstName", "04231"),
        ("sort=-tags,firstName", "10324"),
    ] {
        assert_eq!(order(sort).await, expected, "{sort}");
    }
}

/// Somebody who reaches several tenants reads them as one list.
#[tokio::test]
async fn lists_over_several_tenants() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    app.user(agency, "ann@agency.example", Role::Viewer).await;
    let mut tenants = Vec::new();
    for n in 0..3 {
        let tenant = app.tenant(agency, &format!("account-{n}")).await;
        let tag = app.create(tenant, "tags", json!({ "name": format!("t{}", 2 - n) })).await;
        for m in 0..5 {
            let company = app
                .create(tenant, "companies", json!({ "name": format!("c{}", (m * 3 + n) % 7) }))
                .await;
            let name = format!("p{:02}", (m * 7 + n * 5) % 15);
            let tags = if m % 2 == 0 { json!([tag]) } else { json!([]) };
            let data = json!({ "firstName": name, "company": company, "tags": tags });
            app.create(tenant, "contacts", data).await;
        }
        tenants.push(tenant);
    }
    let ann = app.sign_in("ann@agency.example").await;
    let whole = ok(&ann, "/api/contacts?limit=0&depth=1").await;
    assert_eq!(whole["totalDocs"], 15);
    let key = |doc: &Value, path: &str| match path {
        "company.name" => doc["company"]["name"].as_str().map(str::to_owned),
        "tenant.name" => doc["tenant"]["name"].as_str().map(str::to_owned),
        _ => doc[path].as_str().map(str::to_owned),
    };
    for (sort, path, down) in [
        ("firstName", "firstName", false),
        ("-firstName", "firstName", true),
        ("company.name", "company.name", false),
        ("-tenant.name", "tenant.name", true),
        ("createdAt", "createdAt", false),
        ("", "createdAt", true),
    ] {
        let mut expected: Vec<_> = column(&whole, "id").into_iter().cloned().collect();
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for page in 1..=4 {
            let body =
                ok(&ann, &format!("/api/contacts?limit=4&depth=1&sort={sort}&page={page}")).await;
            assert_eq!((&body["totalDocs"], &body["totalPages"]), (&json!(15), &json!(4)));
            for doc in body["docs"].as_array().unwrap() {
                ids.push(doc["id"].clone());
                keys.push(key(doc, path));
            }
        }
        let ordered = keys.windows(2).all(|w| if down { w[0] >= w[1] } else { w[0] <= w[1] });
        assert!(ordered, "{sort}: {keys:?}");
        ids.sort_by_key(ToString::to_string);
        expected.sort_by_key(ToString::to_string);
        assert_eq!(ids, expected, "{sort}");
    }
    let [one, two, _] = tenants.as_slice() else { panic!() };
    for (query, found) in [
        (format!("where[tenant][equals]={one}"), 5),
        (format!("where[tenant][in]={one},{two}"), 10),
        (format!("where[tenant][not_equals]={one}"), 10),
        (format!("where[or][0][tenant][equals]={one}&where[or][1][firstName][exists]=true"), 15),
        (format!("where[tenant][equals]={one}&where[tenant.name][equals]=account-1"), 0),
        ("where[tags.name][equals]=t0".to_owned(), 3),
        ("where[tags][exists]=false".to_owned(), 6),
        ("where[company.name][in]=c0,c1&sort=-tags&limit=2".to_owned(), 5),
    ] {
        assert_eq!(
            ok(&ann, &format!("/api/contacts?{query}")).await["totalDocs"],
            found,
            "{query}"
        );
        let counted = ok(&ann, &format!("/api/contacts/count?{query}")).await;
        assert_eq!(counted["totalDocs"], found, "{query}");
    }
    let request = ann.request(Method::GET, "/api/contacts").header("X-Tenant", two.to_string());
    assert_eq!(read(request.send().await.unwrap()).await.1["totalDocs"], 5);
    let request =
        ann.request(Method::GET, "/api/contacts").header("Cookie", format!("payload-tenant={two}"));
    assert_eq!(read(request.send().await.unwrap()).await.1["totalDocs"], 5);
}
