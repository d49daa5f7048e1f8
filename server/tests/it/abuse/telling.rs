//! Side channels: what another tenant has cannot be told from what nobody has, neither by a taken name,
//! nor by an error, a count, a header or the time it takes.

use std::time::{Duration, Instant};

use define::FieldKind;
use kernel::{Id, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp, read};

const MINE: &str = "owner@mine.example";
const TRIES: usize = 15;

struct Two {
    app: TestApp,
    mine: Id,
    theirs: Id,
    my_agency: Id,
}

impl Two {
    async fn new() -> Two {
        let app = TestApp::start().await;
        let my_agency = app.tenant(app.platform(), "agency-mine").await;
        let mine = app.tenant(my_agency, "mine").await;
        let theirs = app.account("theirs").await;
        app.user(my_agency, MINE, Role::Owner).await;
        app.user(theirs, "owner@theirs.example", Role::Owner).await;
        Two { app, mine, theirs, my_agency }
    }
}

/// An answer with the ids it was asked with taken out. What was made has an id and an hour of its own.
fn plain(answer: (reqwest::StatusCode, Value), id: &str) -> String {
    if answer.0 == 201 {
        return "made".to_owned();
    }
    format!("{} {}", answer.0, answer.1.to_string().replace(id, "ID"))
}

#[tokio::test]
async fn a_name_taken_elsewhere_is_free_here() {
    let two = Two::new().await;
    let me = two.app.sign_in(MINE).await;
    for (slug, data) in [
        ("tags", json!({ "name": "secret project" })),
        ("services", json!({ "name": "secret service" })),
        ("pipelines", json!({ "name": "secret pipeline" })),
        ("companies", json!({ "name": "Secret", "website": "https://secret.example" })),
        ("contacts", json!({ "firstName": "Secret", "email": "secret@client.example" })),
        ("invitations", json!({ "email": "invited@client.example", "role": "viewer" })),
    ] {
        let made = two.app.create(two.theirs, slug, data.clone()).await;
        let mut body = data.clone();
        body["tenant"] = json!(two.mine);
        let (status, answer) = me.post(&format!("/api/{slug}?depth=0"), body).await;
        assert_eq!(status, 201, "{slug}: {answer}");
        let seen = format!("/api/{slug}?where[id][equals]={made}&trash=true");
        assert_eq!(me.get(&seen).await.1["totalDocs"], 0, "{slug}");
    }
    // A slug is one of each parent's.
    let body = json!({ "name": "theirs", "slug": "theirs", "parent": two.my_agency });
    let (status, answer) = me.post("/api/tenants?depth=0", body).await;
    assert_eq!(status, 201, "{answer}");
    // Inviting whoever has an account elsewhere looks like inviting a stranger.
    let mut looks = Vec::new();
    for email in ["owner@theirs.example", "nobody@nowhere.example"] {
        let body = json!({ "email": email, "role": "viewer", "tenant": two.mine });
        let (status, answer) = me.post("/api/invitations?depth=0", body).await;
        let mut keys: Vec<&String> = answer["doc"].as_object().unwrap().keys().collect();
        keys.sort();
        let empty: Vec<&&String> =
            keys.iter().filter(|k| answer["doc"][k.as_str()].is_null()).collect();
        looks.push(format!("{status} {keys:?} {empty:?}"));
    }
    assert_eq!(looks[0], looks[1]);
}

#[tokio::test]
async fn a_foreign_id_is_an_absent_one() {
    let two = Two::new().await;
    let me = two.app.sign_in(MINE).await;
    let absent = kernel::new_id().to_string();
    let foreign = two.app.create(two.theirs, "companies", json!({ "name": "Theirs" })).await;
    let contact = two.app.create(two.theirs, "contacts", json!({ "firstName": "Theirs" })).await;
    let foreign_of = |slug: &str| match slug {
        "tenants" => Some(two.theirs),
        "companies" => Some(foreign),
        "contacts" => Some(contact),
        _ => None,
    };
    let mut compared = 0;
    for collection in two.app.engine().collections() {
        for field in collection.fields.iter().filter(|f| f.kind == FieldKind::Relationship) {
            let Some(theirs) = foreign_of(field.relation_to.as_deref().unwrap()) else { continue };
            let theirs = theirs.to_string();
            let post = async |id: &str| {
                let value = if field.many { json!([id]) } else { json!(id) };
                let body = json!({ &field.name: value, "name": "x", "firstName": "x", "subject": "x",
                    "title": "x", "body": "x", "tenant": two.mine });
                plain(me.post(&format!("/api/{}", collection.slug), body).await, id)
            };
            assert_eq!(
                post(&theirs).await,
                post(&absent).await,
                "{}.{}",
                collection.slug,
                field.name
            );
            let list = async |op: &str, id: &str| {
                let path = format!("/api/{}?where[{}][{op}]={id}", collection.slug, field.name);
                plain(me.get(&path).await, id)
            };
            for op in ["equals", "not_equals", "in"] {
                assert_eq!(list(op, &theirs).await, list(op, &absent).await, "{}", collection.slug);
            }
            compared += 4;
        }
    }
    for (slug, id) in [("companies", foreign), ("contacts", contact), ("tenants", two.theirs)] {
        let id = id.to_string();
        for (method, tail, body) in [
            (Method::GET, "", None),
            (Method::PATCH, "", Some(json!({ "name": "x" }))),
            (Method::DELETE, "", None),
            (Method::POST, "/duplicate", Some(json!({}))),
        ] {
            let ask = async |id: &str| {
                let path = format!("/api/{slug}/{id}{tail}");
                plain(me.send(method.clone(), &path, body.clone()).await, id)
            };
            assert_eq!(ask(&id).await, ask(&absent).await, "{method} {slug}{tail}");
            compared += 1;
        }
        for path in [
            "?where[id][equals]=ID",
            "/count?where[id][equals]=ID",
            "/aggregate?where[id][equals]=ID",
        ] {
            let ask = async |id: &str| {
                plain(me.get(&format!("/api/{slug}{}", path.replace("ID", id))).await, id)
            };
            assert_eq!(ask(&id).await, ask(&absent).await, "{slug}{path}");
            compared += 1;
        }
    }
    for path in
        ["/api/companies?where[tenant][equals]=ID", "/api/companies/count?where[tenant][in]=ID"]
    {
        let (theirs, absent) = (two.theirs.to_string(), absent.clone());
        let ask = async |id: &str| plain(me.get(&path.replace("ID", id)).await, id);
        assert_eq!(ask(&theirs).await, ask(&absent).await, "{path}");
    }
    let chosen = async |id: String| {
        let request = me.request(Method::GET, "/api/companies").header("X-Tenant", &id);
        plain(read(request.send().await.unwrap()).await, &id)
    };
    assert_eq!(chosen(two.theirs.to_string()).await, chosen(absent.clone()).await);
    println!("{compared} pairs of a foreign and an absent id: no difference");
}

/// An answer of data has no tag or date that changes with what one does not see.
#[tokio::test]
async fn headers_tell_nothing_of_others() {
    let two = Two::new().await;
    let me = two.app.sign_in(MINE).await;
    let headers = async |path: &str| {
        let answer = me.request(Method::GET, path).send().await.unwrap();
        let mut names: Vec<(String, String)> = answer
            .headers()
            .iter()
            .filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()))
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect();
        names.sort();
        names
    };
    for path in [
        "/api/companies",
        "/api/companies/count",
        "/api/search?q=anchor",
        "/api/companies/aggregate",
    ] {
        let before = headers(path).await;
        two.app.create(two.theirs, "companies", json!({ "name": "Anchor" })).await;
        assert_eq!(headers(path).await, before, "{path}");
        let tags = before.iter().filter(|(name, _)| name == "etag" || name == "last-modified");
        assert_eq!(tags.count(), 0, "{path}");
    }
}

async fn signing_in(nobody: &Person<'_>, email: &str, n: usize) -> (String, Duration) {
    let body = json!({ "email": email, "password": "a wrong password" });
    let request = nobody.request(Method::POST, "/api/users/login").json(&body);
    // Each from an address of its own, or the limit of one would be met.
    let request = request.header("X-Forwarded-For", format!("10.9.{}.{}", n / 200, n % 200 + 1));
    let begun = Instant::now();
    let answer = read(request.send().await.unwrap()).await;
    (plain(answer, email), begun.elapsed())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_look_alike() {
    let two = Two::new().await;
    let nobody = two.app.anonymous();
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    let mut said = Vec::new();
    for n in 0..TRIES {
        let email = format!("known{n}@mine.example");
        two.app.user(two.mine, &email, Role::Viewer).await;
        let (answer, time) = signing_in(&nobody, &email, 2 * n).await;
        known.push(time);
        said.push(answer);
        let (answer, time) =
            signing_in(&nobody, &format!("nobody{n}@mine.example"), 2 * n + 1).await;
        unknown.push(time);
        said.push(answer);
    }
    said.dedup();
    assert_eq!(said.len(), 1, "{said:?}");
    let (known, unknown) = (median(known), median(unknown));
    println!(
        "sign-in refused in {known:.1} ms for a known, {unknown:.1} ms for an unknown address"
    );
    // On a busy machine the medians of a few tries differ by more than on an idle one.
    assert!((known - unknown).abs() < 30.0_f64.max(known * 0.5), "{known} {unknown}");
    let mut said = Vec::new();
    for email in ["known0@mine.example", "nobody@mine.example"] {
        let body = json!({ "email": email });
        said.push(plain(nobody.post("/api/users/forgot-password", body).await, email));
    }
    assert_eq!(said[0], said[1]);
}
