//! Every table and view of the catalog, and whose its rows are.

use kernel::{Id, Result, Role};
use tokio_postgres::{Client, Row};

use super::Ground;
use crate::Schema;
use crate::errors::InWords as _;

/// Whose a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Of the tenant in `tenant_id`.
    Tenant,
    /// `tenants` itself.
    Tree,
    /// `users`: of whoever shares a tenant with them.
    People,
    /// Of the person in `user_id`.
    Person,
    /// The serving role has no right to it at all.
    Closed,
    /// None of these: a table that nobody thought of.
    Unknown,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub name: String,
    pub scope: Scope,
    pub(super) columns: Vec<String>,
    granted: Vec<String>,
    /// Columns of foreign keys to tables of tenants, and those tables: all but `tenant_id`.
    pub(super) references: Vec<(String, String)>,
}

impl Table {
    pub(crate) fn grants(&self, command: &str) -> bool {
        self.granted.iter().any(|g| g == command)
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|c| c == column)
    }

    /// The column that says whose a row is.
    pub(super) fn key(&self) -> &'static str {
        match self.scope {
            Scope::Tree | Scope::People => "id",
            Scope::Person => "user_id",
            _ => "tenant_id",
        }
    }

    /// The same for a row that is to be.
    pub(super) fn born(&self) -> &'static str {
        if self.scope == Scope::Tree { "parent_id" } else { self.key() }
    }

    /// The owner of the reached-for rows and that of the attacker's own, as `key` names them.
    pub(super) fn sides(&self, ground: &Ground) -> (Id, Id) {
        match self.scope {
            Scope::People => (ground.person(Role::Viewer), ground.stranger),
            Scope::Person => (ground.person(Role::Owner), ground.stranger),
            _ => (ground.home, ground.other),
        }
    }
}

const TABLES: &str = "
    SELECT c.oid::regclass::text AS name,
           (SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
           coalesce((SELECT array_agg(p) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
                      WHERE has_table_privilege(c.oid, p)), '{}') AS granted,
           coalesce((SELECT array_agg(quote_ident(a.attname) ORDER BY k.conname)
                       FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
                      WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attname <> 'tenant_id'
                        AND cardinality(k.conkey) = 2), '{}') AS near,
           coalesce((SELECT array_agg(k.confrelid::regclass::text ORDER BY k.conname)
                       FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
                      WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attname <> 'tenant_id'
                        AND cardinality(k.conkey) = 2), '{}') AS far
      FROM pg_class c
     WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
     ORDER BY 1";

/// Every table and view of ours, as the serving role may use it.
pub async fn list(client: &Client, schema: &Schema) -> Result<Vec<Table>> {
    let rows = client.query(TABLES, &[]).await.in_words()?;
    let read = |row: &Row| {
        let (near, far): (Vec<String>, Vec<String>) = (row.get(3), row.get(4));
        let (name, columns, granted): (String, Vec<String>, Vec<String>) =
            (row.get(0), row.get(1), row.get(2));
        let is_defined = schema.iter().any(|layout| layout.table == name);
        let scope = scope_of(&name, &columns, &granted, is_defined);
        Table { name, scope, columns, granted, references: near.into_iter().zip(far).collect() }
    };
    Ok(rows.iter().map(read).collect())
}

fn scope_of(name: &str, columns: &[String], granted: &[String], is_defined: bool) -> Scope {
    let has = |column: &str| columns.iter().any(|c| c == column);
    match name {
        _ if granted.is_empty() => Scope::Closed,
        "tenants" => Scope::Tree,
        "users" => Scope::People,
        // A membership names a person and is its tenant's all the same.
        _ if has("user_id") && !is_defined => Scope::Person,
        _ if has("tenant_id") => Scope::Tenant,
        _ => Scope::Unknown,
    }
}
