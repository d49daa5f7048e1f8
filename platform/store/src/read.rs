//! Reading documents: select, follow relations, write JSON.

use std::collections::HashMap;
use std::sync::Arc;

use define::{Select, Shape, Tenancy};
use indexmap::IndexMap;
use kernel::{Error, Id, Result, Role};
use tokio_postgres::Row;

pub use crate::render::Plan;
pub use crate::select::{Locking, Query, Reader};

use crate::render::{self, Related};
use crate::{Layout, Statement, Tx, select};

/// Documents of one page as JSON texts, and the size of the whole set when it was asked for.
pub struct Found {
    pub docs: Vec<String>,
    pub total: Option<i64>,
}

/// How the total is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    Unknown,
    UpTo(i64),
}

/// One page: page and count in one round trip, then one more for each level of relations.
pub async fn page(
    tx: &mut Tx,
    reader: Reader<'_>,
    query: &Query<'_>,
    shape: &Shape,
    total: Total,
) -> Result<Found> {
    let layout = reader.schema.layout(query.layout.slug())?;
    let plan = Plan::new(layout, reader.role, shape.select.as_ref());
    let mut statements = vec![query.page(reader, &plan)?];
    if let Total::UpTo(cap) = total {
        statements.push(query.count(reader, Some(cap))?);
    }
    let mut results = tx.batch(&statements).await?;
    let total = if results.len() > 1 { results.pop().map(|rows| count_of(&rows)) } else { None };
    let rows = results.pop().unwrap_or_default();
    let docs = documents(tx, reader, &plan, &rows, shape).await?;
    Ok(Found { docs, total: total.transpose()? })
}

/// The whole set's size.
pub async fn count(tx: &mut Tx, reader: Reader<'_>, query: &Query<'_>) -> Result<i64> {
    let mut results = tx.batch(&[query.count(reader, None)?]).await?;
    count_of(&results.pop().unwrap_or_default())
}

fn count_of(rows: &[Row]) -> Result<i64> {
    let row = rows.first().ok_or_else(|| Error::internal("a count without a row"))?;
    row.try_get(0).map_err(|e| Error::internal("a count that is no number").with_source(e))
}

/// Rows as JSON texts, relations followed to `shape.depth`.
pub async fn documents(
    tx: &mut Tx,
    reader: Reader<'_>,
    plan: &Arc<Plan>,
    rows: &[Row],
    shape: &Shape,
) -> Result<Vec<String>> {
    let related = follow(tx, reader, plan, rows, shape).await?;
    let mut docs = Vec::with_capacity(rows.len());
    for row in rows {
        let mut text = String::with_capacity(1024);
        render::document(&mut text, plan, row, shape.depth, &related)?;
        docs.push(text);
    }
    Ok(docs)
}

/// Rows of `tenants` by id; those missing or hidden are left out. Trash is included.
pub fn by_ids(plan: &Plan, tenants: &[Id], ids: &[Id], locking: Locking) -> Statement {
    select::by_ids(plan, tenants, ids, locking)
}

/// One row by id, unless it is in the trash. For collections that have one.
pub fn live_by_id(plan: &Plan, tenants: &[Id], id: Id) -> Statement {
    let mut statement = select::by_ids(plan, tenants, &[id], Locking::No);
    statement.sql.push_str(" AND t.deleted_at IS NULL");
    statement
}

/// Ids of one query's rows, with their tenants, in order.
pub async fn ids(
    tx: &mut Tx,
    reader: Reader<'_>,
    query: &Query<'_>,
) -> Result<Vec<(Option<Id>, Id)>> {
    let layout = reader.schema.layout(query.layout.slug())?;
    let nothing = Select::Include(IndexMap::new());
    let plan = Plan::new(layout, reader.role, Some(&nothing));
    let mut results = tx.batch(&[query.page(reader, &plan)?]).await?;
    let rows = results.pop().unwrap_or_default();
    rows.iter().map(|row| Ok((get_id(row, 1)?, get_id(row, 0)?.unwrap_or_default()))).collect()
}

/// Column `at` of a row as an id.
pub fn get_id(row: &Row, at: usize) -> Result<Option<Id>> {
    row.try_get(at).map_err(|e| Error::internal("a column that is no id").with_source(e))
}

/// Whole documents of `tenants` by id, every field whatever the role, relations as ids: for the
/// engine's own use. `locking` holds them until the transaction ends.
pub async fn whole(
    tx: &mut Tx,
    layout: &Arc<Layout>,
    tenants: &[Id],
    ids: &[Id],
    locking: Locking,
) -> Result<HashMap<Id, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let plan = Plan::new(layout, Some(Role::Owner), None);
    let statement = select::by_ids(&plan, tenants, ids, locking);
    let rows = tx.batch(&[statement]).await?.pop().unwrap_or_default();
    let nothing = Related::default();
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let mut text = String::with_capacity(1024);
        render::document(&mut text, &plan, row, 0, &nothing)?;
        found.insert(get_id(row, 0)?.unwrap_or_default(), text);
    }
    Ok(found)
}

/// Fetches what the rows refer to, level by level: one round trip a level, one statement a
/// collection, no row twice.
async fn follow(
    tx: &mut Tx,
    reader: Reader<'_>,
    plan: &Arc<Plan>,
    rows: &[Row],
    shape: &Shape,
) -> Result<Related> {
    let mut related = Related::default();
    let mut wanted = Vec::new();
    if shape.depth > 0 {
        for row in rows {
            render::references(plan, row, &mut wanted)?;
        }
    }
    for level in 1..=shape.depth {
        let groups = group(reader, &related, std::mem::take(&mut wanted));
        if groups.is_empty() {
            break;
        }
        let mut statements = Vec::with_capacity(groups.len());
        let mut plans = Vec::with_capacity(groups.len());
        for (slug, group) in &groups {
            let layout = reader.schema.layout(slug)?;
            let plan = Plan::new(layout, reader.role, shape.populate.get(slug.as_str()));
            statements.push(by_ids(&plan, &group.tenants, &group.ids, Locking::No));
            plans.push(plan);
        }
        let results = tx.batch(&statements).await?;
        for (plan, rows) in plans.iter().zip(results) {
            if level < shape.depth {
                for row in &rows {
                    render::references(plan, row, &mut wanted)?;
                }
            }
            related.insert(plan, rows)?;
        }
    }
    Ok(related)
}

#[derive(Default)]
struct Group {
    tenants: Vec<Id>,
    ids: Vec<Id>,
}

/// References not loaded yet, by collection, leaving out collections this role cannot read.
fn group(
    reader: Reader<'_>,
    related: &Related,
    mut wanted: Vec<render::Reference>,
) -> IndexMap<String, Group> {
    wanted.sort_by(|a, b| (&a.slug, a.id).cmp(&(&b.slug, b.id)));
    let mut groups: IndexMap<String, Group> = IndexMap::new();
    for reference in wanted {
        let Some(layout) = reader.schema.get(&reference.slug) else { continue };
        if !layout.collection.access.read.possible(reader.role)
            || related.has(&reference.slug, reference.tenant, reference.id)
        {
            continue;
        }
        let group = groups.entry(reference.slug).or_default();
        if group.ids.last() != Some(&reference.id) {
            group.ids.push(reference.id);
        }
        if layout.tenancy() == Tenancy::Tenant && !group.tenants.contains(&reference.tenant) {
            group.tenants.push(reference.tenant);
        }
    }
    groups
}
