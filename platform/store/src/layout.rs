//! Where each field of a collection lives: its columns and side tables, in document order.

use std::collections::HashMap;
use std::sync::Arc;

use define::{Collection, Field, FieldKind, OnDelete, Rule, Tenancy};
use kernel::{Error, Result};

use crate::plan::Plans;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    Text,
    Float,
    Int,
    Bool,
    Date,
    Time,
    Uuid,
    Json,
}

impl ColumnType {
    pub fn sql(self) -> &'static str {
        match self {
            ColumnType::Text => "text",
            ColumnType::Float => "double precision",
            ColumnType::Int => "bigint",
            ColumnType::Bool => "boolean",
            ColumnType::Date => "date",
            ColumnType::Time => "timestamp with time zone",
            ColumnType::Uuid => "uuid",
            ColumnType::Json => "json",
        }
    }
}

/// One column of a table (or of a side table's rows), and the document key it holds.
#[derive(Debug, Clone)]
pub struct Column {
    pub key: String,
    pub name: String,
    pub ty: ColumnType,
    pub kind: FieldKind,
    pub not_null: bool,
    /// Values a select may hold; empty for other kinds.
    pub options: Vec<String>,
    /// The slug a relationship leads to.
    pub relation: Option<String>,
    pub on_delete: OnDelete,
    pub read: Option<Rule>,
}

#[derive(Debug, Clone)]
pub enum Node {
    Column(Column),
    Money {
        key: String,
        amount: Column,
        currency: Column,
        read: Option<Rule>,
    },
    Group {
        key: String,
        nodes: Vec<Node>,
        read: Option<Rule>,
    },
    /// A list of values in a side table; `element.name` is `value`.
    Many {
        key: String,
        table: String,
        element: Column,
    },
    /// Rows in a side table with an `id` each.
    Array {
        key: String,
        table: String,
        columns: Vec<Column>,
        read: Option<Rule>,
    },
}

impl Node {
    pub fn key(&self) -> &str {
        match self {
            Node::Column(column) => &column.key,
            Node::Money { key, .. }
            | Node::Group { key, .. }
            | Node::Many { key, .. }
            | Node::Array { key, .. } => key,
        }
    }

    pub fn read(&self) -> Option<&Rule> {
        match self {
            Node::Column(column) => column.read.as_ref(),
            Node::Many { element, .. } => element.read.as_ref(),
            Node::Money { read, .. } | Node::Group { read, .. } | Node::Array { read, .. } => {
                read.as_ref()
            }
        }
    }
}

#[derive(Debug)]
pub struct Layout {
    pub collection: Collection,
    pub table: String,
    /// In document order, system fields included.
    pub nodes: Vec<Node>,
    pub(crate) plans: Plans,
}

/// All layouts by slug.
#[derive(Debug, Default)]
pub struct Schema {
    layouts: HashMap<String, Arc<Layout>>,
    order: Vec<String>,
}

impl Schema {
    /// `collections` must have passed `define::check`.
    pub fn new(collections: Vec<Collection>) -> Schema {
        let order = collections.iter().map(|c| c.slug.clone()).collect();
        let layouts =
            collections.into_iter().map(|c| (c.slug.clone(), Arc::new(Layout::new(c)))).collect();
        Schema { layouts, order }
    }

    pub fn get(&self, slug: &str) -> Option<&Arc<Layout>> {
        self.layouts.get(slug)
    }

    /// For slugs that come from definitions.
    pub fn layout(&self, slug: &str) -> Result<&Arc<Layout>> {
        self.get(slug).ok_or_else(|| Error::internal(format!("no collection {slug:?}")))
    }

    /// In the order the modules gave them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Layout>> {
        self.order.iter().filter_map(|slug| self.layouts.get(slug))
    }
}

impl Layout {
    fn new(collection: Collection) -> Layout {
        let table = collection.slug.replace('-', "_");
        let mut nodes = vec![system("id", "id", ColumnType::Uuid, true)];
        if collection.tenancy == Tenancy::Tenant {
            let Node::Column(mut tenant) = system("tenant", "tenant_id", ColumnType::Uuid, true)
            else {
                unreachable!("system fields are columns")
            };
            tenant.kind = FieldKind::Relationship;
            tenant.relation = Some("tenants".to_owned());
            tenant.on_delete = OnDelete::Cascade;
            nodes.push(Node::Column(tenant));
        }
        nodes.extend(
            collection.fields.iter().filter(|f| f.is_stored()).map(|f| node(&table, "", f)),
        );
        if !collection.ledger {
            nodes.push(system("updatedAt", "updated_at", ColumnType::Time, true));
            nodes.push(system("createdAt", "created_at", ColumnType::Time, true));
        }
        if collection.trash {
            nodes.push(system("deletedAt", "deleted_at", ColumnType::Time, false));
        }
        Layout { collection, table, nodes, plans: Plans::default() }
    }

    pub fn slug(&self) -> &str {
        &self.collection.slug
    }

    pub fn tenancy(&self) -> Tenancy {
        self.collection.tenancy
    }

    pub fn node(&self, key: &str) -> Option<&Node> {
        self.nodes.iter().find(|n| n.key() == key)
    }

    /// Every column of the main table, in document order.
    pub fn columns(&self) -> Vec<&Column> {
        let mut out = Vec::new();
        collect(&self.nodes, &mut out);
        out
    }

    /// The column a dotted field path names; money means its amount.
    pub fn column(&self, path: &str) -> Option<&Column> {
        let mut nodes = self.nodes.as_slice();
        let mut segments = path.split('.').peekable();
        while let Some(segment) = segments.next() {
            match nodes.iter().find(|n| n.key() == segment)? {
                Node::Column(column) if segments.peek().is_none() => return Some(column),
                Node::Group { nodes: inner, .. } => nodes = inner,
                Node::Money { amount, currency, .. } => {
                    return match segments.next() {
                        None | Some("amount") => Some(amount),
                        Some("currency") => Some(currency),
                        Some(_) => None,
                    };
                }
                _ => return None,
            }
        }
        None
    }
}

fn collect<'a>(nodes: &'a [Node], out: &mut Vec<&'a Column>) {
    for node in nodes {
        match node {
            Node::Column(column) => out.push(column),
            Node::Money { amount, currency, .. } => out.extend([amount, currency]),
            Node::Group { nodes, .. } => collect(nodes, out),
            Node::Many { .. } | Node::Array { .. } => {}
        }
    }
}

fn system(key: &str, name: &str, ty: ColumnType, not_null: bool) -> Node {
    let kind = match ty {
        ColumnType::Time => FieldKind::Datetime,
        _ => FieldKind::Text,
    };
    Node::Column(Column {
        key: key.to_owned(),
        name: name.to_owned(),
        ty,
        kind,
        not_null,
        options: Vec::new(),
        relation: None,
        on_delete: OnDelete::SetNull,
        read: None,
    })
}

fn node(table: &str, prefix: &str, field: &Field) -> Node {
    let key = field.name.clone();
    let name = format!("{prefix}{}", snake(&field.name));
    let read = field.read.clone();
    if field.many {
        let element = Column { name: "value".to_owned(), not_null: true, ..column(&name, field) };
        return Node::Many { key, table: format!("{table}__{name}"), element };
    }
    match field.kind {
        FieldKind::Money => {
            let part = |key: &str, ty| Column {
                key: key.to_owned(),
                name: format!("{name}_{key}"),
                ty,
                kind: if ty == ColumnType::Int { FieldKind::Number } else { FieldKind::Text },
                relation: None,
                ..column(&name, field)
            };
            let amount = part("amount", ColumnType::Int);
            let currency = part("currency", ColumnType::Text);
            Node::Money { key, amount, currency, read }
        }
        FieldKind::Group | FieldKind::Address => {
            let prefix = format!("{name}_");
            let nodes = field.fields.iter().map(|f| node(table, &prefix, f)).collect();
            Node::Group { key, nodes, read }
        }
        FieldKind::Array => {
            let columns = field.fields.iter().map(|f| column(&snake(&f.name), f)).collect();
            Node::Array { key, table: format!("{table}__{name}"), columns, read }
        }
        _ => Node::Column(column(&name, field)),
    }
}

fn column(name: &str, field: &Field) -> Column {
    let ty = match field.kind {
        FieldKind::Number if field.integer => ColumnType::Int,
        FieldKind::Number => ColumnType::Float,
        FieldKind::Date => ColumnType::Date,
        FieldKind::Datetime => ColumnType::Time,
        FieldKind::Checkbox => ColumnType::Bool,
        FieldKind::Relationship => ColumnType::Uuid,
        FieldKind::Json => ColumnType::Json,
        _ if field.id => ColumnType::Uuid,
        _ => ColumnType::Text,
    };
    let relation = field.relation_to.clone();
    let emptied = relation.is_some() && field.on_delete == OnDelete::SetNull;
    Column {
        key: field.name.clone(),
        name: if relation.is_some() || field.id { format!("{name}_id") } else { unreserved(name) },
        ty,
        kind: field.kind,
        not_null: field.required && !emptied,
        options: field.options.iter().map(|o| o.value.clone()).collect(),
        relation,
        on_delete: field.on_delete,
        read: field.read.clone(),
    }
}

/// Words PostgreSQL 15–17 does not take as a bare column name (`pg_get_keywords`, reserved).
const RESERVED: &str = " all analyse analyze and any array as asc asymmetric authorization binary both \
    case cast check collate collation column concurrently constraint create cross current_catalog \
    current_date current_role current_schema current_time current_timestamp current_user default \
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group \
    having ilike in initially inner intersect into is isnull join lateral leading left like limit \
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing \
    primary references returning right select session_user similar some symmetric system_user table \
    tablesample then to trailing true union unique user using variadic verbose when where window with ";

/// `order` → `order_`: names need no quotes anywhere.
fn unreserved(name: &str) -> String {
    if RESERVED.contains(&format!(" {name} ")) { format!("{name}_") } else { name.to_owned() }
}

/// `expectedClose` → `expected_close`.
pub fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
