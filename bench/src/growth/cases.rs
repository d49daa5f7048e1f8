//! What is asked at every size.

use anyhow::Result;
use define::{Op, Where};
use kernel::{Id, Scope};
use serde_json::{Value, json};
use store::Statement;

use super::ground::{Ground, id};
use crate::statements;

/// The path of a request about the n-th contact.
type Path = Box<dyn Fn(u64) -> String>;
type Statements = Box<dyn Fn(&Ground) -> Result<Vec<Statement>>>;

pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) path: Path,
    /// Whether the request names the tenant, else it covers all within reach.
    pub(super) selects: bool,
    /// Something of every right answer.
    pub(super) shows: &'static str,
    /// Why it may grow with what it counts.
    pub(super) counts: Option<&'static str>,
    pub(super) statements: Statements,
}

const CAPPED: &str = "a count, to 100,000";
const CONTACTS: &str = "/api/contacts?limit=25&depth=0";

/// Pages without their totals, which are counts and have lines of their own.
const PAGE: &str = "limit=25&depth=0&pagination=false";

struct Writer {
    selects: bool,
    cases: Vec<Case>,
}

/// The same reads in one tenant (`selects`) or in all within reach.
pub(super) fn of(selects: bool) -> Vec<Case> {
    let mut w = Writer { selects, cases: Vec::new() };
    w.add(
        "by id",
        "\"name\"",
        |n| format!("/api/contacts/{}?depth=0", id(1, n)),
        move |g| {
            let tenants = tenants(g, selects);
            statements::with_schema(|s| {
                Ok(vec![statements::by_ids_in(s, "contacts", &tenants, &[id(1, 6000)])?])
            })
        },
    );
    w.list("first page by date", "contacts", "", json!({}), "");
    let won = json!({"status": {"equals": "won"}, "value": {"greater_than": 1_000_000}});
    let query = "where[status][equals]=won&where[value][greater_than]=1000000&sort=-value&";
    w.list("deals: filter and sort on value", "deals", query, won, "-value");
    w.list("deals: sort on value", "deals", "sort=-value&", json!({}), "-value");
    let one = json!({"primaryContact.email": {"equals": "person6000@example.com"}});
    let path =
        |n| format!("/api/deals?where[primaryContact.email][equals]=person{n}@example.com&{PAGE}");
    w.add("deals: dotted filter, one match", "\"Deal ", path, move |g| {
        page(g, selects, "deals", &one, "", false)
    });
    let often = json!({"stage.kind": {"equals": "won"}});
    w.list("deals: dotted filter, frequent", "deals", "where[stage.kind][equals]=won&", often, "");
    w.search("search: one person's own word", |n| format!("person{n}"), &["person6000"]);
    w.search("search: frequent word", |_| "maria".to_owned(), &["maria"]);
    w.search(
        "search: frequent and rare word",
        |n| format!("maria+last{}", last_name(n)),
        &["last11991", "maria"],
    );
    let known = Where::test("id", Op::In, Value::from(vec![id(1, 6000).to_string()]));
    w.words("list ?q= rare word", |n| format!("q=last{}&{PAGE}", last_name(n)), known, false);
    let maria = Where::Words(vec!["maria".to_owned()]);
    w.words("list ?q= frequent word", |_| format!("q=maria&{PAGE}"), maria.clone(), false);
    w.add(
        "page with its total",
        "\"totalDocs\"",
        |_| CONTACTS.to_owned(),
        move |g| page(g, selects, "contacts", &json!({}), "", true),
    );
    w.exempt(CAPPED);
    let path = |_| "q=maria&limit=25&depth=0".to_owned();
    w.words("list ?q= frequent, with its total", path, maria, true);
    w.exempt(CAPPED);
    w.add(
        "/count",
        "\"totalDocs\"",
        |_| "/api/contacts/count".to_owned(),
        move |g| exact(g, selects),
    );
    w.exempt("an exact count");
    let path = |_| "/api/deals/aggregate?group=stage&values=sum:value".to_owned();
    w.add("deals: value by stage", "\"groups\"", path, move |g| {
        let scope = scope(g, selects);
        statements::with_schema(|s| {
            Ok(vec![statements::groups(s, "deals", &scope, "stage", "sum:value")?])
        })
    });
    w.exempt("adds everything up");
    w.cases
}

impl Writer {
    fn add(
        &mut self,
        name: &'static str,
        shows: &'static str,
        path: impl Fn(u64) -> String + 'static,
        statements: impl Fn(&Ground) -> Result<Vec<Statement>> + 'static,
    ) {
        let (path, statements) = (Box::new(path), Box::new(statements));
        self.cases.push(Case {
            name,
            path,
            selects: self.selects,
            shows,
            counts: None,
            statements,
        });
    }

    /// The case just added may grow.
    fn exempt(&mut self, why: &'static str) {
        if let Some(case) = self.cases.last_mut() {
            case.counts = Some(why);
        }
    }

    fn list(
        &mut self,
        name: &'static str,
        slug: &'static str,
        query: &'static str,
        filter: Value,
        sort: &'static str,
    ) {
        let selects = self.selects;
        let path = move |_| format!("/api/{slug}?{query}{PAGE}");
        self.add(name, "\"name\"", path, move |g| page(g, selects, slug, &filter, sort, false));
    }

    fn search(
        &mut self,
        name: &'static str,
        text: impl Fn(u64) -> String + 'static,
        words: &'static [&'static str],
    ) {
        let selects = self.selects;
        let path = move |n| format!("/api/search?q={}", text(n));
        self.add(name, "\"collection\"", path, move |g| {
            let tenants = tenants(g, selects);
            statements::with_schema(|s| {
                Ok(statements::search(s, "contacts", &tenants, words)?.into())
            })
        });
    }

    /// A list by words, explained as `filter`: what the words have become.
    fn words(
        &mut self,
        name: &'static str,
        query: impl Fn(u64) -> String + 'static,
        filter: Where,
        counted: bool,
    ) {
        let selects = self.selects;
        let path = move |n| format!("/api/contacts?{}", query(n));
        self.add(name, "\"name\"", path, move |g| {
            let scope = scope(g, selects);
            statements::with_schema(|s| {
                statements::filtered(s, "contacts", &scope, &filter, "", counted)
            })
        });
    }
}

fn last_name(n: u64) -> u64 {
    n * 7919 % 100_003
}

fn tenants(ground: &Ground, selects: bool) -> Vec<Id> {
    match selects {
        true => vec![ground.tenant(0)],
        false => ground.reach.clone(),
    }
}

fn scope(ground: &Ground, selects: bool) -> Scope {
    match selects {
        true => Scope::One(ground.tenant(0)),
        false => Scope::Many(ground.reach.clone()),
    }
}

fn page(
    ground: &Ground,
    selects: bool,
    slug: &str,
    filter: &Value,
    sort: &str,
    counted: bool,
) -> Result<Vec<Statement>> {
    let scope = scope(ground, selects);
    statements::with_schema(|s| statements::page(s, slug, &scope, filter, sort, counted))
}

fn exact(ground: &Ground, selects: bool) -> Result<Vec<Statement>> {
    let scope = scope(ground, selects);
    statements::with_schema(|s| Ok(vec![statements::count(s, "contacts", &scope)?]))
}
