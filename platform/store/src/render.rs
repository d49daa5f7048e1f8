//! Rows to JSON text, without values in between.
//!
//! A [`Plan`] says which columns a query selects and how they stand in the document. Columns 0 and 1
//! are always the row's id and its tenant.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::Arc;

use define::{Select, SelectNode, SelectTree, Tenancy};
use indexmap::IndexMap;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::{Span, Timestamp};
use kernel::{Error, Id, Result, Role};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::layout::{Column, ColumnType, Layout, Node};
use crate::param::{EPOCH_DATE, EPOCH_MICROS};

#[derive(Debug)]
pub struct Plan {
    pub layout: Arc<Layout>,
    /// Select-list expressions over the alias `t`.
    pub(crate) columns: Vec<String>,
    out: Vec<Out>,
}

#[derive(Debug)]
enum Out {
    Value {
        key: String,
        at: usize,
        ty: ColumnType,
        relation: Option<String>,
    },
    Money {
        key: String,
        amount: usize,
        currency: usize,
    },
    Group {
        key: String,
        out: Vec<Out>,
    },
    Many {
        key: String,
        at: usize,
        ty: ColumnType,
        relation: Option<String>,
    },
    /// `at` is the column of row ids; each inner value is a parallel array.
    Array {
        key: String,
        at: usize,
        out: Vec<Out>,
    },
}

impl Plan {
    /// The plan of `layout` as `role` may see it. `select` narrows it; `id` always stays.
    pub fn new(layout: &Arc<Layout>, role: Option<Role>, select: Option<&Select>) -> Arc<Plan> {
        let cacheable = select.is_none() && !restricted(&layout.nodes);
        if cacheable && let Some(plan) = layout.whole.get() {
            return plan.clone();
        }
        let tenant = match layout.tenancy() {
            Tenancy::Tenant => "t.tenant_id",
            Tenancy::Tree => "t.id",
            Tenancy::Global => "NULL::uuid",
        };
        let mut builder =
            Builder { columns: vec!["t.id".to_owned(), tenant.to_owned()], role, layout };
        let out = builder.nodes(&layout.nodes, Mode::of(select), true);
        let plan = Arc::new(Plan { layout: layout.clone(), columns: builder.columns, out });
        if cacheable {
            let _ = layout.whole.set(plan.clone());
        }
        plan
    }

    /// The plan of documents shown inside others: without what stands aside, unless `select` names it.
    pub(crate) fn inside(
        layout: &Arc<Layout>,
        role: Option<Role>,
        select: Option<&Select>,
    ) -> Arc<Plan> {
        let aside = || layout.collection.fields.iter().filter(|f| f.aside);
        if select.is_some() || aside().next().is_none() {
            return Plan::new(layout, role, select);
        }
        let cacheable = !restricted(&layout.nodes);
        if cacheable && let Some(plan) = layout.inside.get() {
            return plan.clone();
        }
        let aside = aside().map(|f| (f.name.clone(), SelectNode::default())).collect();
        let plan = Plan::new(layout, role, Some(&Select::Exclude(aside)));
        if cacheable {
            let _ = layout.inside.set(plan.clone());
        }
        plan
    }

    pub(crate) fn has_relations(&self) -> bool {
        !self.relations().is_empty()
    }

    /// Whether some shown relation is a list.
    pub(crate) fn has_lists(&self) -> bool {
        self.relations().iter().any(|(_, _, many)| *many)
    }

    /// The select-list expressions of the single relations shown, by collection.
    pub(crate) fn single_relations(&self) -> IndexMap<&str, Vec<&str>> {
        let mut found: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for (at, slug, many) in self.relations() {
            if !many && let Some(expression) = self.columns.get(at) {
                found.entry(slug).or_default().push(expression);
            }
        }
        found
    }

    /// Every single or many relation shown, as (column, target, many).
    fn relations(&self) -> Vec<(usize, &str, bool)> {
        let mut found = Vec::new();
        relations_of(&self.out, &mut found);
        found
    }
}

fn relations_of<'a>(out: &'a [Out], found: &mut Vec<(usize, &'a str, bool)>) {
    for item in out {
        match item {
            Out::Value { at, relation: Some(to), .. } => found.push((*at, to, false)),
            Out::Many { at, relation: Some(to), .. } => found.push((*at, to, true)),
            Out::Group { out, .. } => relations_of(out, found),
            Out::Array { out, .. } => {
                for inner in out {
                    if let Out::Value { at, relation: Some(to), .. } = inner {
                        found.push((*at, to, true));
                    }
                }
            }
            _ => {}
        }
    }
}

fn restricted(nodes: &[Node]) -> bool {
    nodes.iter().any(|n| {
        n.read().is_some()
            || match n {
                Node::Group { nodes, .. } => restricted(nodes),
                Node::Array { columns, .. } => columns.iter().any(|c| c.read.is_some()),
                _ => false,
            }
    })
}

/// Which of a level's keys are wanted.
#[derive(Clone, Copy)]
enum Mode<'a> {
    All,
    Only(&'a SelectTree),
    AllBut(&'a SelectTree),
}

impl<'a> Mode<'a> {
    fn of(select: Option<&'a Select>) -> Mode<'a> {
        match select {
            None => Mode::All,
            Some(Select::Include(tree)) => Mode::Only(tree),
            Some(Select::Exclude(tree)) => Mode::AllBut(tree),
        }
    }

    /// How to treat what lies under `key`, or `None` when it is not wanted.
    fn under(self, key: &str) -> Option<Mode<'a>> {
        match self {
            Mode::All => Some(Mode::All),
            Mode::Only(tree) => {
                let node = tree.get(key)?;
                Some(if node.0.is_empty() { Mode::All } else { Mode::Only(&node.0) })
            }
            Mode::AllBut(tree) => match tree.get(key) {
                None => Some(Mode::All),
                Some(node) if node.0.is_empty() => None,
                Some(node) => Some(Mode::AllBut(&node.0)),
            },
        }
    }
}

struct Builder<'a> {
    columns: Vec<String>,
    role: Option<Role>,
    layout: &'a Layout,
}

impl Builder<'_> {
    fn push(&mut self, expression: String) -> usize {
        self.columns.push(expression);
        self.columns.len() - 1
    }

    fn nodes(&mut self, nodes: &[Node], mode: Mode<'_>, top: bool) -> Vec<Out> {
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            let is_id = top && node.key() == "id";
            let Some(inner) = mode.under(node.key()).or(is_id.then_some(Mode::All)) else {
                continue;
            };
            if node.read().is_some_and(|rule| !rule.possible(self.role)) {
                continue;
            }
            out.push(self.node(node, inner));
        }
        out
    }

    fn node(&mut self, node: &Node, inner: Mode<'_>) -> Out {
        let key = json_key(node.key());
        match node {
            Node::Column(column) => {
                let at = match column.name.as_str() {
                    "id" => 0,
                    "tenant_id" => 1,
                    name => self.push(format!("t.{name}")),
                };
                Out::Value { key, at, ty: column.ty, relation: column.relation.clone() }
            }
            Node::Money { amount, currency, .. } => {
                let amount = self.push(format!("t.{}", amount.name));
                let currency = self.push(format!("t.{}", currency.name));
                Out::Money { key, amount, currency }
            }
            Node::Group { nodes, .. } => Out::Group { key, out: self.nodes(nodes, inner, false) },
            Node::Many { table, element, .. } => {
                let at = self.push(self.side(table, "value"));
                Out::Many { key, at, ty: element.ty, relation: element.relation.clone() }
            }
            Node::Array { table, columns, .. } => {
                let at = self.push(self.side(table, "row_id"));
                let out = columns
                    .iter()
                    .filter(|c| inner.under(&c.key).is_some())
                    .filter(|c| c.read.as_ref().is_none_or(|rule| rule.possible(self.role)))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|c| self.array_value(table, c))
                    .collect();
                Out::Array { key, at, out }
            }
        }
    }

    fn array_value(&mut self, table: &str, column: &Column) -> Out {
        let at = self.push(self.side(table, &column.name));
        let relation = column.relation.clone();
        Out::Value { key: json_key(&column.key), at, ty: column.ty, relation }
    }

    fn side(&self, table: &str, column: &str) -> String {
        let own = match self.layout.tenancy() {
            Tenancy::Tenant => "s.tenant_id = t.tenant_id AND ",
            _ => "",
        };
        format!(
            "ARRAY(SELECT s.{column} FROM {table} s WHERE {own}s.parent_id = t.id ORDER BY s.position)"
        )
    }
}

pub(crate) fn json_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 3);
    string(&mut out, key);
    out.push(':');
    out
}

/// Related rows, ready to stand in for their ids.
#[derive(Default)]
pub(crate) struct Related {
    by_slug: HashMap<String, Loaded>,
}

struct Loaded {
    plan: Arc<Plan>,
    rows: HashMap<(Id, Id), Row>,
}

/// Tenant of a row; the nil id for rows that belong to nobody.
fn tenant_of(row: &Row) -> Result<Id> {
    raw(row, 1)?.map_or(Ok(Id::nil()), uuid)
}

impl Related {
    pub(crate) fn insert(&mut self, plan: &Arc<Plan>, rows: Vec<Row>) -> Result<()> {
        let loaded = self
            .by_slug
            .entry(plan.layout.slug().to_owned())
            .or_insert_with(|| Loaded { plan: plan.clone(), rows: HashMap::new() });
        for row in rows {
            let tenant = match plan.layout.tenancy() {
                Tenancy::Tenant => tenant_of(&row)?,
                _ => Id::nil(),
            };
            let id = uuid(raw(&row, 0)?.unwrap_or_default())?;
            loaded.rows.insert((tenant, id), row);
        }
        Ok(())
    }

    fn get(&self, slug: &str, tenant: Id, id: Id) -> Option<(&Arc<Plan>, &Row)> {
        let loaded = self.by_slug.get(slug)?;
        let tenant = match loaded.plan.layout.tenancy() {
            Tenancy::Tenant => tenant,
            _ => Id::nil(),
        };
        loaded.rows.get(&(tenant, id)).map(|row| (&loaded.plan, row))
    }

    pub(crate) fn has(&self, slug: &str, tenant: Id, id: Id) -> bool {
        self.get(slug, tenant, id).is_some()
    }
}

/// A reference found in a row.
pub(crate) struct Reference {
    pub(crate) slug: String,
    pub(crate) tenant: Id,
    pub(crate) id: Id,
}

/// Every document `row` refers to through the fields its plan shows.
pub(crate) fn references(plan: &Plan, row: &Row, found: &mut Vec<Reference>) -> Result<()> {
    collect(plan.relations(), row, found)
}

/// Those among them that are no lists.
pub(crate) fn single_references(plan: &Plan, row: &Row, found: &mut Vec<Reference>) -> Result<()> {
    let mut relations = plan.relations();
    relations.retain(|(_, _, many)| !many);
    collect(relations, row, found)
}

fn collect(
    relations: Vec<(usize, &str, bool)>,
    row: &Row,
    found: &mut Vec<Reference>,
) -> Result<()> {
    let tenant = tenant_of(row)?;
    for (at, slug, many) in relations {
        let Some(bytes) = raw(row, at)? else { continue };
        let mut add = |id| found.push(Reference { slug: slug.to_owned(), tenant, id });
        if many {
            for element in Elements::new(bytes)? {
                if let Some(element) = element? {
                    add(uuid(element)?);
                }
            }
        } else {
            add(uuid(bytes)?);
        }
    }
    Ok(())
}

/// Bytes an answer may have. The same related document is written wherever it is referred to, so
/// what a deep read amounts to is not known before.
pub(crate) const MAX_ANSWER: usize = 32 << 20;

#[track_caller]
pub(crate) fn too_large() -> Error {
    Error::bad_request(
        "The answer would be too large. Ask for fewer documents, less 'depth', or a 'select'.",
    )
}

/// Writes the document of `row`. `depth` is how many more levels of relations are shown as
/// documents; those not in `related` (hidden or gone) stay ids.
pub(crate) fn document(
    text: &mut String,
    plan: &Plan,
    row: &Row,
    depth: u8,
    related: &Related,
) -> Result<()> {
    let frame = Frame { row, tenant: tenant_of(row)?, depth, related };
    frame.object(text, &plan.out)
}

struct Frame<'a> {
    row: &'a Row,
    tenant: Id,
    depth: u8,
    related: &'a Related,
}

impl Frame<'_> {
    fn object(&self, text: &mut String, out: &[Out]) -> Result<()> {
        text.push('{');
        for (at, item) in out.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            self.item(text, item)?;
        }
        text.push('}');
        Ok(())
    }

    fn item(&self, text: &mut String, item: &Out) -> Result<()> {
        match item {
            Out::Value { key, at, ty, relation } => {
                text.push_str(key);
                self.value(text, raw(self.row, *at)?, *ty, relation.as_deref())
            }
            Out::Money { key, amount, currency } => {
                text.push_str(key);
                match raw(self.row, *amount)? {
                    None => text.push_str("null"),
                    Some(bytes) => {
                        text.push_str("{\"amount\":");
                        scalar(text, bytes, ColumnType::Int)?;
                        text.push_str(",\"currency\":");
                        self.value(text, raw(self.row, *currency)?, ColumnType::Text, None)?;
                        text.push('}');
                    }
                }
                Ok(())
            }
            Out::Group { key, out } => {
                text.push_str(key);
                self.object(text, out)
            }
            Out::Many { key, at, ty, relation } => {
                text.push_str(key);
                text.push('[');
                if let Some(bytes) = raw(self.row, *at)? {
                    for (n, element) in Elements::new(bytes)?.enumerate() {
                        if n > 0 {
                            text.push(',');
                        }
                        self.value(text, element?, *ty, relation.as_deref())?;
                    }
                }
                text.push(']');
                Ok(())
            }
            Out::Array { key, at, out } => {
                text.push_str(key);
                self.array(text, *at, out)
            }
        }
    }

    fn array(&self, text: &mut String, at: usize, out: &[Out]) -> Result<()> {
        text.push('[');
        let mut columns = Vec::with_capacity(out.len());
        for item in out {
            if let Out::Value { key, at, ty, relation } = item {
                let elements = Elements::new(raw(self.row, *at)?.unwrap_or_default())?;
                columns.push((key, *ty, relation.as_deref(), elements));
            }
        }
        let ids = Elements::new(raw(self.row, at)?.unwrap_or_default())?;
        for (n, id) in ids.enumerate() {
            text.push_str(if n > 0 { ",{\"id\":" } else { "{\"id\":" });
            self.value(text, id?, ColumnType::Text, None)?;
            for (key, ty, relation, elements) in &mut columns {
                text.push(',');
                text.push_str(key);
                let element = elements.next().transpose()?.flatten();
                self.value(text, element, *ty, *relation)?;
            }
            text.push('}');
        }
        text.push(']');
        Ok(())
    }

    fn value(
        &self,
        text: &mut String,
        bytes: Option<&[u8]>,
        ty: ColumnType,
        relation: Option<&str>,
    ) -> Result<()> {
        let Some(bytes) = bytes else {
            text.push_str("null");
            return Ok(());
        };
        if self.depth > 0
            && let Some(slug) = relation
            && let Some((plan, row)) = self.related.get(slug, self.tenant, uuid(bytes)?)
        {
            if text.len() > MAX_ANSWER {
                return Err(too_large());
            }
            return document(text, plan, row, self.depth - 1, self.related);
        }
        scalar(text, bytes, ty)
    }
}

pub(crate) fn scalar(text: &mut String, bytes: &[u8], ty: ColumnType) -> Result<()> {
    match ty {
        ColumnType::Text => {
            string(text, std::str::from_utf8(bytes).map_err(|_| corrupt())?);
        }
        ColumnType::Json => text.push_str(std::str::from_utf8(bytes).map_err(|_| corrupt())?),
        ColumnType::Uuid => {
            let mut buffer = [0; uuid::fmt::Hyphenated::LENGTH];
            text.push('"');
            text.push_str(uuid(bytes)?.hyphenated().encode_lower(&mut buffer));
            text.push('"');
        }
        ColumnType::Int => {
            let _ = write!(text, "{}", i64::from_be_bytes(fixed(bytes)?));
        }
        ColumnType::Float => number(text, f64::from_be_bytes(fixed(bytes)?)),
        ColumnType::Bool => text.push_str(if bytes == [1] { "true" } else { "false" }),
        ColumnType::Time => {
            let micros = i64::from_be_bytes(fixed(bytes)?) + EPOCH_MICROS;
            let at = Timestamp::from_microsecond(micros).map_err(|_| corrupt())?;
            instant(text, at);
        }
        ColumnType::Date => {
            let days = i32::from_be_bytes(fixed(bytes)?);
            let day = EPOCH_DATE.checked_add(Span::new().days(days)).map_err(|_| corrupt())?;
            let _ = write!(text, "\"{day}\"");
        }
    }
    Ok(())
}

/// JavaScript writes whole doubles without a fraction; so do we.
fn number(text: &mut String, n: f64) {
    if n.fract() == 0.0 && n.abs() < 9_007_199_254_740_992.0 {
        let _ = write!(text, "{}", n as i64);
    } else {
        let _ = write!(text, "{n:?}");
    }
}

fn instant(text: &mut String, at: Timestamp) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    text.push('"');
    let _ = PRINTER.print_timestamp(&at, &mut *text);
    text.push('"');
}

/// Appends `value` as a JSON string.
pub(crate) fn string(text: &mut String, value: &str) {
    text.push('"');
    let mut start = 0;
    for (at, byte) in value.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        text.push_str(&value[start..at]);
        if escape.is_empty() {
            let _ = write!(text, "\\u{byte:04x}");
        } else {
            text.push_str(escape);
        }
        start = at + 1;
    }
    text.push_str(&value[start..]);
    text.push('"');
}

#[track_caller]
pub(crate) fn corrupt() -> Error {
    Error::internal("a stored value cannot be read")
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N]> {
    bytes.try_into().map_err(|_| corrupt())
}

fn uuid(bytes: &[u8]) -> Result<Id> {
    Id::from_slice(bytes).map_err(|_| corrupt())
}

/// The bytes of a column as PostgreSQL sent them.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Raw<'a>, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

pub(crate) fn raw(row: &Row, at: usize) -> Result<Option<&[u8]>> {
    let value: Option<Raw<'_>> =
        row.try_get(at).map_err(|e| Error::internal("a column is missing").with_source(e))?;
    Ok(value.map(|r| r.0))
}

/// Elements of a one-dimensional array in PostgreSQL's binary form: dimensions, flags, element type,
/// then length and lower bound, then each element with its size (-1 is NULL).
pub(crate) struct Elements<'a> {
    rest: &'a [u8],
    left: i32,
}

impl<'a> Elements<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Elements<'a>> {
        if bytes.len() < 20 {
            return Ok(Elements { rest: &[], left: 0 });
        }
        let left = i32::from_be_bytes(fixed(&bytes[12..16])?);
        Ok(Elements { rest: &bytes[20..], left })
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n).ok_or_else(corrupt)?;
        self.rest = rest;
        Ok(taken)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Option<&'a [u8]>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        self.left -= 1;
        let size = match self.take(4).and_then(|b| Ok(i32::from_be_bytes(fixed(b)?))) {
            Ok(size) => size,
            Err(error) => return Some(Err(error)),
        };
        match usize::try_from(size) {
            Err(_) => Some(Ok(None)),
            Ok(size) => Some(self.take(size).map(Some)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_survive_a_json_parser() {
        for value in
            ["", "plain", "q\"b\\s", "\n\r\t\u{1}\u{1f}", "ünï \u{1F600}", "\u{2028}</script>"]
        {
            let mut text = String::new();
            string(&mut text, value);
            assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
        }
    }

    #[test]
    fn numbers_read_as_javascript_writes_them() {
        let write = |n| {
            let mut text = String::new();
            number(&mut text, n);
            text
        };
        assert_eq!(write(5.0), "5");
        assert_eq!(write(-0.5), "-0.5");
        assert_eq!(write(1e21), "1e21");
        assert_eq!(write(1e15), "1000000000000000");
    }

    #[test]
    fn instants_have_milliseconds() {
        let mut text = String::new();
        instant(&mut text, "2026-11-21T09:30:00.5Z".parse().unwrap());
        assert_eq!(text, "\"2026-11-21T09:30:00.500Z\"");
    }
}
