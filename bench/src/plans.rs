//! The plans of the hot queries as the serving role, over a million rows: time, rows, and how each
//! table is reached.

use anyhow::Result;
use define::Where;
use kernel::{Id, Scope};
use serde_json::json;
use store::{Schema, Statement};

use crate::data::World;
use crate::statements;
use testbed::Instance;

pub(crate) fn explain(instance: &Instance, world: &World) -> Result<()> {
    let registry = server::app::registry()?;
    let schema = registry.schema();
    let big = Scope::One(world.crowd[0]);
    let small = Scope::One(world.crowd[7]);
    let all = Scope::Many(world.crowd.clone());
    let none = json!({});
    let value = json!({"value": {"greater_than": 4_990_000}, "status": {"equals": "won"}});
    let related = json!({"primaryContact.email": {"equals": "person11000@example.com"}});
    let mut rows: Vec<(&str, Statement)> = Vec::new();
    let mut add = |name, statements: Vec<Statement>| {
        rows.extend(statements.into_iter().take(1).map(|s| (name, s)));
    };
    add(
        "list, newest, large tenant",
        statements::page(schema, "contacts", &big, &none, "", false)?,
    );
    add(
        "list, newest, small tenant",
        statements::page(schema, "contacts", &small, &none, "", false)?,
    );
    add("list, newest, all 20 tenants", statements::page(schema, "deals", &all, &none, "", false)?);
    add(
        "filter + sort on value",
        statements::page(schema, "deals", &big, &value, "-value", false)?,
    );
    add(
        "filter on e-mail",
        statements::page(
            schema,
            "contacts",
            &big,
            &json!({"email": {"equals": "person12345@example.com"}}),
            "",
            false,
        )?,
    );
    add("filter through a relation", statements::page(schema, "deals", &big, &related, "", false)?);
    add(
        "contacts of one company",
        statements::page(
            schema,
            "contacts",
            &big,
            &json!({"company": {"equals": company(world)}}),
            "",
            false,
        )?,
    );
    let mut counts = statements::page(schema, "deals", &big, &value, "-value", true)?;
    rows.extend(counts.pop().map(|s| ("count of filter on value", s)));
    let mut counts = statements::page(schema, "contacts", &small, &none, "", true)?;
    rows.extend(counts.pop().map(|s| ("count, small tenant", s)));
    let mut counts = statements::page(schema, "contacts", &big, &none, "", true)?;
    rows.extend(counts.pop().map(|s| ("count, large tenant (capped)", s)));

    rows.extend(searches(schema, world)?);
    rows.extend(groupings(schema, world)?);

    println!("\nPlans as app_user under forced row-level security (second run of each)");
    println!("{:<32} {:>10} {:>10}  reached by", "query", "plan ms", "run ms");
    for (name, statement) in rows {
        let text = run(instance, &world.crowd, &statement)?;
        println!(
            "{name:<32} {:>10} {:>10}  {}",
            timing(&text, "Planning Time"),
            timing(&text, "Execution Time"),
            scans(&text)
        );
    }
    Ok(())
}

/// Searches of the large tenant: each is the statement of its words, then that of its hits.
fn searches(schema: &Schema, world: &World) -> Result<Vec<(&'static str, Statement)>> {
    let big = Scope::One(world.crowd[0]);
    let one = &world.crowd[..1];
    let mut rows = Vec::new();
    for (names, tenants, words) in [
        (["search: rare word, its words", "search: rare word"], one, &["last777"][..]),
        (["search: frequent, its words", "search: frequent"], one, &["maria"]),
        (["search: frequent + rare, words", "search: frequent + rare"], one, &["last777", "maria"]),
        (["search: two frequent, words", "search: two frequent"], one, &["maria", "last7"]),
        (["search: one letter, words", "search: one letter"], one, &["m"]),
        (["search: 20 tenants, words", "search: 20 tenants"], &world.crowd, &["last777", "maria"]),
    ] {
        rows.extend(names.into_iter().zip(statements::search(schema, "contacts", tenants, words)?));
    }
    let words = |list: &[&str]| Where::Words(list.iter().map(|w| (*w).to_owned()).collect());
    let lists = [
        ("list by a frequent word", words(&["maria"]), ""),
        ("list by two, by name", words(&["maria", "last7"]), "lastName"),
    ];
    for (name, filter, sort) in lists {
        let mut made = statements::filtered(schema, "contacts", &big, &filter, sort, true)?;
        rows.extend(made.pop().map(|count| ("count by words (capped)", count)));
        rows.extend(made.pop().map(|page| (name, page)));
    }
    Ok(rows)
}

fn groupings(schema: &Schema, world: &World) -> Result<Vec<(&'static str, Statement)>> {
    let big = Scope::One(world.crowd[0]);
    let small = Scope::One(world.crowd[7]);
    let all = Scope::Many(world.crowd.clone());
    let groups = |name, scope, group, values| {
        statements::groups(schema, "deals", scope, group, values).map(|s| (name, s))
    };
    Ok(vec![
        groups("groups by stage, large tenant", &big, "stage", "")?,
        groups("value by stage, large tenant", &big, "stage", "sum:value")?,
        groups("value by month, large tenant", &big, "createdAt:month", "sum:value,avg:value")?,
        groups("value by stage, small tenant", &small, "stage", "sum:value")?,
        groups("value by tenant, all 20", &all, "tenant", "sum:value")?,
    ])
}

fn company(world: &World) -> Id {
    let n = u128::from(world.records) + 3;
    Id::from_u128(0x00000000_0003_7000_8000_000000000000 | n)
}

fn run(instance: &Instance, visible: &[Id], statement: &Statement) -> Result<String> {
    let visible: Vec<String> = visible.iter().map(Id::to_string).collect();
    let sql = statements::inlined(statement);
    instance.psql(&format!(
        "BEGIN READ ONLY; SET LOCAL app.visible = '{{{}}}'; SET LOCAL app.rank = '2';\n\
         EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {sql};\n\\echo second\n\
         EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {sql};\nCOMMIT;",
        visible.join(",")
    ))
}

fn second(text: &str) -> &str {
    text.split_once("second\n").map_or(text, |(_, second)| second)
}

fn timing(text: &str, what: &str) -> String {
    let line = second(text).lines().find(|l| l.contains(what));
    line.and_then(|l| l.split_whitespace().nth(2)).unwrap_or("?").to_owned()
}

/// The scan nodes of the plan, in order.
fn scans(text: &str) -> String {
    let lines = second(text).lines().map(|l| l.trim().trim_start_matches("->").trim());
    let found: Vec<&str> = lines
        .filter(|l| l.contains("Scan") || l.starts_with("Sort ") || l.starts_with("Incremental"))
        .map(|l| l.split(" (").next().unwrap_or(l))
        .collect();
    found.join("; ")
}
