//! Tables, keys, indexes and policies of a schema, as the SQL that would make it from nothing.
//!
//! Every tenant's table has `(tenant_id, id)` as primary key and carries `tenant_id` in every foreign
//! key, so a reference across tenants cannot exist and the table can be distributed by tenant.
//! `tenants` and `users` are the two reference tables.

use std::fmt::Write as _;

use define::{FieldKind, OnDelete, Tenancy};

use crate::layout::{Column, ColumnType, Layout, Node, Schema};
use crate::policy;

const SETTINGS: &str = include_str!("../sql/settings.sql");
const RECORDS: &str = include_str!("../sql/records.sql");
const CHAIN: &str = include_str!("../sql/chain.sql");
const SEARCH: &str = include_str!("../sql/search.sql");

const WRITING: &str = "SELECT, INSERT, UPDATE, DELETE";

/// The whole schema. `extra` is the modules' hand-written SQL, run after all tables exist.
pub fn schema(schema: &Schema, extra: &[&str]) -> String {
    let mut sql = String::from(SETTINGS);
    for layout in schema.iter() {
        table(&mut sql, layout);
    }
    for layout in schema.iter() {
        foreign_keys(&mut sql, schema, layout);
    }
    for text in extra {
        sql.push('\n');
        sql.push_str(text);
    }
    // Policies come last: those of `users` call functions a module brings.
    for layout in schema.iter() {
        security(&mut sql, layout);
    }
    sql.push('\n');
    sql.push_str(RECORDS);
    sql.push('\n');
    sql.push_str(CHAIN);
    sql.push('\n');
    sql.push_str(SEARCH);
    sql
}

fn table(sql: &mut String, layout: &Layout) {
    let table = &layout.table;
    let _ = writeln!(sql, "\nCREATE TABLE {table} (");
    if layout.tenancy() == Tenancy::Tenant {
        let _ = writeln!(sql, "    tenant_id uuid NOT NULL,");
    }
    for column in layout.columns() {
        if column.name != "tenant_id" {
            let _ = writeln!(sql, "    {},", column_sql(column));
        }
    }
    for node in &layout.nodes {
        money_checks(sql, table, node);
    }
    let key = if layout.tenancy() == Tenancy::Tenant { "tenant_id, id" } else { "id" };
    let _ = writeln!(sql, "    CONSTRAINT {table}_pkey PRIMARY KEY ({key})\n);");
    indexes(sql, layout);
    for node in &layout.nodes {
        side_table(sql, node);
    }
}

pub(crate) fn column_sql(column: &Column) -> String {
    let not_null = if column.not_null { " NOT NULL" } else { "" };
    format!("{} {}{not_null}", column.name, column.ty.sql())
}

fn money_checks(sql: &mut String, table: &str, node: &Node) {
    match node {
        Node::Money { amount, currency, .. } => {
            let name = short(&format!("{table}_{}_check", amount.name));
            let _ = writeln!(
                sql,
                "    CONSTRAINT {name} CHECK (({} IS NULL) = ({} IS NULL)),",
                amount.name, currency.name
            );
        }
        Node::Group { nodes, .. } => nodes.iter().for_each(|n| money_checks(sql, table, n)),
        _ => {}
    }
}

/// PostgreSQL cuts names at 63 bytes; long ones keep their tail, which tells them apart.
fn short(name: &str) -> String {
    if name.len() <= 63 { name.to_owned() } else { format!("x{}", &name[name.len() - 62..]) }
}

/// The name of the index over `fields`; also how a refused unique constraint is recognized.
pub(crate) fn index_name(layout: &Layout, fields: &[String], unique: bool) -> String {
    let columns: Vec<&str> =
        fields.iter().filter_map(|f| layout.column(f)).map(|c| c.name.as_str()).collect();
    let end = if unique { "key" } else { "idx" };
    short(&format!("{}_{}_{end}", layout.table, columns.join("_")))
}

fn indexes(sql: &mut String, layout: &Layout) {
    let mut wanted: Vec<(Vec<String>, bool)> = Vec::new();
    for index in &layout.collection.indexes {
        wanted.push((index.fields.clone(), index.unique));
    }
    for field in &layout.collection.fields {
        if field.unique {
            wanted.push((vec![field.name.clone()], true));
        } else if field.index {
            wanted.push((vec![field.name.clone()], false));
        }
    }
    if !layout.collection.ledger {
        wanted.push((vec!["createdAt".to_owned(), "id".to_owned()], false));
    }
    // Deleting or listing what refers to a document needs an index led by the reference.
    for column in layout.columns() {
        let led = wanted.iter().any(|(fields, _)| {
            fields.first().and_then(|f| layout.column(f)).is_some_and(|c| c.name == column.name)
        });
        let refers = column.relation.is_some() && column.on_delete != OnDelete::Keep;
        if refers && column.name != "tenant_id" && !led {
            wanted.push((vec![column.key.clone()], false));
        }
    }
    for (fields, unique) in wanted {
        index(sql, layout, &fields, unique);
    }
}

fn index(sql: &mut String, layout: &Layout, fields: &[String], unique: bool) {
    let mut columns: Vec<&str> = Vec::with_capacity(fields.len() + 1);
    if layout.tenancy() == Tenancy::Tenant {
        columns.push("tenant_id");
    }
    columns.extend(fields.iter().filter_map(|f| layout.column(f)).map(|c| c.name.as_str()));
    let kind = if unique { "UNIQUE INDEX" } else { "INDEX" };
    // Lists leave the trash out; with its mark in the index a count need not visit the table.
    let include = if layout.collection.trash && !unique { " INCLUDE (deleted_at)" } else { "" };
    let _ = writeln!(
        sql,
        "CREATE {kind} {} ON {} ({}){include};",
        index_name(layout, fields, unique),
        layout.table,
        columns.join(", ")
    );
}

fn side_table(sql: &mut String, node: &Node) {
    let (table, columns): (&str, Vec<&Column>) = match node {
        Node::Many { table, element, .. } => (table, vec![element]),
        Node::Array { table, columns, .. } => (table, columns.iter().collect()),
        Node::Group { nodes, .. } => {
            nodes.iter().for_each(|n| side_table(sql, n));
            return;
        }
        _ => return,
    };
    let _ = writeln!(sql, "\nCREATE TABLE {table} (");
    let _ = writeln!(sql, "    tenant_id uuid NOT NULL,\n    parent_id uuid NOT NULL,");
    let _ = writeln!(sql, "    position bigint NOT NULL,");
    if matches!(node, Node::Array { .. }) {
        let _ = writeln!(sql, "    row_id text NOT NULL,");
    }
    for column in &columns {
        let _ = writeln!(sql, "    {},", column_sql(column));
    }
    let _ = writeln!(
        sql,
        "    CONSTRAINT {} PRIMARY KEY (tenant_id, parent_id, position)\n);",
        short(&format!("{table}_pkey"))
    );
    for column in columns {
        if column.ty != ColumnType::Json && column.kind != FieldKind::Textarea {
            let name = short(&format!("{table}_{}_idx", column.name));
            let _ = writeln!(
                sql,
                "CREATE INDEX {name} ON {table} (tenant_id, {}, parent_id);",
                column.name
            );
        }
    }
}

fn foreign_keys(sql: &mut String, schema: &Schema, layout: &Layout) {
    let table = &layout.table;
    for column in layout.columns() {
        foreign_key(sql, schema, table, column, false);
    }
    for node in &layout.nodes {
        side_foreign_keys(sql, schema, layout, node);
    }
}

fn side_foreign_keys(sql: &mut String, schema: &Schema, layout: &Layout, node: &Node) {
    let (table, columns): (&str, Vec<&Column>) = match node {
        Node::Many { table, element, .. } => (table, vec![element]),
        Node::Array { table, columns, .. } => (table, columns.iter().collect()),
        Node::Group { nodes, .. } => {
            nodes.iter().for_each(|n| side_foreign_keys(sql, schema, layout, n));
            return;
        }
        _ => return,
    };
    let _ = writeln!(
        sql,
        "ALTER TABLE {table} ADD CONSTRAINT {} FOREIGN KEY (tenant_id, parent_id) \
         REFERENCES {} (tenant_id, id) ON DELETE CASCADE;",
        short(&format!("{table}_parent_id_fkey")),
        layout.table
    );
    for column in columns {
        foreign_key(sql, schema, table, column, matches!(node, Node::Many { .. }));
    }
}

/// `element`: the column is a whole list entry, which goes when its target goes.
fn foreign_key(sql: &mut String, schema: &Schema, table: &str, column: &Column, element: bool) {
    let Some(target) = column.relation.as_deref().and_then(|slug| schema.get(slug)) else { return };
    let tenants = target.tenancy() == Tenancy::Tenant;
    let action = match column.on_delete {
        _ if element => "CASCADE".to_owned(),
        OnDelete::Cascade => "CASCADE".to_owned(),
        // Checked at the end of the statement, so that a tenant can go with all that is its own.
        OnDelete::Restrict => "NO ACTION".to_owned(),
        OnDelete::Keep => return,
        OnDelete::SetNull => format!("SET NULL ({})", column.name),
    };
    let (own, theirs) = if tenants {
        (format!("tenant_id, {}", column.name), "tenant_id, id")
    } else {
        (column.name.clone(), "id")
    };
    let _ = writeln!(
        sql,
        "ALTER TABLE {table} ADD CONSTRAINT {} FOREIGN KEY ({own}) REFERENCES {} ({theirs}) ON DELETE {action};",
        short(&format!("{table}_{}_fkey", column.name)),
        target.table
    );
}

fn security(sql: &mut String, layout: &Layout) {
    let grants = if layout.collection.ledger { "SELECT, INSERT" } else { WRITING };
    secure(sql, &layout.table, policy::of_table(layout), grants);
    for node in &layout.nodes {
        side_security(sql, layout, node);
    }
}

fn side_security(sql: &mut String, layout: &Layout, node: &Node) {
    match node {
        Node::Many { table, .. } | Node::Array { table, .. } => {
            secure(sql, table, policy::of_side(layout, table), WRITING);
        }
        Node::Group { nodes, .. } => nodes.iter().for_each(|n| side_security(sql, layout, n)),
        _ => {}
    }
}

fn secure(sql: &mut String, table: &str, policies: Vec<String>, grants: &str) {
    let _ = writeln!(sql, "\nALTER TABLE {table} ENABLE ROW LEVEL SECURITY;");
    let _ = writeln!(sql, "ALTER TABLE {table} FORCE ROW LEVEL SECURITY;");
    for policy in policies {
        sql.push_str(&policy);
        sql.push('\n');
    }
    let _ = writeln!(sql, "GRANT {grants} ON {table} TO app_user;");
}
