//! Questions made up at random: trees of tests over every path and operator, sorting, pages, words to
//! search for, groups.

use define::{Collection, Field, FieldKind, Op};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Value, json};

use super::definitions::OPTIONS;
use super::ground::{self, DAYS, MAILS, PHONES, TEXTS, TIMES, values};
use super::groups::Groups;
use super::order::Sort;
use super::world::World;

#[derive(Clone, Debug)]
pub(super) enum Asked {
    Page { sort: Sort, limit: usize, page: usize },
    Count,
    Groups(Groups),
}

#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) slug: String,
    pub(super) filter: Value,
    pub(super) typed: Option<String>,
    pub(super) trash: bool,
    pub(super) asked: Asked,
}

impl Question {
    pub(super) fn path(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut path = format!("where={}", encode(&self.filter.to_string()));
        if let Some(typed) = &self.typed {
            path.push_str(&format!("&q={}", encode(typed)));
        }
        if self.trash {
            path.push_str("&trash=true");
        }
        let slug = &self.slug;
        match &self.asked {
            Asked::Count => format!("/api/{slug}/count?{path}"),
            Asked::Groups(groups) => format!("/api/{slug}/aggregate?{path}&{}", groups.query()),
            Asked::Page { sort, limit, page } => {
                let sort: Vec<String> = sort
                    .iter()
                    .map(|(p, down)| format!("{}{p}", if *down { "-" } else { "" }))
                    .collect();
                let sort = sort.join(",");
                format!(
                    "/api/{slug}?{path}&depth=0&select[id]=true&sort={sort}&limit={limit}&page={page}"
                )
            }
        }
    }
}

/// Dotted paths, `hops` relations deep, with the field at their end.
fn paths(world: &World, fields: &[Field], hops: usize) -> Vec<(String, Field)> {
    let mut out = Vec::new();
    for field in fields {
        let under = |inner: Vec<(String, Field)>| {
            inner.into_iter().map(|(path, end)| (format!("{}.{path}", field.name), end))
        };
        out.push((field.name.clone(), field.clone()));
        match field.kind {
            FieldKind::Money => {
                out.push((format!("{}.amount", field.name), Field::integer("amount")));
                out.push((format!("{}.currency", field.name), Field::text("currency")));
            }
            FieldKind::Json => {
                let ends = ["a", "b.c", "b", "list.0", "list.1", "list", "none"];
                out.extend(ends.map(|e| (format!("{}.{e}", field.name), Field::text("inside"))));
            }
            FieldKind::Relationship if field.relation_to.as_deref() == Some("tenants") => {}
            FieldKind::Relationship => {
                out.push((format!("{}.id", field.name), field.clone()));
                if hops > 0 {
                    let slug = field.relation_to.as_deref().unwrap();
                    let fields = fields_of(&world.collections[slug]);
                    out.extend(under(paths(world, &fields, hops - 1)));
                }
            }
            _ => out.extend(under(paths(world, &field.fields, 0))),
        }
    }
    out
}

pub(super) fn fields_of(collection: &Collection) -> Vec<Field> {
    let system = ["id", "tenant", "createdAt", "updatedAt", "deletedAt"];
    let system = system.iter().filter_map(|name| super::world::field_of(collection, name));
    system.chain(collection.fields.iter().cloned()).collect()
}

/// Values worth asking a field about, some of another kind.
pub(super) fn about(world: &World, field: &Field) -> Vec<Value> {
    let mut out = match field.kind {
        _ if field.id => ids(world, "things"),
        FieldKind::Number | FieldKind::Money => numbers(),
        FieldKind::Date => [values(&DAYS), odd_times()].concat(),
        FieldKind::Datetime => {
            let own = ["2026-02-01T00:00:00.000Z", "2026-02-03", "2026-01-02T04:04:05.678+01:00"];
            [values(&TIMES), values(&own), odd_times()].concat()
        }
        FieldKind::Checkbox => {
            let words = values(&["true", "false", "perhaps", "true,false", "1", ""]);
            [vec![json!(true), json!(false), json!([true])], words].concat()
        }
        FieldKind::Select => {
            let odd = values(&["nonsense", "red,green", "red,nonsense", "Red"]);
            [values(&OPTIONS), odd, vec![json!(["red", "blue sky"])]].concat()
        }
        FieldKind::Relationship => ids(world, field.relation_to.as_deref().unwrap_or("makers")),
        FieldKind::Email => [values(&MAILS), values(&["ANN@", "example", "@"])].concat(),
        FieldKind::Phone => [values(&PHONES), values(&["555", "0132 415"])].concat(),
        _ => {
            let odd = values(&[
                "ANCH",
                "sons anchor",
                "%",
                "_",
                "a%b",
                "Æ",
                "clair",
                "tan",
                "USD",
                "EUR",
                "oslo",
                "5",
            ]);
            [values(&TEXTS), odd, vec![json!(5), json!(true), json!(["anchor", "10"]), json!([])]]
                .concat()
        }
    };
    out.extend([Value::Null, json!("null")]);
    out
}

fn ids(world: &World, slug: &str) -> Vec<Value> {
    let docs = &world.docs[slug];
    let mut ids: Vec<Value> =
        docs.iter().step_by(docs.len().div_ceil(6)).map(|d| d["id"].clone()).collect();
    let two = json!([ids[0], ids[ids.len() - 1]]);
    let comma = format!("{}, {}", ids[0].as_str().unwrap(), ids[ids.len() / 2].as_str().unwrap());
    let upper = ids[0].as_str().unwrap().to_uppercase();
    let document = json!({ "id": ids[0] });
    ids.extend([two, json!(comma), json!(upper), document]);
    ids.extend([json!(kernel::new_id()), json!("not-an-id"), json!(""), json!(7)]);
    ids
}

fn numbers() -> Vec<Value> {
    let words = [
        "5",
        "5.5",
        "-5",
        "abc",
        "",
        "0,5,100",
        "1e3",
        "1.5,-0.25",
        "9007199254740993",
        "99999999999999999999",
        "-99999999999999999999",
        "9223372036854775807",
        " 100 ",
        "1e400",
        "100.0",
        "5.0000000001",
    ];
    let lists =
        vec![json!([5, "7", 1.5]), json!([9_007_199_254_740_993_i64]), json!([]), json!(true)];
    [ground::doubles(), ground::integers(), values(&words), lists].concat()
}

fn odd_times() -> Vec<Value> {
    let odd =
        ["2026-11-22T10:00:00Z", "2026-11-21,1999-12-31", "", "nope", "2026-02-30", "9999-12-31"];
    [values(&odd), vec![json!(["2026-11-21", "2020-02-29"]), json!(5)]].concat()
}

fn test(world: &World, path: &str, field: &Field) -> impl Strategy<Value = Value> + use<> {
    let path = path.to_owned();
    let pool = about(world, field);
    let ops: Vec<Op> = Op::ALL.iter().map(|(op, _)| *op).collect();
    let exists = [json!(true), json!("true"), json!(false), json!("false"), json!("yes")].to_vec();
    (select(ops), select(pool), select(exists)).prop_map(move |(op, value, there)| {
        let value = if op == Op::Exists { there } else { value };
        json!({ path.clone(): { op.as_str(): value } })
    })
}

/// Groups, trees of tests: a leaf is rarely nonsense, or most trees would be refused.
fn filters(world: &World, paths: &[(String, Field)]) -> BoxedStrategy<Value> {
    let tests = paths.iter().map(|(path, field)| {
        let depth = path.split('.').count() as u32;
        (9_u32.checked_div(depth).unwrap_or(1).max(1), test(world, path, field).boxed())
    });
    let leaf = Union::new_weighted(tests.collect()).boxed();
    let and = |list: Vec<Value>| json!({ "and": list });
    let or = |list: Vec<Value>| json!({ "or": list });
    let tree = leaf.clone().prop_recursive(3, 8, 3, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(and),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(or),
            (inner.clone(), inner).prop_map(|(mut a, b)| {
                let (Some(into), Value::Object(from)) = (a.as_object_mut(), b) else { return a };
                into.extend(from);
                a
            }),
        ]
    });
    prop_oneof![1 => Just(json!({})), 6 => leaf, 6 => tree].boxed()
}

fn typed() -> impl Strategy<Value = Option<String>> {
    let words = [
        "anchor",
        "anc",
        "SONS anchor",
        "aero",
        "havn",
        "eclair",
        "é",
        "strasse",
        "istan",
        "50",
        "ann@example.com",
        "ann@ex",
        "bob.b@mail",
        "zoe+x",
        "415 555 0132",
        "5550100",
        "612345678",
        "+34 612 345 678",
        "日",
        "ok",
        "co op",
        "naive",
        "!!!",
        "nobody",
        "a b",
        "oslo",
        "null",
    ];
    let one = select(words.to_vec()).prop_map(str::to_owned);
    let two = (select(words[..10].to_vec()), select(words[..14].to_vec()))
        .prop_map(|(a, b)| format!("{a} {b}"));
    prop_oneof![8 => Just(None), 2 => one.prop_map(Some), 1 => two.prop_map(Some)]
}

fn asked(paths: &[(String, Field)]) -> impl Strategy<Value = Asked> + use<> {
    let names: Vec<String> =
        paths.iter().map(|(p, _)| p.clone()).chain(["nonsense".into()]).collect();
    let key = (select(names.clone()), any::<bool>());
    let page = (proptest::collection::vec(key, 0..4), 0_usize..12, 1_usize..5)
        .prop_map(|(sort, limit, page)| Asked::Page { sort, limit, page });
    // Fields of the collection and of what it names; deeper ones are the same code again.
    let near: Vec<&(String, Field)> =
        paths.iter().filter(|(p, _)| p.split('.').count() < 3).collect();
    let mut keys: Vec<String> = Vec::new();
    let mut measures: Vec<String> = Vec::new();
    for (path, field) in near {
        keys.push(path.clone());
        let time = matches!(field.kind, FieldKind::Date | FieldKind::Datetime);
        if time {
            keys.extend(["day", "week", "month", "quarter", "year"].map(|b| format!("{path}:{b}")));
        }
        if time || matches!(field.kind, FieldKind::Number | FieldKind::Money) {
            measures.extend(["sum", "avg", "min", "max"].map(|f| format!("{f}:{path}")));
        }
    }
    let zones = vec!["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata"];
    let groups = (
        proptest::collection::vec(select(keys), 0..3),
        proptest::collection::vec(select(measures), 0..3),
        proptest::collection::vec((0_usize..4, any::<bool>()), 0..3),
        select(zones),
        1_usize..40,
    );
    let groups = groups.prop_map(|(keys, values, order, zone, limit)| {
        let names: Vec<&str> =
            ["key", "count"].into_iter().chain(values.iter().map(String::as_str)).collect();
        let sort = order.iter().filter_map(|(at, down)| {
            Some(format!("{}{}", if *down { "-" } else { "" }, names.get(*at)?))
        });
        let sort = sort.collect();
        Asked::Groups(Groups { keys, values, zone, sort, limit })
    });
    prop_oneof![5 => page, 1 => Just(Asked::Count), 3 => groups]
}

pub(super) fn questions(world: &World, slug: &'static str) -> BoxedStrategy<Question> {
    let paths = paths(world, &fields_of(&world.collections[slug]), 2);
    let searched = !world.collections[slug].search.is_empty();
    (filters(world, &paths), typed(), any::<bool>(), asked(&paths))
        .prop_map(move |(filter, typed, trash, asked)| Question {
            slug: slug.to_owned(),
            filter,
            typed: typed.filter(|_| searched),
            trash,
            asked,
        })
        .boxed()
}

/// Every operator on every path near at hand, with each value worth asking.
pub(super) fn every_test(world: &World, slug: &str) -> Vec<Value> {
    let mut out = Vec::new();
    for (path, field) in paths(world, &fields_of(&world.collections[slug]), 0) {
        for (op, name) in Op::ALL {
            let values = match op {
                Op::Exists => vec![json!(true), json!(false)],
                _ => about(world, &field),
            };
            out.extend(values.into_iter().map(|value| json!({ path.clone(): { name: value } })));
        }
    }
    out
}
