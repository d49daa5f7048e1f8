//! Queries that mean nothing, mean too much, or try to reach past the definitions.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use serde_json::{Value, json};

use super::{Victim, assert_refused, assert_sound, fuzz, wire};
use crate::matrix::digest::Witness;
use crate::support::app::read;

/// These are refused, on every verb that takes a `where`.
const REFUSED: [&str; 47] = [
    "where[nope][equals]=1",
    "where[name][bogus]=1",
    "where[name]=x",
    "where=x",
    "where={bad",
    "where[]=x",
    "where=[]",
    "where=1",
    "where=null",
    "where[and]=x",
    "where[and][0]=x",
    "where[or][x][name][equals]=1",
    "where[name.x][equals]=1",
    "where[name][equals.x]=1",
    "where[company.nope][equals]=1",
    "where[owner.password][equals]=x",
    "where[owner.password_hash][like]=a",
    "where[owner.sessions][exists]=true",
    "where[owner.memberships.role][equals]=owner",
    "where[utm][equals]=x",
    "where[utm.nope][equals]=x",
    "where[tags.nope][equals]=x",
    "where[tags.name.x][equals]=x",
    "where[name][near]=1,2,3",
    "where[name][within]=x",
    "where[name][intersects]=x",
    "where[lifecycle][equals]=nonsense",
    "where[lifecycle][like]=le",
    "where[lifecycle][contains]=le",
    "where[lifecycle][in]=lead,nonsense",
    "where[lifecycle][in]=",
    "where[lifecycle][greater_than]=a",
    "where[consent.marketing][equals]=perhaps",
    "where[consent.marketing][like]=true",
    "where[consent.marketing][greater_than]=true",
    "where[consent.at][like]=2026",
    "where[consent.at][contains]=2026",
    "where[id][greater_than]=x",
    "where[company][greater_than]=x",
    "where[tenant_id][equals]=x",
    "where[t.name][equals]=x",
    "where[name\"][equals]=x",
    "where[name)][equals]=x",
    "where[name;--][equals]=x",
    "where[__proto__][equals]=x",
    "where[company.company.company][equals]=1",
    "where[name][equals][deeper]=x",
];

#[tokio::test]
async fn questions_that_mean_nothing_are_refused() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let witness = Witness::of(&victim.app).await;
    let before = witness.look().await;
    for query in REFUSED {
        for (method, path) in [
            (Method::GET, "/api/contacts"),
            (Method::GET, "/api/contacts/count"),
            (Method::PATCH, "/api/contacts"),
            (Method::DELETE, "/api/contacts"),
        ] {
            let at = format!("{path}?{query}");
            let request = owner.request(method.clone(), &at).json(&json!({ "jobTitle": "x" }));
            let (status, body) = read(request.send().await.unwrap()).await;
            assert_refused(&format!("{method} {at}"), status, &body);
            assert_eq!(status, 400, "{method} {at}: {body}");
        }
    }
    // Nothing named means nothing touched.
    for query in [
        "",
        "where=",
        "where={}",
        "where[and]=",
        "where[or][]=",
        "where[and][0][or]=",
        "limit=5",
        "trash=true",
    ] {
        for method in [Method::PATCH, Method::DELETE] {
            let request = owner.request(method.clone(), &format!("/api/contacts?{query}"));
            let (status, body) = read(request.json(&json!({})).send().await.unwrap()).await;
            assert_eq!(status, 400, "{method} {query}: {body}");
            let message = body["errors"][0]["message"].as_str().unwrap();
            assert!(message.starts_with("Missing 'where' query"), "{method} {query}: {message}");
        }
    }
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

#[tokio::test]
async fn too_much_is_refused_and_odd_numbers_are_read_as_the_contract_says() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let deep = "[and][0]".repeat(40);
    let nested = (0..40).fold(r#"{"name":{"equals":"x"}}"#.to_owned(), |inner, _| {
        format!(r#"{{"and":[{inner}]}}"#)
    });
    let nested = utf8_percent_encode(&nested, NON_ALPHANUMERIC).to_string();
    let tests: String = (0..1000).map(|n| format!("&where[or][{n}][name][equals]=x")).collect();
    let wide: Vec<Value> = (0..1000).map(|_| json!({ "name": { "equals": "x" } })).collect();
    let wide = json!({ "or": wide }).to_string();
    let sorts = vec!["name"; 17].join(",");
    let parameters = vec!["a=1"; 1001].join("&");
    for query in [
        format!("where{deep}[name][equals]=x"),
        format!("where={nested}"),
        tests[1..].to_owned(),
        format!("sort={sorts}"),
        parameters,
        "limit=-1".into(),
        "limit=1e9".into(),
        "limit=10001".into(),
        "limit=inf".into(),
        "limit=-inf".into(),
        "page=99999999999".into(),
        "page=1e300".into(),
        "page=-1".into(),
        "page=1000000000&limit=10000".into(),
        "where[name][equals]=%ff".into(),
        "%C3=1".into(),
        "where[%ff][equals]=1".into(),
    ] {
        let (status, body) =
            wire::get(&victim.app, owner.token(), format!("/api/contacts?{query}").as_bytes())
                .await;
        let shown: String = query.chars().take(60).collect();
        assert_refused(&shown, status, &body);
    }
    let form = |query: String| {
        let request =
            owner.request(Method::POST, "/api/contacts").header("X-HTTP-Method-Override", "GET");
        request.header("Content-Type", "application/x-www-form-urlencoded").body(query).send()
    };
    let (status, body) = read(form(format!("where={wide}")).await.unwrap()).await;
    assert_refused("a thousand tests", status, &body);
    for (query, limit, page, found) in [
        ("limit=abc", 10, 1, 2),
        ("limit=", 10, 1, 2),
        ("limit=NaN", 10, 1, 2),
        ("limit=1.9", 1, 1, 1),
        ("limit=0", 0, 1, 2),
        ("limit[]=1&limit[]=2", 10, 1, 2),
        ("limit[a]=1", 10, 1, 2),
        ("page=0", 10, 1, 2),
        ("page=abc", 10, 1, 2),
        ("page=5", 10, 5, 0),
        ("depth=99", 10, 1, 2),
        ("depth=-1", 10, 1, 2),
        ("depth=NaN", 10, 1, 2),
        ("depth=1e9", 10, 1, 2),
        ("depth[]=1", 10, 1, 2),
        ("sort=", 10, 1, 2),
        ("sort=nope", 10, 1, 2),
        ("sort=-", 10, 1, 2),
        ("sort=,,", 10, 1, 2),
        ("sort[a]=b", 10, 1, 2),
        ("sort=name;drop", 10, 1, 2),
        ("sort=name%00", 10, 1, 2),
        ("sort=company.nope", 10, 1, 2),
        ("sort=t.name", 10, 1, 2),
        ("sort=utm", 10, 1, 2),
        ("select=none", 10, 1, 2),
        ("select[nope]=true", 10, 1, 2),
        ("select[name][x][y]=true", 10, 1, 2),
        ("populate=x", 10, 1, 2),
        ("populate[nope][x]=true", 10, 1, 2),
        ("populate[companies]=x", 10, 1, 2),
        ("joins[x][limit]=1", 10, 1, 2),
        ("pagination=maybe", 10, 1, 2),
        ("draft=true&locale=all&fallback-locale=xx", 10, 1, 2),
        ("where[name][equals]=%00", 10, 1, 0),
        ("a=%zz&%=1&=&&", 10, 1, 2),
        ("where[company][equals]=not-an-id", 10, 1, 0),
        ("where[id][in]=x,y", 10, 1, 0),
        ("where[id][in][]=", 10, 1, 0),
    ] {
        let (status, body) =
            wire::get(&victim.app, owner.token(), format!("/api/contacts?{query}").as_bytes())
                .await;
        assert_sound(query, status, &body);
        if query.contains("%00") && status == 400 {
            continue;
        }
        let docs = body["docs"].as_array().map(Vec::len);
        assert_eq!(
            (status.as_u16(), &body["limit"], &body["page"], docs),
            (200, &json!(limit), &json!(page), Some(found)),
            "{query}: {body}"
        );
    }
}

/// A query may be large where the contract lets it; it must end in an answer, and soon.
#[tokio::test]
async fn large_questions_are_answered_or_refused() {
    let victim = Victim::new().await;
    let owner = victim.owner().await;
    let ids: Vec<String> = (0..20_000).map(|_| kernel::new_id().to_string()).collect();
    let ids = ids.join(",");
    let words = |n: usize, with: &str| vec!["a"; n].join(with);
    let all: Vec<_> = victim.app.engine().collections().cloned().collect();
    let tasks = all.iter().find(|c| c.slug == "tasks").unwrap();
    // As many ways through relations as a filter may name, the longest first: one join for each.
    let mut longest = fuzz::paths(&all, tasks, 7);
    longest.retain(|p| p.ends_with(".name") || p.ends_with(".title"));
    longest.sort_by_key(|p| std::cmp::Reverse(p.matches('.').count()));
    longest.truncate(250);
    let paths: Vec<Value> = longest.iter().map(|p| json!({ p: { "equals": "x" } })).collect();
    let sorts =
        longest.iter().filter(|p| !p.contains("tags")).take(16).cloned().collect::<Vec<_>>();
    let patterns: String = "%25a_".repeat(2_000);
    for (name, query) in [
        ("ids", format!("where[id][in]={ids}")),
        ("not these ids", format!("where[company][not_in]={ids}")),
        ("words", format!("where[name][like]={}", words(5_000, "+"))),
        ("many words", format!("where[name][like]={}", words(70_000, "+"))),
        ("values", format!("where[name][in]={}", words(70_000, ","))),
        ("all values", format!("where[name][all]={}", words(70_000, ","))),
        ("all tags", format!("where[tags][all]={ids}")),
        ("paths", format!("where={}", json!({ "or": paths }))),
        ("patterns", format!("where[name][like]={patterns}")),
        ("a long word", format!("where[name][contains]={}", "x".repeat(900_000))),
        ("sorts", format!("sort={}", sorts.join(","))),
        ("selected", (0..900).map(|n| format!("&select[f{n}]=true")).collect()),
    ] {
        let began = std::time::Instant::now();
        let slug = if matches!(name, "paths" | "sorts") { "tasks" } else { "contacts" };
        let request = owner.request(Method::POST, &format!("/api/{slug}"));
        let request = request.header("X-HTTP-Method-Override", "GET");
        let request =
            request.header("Content-Type", "application/x-www-form-urlencoded").body(query);
        let (status, body) = read(request.send().await.unwrap()).await;
        assert_sound(name, status, &body);
        let took = began.elapsed();
        assert!(took.as_secs() < 5, "{name} took {took:?}: {status}");
    }
}
