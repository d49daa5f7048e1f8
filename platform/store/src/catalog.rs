//! What a database's schema is, as PostgreSQL itself prints it: compared with the schema that the
//! definitions generate, to draft migrations and to prove that they add up.

use std::collections::BTreeMap;

use kernel::Result;
use tokio_postgres::Client;

use crate::errors::InWords as _;

/// An object's kind and full name; ordering is the order in which objects can be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    pub kind: Kind,
    /// The table it belongs to; empty for functions.
    pub table: String,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Table,
    Column,
    Constraint,
    Index,
    Function,
    Security,
    Policy,
    Trigger,
    Grant,
}

pub type Catalog = BTreeMap<Object, String>;

/// Reads schemas `public` and `app`. The migrations' own table is left out.
pub async fn read(client: &Client) -> Result<Catalog> {
    let mut catalog = Catalog::new();
    for row in client.query(OBJECTS, &[]).await.in_words()? {
        let kind = match row.get::<_, &str>(0) {
            "table" => Kind::Table,
            "column" => Kind::Column,
            "constraint" => Kind::Constraint,
            "index" => Kind::Index,
            "function" => Kind::Function,
            "security" => Kind::Security,
            "policy" => Kind::Policy,
            "trigger" => Kind::Trigger,
            _ => Kind::Grant,
        };
        let object = Object { kind, table: row.get(1), name: row.get(2) };
        catalog.insert(object, row.get(3));
    }
    Ok(catalog)
}

const OBJECTS: &str = "
WITH tables AS (
    SELECT c.oid, c.relname::text AS name, c.relrowsecurity, c.relforcerowsecurity, c.relacl
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('app_migrations', 'app_migration_steps')
)
SELECT 'table' AS kind, name AS relation, name AS object, '' AS definition FROM tables
UNION ALL
SELECT 'column', t.name, a.attname::text,
       format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
  FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint', t.name, c.conname::text, pg_get_constraintdef(c.oid)
  FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
UNION ALL
SELECT 'index', t.name, i.relname::text, pg_get_indexdef(x.indexrelid)
  FROM tables t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid
 WHERE NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)
UNION ALL
SELECT 'function', '', p.oid::regprocedure::text,
       pg_get_functiondef(p.oid) || coalesce((SELECT string_agg(a::text, ',' ORDER BY a::text)
                                               FROM unnest(p.proacl) a), '')
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'app'
UNION ALL
SELECT 'security', name, 'row level security',
       format('enabled %s forced %s', relrowsecurity, relforcerowsecurity) FROM tables
UNION ALL
SELECT 'policy', t.name, p.polname::text,
       format('AS %s FOR %s TO %s',
         CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
         CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                       WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
         (SELECT string_agg(CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END, ', ')
            FROM unnest(p.polroles) r))
       || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
       || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
  FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
UNION ALL
SELECT 'trigger', t.name, g.tgname::text, pg_get_triggerdef(g.oid)
  FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
UNION ALL
SELECT 'grant', t.name, 'app_user',
       (SELECT string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
          FROM aclexplode(t.relacl) a WHERE a.grantee = 'app_user'::regrole)
  FROM tables t
 WHERE EXISTS (SELECT 1 FROM aclexplode(t.relacl) a WHERE a.grantee = 'app_user'::regrole)";

/// Differences in words, for a test or a person; empty when the two are the same.
pub fn differences(is: &Catalog, should: &Catalog) -> Vec<String> {
    let mut found = Vec::new();
    for (object, definition) in should {
        match is.get(object) {
            None => found.push(format!("missing {object:?}: {definition}")),
            Some(other) if other != definition => {
                found.push(format!("differs {object:?}: is {other}; should be {definition}"));
            }
            Some(_) => {}
        }
    }
    let extra = is.keys().filter(|o| !should.contains_key(o));
    found.extend(extra.map(|o| format!("unexpected {o:?}")));
    found
}

/// SQL that leads from `is` to `should`, as a draft for a person to edit: a dropped column loses its
/// data, a renamed one shows as dropped and added, and new NOT NULL columns need a value first.
pub fn draft(is: &Catalog, should: &Catalog) -> String {
    let new_table = |t: &str| !is.keys().any(|o| o.kind == Kind::Table && o.table == t);
    let mut sql = Vec::new();
    for (object, old) in is.iter().rev() {
        match should.get(object) {
            Some(new) if new == old => {}
            Some(_) if matches!(object.kind, Kind::Column | Kind::Function | Kind::Security) => {}
            _ => sql.extend(dropped(object, should)),
        }
    }
    // A foreign key leads to a primary key, which may be of a table that is as new.
    let mut wanted: Vec<(&Object, &String)> = should.iter().collect();
    wanted.sort_by_key(|(object, new)| (object.kind, new.starts_with("FOREIGN KEY")));
    for (object, new) in wanted {
        let old = is.get(object);
        if old != Some(new) {
            let fresh = new_table(&object.table);
            sql.extend(made(object, old.map(String::as_str), new, should, fresh));
        }
    }
    sql.iter().map(|s| format!("{s};\n")).collect()
}

fn dropped(object: &Object, should: &Catalog) -> Option<String> {
    let Object { kind, table, name } = object;
    let table_goes = !should.keys().any(|o| o.kind == Kind::Table && o.table == *table);
    match kind {
        Kind::Table => Some(format!("DROP TABLE {table}")),
        Kind::Function => Some(format!("DROP FUNCTION {name}")),
        _ if table_goes => None,
        Kind::Column => Some(format!("ALTER TABLE {table} DROP COLUMN {name}")),
        Kind::Constraint => Some(format!("ALTER TABLE {table} DROP CONSTRAINT {name}")),
        Kind::Index => Some(format!("DROP INDEX {name}")),
        Kind::Policy => Some(format!("DROP POLICY {name} ON {table}")),
        Kind::Trigger => Some(format!("DROP TRIGGER {name} ON {table}")),
        Kind::Grant => Some(format!("REVOKE ALL ON {table} FROM {name}")),
        Kind::Security => None,
    }
}

fn made(
    object: &Object,
    old: Option<&str>,
    new: &str,
    should: &Catalog,
    fresh_table: bool,
) -> Vec<String> {
    let Object { kind, table, name } = object;
    match kind {
        Kind::Table => {
            let columns: Vec<String> = should
                .iter()
                .filter(|(o, _)| o.kind == Kind::Column && o.table == *table)
                .map(|(o, definition)| format!("    {} {definition}", o.name))
                .collect();
            vec![format!("CREATE TABLE {table} (\n{}\n)", columns.join(",\n"))]
        }
        Kind::Column if fresh_table => vec![],
        Kind::Column => match old {
            None => vec![format!("ALTER TABLE {table} ADD COLUMN {name} {new}")],
            Some(old) => altered_column(table, name, old, new),
        },
        Kind::Constraint => vec![format!("ALTER TABLE {table} ADD CONSTRAINT {name} {new}")],
        Kind::Index => vec![new.to_owned()],
        Kind::Function => {
            let body = new.rsplit_once("\n$function$\n").map_or(new, |(body, _)| body);
            vec![format!("{body}\n$function$"), format!("-- check the grants of {name}")]
        }
        Kind::Security => vec![
            format!("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"),
            format!("ALTER TABLE {table} FORCE ROW LEVEL SECURITY"),
        ],
        Kind::Policy => vec![format!("CREATE POLICY {name} ON {table} {new}")],
        Kind::Trigger => vec![new.to_owned()],
        Kind::Grant => vec![format!("GRANT {new} ON {table} TO {name}")],
    }
}

fn altered_column(table: &str, name: &str, old: &str, new: &str) -> Vec<String> {
    let parts = |text: &str| {
        let (text, default) = match text.split_once(" DEFAULT ") {
            Some((text, default)) => (text.to_owned(), Some(default.to_owned())),
            None => (text.to_owned(), None),
        };
        let ty = text.trim_end_matches(" NOT NULL").to_owned();
        (ty, text.ends_with(" NOT NULL"), default)
    };
    let ((old_ty, old_not_null, old_default), (ty, not_null, default)) = (parts(old), parts(new));
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    let mut sql = Vec::new();
    if old_ty != ty {
        sql.push(alter(format!("TYPE {ty} USING {name}::{ty}")));
    }
    if old_default != default {
        sql.push(alter(default.map_or("DROP DEFAULT".into(), |d| format!("SET DEFAULT {d}"))));
    }
    if old_not_null != not_null {
        let verb = if not_null { "SET" } else { "DROP" };
        sql.push(alter(format!("{verb} NOT NULL")));
    }
    sql
}
