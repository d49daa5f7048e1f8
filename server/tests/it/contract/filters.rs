//! `where` over some sixty documents made at random, every operator on every kind of field: what is
//! found is what the plain evaluator finds, and what has no meaning is refused.

use std::collections::{BTreeSet, HashMap};

use define::Op;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use super::evaluate::World;
use super::{Harbor, create, id, ok, pipeline};
use crate::support::app::Person;

/// Draws that are the same in every run.
struct Dice(TestRunner);

impl Dice {
    fn draw(&mut self, below: usize) -> usize {
        (0..below).new_tree(&mut self.0).unwrap().current()
    }

    fn pick<'v, T>(&mut self, from: &'v [T]) -> &'v T {
        let at = self.draw(from.len());
        &from[at]
    }

    /// One of them, or nothing.
    fn maybe(&mut self, from: &[Value]) -> Value {
        if self.draw(4) == 0 { Value::Null } else { self.pick(from).clone() }
    }

    fn some(&mut self, from: &[Value]) -> Vec<Value> {
        from.iter().filter(|_| self.draw(3) == 0).cloned().collect()
    }
}

fn values(list: &[&str]) -> Vec<Value> {
    list.iter().map(|v| json!(v)).collect()
}

async fn fill(owner: &Person<'_>, dice: &mut Dice) {
    let names = values(&[
        "Anchor & Sons",
        "anchor",
        "Buoy 50%",
        "Cap_stan",
        "Ærø Havn",
        "",
        "x, y",
        "Back\\slash",
    ]);
    let sources = values(&["web", "fair", "referral", "cold call"]);
    let stages = pipeline(owner).await;
    let mut made: HashMap<&str, Vec<Value>> = HashMap::new();
    for name in ["vip", "new", "old"] {
        let tag = create(owner, "tags", json!({ "name": name })).await["id"].clone();
        made.entry("tags").or_default().push(tag);
    }
    for name in ["Paint", "Repair"] {
        let service = create(owner, "services", json!({ "name": name })).await["id"].clone();
        made.entry("services").or_default().push(service);
    }
    for n in 0..12 {
        let name = names[n % names.len()].as_str().filter(|n| !n.is_empty()).unwrap_or("Dock");
        let data = json!({
            "name": name, "source": dice.maybe(&sources), "employees": dice.maybe(&[json!(0), json!(5), json!(50), json!(9_007_199_254_740_993_i64)]),
            "industry": dice.maybe(&values(&["marine", "retail", "food"])), "tags": dice.some(&made["tags"]),
            "annualRevenue": dice.maybe(&[json!(100), json!(-5), json!({"amount": 100, "currency": "EUR"})]),
            "address": { "city": dice.maybe(&values(&["Oslo", "oslo", "Bergen"])) },
            "parent": dice.maybe(made.get("companies").map_or(&[json!(null)], |c| c.as_slice())),
        });
        let company = create(owner, "companies", data).await["id"].clone();
        made.entry("companies").or_default().push(company);
    }
    for n in 0..24 {
        let data = json!({
            "firstName": dice.pick(&names[..5]), "lastName": dice.maybe(&names), "source": dice.maybe(&sources),
            "email": dice.maybe(&values(&["ann@example.com", "bob@example.org"])), "phone": dice.maybe(&values(&["+1 555 0100", "12345"])),
            "company": dice.maybe(&made["companies"]), "lifecycle": dice.maybe(&values(&["lead", "customer", "former"])),
            "tags": dice.some(&made["tags"]), "utm": { "source": dice.maybe(&sources) },
            "consent": { "marketing": dice.maybe(&[json!(true), json!(false)]), "at": dice.maybe(&values(&["2026-01-02T03:04:05.678Z", "2020-02-29"])) },
            "createdAt": format!("2026-01-{:02}T00:00:00.000Z", n % 9 + 1),
        });
        let contact = create(owner, "contacts", data).await["id"].clone();
        made.entry("contacts").or_default().push(contact);
    }
    for n in 0..24 {
        let kind = *dice.pick(&["open", "won", "lost"]);
        let data = json!({
            "name": names[n % 5], "stage": stages[kind], "value": dice.maybe(&[json!(0), json!(100), json!(105_400), json!({"amount": 7, "currency": "JPY"})]),
            "expectedClose": dice.maybe(&values(&["2026-11-21", "2026-11-22", "1999-12-31"])), "primaryContact": dice.maybe(&made["contacts"]),
            "company": dice.maybe(&made["companies"]), "serviceInterest": dice.some(&made["services"]), "source": dice.maybe(&sources),
            "position": dice.pick(&[json!(1), json!(1.5), json!(-0.25), json!(1e8)]), "reference": dice.maybe(&sources),
        });
        create(owner, "deals", data).await;
    }
}

/// Paths to ask for, with values worth asking about.
fn paths(slug: &str, world: &World) -> Vec<(&'static str, Vec<Value>)> {
    let ids = |slug: &str| -> Vec<Value> {
        let mut ids: Vec<Value> =
            world.docs[slug].iter().take(3).map(|d| d["id"].clone()).collect();
        ids.extend([
            json!(kernel::new_id()),
            json!("null"),
            json!("not-an-id"),
            Value::Null,
            json!(""),
        ]);
        ids
    };
    let texts = values(&[
        "Anchor & Sons",
        "ANCHOR",
        "anchor sons",
        "sons anchor",
        "50%",
        "_",
        "%",
        "x, y",
        "x",
        "",
        "ærø",
        "a b",
        "back\\",
        "null",
    ]);
    let mut texts_and_null = texts;
    texts_and_null.extend([Value::Null, json!(5), json!(true), json!(["anchor", "Buoy 50%"])]);
    let sources = values(&["web", "fair", "web,fair", "cold call", "coal", "null", "e"]);
    let numbers = [
        json!(0),
        json!(5),
        json!("5"),
        json!(5.0),
        json!("5.5"),
        json!(-5),
        json!(100),
        json!(105_400),
        json!("null"),
        json!("abc"),
        Value::Null,
        json!("0,5,100"),
        json!([5, 50]),
        json!("1e3"),
        json!(9_007_199_254_740_993_i64),
        json!("9007199254740993"),
        json!("99999999999999999999"),
        json!("-99999999999999999999"),
        json!(1.5),
        json!("1.5,-0.25"),
        json!(1e8),
        json!(""),
    ];
    let numbers = numbers.to_vec();
    let days = values(&[
        "2026-11-21",
        "2026-11-22T10:00:00Z",
        "1999-12-31",
        "2026-11-21,1999-12-31",
        "null",
        "",
        "nope",
        "2026-02-30",
    ]);
    let times = values(&[
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T04:04:05.678+01:00",
        "2020-02-29",
        "2026-01-05",
        "null",
        "",
        "nope",
        "2020-02-29,2026-01-03",
    ]);
    let flags = [
        json!(true),
        json!("true"),
        json!(false),
        json!("false"),
        json!("null"),
        Value::Null,
        json!("perhaps"),
        json!("true,false"),
    ];
    let flags = flags.to_vec();
    let stages = values(&["lead", "customer", "lead,former", "nonsense", "", "lead,nonsense"]);
    match slug {
        "companies" => vec![
            ("name", texts_and_null),
            ("source", sources),
            ("employees", numbers.clone()),
            ("annualRevenue", numbers.clone()),
            ("annualRevenue.amount", numbers.clone()),
            ("annualRevenue.currency", values(&["USD", "EUR", "usd"])),
            ("industry", values(&["marine", "retail", "marine,food", "nonsense", "null"])),
            ("address.city", values(&["Oslo", "oslo", "BERGEN", "slo"])),
            ("tags", ids("tags")),
            ("tags.name", values(&["vip", "new", "vip,old", "V", "nobody"])),
            ("parent", ids("companies")),
            ("parent.name", values(&["anchor", "Dock", "o"])),
            ("parent.employees", numbers),
            ("parent.parent.source", values(&["web", "fair"])),
            ("id", ids("companies")),
            ("nonsense", values(&["x"])),
            ("address", values(&["x"])),
            ("parent.nonsense", values(&["x"])),
        ],
        "contacts" => vec![
            ("firstName", texts_and_null.clone()),
            ("lastName", texts_and_null),
            ("name", values(&["anchor", "Buoy 50% anchor"])),
            ("email", values(&["ann@example.com", "ANN", "@example.org", "null"])),
            ("phone", values(&["+1 555 0100", "555", "0100 +1"])),
            ("source", sources),
            ("lifecycle", stages),
            ("utm.source", values(&["web", "fair,web", "E"])),
            ("consent.marketing", flags),
            ("consent.at", times.clone()),
            ("createdAt", times),
            ("company", ids("companies")),
            ("company.id", ids("companies")),
            ("company.name", values(&["anchor", "Anchor & Sons", "o", "dock"])),
            ("company.industry", values(&["marine", "nonsense"])),
            ("company.employees", numbers),
            ("company.parent.name", values(&["anchor", "o"])),
            ("company.tags", ids("tags")),
            ("company.tags.name", values(&["vip", "new"])),
            ("tags", ids("tags")),
            ("tags.id", ids("tags")),
            ("tags.name", values(&["vip", "old", "v"])),
            ("owner", ids("contacts")),
            ("id", ids("contacts")),
            ("utm", values(&["x"])),
            ("company.nonsense", values(&["x"])),
        ],
        _ => vec![
            ("name", texts_and_null),
            ("value", numbers.clone()),
            ("value.currency", values(&["USD", "JPY"])),
            ("expectedClose", days),
            ("closedAt", values(&["null", "2020-01-01", "nope"])),
            ("status", values(&["open", "won", "won,lost", "nonsense"])),
            ("position", numbers),
            ("serviceInterest", ids("services")),
            ("serviceInterest.name", values(&["Paint", "p", "Paint,Repair"])),
            ("stage.kind", values(&["open", "won", "nonsense"])),
            ("stage.name", values(&["won", "o"])),
            ("pipeline.name", values(&["Sales", "sale"])),
            ("primaryContact", ids("contacts")),
            ("primaryContact.company.name", values(&["anchor", "o"])),
            ("primaryContact.tags.name", values(&["vip"])),
            ("company", ids("companies")),
            ("company.name", values(&["anchor", "o"])),
            ("reference", sources),
            ("primaryContact.consent.marketing", flags),
            ("serviceInterest.nonsense", values(&["x"])),
        ],
    }
}

/// Text order is asked of plain lower-case words only, whose order every collation agrees on.
fn is_comparable(path: &str, op: &str, value: &Value) -> bool {
    let orders = op.starts_with("greater") || op.starts_with("less");
    let plain = |v: &Value| {
        v.as_str().is_some_and(|s| s.bytes().all(|b| b.is_ascii_lowercase()) && !s.is_empty())
    };
    let words = matches!(path, "source" | "reference" | "utm.source" | "parent.parent.source");
    let textual = !matches!(
        path,
        "employees"
            | "annualRevenue"
            | "annualRevenue.amount"
            | "parent.employees"
            | "value"
            | "position"
            | "company.employees"
            | "expectedClose"
            | "closedAt"
            | "consent.at"
            | "createdAt"
    );
    // What "all of nothing" means is nobody's question.
    let nothing = op == "all" && (value.is_null() || matches!(value.as_str(), Some("" | "null")));
    !nothing && (!orders || !textual || (words && plain(value)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_find_what_they_mean() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let mut dice = Dice(TestRunner::deterministic());
    fill(&owner, &mut dice).await;
    let mut world = World { collections: HashMap::new(), docs: HashMap::new() };
    for collection in harbor.app.engine().collections() {
        let page = ok(&owner, &format!("/api/{}?limit=0&depth=0", collection.slug)).await;
        world.docs.insert(collection.slug.clone(), page["docs"].as_array().unwrap().clone());
        world.collections.insert(collection.slug.clone(), collection.clone());
    }
    let (mut asked, mut refused, mut found) = (0, 0, 0);
    let mut wrong = Vec::new();
    for slug in ["companies", "contacts", "deals"] {
        let paths = paths(slug, &world);
        let mut tests = Vec::new();
        for (path, values) in &paths {
            for (_, op) in Op::ALL {
                let mut values = values.clone();
                if op == "exists" {
                    values = vec![
                        json!(true),
                        json!("true"),
                        json!(false),
                        json!("false"),
                        json!("yes"),
                    ];
                }
                let fitting = values.into_iter().filter(|v| is_comparable(path, op, v));
                tests.extend(fitting.map(|value| json!({ *path: { op: value } })));
            }
        }
        // Each by itself, and some of them together.
        let mut filters = tests.clone();
        for _ in 0..150 {
            let parts: Vec<&Value> = (0..4).map(|_| dice.pick(&tests)).collect();
            filters.push(match dice.draw(4) {
                0 => json!({ "and": [parts[0], parts[1]] }),
                1 => json!({ "or": [parts[0], { "and": [parts[1], parts[2]] }] }),
                2 => json!({ "or": [parts[0], parts[1], parts[2]], "and": [parts[3]] }),
                _ => json!({ "and": [{ "or": [parts[0], parts[1]] }, { "or": [parts[2], parts[3]] }] }),
            });
        }
        for filter in filters {
            asked += 1;
            let expected: Option<BTreeSet<&str>> = world.docs[slug]
                .iter()
                .map(|doc| Some((id(doc), world.passes(slug, doc, &filter)?)))
                .filter(|pair| pair.is_none_or(|(_, passes)| passes))
                .map(|pair| pair.map(|(id, _)| id))
                .collect();
            let query = utf8_percent_encode(&filter.to_string(), NON_ALPHANUMERIC).to_string();
            let path = format!("/api/{slug}?limit=0&depth=0&select[name]=true&where={query}");
            let (status, body) = owner.get(&path).await;
            match (status.as_u16(), expected) {
                (200, Some(expected)) => {
                    let seen: BTreeSet<&str> =
                        body["docs"].as_array().unwrap().iter().map(id).collect();
                    found += usize::from(!seen.is_empty());
                    if seen != expected {
                        wrong.push(format!(
                            "{slug} {filter}: {} instead of {}",
                            seen.len(),
                            expected.len()
                        ));
                    }
                }
                (400, None) => refused += 1,
                (status, expected) => {
                    wrong.push(format!(
                        "{slug} {filter}: {status} instead of {:?}",
                        expected.map(|e| e.len())
                    ));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {asked} are wrong:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(60)].join("\n")
    );
    assert!(
        found > 400 && refused > 50,
        "{asked} asked, {found} found something, {refused} refused"
    );
}

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
