//! Each payload in each place where a client's words go: no fault, nothing of our inside in the answer,
//! no statement that ran (nobody waits for a nap, nothing is found that is not there, nothing is gone).
//!
//! A payload visits a few of the places, all of them with `MAINSTAY_CASES` set.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use kernel::Role;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::payloads::{self, NAP};
use crate::support::app::{Person, TestApp};
use crate::support::discreet;

const OWNER: &str = "owner@harbor.example";
/// Places that a payload visits in a short run.
const VISITS: usize = 6;

#[derive(Clone, Copy, Debug)]
enum Place {
    /// A query, `@` standing for the payload.
    Query(&'static str),
    /// Finds nothing, whatever the payload.
    Nothing(&'static str),
    Body(&'static str),
    Header(&'static str),
    HeaderName,
}

const PLACES: [Place; 34] = [
    Place::Nothing("companies?where[name][equals]=@"),
    Place::Nothing("companies?where[tags.name][equals]=@"),
    Place::Nothing("companies/count?where[name][in]=@"),
    Place::Nothing("activities?where[meta.a.b][equals]=@"),
    Place::Query("companies?where[name][like]=@"),
    Place::Query("companies?where[name][greater_than]=@"),
    Place::Query("companies?where[employees][greater_than]=@"),
    Place::Query("companies?where[createdAt][less_than]=@"),
    Place::Query("companies?where[id][equals]=@"),
    Place::Query("companies?where[parent.name][contains]=@"),
    Place::Query("companies?where[@][equals]=1"),
    Place::Query("companies?where[name][@]=1"),
    Place::Query("activities?where[meta.@][exists]=true"),
    Place::Query("activities?where[meta.@.b][equals]=1"),
    Place::Query("companies?where=@"),
    Place::Query("companies?sort=@"),
    Place::Query("companies?sort=-name,@"),
    Place::Query("companies?select[@]=true"),
    Place::Query("companies?select=@"),
    Place::Query("companies?populate[@][name]=true&depth=2"),
    Place::Query("companies?limit=@&page=@&depth=@"),
    Place::Query("companies?q=@"),
    Place::Query("search?q=@&collections=@"),
    Place::Query("companies/aggregate?group=@"),
    Place::Query("companies/aggregate?group=name&values=sum:@"),
    Place::Query("companies/aggregate?group=createdAt:month&zone=@&sort=@"),
    Place::Query("companies/@"),
    Place::Query("@"),
    Place::Body("name"),
    Place::Body("@"),
    Place::Body("tags"),
    Place::Header("X-Tenant"),
    Place::Header("Cookie"),
    Place::HeaderName,
];

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

async fn visit(person: &Person<'_>, place: Place, payload: &str) -> Option<String> {
    let request = match place {
        Place::Query(path) | Place::Nothing(path) => {
            person.request(Method::GET, &format!("/api/{}", path.replace('@', &encoded(payload))))
        }
        Place::Body(key) => {
            let mut body = json!({ "name": "x" });
            body[key.replace('@', payload)] = json!(payload);
            person.request(Method::POST, "/api/companies?depth=0").json(&body)
        }
        Place::Header(name) => {
            let value = if name == "Cookie" {
                format!("payload-tenant={payload}")
            } else {
                payload.to_owned()
            };
            // What cannot be a header never arrives.
            let value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
            person.request(Method::GET, "/api/companies").header(name, value)
        }
        Place::HeaderName => {
            let name = HeaderName::from_bytes(payload.as_bytes()).ok()?;
            person.request(Method::GET, "/api/companies").header(name, "1")
        }
    };
    let begun = Instant::now();
    let response = request.send().await.unwrap();
    let (status, text) = (response.status(), response.text().await.unwrap());
    let fault = |what: &str| Some(format!("{what}: {place:?} {payload:?} {status} {text:.300}"));
    if status.is_server_error() {
        return fault("a fault");
    }
    if begun.elapsed() > Duration::from_secs(NAP) {
        return fault("it slept");
    }
    if !status.is_success() && discreet::told(&text, payload).is_some() {
        return fault("it tells");
    }
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    if matches!(place, Place::Nothing(_)) && status.is_success() && body["totalDocs"] != 0 {
        return fault("it found");
    }
    if status == 201 && place_is_name(place) && body["doc"]["name"] != payload {
        return fault("it was not kept");
    }
    None
}

fn place_is_name(place: Place) -> bool {
    matches!(place, Place::Body("name"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_payload_becomes_a_statement() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    app.user(account, OWNER, Role::Owner).await;
    let company = app.create(account, "companies", json!({ "name": "Anchor" })).await;
    app.create(account, "contacts", json!({ "firstName": "Ann", "company": company })).await;
    let person = app.sign_in(OWNER).await;
    let payloads = payloads::all();
    assert!(payloads.len() >= 500, "{}", payloads.len());
    let long = std::env::var_os("MAINSTAY_CASES").is_some();
    let visits = if long { PLACES.len() } else { VISITS };
    let mut asked = Vec::new();
    for (n, payload) in payloads.iter().enumerate() {
        for step in 0..visits {
            // Steps of a number that has no factor in common with the places: each payload goes elsewhere.
            asked.push((PLACES[(n * 7 + step * 5) % PLACES.len()], payload));
        }
    }
    let count = asked.len();
    let answers = asked.into_iter().map(|(place, payload)| visit(&person, place, payload));
    let wrong: Vec<String> =
        stream::iter(answers).buffer_unordered(8).filter_map(std::future::ready).collect().await;
    println!(
        "{} payloads, {count} visits to {} places: {} wrong",
        payloads.len(),
        PLACES.len(),
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(20)].join("\n"));
    let (_, anchor) = person.get(&format!("/api/companies/{company}")).await;
    assert_eq!(anchor["name"], "Anchor");
    let (_, contacts) = person.get("/api/contacts/count").await;
    assert_eq!(contacts["totalDocs"], 1);
    let (_, me) = person.get("/api/users/me").await;
    assert_eq!(me["user"]["name"], OWNER);
}
