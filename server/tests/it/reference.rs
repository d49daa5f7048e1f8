//! Wrong answers, not only crashes: questions made up at random over documents made up at random, each
//! answered twice, by the product and by a plain evaluator in memory that was written from the contract
//! and knows no SQL. Both must find the same documents in the same order, the same counts and sums, and
//! refuse the same questions.
//!
//! `MAINSTAY_CASES=50000` asks that many questions; a difference is cut down to a small one.

mod compare;
mod definitions;
mod ground;
mod groups;
mod order;
mod questions;
mod words;
mod world;

use futures_util::{StreamExt, stream};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};
use ground::OWNER;
use questions::{Asked, Question};
use world::World;

const CASES: usize = 1_500;
const THINGS: usize = 240;
/// Differences shown of one run.
const SHOWN: usize = 12;

#[derive(Default)]
struct Tally {
    asked: usize,
    refused: usize,
    found: usize,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.asked += other.asked;
        self.refused += other.refused;
        self.found += other.found;
    }
}

/// What the product must answer. `None`: a refusal.
fn expected(world: &World, question: &Question) -> Option<Value> {
    let slug = question.slug.as_str();
    let collection = &world.collections[slug];
    world.passes(slug, &Value::Null, &question.filter)?;
    let passes = |doc: &&Value| {
        (question.trash || doc["deletedAt"].is_null())
            && world.passes(slug, doc, &question.filter) == Some(true)
            && question.typed.as_ref().is_none_or(|q| words::finds(collection, doc, q))
    };
    let docs: Vec<&Value> = world.docs[slug].iter().filter(passes).collect();
    match &question.asked {
        Asked::Count => Some(json!({ "totalDocs": docs.len() })),
        Asked::Groups(groups) => world.groups(slug, &docs, groups),
        Asked::Page { sort, limit, page } => {
            let docs = world.sorted(slug, docs, sort);
            Some(page_of(&docs, *limit, *page))
        }
    }
}

/// The page object of the contract, of ids alone.
fn page_of(docs: &[&Value], limit: usize, page: usize) -> Value {
    let total = docs.len();
    let ids = docs.iter().map(|doc| json!({ "id": doc["id"] }));
    if limit == 0 {
        return json!({
            "docs": ids.collect::<Vec<_>>(), "hasNextPage": false, "hasPrevPage": false, "limit": 0,
            "nextPage": null, "page": 1, "pagingCounter": 1, "prevPage": null, "totalDocs": total,
            "totalPages": 1,
        });
    }
    let pages = total.div_ceil(limit).max(1);
    let ids: Vec<Value> = ids.skip((page - 1) * limit).take(limit).collect();
    json!({
        "docs": ids, "hasNextPage": page < pages, "hasPrevPage": page > 1, "limit": limit,
        "nextPage": (page < pages).then_some(page + 1), "page": page,
        "pagingCounter": (page - 1) * limit + 1, "prevPage": (page > 1).then_some(page - 1),
        "totalDocs": total, "totalPages": pages,
    })
}

/// How the product's answer differs, if it does.
async fn difference(
    person: &Person<'_>,
    world: &World,
    question: &Question,
    tally: &mut Tally,
) -> Option<String> {
    let path = question.path();
    // A question too long for an address is another test's.
    if path.len() > 15_000 {
        return None;
    }
    let (status, body) = person.get(&path).await;
    tally.asked += 1;
    let expected = expected(world, question);
    match (status.as_u16(), expected) {
        (200, Some(expected)) if groups::same(&body, &expected) => {
            let found = body["totalDocs"].as_i64().or(body["total"]["count"].as_i64());
            tally.found += usize::from(found > Some(0));
            None
        }
        (400, None) => {
            tally.refused += 1;
            None
        }
        (status, expected) => Some(format!(
            "{status} {}\n   expected {}",
            shown(&body),
            expected.map_or("a refusal".to_owned(), |e| shown(&e))
        )),
    }
}

fn shown(value: &Value) -> String {
    value.to_string().chars().take(700).collect()
}

/// The smallest question found around a wrong one that is wrong as well.
async fn smallest(
    person: &Person<'_>,
    world: &World,
    tree: &mut Box<dyn ValueTree<Value = Question>>,
) -> String {
    let mut scrap = Tally::default();
    let mut least = tree.current();
    for _ in 0..120 {
        if !tree.simplify() {
            break;
        }
        while difference(person, world, &tree.current(), &mut scrap).await.is_none() {
            if !tree.complicate() {
                break;
            }
        }
        if difference(person, world, &tree.current(), &mut scrap).await.is_some() {
            least = tree.current();
        }
    }
    let how = difference(person, world, &least, &mut scrap).await.unwrap_or_default();
    let (filter, typed) = (&least.filter, &least.typed);
    format!("{} {filter} q={typed:?} trash={} {:?}\n   {how}", least.slug, least.trash, least.asked)
}

fn cases() -> usize {
    std::env::var("MAINSTAY_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(CASES)
}

async fn laid() -> (TestApp, World) {
    let (app, _) = ground::laid(THINGS).await;
    let world = ground::seen(&app).await;
    (app, world)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_found_is_what_was_meant() {
    let (app, world) = laid().await;
    let person = app.sign_in(OWNER).await;
    let mut runner = TestRunner::deterministic();
    let kinds = [
        questions::questions(&world, "things"),
        questions::questions(&world, "things"),
        questions::questions(&world, "makers"),
    ];
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    let mut left = cases();
    while left > 0 && wrong.len() < SHOWN {
        let batch = left.min(64);
        left -= batch;
        let trees = (0..batch).map(|n| kinds[n % kinds.len()].new_tree(&mut runner).unwrap());
        let trees: Vec<Box<dyn ValueTree<Value = Question>>> = trees.collect();
        let answers = trees.into_iter().map(|tree| async {
            let mut own = Tally::default();
            let different = difference(&person, &world, &tree.current(), &mut own).await;
            (tree, different.is_some(), own)
        });
        let answers: Vec<_> = stream::iter(answers).buffered(4).collect().await;
        for (mut tree, is_wrong, own) in answers {
            tally.add(&own);
            if is_wrong && wrong.len() < SHOWN {
                wrong.push(smallest(&person, &world, &mut tree).await);
            }
        }
    }
    let Tally { asked, refused, found } = tally;
    println!("{asked} questions asked, {found} found something, {refused} rightly refused");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(found > asked / 5 && refused > asked / 20, "{asked} {found} {refused}");
}

/// Each operator on each path, with values worth asking about: the contract's table, cell by cell. A short
/// run asks about some of the values.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operator_on_every_kind() {
    let (app, world) = laid().await;
    let person = app.sign_in(OWNER).await;
    let (mut tally, mut wrong) = (Tally::default(), Vec::new());
    // A step that shares no factor with the number of operators or of most fields' values.
    let step = if std::env::var_os("MAINSTAY_CASES").is_some() { 1 } else { 37 };
    for slug in ["things", "makers"] {
        let filters = questions::every_test(&world, slug).into_iter().step_by(step);
        let answers = filters.map(|filter| async {
            let asked = Asked::Page { sort: vec![], limit: 0, page: 1 };
            let question =
                Question { slug: slug.to_owned(), filter, typed: None, trash: true, asked };
            let mut own = Tally::default();
            let how = difference(&person, &world, &question, &mut own).await;
            (how.map(|how| format!("{slug} {}: {how}", question.filter)), own)
        });
        let mut answers = stream::iter(answers).buffered(4);
        while let Some((how, own)) = answers.next().await {
            tally.add(&own);
            wrong.extend(how);
        }
    }
    let Tally { asked, refused, found } = tally;
    println!("{asked} tests asked, {found} found something, {refused} rightly refused");
    let some = &wrong[..wrong.len().min(60)];
    assert!(wrong.is_empty(), "{} of {asked} are wrong:\n{}", wrong.len(), some.join("\n"));
}
