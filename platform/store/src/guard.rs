//! Refuses to serve when the database would not hold the walls up.

use kernel::{Error, Result};
use tokio_postgres::Row;

use crate::row::get;
use crate::{Store, version};

/// Every reason not to serve, at once, or nothing: the serving role's powers, its distance from the
/// owner, and row-level security enabled, forced and written on every table.
pub async fn check(store: &Store) -> Result<()> {
    let mut faults = role_faults(&one(store, ROLE).await?)?;
    for row in store.call(TABLES, &[]).await? {
        faults.push(text(&row, 0)?);
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::internal(format!("Refusing to serve: {}.", faults.join("; "))))
}

const ROLE: &str = "
    SELECT current_user::text AS name, r.rolsuper, r.rolbypassrls,
           current_setting('is_superuser') = 'on' AS session_super,
           current_setting('server_version_num')::int AS version,
           coalesce((SELECT string_agg(DISTINCT pg_get_userbyid(c.relowner)::text, ', ')
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'p', 'v')
               AND pg_has_role(current_user, c.relowner, 'MEMBER')), '') AS owners,
           coalesce((SELECT string_agg(o.rolname::text, ', ') FROM pg_roles o
             WHERE (o.rolsuper OR o.rolbypassrls) AND o.rolname <> current_user
               AND pg_has_role(current_user, o.oid, 'MEMBER')), '') AS powerful,
           has_schema_privilege(current_user, 'public', 'CREATE') AS creates
      FROM pg_roles r WHERE r.rolname = current_user";

const TABLES: &str = "
    SELECT format('table %s %s', c.relname, concat_ws(' and ',
               CASE WHEN NOT c.relrowsecurity THEN 'has row-level security off' END,
               CASE WHEN NOT c.relforcerowsecurity THEN 'does not force it on its owner' END,
               CASE WHEN NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)
                    THEN 'has no policy' END))
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'app') AND c.relkind IN ('r', 'p')
       AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
            OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
     ORDER BY c.relname";

async fn one(store: &Store, sql: &str) -> Result<Row> {
    let mut rows = store.call(sql, &[]).await?;
    rows.pop().ok_or_else(|| Error::internal("the database did not name the serving role"))
}

fn role_faults(row: &Row) -> Result<Vec<String>> {
    let name = text(row, "name")?;
    let mut faults = Vec::new();
    let mut fault = |wrong: bool, what: &str| {
        if wrong {
            faults.push(format!("role {name} {what}"));
        }
    };
    fault(flag(row, "rolsuper")? || flag(row, "session_super")?, "is a superuser");
    fault(flag(row, "rolbypassrls")?, "bypasses row-level security");
    let owners = text(row, "owners")?;
    fault(!owners.is_empty(), &format!("owns the tables or is a member of their owner ({owners})"));
    let powerful = text(row, "powerful")?;
    fault(!powerful.is_empty(), &format!("is a member of {powerful}, which bypasses it"));
    fault(flag(row, "creates")?, "may create tables in schema public");
    faults.extend(version::fault(get(row, "version")?));
    Ok(faults)
}

fn text(row: &Row, at: impl tokio_postgres::row::RowIndex + std::fmt::Display) -> Result<String> {
    get(row, at)
}

fn flag(row: &Row, at: &str) -> Result<bool> {
    get(row, at)
}
