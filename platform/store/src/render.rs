//! Rows to JSON text, without values in between, as a [`Plan`] has them.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::Arc;

use define::Tenancy;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::{Span, Timestamp};
use kernel::{Error, Id, Result};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, Type};

use crate::layout::ColumnType;
use crate::param::{EPOCH_DATE, EPOCH_MICROS};
use crate::plan::{Out, Plan, Relation};

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
    collect(plan.relations.iter(), row, found)
}

/// Those among them that are no lists.
pub(crate) fn single_references(plan: &Plan, row: &Row, found: &mut Vec<Reference>) -> Result<()> {
    collect(plan.relations.iter().filter(|relation| !relation.many), row, found)
}

fn collect<'p>(
    relations: impl Iterator<Item = &'p Relation>,
    row: &Row,
    found: &mut Vec<Reference>,
) -> Result<()> {
    let tenant = tenant_of(row)?;
    for Relation { at, to, many } in relations {
        let Some(bytes) = raw(row, *at)? else { continue };
        let mut add = |id| found.push(Reference { slug: to.clone(), tenant, id });
        if *many {
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
pub const MAX_ANSWER: usize = 32 << 20;

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
