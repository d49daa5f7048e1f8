//! Reading documents: select, follow relations, write JSON.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use define::{Select, Shape, Tenancy};
use indexmap::IndexMap;
use kernel::{Error, Id, Kind, Result, Role};
use tokio_postgres::Row;

pub use crate::plan::Plan;
pub use crate::select::{Locking, Query, Reader};

use crate::render::{self, Reference, Related};
use crate::{Layout, Statement, Then, Tx, select};

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
    then: Then,
) -> Result<Found> {
    let layout = reader.schema.layout(query.layout.slug())?;
    let plan = Plan::new(layout, reader.role, shape.select.as_ref());
    let mut statements = vec![query.page(reader, &plan)?];
    if let Total::UpTo(cap) = total {
        statements.push(query.count(reader, Some(cap))?);
    }
    let is_last = shape.depth == 0 || !plan.has_relations();
    let mut results = tx.batch(&statements, if is_last { then } else { Then::GoOn }).await?;
    let total = if results.len() > 1 { results.pop().map(|rows| count_of(&rows)) } else { None };
    let rows = results.pop().unwrap_or_default();
    let docs = documents(tx, reader, &plan, rows, shape, then).await?;
    Ok(Found { docs, total: total.transpose()? })
}

/// A document wanted by id.
pub struct Wanted<'a> {
    pub layout: &'a Arc<Layout>,
    pub tenants: &'a [Id],
    pub id: Id,
    /// Whether one in the trash counts.
    pub trash: bool,
}

/// One document by id, or `None`. Its single relations are fetched along with it: they are one round
/// trip together.
pub async fn one(
    tx: &mut Tx,
    reader: Reader<'_>,
    wanted: &Wanted<'_>,
    shape: &Shape,
    then: Then,
) -> Result<Option<String>> {
    let Wanted { layout, tenants, id, trash } = *wanted;
    let plan = Plan::new(layout, reader.role, shape.select.as_ref());
    let mut statements = vec![by_id(&plan, tenants, id, trash)];
    let mut plans = Vec::new();
    if shape.depth > 0 {
        for (slug, columns) in plan.single_relations() {
            let target = reader.schema.layout(slug)?;
            if target.collection.access.read.possible(reader.role) {
                let target = Plan::inside(target, reader.role, shape.populate.get(slug));
                statements.push(select::related_to_one(&plan, &target, &columns, tenants, id));
                plans.push(target);
            }
        }
    }
    // Lists are seldom filled and deeper levels seldom there: where they are, the transaction that
    // fetches them is another one.
    let mut results = tx.batch(&statements, then).await?.into_iter();
    let rows = results.next().unwrap_or_default();
    let Some(row) = rows.first() else { return Ok(None) };
    let mut following = Following::default();
    for (plan, rows) in plans.into_iter().zip(results) {
        following.have(&plan, rows, shape.depth > 1)?;
    }
    following.tried_of(&plan, row)?;
    let related = follow(tx, reader, following, &plan, &rows, shape, then).await?;
    let mut text = String::with_capacity(1024);
    render::document(&mut text, &plan, row, shape.depth, &related)?;
    Ok(Some(text))
}

/// The whole set's size.
pub async fn count(tx: &mut Tx, reader: Reader<'_>, query: &Query<'_>) -> Result<i64> {
    let mut results = tx.batch(&[query.count(reader, None)?], Then::Commit).await?;
    count_of(&results.pop().unwrap_or_default())
}

fn count_of(rows: &[Row]) -> Result<i64> {
    let row = rows.first().ok_or_else(|| Error::internal("a count without a row"))?;
    row.try_get(0).map_err(|e| Error::internal("a count that is no number").with_source(e))
}

/// Rows that are to become JSON texts, with what they refer to.
struct Page {
    plan: Arc<Plan>,
    rows: Vec<Row>,
    related: Related,
    depth: u8,
    /// Bytes that the texts may have in all.
    most: usize,
}

impl Page {
    fn texts(&self) -> Result<Vec<String>> {
        let mut docs = Vec::with_capacity(self.rows.len());
        let mut left = self.most;
        for row in &self.rows {
            let mut text = String::with_capacity(1024);
            render::document(&mut text, &self.plan, row, self.depth, &self.related)?;
            left = left.checked_sub(text.len()).ok_or_else(render::too_large)?;
            docs.push(text);
        }
        Ok(docs)
    }
}

/// Rows of this many bytes are made into text on another thread: this one has other clients, who would
/// wait for it.
const ASIDE: usize = 256 << 10;

/// Does `work` on `bytes` of rows here, or aside when they are many.
async fn aside<T: Send + 'static>(
    bytes: usize,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    if bytes < ASIDE {
        return Ok(work());
    }
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| Error::internal("an answer could not be written out").with_source(e))
}

/// Rows as JSON texts, relations followed to `shape.depth`.
async fn documents(
    tx: &mut Tx,
    reader: Reader<'_>,
    plan: &Arc<Plan>,
    rows: Vec<Row>,
    shape: &Shape,
    then: Then,
) -> Result<Vec<String>> {
    let related = follow(tx, reader, Following::default(), plan, &rows, shape, then).await?;
    let (plan, depth, most) = (plan.clone(), shape.depth, render::MAX_ANSWER);
    let page = Page { plan, rows, related, depth, most };
    aside(tx.received(), move || page.texts()).await?
}

/// Like [`documents`], for rows that were just written: they are shown flat when following their
/// relations would make the answer too large, since the write itself has succeeded. With their ids.
pub async fn written(
    tx: &mut Tx,
    reader: Reader<'_>,
    plan: &Arc<Plan>,
    rows: Vec<Row>,
    shape: &Shape,
    then: Then,
) -> Result<Vec<(Id, String)>> {
    let ids: Vec<Option<Id>> = rows.iter().map(|row| get_id(row, 0)).collect::<Result<_>>()?;
    let (plan, most) = (plan.clone(), render::MAX_ANSWER);
    let followed = follow(tx, reader, Following::default(), &plan, &rows, shape, then).await;
    let (related, depth) = match followed {
        Err(error) if error.kind == Kind::BadRequest => (Related::default(), 0),
        followed => (followed?, shape.depth),
    };
    let mut page = Page { plan, rows, related, depth, most };
    let texts = aside(tx.received(), move || match page.texts() {
        Err(error) if error.kind == Kind::BadRequest => {
            (page.related, page.depth, page.most) = (Related::default(), 0, usize::MAX);
            page.texts()
        }
        texts => texts,
    });
    Ok(ids.into_iter().map(Option::unwrap_or_default).zip(texts.await??).collect())
}

/// Rows of `tenants` by id; those missing or hidden are left out. Trash is included.
pub fn by_ids(plan: &Plan, tenants: &[Id], ids: &[Id], locking: Locking) -> Statement {
    select::by_ids(plan, tenants, ids, locking)
}

/// One row by id; one in the trash counts only with `trash`.
pub fn by_id(plan: &Plan, tenants: &[Id], id: Id, trash: bool) -> Statement {
    let mut statement = select::by_ids(plan, tenants, &[id], Locking::No);
    if plan.layout.collection.trash && !trash {
        statement.sql.push_str(" AND t.deleted_at IS NULL");
    }
    statement
}

/// Ids of one query's rows, with their tenants, in order.
pub async fn ids(
    tx: &mut Tx,
    reader: Reader<'_>,
    query: &Query<'_>,
    then: Then,
) -> Result<Vec<(Option<Id>, Id)>> {
    let layout = reader.schema.layout(query.layout.slug())?;
    let nothing = Select::Include(IndexMap::new());
    let plan = Plan::new(layout, reader.role, Some(&nothing));
    let mut results = tx.batch(&[query.page(reader, &plan)?], then).await?;
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
    whole_behind(tx, Vec::new(), layout, tenants, ids, locking).await
}

/// The same behind other statements, in one round trip with them. They are sent when no document is
/// wanted, too.
pub async fn whole_behind(
    tx: &mut Tx,
    mut first: Vec<Statement>,
    layout: &Arc<Layout>,
    tenants: &[Id],
    ids: &[Id],
    locking: Locking,
) -> Result<HashMap<Id, String>> {
    let plan = Plan::new(layout, Some(Role::Owner), None);
    if !ids.is_empty() {
        first.push(select::by_ids(&plan, tenants, ids, locking));
    }
    if first.is_empty() {
        return Ok(HashMap::new());
    }
    let last = tx.batch(&first, Then::GoOn).await?.pop().unwrap_or_default();
    let rows = if ids.is_empty() { Vec::new() } else { last };
    let nothing = Related::default();
    let mut found = HashMap::with_capacity(rows.len());
    for row in &rows {
        let mut text = String::with_capacity(1024);
        render::document(&mut text, &plan, row, 0, &nothing)?;
        found.insert(get_id(row, 0)?.unwrap_or_default(), text);
    }
    Ok(found)
}

/// Relations on the way: what is here, what was asked for, what is wanted next.
#[derive(Default)]
struct Following {
    related: Related,
    /// Asked for already; what did not come is hidden or gone.
    tried: HashSet<(String, Id)>,
    wanted: Vec<Reference>,
}

impl Following {
    fn have(&mut self, plan: &Arc<Plan>, rows: Vec<Row>, deeper: bool) -> Result<()> {
        if deeper {
            for row in &rows {
                render::references(plan, row, &mut self.wanted)?;
            }
        }
        self.related.insert(plan, rows)
    }

    /// The single relations of `row` were asked for along with it.
    fn tried_of(&mut self, plan: &Plan, row: &Row) -> Result<()> {
        let mut found = Vec::new();
        render::single_references(plan, row, &mut found)?;
        self.tried.extend(found.into_iter().map(|r| (r.slug, r.id)));
        Ok(())
    }

    /// What is wanted and not here yet, by collection, leaving out what this role cannot read.
    fn groups(&mut self, reader: Reader<'_>) -> IndexMap<String, Group> {
        let mut wanted = std::mem::take(&mut self.wanted);
        wanted.sort_by(|a, b| (&a.slug, a.id).cmp(&(&b.slug, b.id)));
        let mut groups: IndexMap<String, Group> = IndexMap::new();
        for Reference { slug, tenant, id } in wanted {
            let Some(layout) = reader.schema.get(&slug) else { continue };
            if !layout.collection.access.read.possible(reader.role)
                || self.related.has(&slug, tenant, id)
                || self.tried.contains(&(slug.clone(), id))
            {
                continue;
            }
            let group = groups.entry(slug).or_default();
            if group.ids.last() != Some(&id) {
                group.ids.push(id);
            }
            if layout.tenancy() == Tenancy::Tenant && !group.tenants.contains(&tenant) {
                group.tenants.push(tenant);
            }
        }
        groups
    }
}

#[derive(Default)]
struct Group {
    tenants: Vec<Id>,
    ids: Vec<Id>,
}

/// Fetches what the rows refer to, level by level: one round trip a level, one statement a
/// collection, no row twice.
async fn follow(
    tx: &mut Tx,
    reader: Reader<'_>,
    mut following: Following,
    plan: &Arc<Plan>,
    rows: &[Row],
    shape: &Shape,
    then: Then,
) -> Result<Related> {
    if shape.depth > 0 {
        for row in rows {
            render::references(plan, row, &mut following.wanted)?;
        }
    }
    for level in 1..=shape.depth {
        let groups = following.groups(reader);
        if groups.is_empty() {
            break;
        }
        let mut statements = Vec::with_capacity(groups.len());
        let mut plans = Vec::with_capacity(groups.len());
        for (slug, group) in &groups {
            let layout = reader.schema.layout(slug)?;
            let plan = Plan::inside(layout, reader.role, shape.populate.get(slug.as_str()));
            statements.push(by_ids(&plan, &group.tenants, &group.ids, Locking::No));
            plans.push(plan);
        }
        let is_last = level == shape.depth;
        let results = tx.batch(&statements, if is_last { then } else { Then::GoOn }).await?;
        for (plan, rows) in plans.iter().zip(results) {
            following.have(plan, rows, !is_last)?;
        }
    }
    Ok(following.related)
}
