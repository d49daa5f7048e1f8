//! Which records a search finds, and in which order.

use serde_json::json;
use store::Param;

use super::{Pier, listed, search, titles};

#[tokio::test]
async fn words_are_beginnings_and_all_must_occur() {
    let pier = Pier::new().await;
    pier.contact("Ána-María", "Ruíz", "ana.ruiz@muelle.example", "+34 612 34 56 78").await;
    pier.contact("Anatol", "Rudenko", "", "(555) 010-2030").await;
    pier.contact("Bruno", "Ana", "bruno@muelle.example", "+1 (415) 555-0132").await;
    let owner = pier.owner().await;
    for (q, expected) in [
        ("ana", &["Bruno Ana", "Ána-María Ruíz", "Anatol Rudenko"][..]),
        ("ana ru", &["Ána-María Ruíz", "Anatol Rudenko"]),
        ("RU ANA", &["Ána-María Ruíz", "Anatol Rudenko"]),
        ("ána ruíz", &["Ána-María Ruíz"]),
        ("maria", &["Ána-María Ruíz"]),
        ("ana ana", &["Bruno Ana", "Ána-María Ruíz", "Anatol Rudenko"]),
        ("muelle", &["Bruno Ana", "Ána-María Ruíz"]),
        ("ana.ruiz@muelle.example", &["Ána-María Ruíz"]),
        ("ana.ruiz@mue", &["Ána-María Ruíz"]),
        ("bruno@", &["Bruno Ana"]),
        ("612345678", &["Ána-María Ruíz"]),
        ("+34 612 345 678", &["Ána-María Ruíz"]),
        ("0034612345678", &["Ána-María Ruíz"]),
        ("555 010 2030", &["Anatol Rudenko"]),
        ("5550102030", &["Anatol Rudenko"]),
        ("415-555-0132", &["Bruno Ana"]),
        ("612", &["Ána-María Ruíz"]),
        ("nadie", &[]),
        ("ana nadie", &[]),
        ("na", &[]),
    ] {
        assert_eq!(titles(&owner, q).await, expected, "{q}");
        let contacts = listed(&owner, "contacts", q, "").await;
        assert_eq!(contacts, expected.len() as i64, "{q}");
    }
}

#[tokio::test]
async fn the_better_hit_comes_first_and_the_newer_of_equals() {
    let pier = Pier::new().await;
    pier.contact("Other", "One", "luna@pier.example", "").await;
    pier.contact("Lunatic", "Two", "", "").await;
    pier.contact("Luna", "Three", "", "").await;
    pier.contact("Luna", "Four", "", "").await;
    let owner = pier.owner().await;
    let expected = ["Luna Four", "Luna Three", "Lunatic Two", "Other One"];
    assert_eq!(titles(&owner, "luna").await, expected);
    let two = search(&owner, "luna", "&limit=2").await;
    assert_eq!(two.len(), 2);
}

#[tokio::test]
async fn every_searched_collection_answers_with_title_and_detail() {
    let pier = Pier::new().await;
    let make = |slug: &'static str, data| pier.app.create(pier.account, slug, data);
    let pipeline = make("pipelines", json!({ "name": "Sales" })).await;
    let stage = json!({ "name": "New", "pipeline": pipeline, "kind": "open" });
    let stage = make("stages", stage).await;
    let long = format!("Quince {}", "and many words ".repeat(2_000));
    for (slug, data, title, detail) in [
        (
            "companies",
            json!({ "name": "Quince SL", "website": "https://quince.example" }),
            "Quince SL",
            json!("quince.example"),
        ),
        (
            "deals",
            json!({ "name": "Quince jam", "stage": stage, "reference": "Q-17" }),
            "Quince jam",
            json!("Q-17"),
        ),
        (
            "tasks",
            json!({ "title": "Buy quinces", "description": "two\nboxes" }),
            "Buy quinces",
            json!("two boxes"),
        ),
        (
            "appointments",
            json!({ "title": "Tasting", "startsAt": "2026-11-21", "location": "Quince Hall" }),
            "Tasting",
            json!("Quince Hall"),
        ),
        ("services", json!({ "name": "Quince care" }), "Quince care", json!(null)),
        ("tags", json!({ "name": "quince" }), "quince", json!(null)),
        (
            "activities",
            json!({ "subject": "Call about quinces", "kind": "call" }),
            "Call about quinces",
            json!(null),
        ),
    ] {
        let id = make(slug, data).await;
        let hits = search(&pier.owner().await, "quince", &format!("&collections={slug}")).await;
        assert_eq!(hits.len(), 1, "{slug}");
        let hit = &hits[0];
        assert_eq!(hit["collection"], slug);
        assert_eq!((&hit["id"], &hit["tenant"]), (&json!(id), &json!(pier.account)), "{slug}");
        assert_eq!((&hit["title"], &hit["detail"]), (&json!(title), &detail), "{slug}");
        assert!(hit["updatedAt"].as_str().unwrap().ends_with('Z'), "{slug}");
    }
    make("notes", json!({ "body": long })).await;
    let owner = pier.owner().await;
    let note = &search(&owner, "quince", "&collections=notes").await[0];
    assert!(note["title"].as_str().unwrap().chars().count() <= 161);
    assert_eq!(search(&owner, "quince", "").await.len(), 8);
    assert_eq!(search(&owner, "quince", "&collections=tags,notes,tags").await.len(), 2);
    // The schema says what is searched.
    let (_, schema) = owner.get("/api/schema").await;
    let of = |slug: &str| {
        let all = schema["collections"].as_array().unwrap();
        all.iter().find(|c| c["slug"] == slug).unwrap()["search"].clone()
    };
    assert_eq!(of("contacts"), json!(["name", "email", "phone"]));
    assert_eq!(of("stages"), json!([]));
}

#[tokio::test]
async fn lists_combine_a_search_with_everything_else() {
    let pier = Pier::new().await;
    for n in 0..30 {
        pier.contact("Mar", &format!("Number{n:02}"), &format!("m{n}@pier.example"), "").await;
    }
    let owner = pier.owner().await;
    let path = "/api/contacts?q=mar%20num&sort=-lastName&limit=5&page=2&depth=0";
    let (_, page) = owner.get(path).await;
    assert_eq!(page["totalDocs"], 30);
    assert_eq!(page["docs"][0]["lastName"], "Number24");
    let narrowed = "&where[email][equals]=m7@pier.example";
    assert_eq!(listed(&owner, "contacts", "mar", narrowed).await, 1);
    let either =
        "&where[or][0][email][equals]=m7@pier.example&where[or][1][email][equals]=m8@pier.example";
    assert_eq!(listed(&owner, "contacts", "number", either).await, 2);
    assert_eq!(listed(&owner, "contacts", "number07", either).await, 1);
    assert_eq!(listed(&owner, "contacts", "", "").await, 30);
    assert_eq!(listed(&owner, "contacts", "mar", "&where[lastName][equals]=Nobody").await, 0);
    // A search narrows what a filtered write touches, and is no filter by itself.
    let path = "/api/contacts?q=number03&where[id][exists]=true";
    let (status, body) = owner.patch(path, json!({ "jobTitle": "Cook" })).await;
    assert_eq!((status.as_u16(), body["docs"].as_array().map(Vec::len)), (200, Some(1)), "{body}");
    assert_eq!(owner.delete("/api/contacts?q=number").await.0, 400);
    assert_eq!(listed(&owner, "contacts", "number", "").await, 30);
}

/// More records than are resolved to ids go another way in the statement; the answer is the same.
#[tokio::test]
async fn frequent_words_find_the_same() {
    let pier = Pier::new().await;
    let actor = pier.app.everywhere().await.select(pier.account).unwrap();
    let person = |n: u32| {
        let last = if n.is_multiple_of(400) { "Rare" } else { "Common" };
        json!({ "firstName": "Maria", "lastName": format!("{last}{n}"), "jobTitle": "x" })
    };
    let docs: Vec<_> = (0..2_400).map(|n| person(n).as_object().unwrap().clone()).collect();
    for outcome in pier.app.engine().create_many(&actor, "contacts", docs).await.unwrap() {
        outcome.unwrap();
    }
    let owner = pier.owner().await;
    assert_eq!(listed(&owner, "contacts", "maria", "").await, 2_400);
    assert_eq!(listed(&owner, "contacts", "maria common", "").await, 2_394);
    assert_eq!(listed(&owner, "contacts", "maria rare", "").await, 6);
    assert_eq!(listed(&owner, "contacts", "m c", "").await, 2_394);
    assert_eq!(titles(&owner, "maria rare").await.len(), 6);
    assert_eq!(titles(&owner, "maria rare2000").await, ["Maria Rare2000"]);
    assert_eq!(titles(&owner, "maria common").await.len(), 8);
}

/// What is cut outside the database is what the database would have cut.
#[tokio::test]
async fn plain_texts_are_cut_alike() {
    const PARTS: [&str; 24] = [
        "Ann",
        "o'Hara",
        "x",
        "ann",
        "@",
        "b.c+d",
        "pier.example",
        ".",
        "-",
        "_",
        "%",
        " ",
        "  ",
        "12",
        "(3)",
        "+4",
        "\n",
        "\t",
        "\u{1}",
        ",;",
        "A-B",
        "@@",
        "LONGlongLONGlongLONGlongLONGlong",
        "q&a",
    ];
    let pier = Pier::new().await;
    let mut state = 7_u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % n
    };
    let (mut titles, mut others) = (Vec::new(), Vec::new());
    for _ in 0..3_000 {
        for texts in [&mut titles, &mut others] {
            let parts = next(12);
            texts.push((0..parts).map(|_| PARTS[next(PARTS.len())]).collect::<String>());
        }
    }
    let sql = "SELECT array(SELECT w.word || ' ' || w.weight FROM app.weighted_words(t, o) w)
               FROM unnest($1::text[], $2::text[]) each(t, o)";
    let given = [Param::texts(titles.clone()), Param::texts(others.clone())];
    let rows = pier.app.app.engine.store().call(sql, &given).await.unwrap();
    let mut compared = 0;
    for ((title, others), row) in titles.iter().zip(&others).zip(&rows) {
        let Some(cut) = store::words::weighted(title, others) else { continue };
        let mut cut: Vec<String> = cut.iter().map(|(word, n)| format!("{word} {n}")).collect();
        let mut expected: Vec<String> = row.get(0);
        cut.sort();
        expected.sort();
        assert_eq!(cut, expected, "{title:?} {others:?}");
        compared += 1;
    }
    assert!(compared > 1_500, "{compared}");
}
