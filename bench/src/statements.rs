//! The statements the server sends, taken from the store itself, as text for psql and pgbench.

use anyhow::{Result, anyhow};
use define::{Aggregate, Find, GroupKey, Measure, Where};
use kernel::{Id, Role, Scope};
use serde_json::Value;
use store::read::{self, Locking, Plan, Query, Reader};
use store::{Param, Schema, Statement};

/// Runs `make` with the definitions of the product.
pub(crate) fn with_schema<T>(make: impl FnOnce(&Schema) -> Result<T>) -> Result<T> {
    make(server::app::registry()?.schema())
}

/// Page and, when `counted`, count of a find over one scope.
pub(crate) fn page(
    schema: &Schema,
    slug: &str,
    scope: &Scope,
    filter: &Value,
    sort: &str,
    counted: bool,
) -> Result<Vec<Statement>> {
    let filter = Where::parse(filter).map_err(|e| anyhow!("{e:?}"))?;
    filtered(schema, slug, scope, &filter, sort, counted)
}

/// The same with a filter that no client writes.
pub(crate) fn filtered(
    schema: &Schema,
    slug: &str,
    scope: &Scope,
    filter: &Where,
    sort: &str,
    counted: bool,
) -> Result<Vec<Statement>> {
    let layout = schema.layout(slug).map_err(|e| anyhow!("{e:?}"))?;
    let sort = define::Sort::parse(sort);
    let find = Find::default();
    let query =
        Query { layout, scope, filter, sort: &sort, limit: 25, offset: 0, trash: find.trash };
    let reader = Reader { schema, role: Some(Role::Member) };
    let plan = Plan::new(layout, reader.role, None);
    let mut out = vec![query.page(reader, &plan).map_err(|e| anyhow!("{e:?}"))?];
    if counted {
        out.push(query.count(reader, Some(engine::MAX_TOTAL)).map_err(|e| anyhow!("{e:?}"))?);
    }
    Ok(out)
}

/// Counts and sums of a grouping.
pub(crate) fn groups(
    schema: &Schema,
    slug: &str,
    scope: &Scope,
    group: &str,
    values: &str,
) -> Result<Statement> {
    let wrong = |e: kernel::Error| anyhow!("{e:?}");
    let asked = Aggregate {
        group: GroupKey::parse(group).map_err(wrong)?,
        measures: Measure::parse(values).map_err(wrong)?,
        ..Aggregate::default()
    };
    let layout = schema.layout(slug).map_err(wrong)?;
    let reader = Reader { schema, role: Some(Role::Member) };
    let mut made = store::aggregate::statements(reader, layout, scope, &asked).map_err(wrong)?;
    Ok(made.swap_remove(0))
}

/// The two statements of a search: what its words find, and the hits of one collection. `words` are
/// those of the text, rarest first.
pub(crate) fn search(
    schema: &Schema,
    slug: &str,
    tenants: &[Id],
    words: &[&str],
) -> Result<[Statement; 2]> {
    let layout = schema.layout(slug).map_err(|e| anyhow!("{e:?}"))?;
    let owned: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
    Ok(store::search::statements(layout, tenants, &words.join(" "), &owned, 8))
}

pub(crate) fn by_ids(schema: &Schema, slug: &str, tenant: Id, ids: &[Id]) -> Result<Statement> {
    by_ids_in(schema, slug, &[tenant], ids)
}

pub(crate) fn by_ids_in(
    schema: &Schema,
    slug: &str,
    tenants: &[Id],
    ids: &[Id],
) -> Result<Statement> {
    let layout = schema.layout(slug).map_err(|e| anyhow!("{e:?}"))?;
    let plan = Plan::new(layout, Some(Role::Member), None);
    Ok(read::by_ids(&plan, tenants, ids, Locking::No))
}

/// The exact size of a whole collection.
pub(crate) fn count(schema: &Schema, slug: &str, scope: &Scope) -> Result<Statement> {
    let layout = schema.layout(slug).map_err(|e| anyhow!("{e:?}"))?;
    let everything = Where::default();
    let query =
        Query { layout, scope, filter: &everything, sort: &[], limit: 1, offset: 0, trash: false };
    let reader = Reader { schema, role: Some(Role::Member) };
    query.count(reader, None).map_err(|e| anyhow!("{e:?}"))
}

/// `(value, …)` for EXECUTE; nothing when there are none.
pub(crate) fn values(statement: &Statement) -> String {
    let values: Vec<String> = statement.params.iter().map(literal).collect();
    if values.is_empty() { String::new() } else { format!("({})", values.join(",")) }
}

/// The statement with its values written in, for tools that take text.
pub(crate) fn inlined(statement: &Statement) -> String {
    let mut sql = statement.sql.clone();
    for (n, param) in statement.params.iter().enumerate().rev() {
        sql = sql.replace(&format!("${}", n + 1), &literal(param));
    }
    sql
}

fn literal(param: &Param) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    match param {
        Param::Null => "NULL".to_owned(),
        Param::Text(text) | Param::Json(text) => quoted(text),
        Param::Uuid(id) => format!("'{id}'::uuid"),
        Param::Int(n) => format!("{n}::bigint"),
        Param::Float(n) => format!("{n}::float8"),
        Param::Bool(b) => b.to_string(),
        Param::Time(at) => format!("'{at}'::timestamptz"),
        Param::Date(day) => format!("'{day}'::date"),
        Param::List(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("ARRAY[{}]", items.join(","))
        }
    }
}
