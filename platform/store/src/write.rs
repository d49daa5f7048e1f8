//! Documents to rows: the statements that insert, change and delete them.
//!
//! Documents here are complete and checked (depth 0, canonical values); what a statement cannot take
//! is a fault of ours, except that the database may still refuse a duplicate or a dangling reference.

use define::Tenancy;
use jiff::civil::Date;
use kernel::{Doc, Error, Id, Result, Timestamp, Value};

use crate::layout::{Column, ColumnType, Layout, Node};
use crate::{Param, Statement, errors};

/// Rows one INSERT carries at most; keeps messages and arrays of a moderate size.
const CHUNK: usize = 5_000;
/// Rows from which on it pays to send what they share only once.
const LARGE: usize = 100;

/// Inserts whole documents of one tenant: one statement per table, whatever their number.
pub fn insert(layout: &Layout, tenant: Id, docs: &[&Doc]) -> Result<Vec<Statement>> {
    let columns = layout.columns();
    let mut statements = Vec::new();
    for chunk in docs.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(chunk.len());
        for doc in chunk {
            let mut row = Vec::with_capacity(columns.len());
            values_of(&layout.nodes, doc, tenant, &mut row)?;
            rows.push(row);
        }
        let named: Vec<(&str, &str)> =
            columns.iter().map(|c| (c.name.as_str(), c.ty.sql())).collect();
        statements.push(insert_rows(&layout.table, &named, rows));
        for node in &layout.nodes {
            let parents: Vec<(Id, Option<&Value>)> = chunk
                .iter()
                .map(|doc| Ok((id_of(doc)?, doc.get(node.key()))))
                .collect::<Result<_>>()?;
            insert_lists(node, tenant, &parents, &mut statements)?;
        }
    }
    Ok(statements)
}

/// Rows of a table that is not a collection's. `columns` are (name, SQL type).
pub fn insert_rows(table: &str, columns: &[(&str, &str)], rows: Vec<Vec<Param>>) -> Statement {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(",");
    if rows.len() == 1 {
        let places: Vec<String> = (1..=columns.len()).map(|n| format!("${n}")).collect();
        let sql = format!("INSERT INTO {table} ({names}) VALUES ({})", places.join(","));
        return Statement::new(sql, rows.into_iter().flatten().collect());
    }
    // Every array is unpacked row by row; of a large batch, what all rows share goes once. (Small
    // ones would only make many statements of one.)
    let is_alike = |at: usize| {
        let mut values = rows.iter().map(|row| row.get(at));
        let first = values.next();
        rows.len() >= LARGE && values.all(|value| Some(value) == first)
    };
    let alike: Vec<bool> = (0..columns.len()).map(is_alike).collect();
    let mut params: Vec<Param> = Vec::with_capacity(columns.len());
    let (mut values, mut arrays, mut unpacked) = (Vec::new(), Vec::new(), Vec::new());
    for (n, ((name, ty), alike)) in (1..).zip(columns.iter().zip(&alike)) {
        if *alike {
            values.push(format!("${n}::{ty}"));
            params.push(Param::Null);
        } else {
            values.push(format!("each.{name}"));
            arrays.push(format!("${n}::{ty}[]"));
            unpacked.push(*name);
            params.push(Param::List(Vec::with_capacity(rows.len())));
        }
    }
    for row in rows {
        for (place, value) in params.iter_mut().zip(row) {
            match place {
                Param::List(list) => list.push(value),
                one => *one = value,
            }
        }
    }
    let sql = format!(
        "INSERT INTO {table} ({names}) SELECT {} FROM unnest({}) AS each({})",
        values.join(","),
        arrays.join(","),
        unpacked.join(",")
    );
    Statement::new(sql, params)
}

/// Writes what differs between `before` and `after`. Empty when nothing does.
pub fn update(layout: &Layout, tenant: Id, before: &Doc, after: &Doc) -> Result<Vec<Statement>> {
    let id = id_of(after)?;
    let mut sets: Vec<(&str, Param)> = Vec::new();
    let mut lists = Vec::new();
    for node in &layout.nodes {
        let (old, new) = (before.get(node.key()), after.get(node.key()));
        if old == new || matches!(node.key(), "id" | "tenant") {
            continue;
        }
        changed(node, old, new, &mut sets)?;
        if let Node::Many { table, .. } | Node::Array { table, .. } = node {
            lists.push(Statement::new(
                format!("DELETE FROM {table} WHERE tenant_id = $1 AND parent_id = $2"),
                vec![Param::Uuid(tenant), Param::Uuid(id)],
            ));
            insert_lists(node, tenant, &[(id, new)], &mut lists)?;
        }
    }
    if sets.is_empty() {
        return Ok(lists);
    }
    let mut params = Vec::with_capacity(sets.len() + 2);
    let mut assignments = Vec::with_capacity(sets.len());
    for (name, value) in sets {
        params.push(value);
        assignments.push(format!("{name} = ${}", params.len()));
    }
    let key = key_predicate(layout, tenant, id, &mut params);
    let sql = format!("UPDATE {} SET {} WHERE {key}", layout.table, assignments.join(", "));
    lists.insert(0, Statement::new(sql, params));
    Ok(lists)
}

pub fn delete(layout: &Layout, tenant: Id, id: Id) -> Statement {
    let mut params = Vec::new();
    let key = key_predicate(layout, tenant, id, &mut params);
    Statement::new(format!("DELETE FROM {} WHERE {key}", layout.table), params)
}

/// Names the field when the database refused a duplicate or a dangling reference.
pub fn refused(layout: &Layout, error: Error) -> Error {
    errors::in_collection(layout, error)
}

fn key_predicate(layout: &Layout, tenant: Id, id: Id, params: &mut Vec<Param>) -> String {
    params.push(Param::Uuid(id));
    let at = params.len();
    if layout.tenancy() != Tenancy::Tenant {
        return format!("id = ${at}");
    }
    params.push(Param::Uuid(tenant));
    format!("id = ${at} AND tenant_id = ${}", at + 1)
}

fn changed<'a>(
    node: &'a Node,
    old: Option<&Value>,
    new: Option<&Value>,
    sets: &mut Vec<(&'a str, Param)>,
) -> Result<()> {
    match node {
        Node::Column(column) if old != new => sets.push((&column.name, param(column, new)?)),
        Node::Money { amount, currency, .. } if old != new => {
            sets.push((&amount.name, param(amount, member(new, "amount"))?));
            sets.push((&currency.name, param(currency, member(new, "currency"))?));
        }
        Node::Group { nodes, .. } => {
            for inner in nodes {
                changed(inner, member(old, inner.key()), member(new, inner.key()), sets)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn member<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    value.and_then(Value::as_object).and_then(|map| map.get(key))
}

fn values_of(nodes: &[Node], doc: &Doc, tenant: Id, row: &mut Vec<Param>) -> Result<()> {
    for node in nodes {
        let value = doc.get(node.key());
        match node {
            Node::Column(column) if column.name == "tenant_id" => row.push(Param::Uuid(tenant)),
            Node::Column(column) => row.push(param(column, value)?),
            Node::Money { amount, currency, .. } => {
                row.push(param(amount, member(value, "amount"))?);
                row.push(param(currency, member(value, "currency"))?);
            }
            Node::Group { nodes, .. } => match value.and_then(Value::as_object) {
                Some(inner) => values_of(nodes, inner, tenant, row)?,
                None => values_of(nodes, &Doc::new(), tenant, row)?,
            },
            Node::Many { .. } | Node::Array { .. } => {}
        }
    }
    Ok(())
}

fn insert_lists(
    node: &Node,
    tenant: Id,
    parents: &[(Id, Option<&Value>)],
    statements: &mut Vec<Statement>,
) -> Result<()> {
    let mut rows = Vec::new();
    let mut named = vec![("tenant_id", "uuid"), ("parent_id", "uuid"), ("position", "bigint")];
    let table = match node {
        Node::Group { nodes, .. } => {
            for inner in nodes {
                let inner_parents: Vec<(Id, Option<&Value>)> =
                    parents.iter().map(|(id, v)| (*id, member(*v, inner.key()))).collect();
                insert_lists(inner, tenant, &inner_parents, statements)?;
            }
            return Ok(());
        }
        Node::Many { table, element, .. } => {
            named.push(("value", element.ty.sql()));
            each_entry(parents, |id, position, entry| {
                let value = param(element, Some(entry))?;
                rows.push(vec![Param::Uuid(tenant), Param::Uuid(id), Param::Int(position), value]);
                Ok(())
            })?;
            table
        }
        Node::Array { table, columns, .. } => {
            named.push(("row_id", "text"));
            named.extend(columns.iter().map(|c| (c.name.as_str(), c.ty.sql())));
            each_entry(parents, |id, position, entry| {
                let row_id = entry.get("id").and_then(Value::as_str).unwrap_or_default();
                let mut row = vec![Param::Uuid(tenant), Param::Uuid(id), Param::Int(position)];
                row.push(Param::text(row_id));
                for column in columns {
                    row.push(param(column, entry.get(&column.key))?);
                }
                rows.push(row);
                Ok(())
            })?;
            table
        }
        Node::Column(_) | Node::Money { .. } => return Ok(()),
    };
    if !rows.is_empty() {
        statements.push(insert_rows(table, &named, rows));
    }
    Ok(())
}

fn each_entry(
    parents: &[(Id, Option<&Value>)],
    mut visit: impl FnMut(Id, i64, &Value) -> Result<()>,
) -> Result<()> {
    for (id, value) in parents {
        let entries = value.and_then(Value::as_array).map_or(&[] as &[Value], Vec::as_slice);
        for (position, entry) in (0..).zip(entries) {
            visit(*id, position, entry)?;
        }
    }
    Ok(())
}

fn id_of(doc: &Doc) -> Result<Id> {
    let id = doc.get("id").and_then(Value::as_str).and_then(|text| text.parse().ok());
    id.ok_or_else(|| Error::internal("a document without an id"))
}

/// A canonical value as a parameter of its column.
pub fn param(column: &Column, value: Option<&Value>) -> Result<Param> {
    let value = match value {
        None | Some(Value::Null) => return Ok(Param::Null),
        Some(value) => value,
    };
    let made = match (column.ty, value) {
        (ColumnType::Json, value) => Some(Param::Json(value.to_string())),
        (ColumnType::Text, Value::String(text)) => Some(Param::Text(text.clone())),
        (ColumnType::Float, Value::Number(n)) => n.as_f64().map(Param::Float),
        (ColumnType::Int, Value::Number(n)) => n.as_i64().map(Param::Int),
        (ColumnType::Bool, Value::Bool(b)) => Some(Param::Bool(*b)),
        (ColumnType::Uuid, Value::String(text)) => text.parse().ok().map(Param::Uuid),
        (ColumnType::Time, Value::String(text)) => text.parse::<Timestamp>().ok().map(Param::Time),
        (ColumnType::Date, Value::String(text)) => text.parse::<Date>().ok().map(Param::Date),
        _ => None,
    };
    made.ok_or_else(|| Error::internal(format!("{} does not fit its column", column.key)))
}
