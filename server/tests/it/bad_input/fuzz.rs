//! Questions made up at random from the definitions and from nonsense: whatever is asked, nothing breaks.

use define::{Collection, FieldKind, Op};
use futures_util::{StreamExt, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{OWNER, Victim, assert_sound, wire};

const CASES: usize = 600;

/// Dotted paths of a collection, `hops` relations deep.
pub(super) fn paths(all: &[Collection], collection: &Collection, hops: usize) -> Vec<String> {
    let mut out: Vec<String> =
        ["id", "tenant", "createdAt", "updatedAt", "deletedAt"].map(str::to_owned).into();
    for field in &collection.fields {
        out.push(field.name.clone());
        out.extend(field.fields.iter().map(|f| format!("{}.{}", field.name, f.name)));
        match (field.kind, &field.relation_to) {
            (FieldKind::Money, _) => out.push(format!("{}.currency", field.name)),
            (FieldKind::Json, _) => out.push(format!("{}.a.b", field.name)),
            (_, Some(to)) if hops > 0 => {
                let target = all.iter().find(|c| c.slug == *to).unwrap();
                let inner = paths(all, target, hops - 1);
                out.extend(inner.into_iter().map(|p| format!("{}.{p}", field.name)));
            }
            _ => {}
        }
    }
    out
}

fn values() -> impl Strategy<Value = String> {
    let nasty = [
        "",
        "null",
        "true",
        "false",
        "0",
        "-1",
        "1e999",
        "NaN",
        "9223372036854775808",
        "4.5",
        "x",
        "a,b",
        ",",
        "%",
        "_",
        "\\",
        "\\%",
        "'",
        "\"",
        "';--",
        "$1",
        "{}",
        "[]",
        "2026-01-01",
        "2026-02-30",
        "9999-12-31T23:59:59.999Z",
        "-271821-04-20",
        "lead",
        "open",
        "\u{0}",
        "\u{202e}",
        "\u{1f600}",
        "00000000-0000-0000-0000-000000000000",
        "{\"a\":1}",
        "  ",
        "USD",
        "NULL",
    ];
    prop_oneof![
        3 => proptest::sample::select(nasty.to_vec()).prop_map(str::to_owned),
        1 => proptest::collection::vec(any::<char>(), 0..12).prop_map(|c| c.into_iter().collect()),
    ]
}

fn questions(paths: Vec<String>) -> impl Strategy<Value = String> {
    let ops: Vec<&str> = Op::ALL.iter().map(|(_, name)| *name).chain(["near", "bogus"]).collect();
    let word = proptest::collection::vec(any::<char>(), 0..8)
        .prop_map(|c| c.into_iter().collect::<String>());
    let path = prop_oneof![9 => proptest::sample::select(paths.clone()), 1 => word];
    let group = proptest::sample::select(vec![
        "",
        "[and][0]",
        "[or][0]",
        "[or][1]",
        "[or][0][and][0]",
        "[AND][3]",
    ]);
    let many = proptest::sample::select(vec!["", "", "", "[]", "[0]", "[a]"]);
    let test = (group, path, proptest::sample::select(ops), many, values()).prop_map(
        |(group, path, op, many, value)| {
            let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            format!("where{group}[{}][{op}]{many}={}", encode(&path), encode(&value))
        },
    );
    let sort = proptest::collection::vec((proptest::sample::select(paths), any::<bool>()), 0..3)
        .prop_map(|keys| {
            let keys: Vec<String> =
                keys.into_iter().map(|(k, down)| if down { format!("-{k}") } else { k }).collect();
            format!("sort={}", keys.join(","))
        });
    let page = (0..5i64, 0..4i64, 0..4u8)
        .prop_map(|(limit, page, depth)| format!("limit={limit}&page={page}&depth={depth}"));
    (proptest::collection::vec(test, 0..4), sort, page)
        .prop_map(|(tests, sort, page)| format!("{}&{sort}&{page}", tests.join("&")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_breaks_it() {
    let victim = Victim::new().await;
    let app = &victim.app;
    let token = app.sign_in(OWNER).await.token().to_owned();
    let all: Vec<Collection> = app.engine().collections().cloned().collect();
    let mut runner = TestRunner::deterministic();
    let mut asked = Vec::with_capacity(CASES);
    let strategies: Vec<_> =
        all.iter().map(|c| (c.slug.clone(), questions(paths(&all, c, 2)))).collect();
    for n in 0..CASES {
        let (slug, strategy) = &strategies[n % strategies.len()];
        let question = strategy.new_tree(&mut runner).unwrap().current();
        let tail = if n % 5 == 0 { "/count" } else { "" };
        asked.push(format!("/api/{slug}{tail}?{question}"));
    }
    let mut answered = 0;
    let answers = asked.into_iter().map(|path| {
        let token = &token;
        async move { (wire::get(app, token, path.as_bytes()).await, path) }
    });
    let mut answers = stream::iter(answers).buffer_unordered(8);
    while let Some(((status, body), path)) = answers.next().await {
        assert_sound(&path, status, &body);
        answered += usize::from(status == 200);
    }
    // Most of it is nonsense, but not all: the walls behind the parser were reached.
    assert!(answered > CASES / 10, "only {answered} of {CASES} were answered");
}
