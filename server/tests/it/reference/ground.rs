//! The documents that questions are asked about: made at random, the same in every run, with values
//! that repeat, that are missing, and that look like one another.

use kernel::{Id, Role};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use server::database;
use server::postgres::SUPERUSER;

use super::definitions::{self, OPTIONS};
use super::world::World;
use crate::support::app::TestApp;
use crate::support::{cluster, database as databases};

pub(super) const OWNER: &str = "owner@harbor.example";

pub(super) const TEXTS: [&str; 32] = [
    "Anchor & Sons",
    "anchor",
    "ANCHOR",
    "Ærø Havn",
    "aero",
    "Zebra",
    "zebra",
    "Éclair",
    "eclair",
    "e\u{301}clair",
    "Straße",
    "strasse",
    "İstanbul",
    "istanbul",
    "50%",
    "5_0",
    "back\\slash",
    "",
    " ",
    "a b",
    "x, y",
    "null",
    "true",
    "10",
    "9",
    "日本",
    "🙂 ok",
    "co-op",
    "coop",
    "naïve",
    "it's \"so\"",
    "$1; --",
];
pub(super) const MAILS: [&str; 5] = [
    "ann@example.com",
    "Ann@example.com",
    "bob.b@mail.example.org",
    "zoe+x@ex-ample.net",
    "a@b.co",
];
pub(super) const PHONES: [&str; 5] =
    ["+1 (415) 555-0132", "0034 612 34 56 78", "555-0100", "12345", "+34612345678"];
pub(super) const DAYS: [&str; 6] =
    ["2026-11-21", "2026-11-22", "1999-12-31", "2024-02-29", "2026-01-01", "0001-01-01"];
pub(super) const TIMES: [&str; 7] = [
    "2026-01-02T03:04:05.678Z",
    "2026-01-31T23:30:00.000Z",
    "2026-03-29T01:00:00.000Z",
    "2020-02-29T00:00:00.000Z",
    "1969-12-31T23:59:59.999Z",
    "9999-12-30T00:00:00.000Z",
    "2026-10-25T00:30:00.000Z",
];

/// Draws that are the same in every run.
pub(super) struct Dice(pub(super) TestRunner);

impl Dice {
    pub(super) fn draw(&mut self, below: usize) -> usize {
        (0..below).new_tree(&mut self.0).unwrap().current()
    }

    fn of(&mut self, from: &[Value]) -> Value {
        from[self.draw(from.len())].clone()
    }

    /// One of them, or nothing.
    fn maybe(&mut self, from: &[Value]) -> Value {
        if from.is_empty() || self.draw(4) == 0 { Value::Null } else { self.of(from) }
    }

    fn text(&mut self, from: &[&str]) -> Value {
        self.maybe(&values(from))
    }

    fn some(&mut self, from: &[Value]) -> Value {
        let many = self.draw(4);
        (0..many).filter(|_| !from.is_empty()).map(|_| self.of(from)).collect()
    }
}

pub(super) fn values(list: &[&str]) -> Vec<Value> {
    list.iter().map(|v| json!(v)).collect()
}

pub(super) fn doubles() -> Vec<Value> {
    [0.0, 1.5, -0.25, 0.125, 5.0, 1e8, -3.0, 100.0].map(|n| json!(n)).to_vec()
}

pub(super) fn integers() -> Vec<Value> {
    [0, 5, -5, 100, 9_007_199_254_740_993, 9_007_199_254_740_992, i64::MAX, i64::MIN]
        .map(|n| json!(n))
        .to_vec()
}

fn money() -> Vec<Value> {
    [(0, "USD"), (100, "USD"), (100, "EUR"), (-5, "EUR"), (105_401, "JPY"), (7, "EUR")]
        .map(|(amount, currency)| json!({ "amount": amount, "currency": currency }))
        .to_vec()
}

fn json_values() -> Vec<Value> {
    vec![
        json!({ "a": "anchor", "b": { "c": 5 }, "list": ["x", 2, null] }),
        json!({ "a": null, "b": { "c": "5" } }),
        json!({ "a": true, "list": [] }),
        json!({ "a": 1.5, "b": "no object" }),
        json!([1, 2]),
        json!("text"),
        json!({}),
    ]
}

fn maker(dice: &mut Dice, made: &[Value]) -> Value {
    let flags = [json!(true), json!(false)];
    let words = &TEXTS[..16];
    json!({
        "name": dice.of(&values(&TEXTS[..16])), "score": dice.maybe(&doubles()),
        "rank": dice.maybe(&integers()), "grade": dice.text(&OPTIONS),
        "budget": dice.maybe(&money()), "since": dice.text(&DAYS), "open": dice.maybe(&flags),
        "boss": dice.maybe(made), "tags": dice.some(&values(words)), "friends": dice.some(made),
        "home": { "town": dice.text(words), "streets": dice.some(&values(words)) },
        "createdAt": format!("2026-01-0{}T00:00:00.000Z", 1 + dice.draw(4)),
    })
}

fn thing(dice: &mut Dice, makers: &[Value], made: &[Value]) -> Value {
    let flags = [json!(true), json!(false)];
    let rows: Vec<Value> = (0..dice.draw(4))
        .map(|_| {
            json!({
                "label": dice.text(&TEXTS), "amount": dice.maybe(&doubles()),
                "whole": dice.maybe(&integers()), "on": dice.text(&DAYS), "at": dice.text(&TIMES),
                "ok": dice.maybe(&flags), "color": dice.text(&OPTIONS), "maker": dice.maybe(makers),
            })
        })
        .collect();
    let mut doc = json!({
        "name": dice.of(&values(&TEXTS[..16])), "notes": dice.text(&TEXTS),
        "mail": dice.text(&MAILS), "phone": dice.text(&PHONES),
        "site": dice.text(&["https://a.example/x", "http://b.example"]),
        "size": dice.maybe(&doubles()), "count": dice.maybe(&integers()),
        "price": dice.maybe(&money()), "day": dice.text(&DAYS), "at": dice.text(&TIMES),
        "flag": dice.maybe(&flags), "color": dice.text(&OPTIONS), "maker": dice.maybe(makers),
        "parent": dice.maybe(made), "extra": dice.maybe(&json_values()), "rows": rows,
    });
    let more = json!({
        "place": {
            "city": dice.text(&TEXTS), "floor": dice.maybe(&integers()), "rent": dice.maybe(&money()),
            "opened": dice.text(&DAYS), "keeper": dice.maybe(makers), "labels": dice.some(&values(&TEXTS)),
            "inner": { "note": dice.text(&TEXTS), "hot": dice.maybe(&flags) },
        },
        "address": { "city": dice.text(&["Oslo", "oslo", "Bergen"]) },
        "words": dice.some(&values(&TEXTS)), "sizes": dice.some(&doubles()),
        "counts": dice.some(&integers()), "days": dice.some(&values(&DAYS)),
        "times": dice.some(&values(&TIMES)), "flags": dice.some(&flags),
        "colors": dice.some(&values(&OPTIONS)), "makers": dice.some(makers),
        "createdAt": format!("2026-02-0{}T00:00:00.000Z", 1 + dice.draw(5)),
    });
    doc.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    doc
}

/// The product with the two collections and their documents, some of them in the trash.
pub(super) async fn laid(things: usize) -> (TestApp, Id) {
    let database = databases::fresh().await;
    let cluster = cluster::shared().await;
    let owner = database::connect(database.owner_url.as_ref().unwrap().expose()).await.unwrap();
    let is = store::catalog::read(&owner).await.unwrap();
    // What the definitions would make from nothing, and what of it is missing.
    let name = format!("reference_{}", kernel::new_id().simple());
    database::create(cluster, &name).await.unwrap();
    let made = database::connect(&cluster.url(database::OWNER_ROLE, &name)).await.unwrap();
    let mut modules = server::app::modules(&auth::Passwords::new(), &auth::Post::new());
    modules.push(definitions::module());
    let all = engine::Registry::new(modules).unwrap();
    made.batch_execute(&all.ddl()).await.unwrap();
    let should = store::catalog::read(&made).await.unwrap();
    owner.batch_execute(&store::catalog::draft(&is, &should)).await.unwrap();
    drop(made);
    let client = database::connect(&cluster.url(SUPERUSER, SUPERUSER)).await.unwrap();
    client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await.unwrap();

    let app = TestApp::start_extended(database, &[], vec![definitions::module()]).await;
    let account = app.account("harbor").await;
    app.user(account, OWNER, Role::Owner).await;
    fill(&app, account, things).await;
    // Without statistics PostgreSQL takes seconds for lists within lists.
    owner.batch_execute("ANALYZE").await.unwrap();
    (app, account)
}

async fn fill(app: &TestApp, account: Id, things: usize) {
    let mut dice = Dice(TestRunner::deterministic());
    let actor = app.everywhere().await.select(account).unwrap();
    let mut makers = Vec::new();
    for _ in 0..things / 8 {
        let doc = maker(&mut dice, &makers);
        makers.push(json!(app.create(account, "makers", doc).await));
    }
    let mut made = Vec::new();
    for n in 0..things {
        let doc = thing(&mut dice, &makers, &made);
        let id = app.create(account, "things", doc).await;
        made.push(json!(id));
        if n % 9 == 0 {
            let gone: Map<String, Value> =
                [("deletedAt".to_owned(), json!("2026-05-05T05:05:05.000Z"))].into_iter().collect();
            let shape = define::Shape::flat();
            app.engine()
                .update(
                    &actor,
                    "things",
                    &id.to_string(),
                    gone,
                    &shape,
                    &define::Condition::default(),
                )
                .await
                .unwrap();
        }
    }
}

/// Everything as the product shows it, to be asked about in memory.
pub(super) async fn seen(app: &TestApp) -> World {
    let owner = app.sign_in(OWNER).await;
    let mut read = Vec::new();
    for slug in ["things", "makers", "tenants"] {
        let path = format!("/api/{slug}?limit=0&depth=0&trash=true");
        let (status, body) = owner.get(&path).await;
        assert_eq!(status, 200, "{body}");
        let docs = body["docs"].as_array().unwrap().clone();
        read.push((app.engine().collection(slug).unwrap().clone(), docs));
    }
    World::new(read)
}
