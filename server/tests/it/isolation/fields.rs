//! Fields that are not shown, and fields that are not anybody's to set.

use std::collections::BTreeMap;

use define::{Collection, Field, FieldKind, Rule};
use kernel::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::matrix::generate::Maker;
use crate::support::app::{Answer, Person, TestApp};

/// Names that are columns or tables of ours and fields of nobody's.
const NEVER: [&str; 5] = ["passwordHash", "password_hash", "tenant_id", "credentials", "sessions"];

fn hidden(collection: &Collection) -> Vec<String> {
    let own = |f: &&Field| {
        f.write_only || f.read.as_ref().is_some_and(|r| !r.possible(Some(Role::Viewer)))
    };
    let own = collection.fields.iter().filter(own).map(|f| f.name.clone());
    own.chain(NEVER.map(str::to_owned)).filter(|name| name != "tenant_id").collect()
}

/// Every way to learn something about a field by asking.
fn questions(slug: &str, field: &str, value: &str) -> Vec<String> {
    let base = format!("/api/{slug}");
    let mut asked: Vec<String> = [
        "equals",
        "not_equals",
        "in",
        "not_in",
        "exists",
        "like",
        "contains",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "all",
    ]
    .iter()
    .map(|op| format!("{base}?where[{field}][{op}]={value}&limit=1"))
    .collect();
    asked.extend([
        format!("{base}?where[or][0][{field}][exists]=true&limit=1"),
        format!("{base}/count?where[{field}][exists]=true"),
        format!("{base}?where[{field}.hash][exists]=true"),
        format!("{base}?sort={field}&limit=1"),
        format!("{base}?sort=-{field}&limit=1"),
        format!("{base}/aggregate?group={field}"),
        format!("{base}/aggregate?group=id&sum={field}"),
        format!("{base}/aggregate?group=id&sort={field}"),
        format!("{base}?select[{field}]=true&limit=1&sort=id"),
        format!("{base}?populate[{slug}][{field}]=true&limit=1&sort=id"),
        format!("{base}?select[{field}]=false&limit=1&sort=id"),
    ]);
    asked
}

/// Whether two answers differ in anything but the name that was asked for.
async fn alike(person: &Person<'_>, (field, path): (&str, &str), made_up: (&str, &str)) -> bool {
    let said =
        |(status, body): Answer, name: &str| (status, body.to_string().replace(name, "FIELD"));
    let real = said(person.get(path).await, field);
    let other = said(person.get(made_up.1).await, made_up.0);
    real == other
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hidden_field_answers_like_one_that_is_not_there() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "viewer@north.example", Role::Viewer).await;
    let viewer = app.sign_in("viewer@north.example").await;
    let (mut asked, mut fields, mut told) = (0, 0, Vec::new());
    for collection in app.engine().collections().cloned().collect::<Vec<_>>() {
        if !collection.access.read.possible(Some(Role::Viewer)) {
            continue;
        }
        for field in hidden(&collection) {
            if NEVER.contains(&field.as_str()) && collection.field(&field).is_some() {
                continue;
            }
            fields += 1;
            // As long as the other, so that no message is cut elsewhere.
            let made_up = "q".repeat(field.len());
            let real = questions(&collection.slug, &field, "correct horse battery");
            let other = questions(&collection.slug, &made_up, "correct horse battery");
            for (real, other) in real.iter().zip(&other) {
                asked += 1;
                if !alike(&viewer, (&field, real), (&made_up, other)).await {
                    told.push(real.clone());
                }
            }
        }
        let (_, page) = viewer.get(&format!("/api/{}?limit=50&depth=2", collection.slug)).await;
        for field in hidden(&collection) {
            assert!(
                !page.to_string().contains(&format!("\"{field}\":")),
                "{}.{field}",
                collection.slug
            );
        }
    }
    println!(
        "{asked} questions about {fields} hidden fields: {} distinguishable answers",
        told.len()
    );
    assert_eq!(told, Vec::<String>::new());
    assert!(fields > 50 && asked > 1_000, "{fields} {asked}");
    // Nor is a secret found by searching.
    for word in ["correct", "argon2id"] {
        let (_, found) = viewer.get(&format!("/api/search?q={word}")).await;
        assert!(!found.to_string().contains("viewer@north"), "{found}");
    }
}

const PAST: &str = "2001-01-01T00:00:00.000Z";

/// Something else than the field could have by itself.
fn forged(field: &Field, other: &str) -> Value {
    match field.kind {
        FieldKind::Relationship if field.many => json!([other]),
        FieldKind::Relationship => json!(other),
        FieldKind::Date | FieldKind::Datetime => json!(PAST),
        FieldKind::Number => json!(987_654),
        FieldKind::Checkbox => json!(true),
        _ => json!("forged"),
    }
}

/// What nobody sets: the system's own fields and those the product writes. The wire contract lets clients set
/// `createdAt`, and `deletedAt` is how records are put into the trash.
fn of_the_product(collection: &Collection, other: &str) -> BTreeMap<String, Value> {
    let mut all: BTreeMap<String, Value> = [("updatedAt".to_owned(), json!(PAST))].into();
    all.insert("id".to_owned(), json!(other));
    let own = collection.fields.iter().filter(|f| f.read_only);
    all.extend(own.map(|f| (f.name.clone(), forged(f, other))));
    all
}

/// Creating and changing one are tried in `bad_input::kinds`; this is the rest of the doors.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_door_sets_what_is_the_products() {
    let app = TestApp::start().await;
    let account = app.account("north").await;
    app.user(account, "owner@north.example", Role::Owner).await;
    let owner = app.sign_in("owner@north.example").await;
    let mut maker = Maker::new(&app, &BTreeMap::from([("north", account)])).await;
    let other = kernel::new_id().to_string();
    let mut tried = 0;
    for collection in app.engine().collections().cloned().collect::<Vec<_>>() {
        let slug = collection.slug.as_str();
        if collection.ledger || slug == "tenants" || collection.access.update == Rule::Never {
            continue;
        }
        let id = maker.make(account, slug).await;
        let path = format!("/api/{slug}/{id}?depth=0");
        let (_, before) = owner.get(&path).await;
        for (key, value) in of_the_product(&collection, &other) {
            if before[key.as_str()] == value || collection.field(&key).is_some_and(|f| !f.read_only)
            {
                continue;
            }
            let body = json!({ key.as_str(): value });
            for (method, to) in [
                (Method::PATCH, path.clone()),
                (Method::PATCH, format!("/api/{slug}?where[id][equals]={id}&depth=0")),
            ] {
                let (status, said) = owner.send(method, &to, Some(body.clone())).await;
                assert!(status.as_u16() < 500, "{to}: {said}");
                let (_, after) = owner.get(&path).await;
                tried += 1;
                assert_ne!(after[key.as_str()], value, "{slug}.{key} by {to}: {said}");
                assert_eq!(after["id"], json!(id), "{slug}.{key} by {to}");
            }
        }
    }
    println!("{tried} forged values of fields that are the product's: 0 kept");
    assert!(tried > 60, "{tried}");
    let (_, me) = owner.get("/api/users/me").await;
    let id = me["user"]["id"].as_str().unwrap();
    for body in [
        json!({ "role": "owner", "tenant": app.platform().to_string() }),
        json!({ "memberships": [{ "tenant": app.platform().to_string(), "role": "owner" }] }),
        json!({ "verified": true, "sessions": [], "passwordHash": "x", "id": other }),
    ] {
        owner.patch(&format!("/api/users/{id}"), body.clone()).await;
        owner.patch(&format!("/api/users?where[id][equals]={id}"), body).await;
    }
    assert_eq!(owner.get("/api/tenants?limit=0&depth=0").await.1["totalDocs"], 1);
    let (_, now) = owner.get("/api/users/me").await;
    assert_eq!(now["user"]["id"], me["user"]["id"]);
}
