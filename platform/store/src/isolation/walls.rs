//! What the catalog promises: each a question that must have no answer.

use kernel::Result;
use tokio_postgres::Client;

use super::Tally;
use crate::errors::InWords as _;

/// A property of the whole catalog, in words for a person.
#[derive(Debug, Clone, Copy)]
pub struct Wall {
    pub key: &'static str,
    pub promise: &'static str,
    sql: &'static str,
}

/// What a wall lacks; empty when it stands.
pub async fn gaps(client: &Client, wall: &Wall) -> Result<Vec<String>> {
    let rows = client.query(&format!("{OURS} {}", wall.sql), &[]).await.in_words()?;
    Ok(rows.iter().map(|row| row.get(0)).collect())
}

/// Every wall with what it lacks.
pub async fn all(client: &Client) -> Result<Vec<(&'static Wall, Vec<String>)>> {
    let mut found = Vec::with_capacity(WALLS.len());
    for wall in &WALLS {
        found.push((wall, gaps(client, wall).await?));
    }
    Ok(found)
}

/// How many tables, policies and functions with powers the walls are about.
pub async fn extent(client: &Client) -> Result<[i64; 3]> {
    let sql = format!(
        "{OURS} SELECT (SELECT count(*) FROM tables), (SELECT count(*) FROM pg_policies
            WHERE schemaname IN ('public', 'app')), (SELECT count(*) FROM functions WHERE prosecdef)"
    );
    let row = client.query_one(&sql, &[]).await.in_words()?;
    Ok([row.get(0), row.get(1), row.get(2)])
}

/// The walls as one tally, for whoever wants a yes or a no.
pub async fn tally(client: &Client) -> Result<Tally> {
    let mut tally = Tally::default();
    for (wall, gaps) in all(client).await? {
        tally.judge(gaps.is_empty(), || format!("{}: {}", wall.key, gaps.join(", ")));
    }
    Ok(tally)
}

/// Common table expressions: `tables` of ours, those of them with a `tenant_id`, `functions` of ours.
const OURS: &str = "
    WITH tables AS (SELECT c.* FROM pg_class c
                     WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
                       AND c.relkind IN ('r', 'p')),
    tenants AS (SELECT t.*, a.attnum FROM tables t
                  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'tenant_id'),
    functions AS (SELECT p.* FROM pg_proc p
                   WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace)
                     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass
                                        AND d.objid = p.oid AND d.deptype = 'e'))";

const fn wall(key: &'static str, promise: &'static str, sql: &'static str) -> Wall {
    Wall { key, promise, sql }
}

pub const WALLS: [Wall; 23] = [
    wall(
        "policies",
        "Every table has a policy.",
        "SELECT relname::text FROM tables t
          WHERE NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = t.oid)",
    ),
    wall(
        "forced",
        "Row-level security is enabled and forced on every table, its owner included.",
        "SELECT relname::text FROM tables WHERE NOT relrowsecurity OR NOT relforcerowsecurity",
    ),
    wall(
        "owner",
        "Every table belongs to mainstay_owner.",
        "SELECT relname::text FROM tables WHERE relowner <> 'mainstay_owner'::regrole",
    ),
    wall(
        "policy-per-right",
        "Every right of the serving role has a policy of its own for that command.",
        "SELECT t.relname || ' ' || a.privilege_type FROM tables t, aclexplode(t.relacl) a
          WHERE a.grantee = 'app_user'::regrole AND NOT EXISTS (
                SELECT FROM pg_policy p WHERE p.polrelid = t.oid AND p.polpermissive
                   AND 'app_user'::regrole::oid = ANY (p.polroles)
                   AND p.polcmd = CASE a.privilege_type WHEN 'SELECT' THEN 'r' WHEN 'INSERT' THEN 'a'
                                  WHEN 'UPDATE' THEN 'w' WHEN 'DELETE' THEN 'd' END::\"char\")",
    ),
    wall(
        "rights",
        "The serving role has rights to rows only, nobody else has any, and none may be handed on.",
        "SELECT t.relname || ' ' || a.privilege_type FROM tables t, aclexplode(t.relacl) a
          WHERE a.grantee <> t.relowner AND (a.grantee <> 'app_user'::regrole OR a.is_grantable
            OR a.privilege_type NOT IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))
         UNION ALL
         SELECT t.relname || '.' || c.attname || ' ' || a.privilege_type
           FROM tables t JOIN pg_attribute c ON c.attrelid = t.oid, aclexplode(c.attacl) a
          WHERE a.grantee <> t.relowner",
    ),
    wall(
        "open-policy",
        "No policy is for everyone, and none lets the serving role pass unasked.",
        "SELECT t.relname || '.' || p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
          WHERE 0 = ANY (p.polroles) OR (p.polroles <> ARRAY['mainstay_owner'::regrole::oid]
            AND 'true' IN (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)))",
    ),
    wall(
        "policy-asks",
        "Every policy of the serving role asks for the tenant or the person.",
        "SELECT t.relname || '.' || p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid,
                unnest(ARRAY[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)]) asked
          WHERE 'app_user'::regrole::oid = ANY (p.polroles) AND p.polpermissive AND asked IS NOT NULL
            AND asked !~ 'app\\.(visible|tenant|user_id|here)\\(\\)' AND p.polname <> 'users_astray_select'",
    ),
    wall(
        "policy-roles",
        "Policies are for the serving role or for the owner of the tables, and for nobody else.",
        "SELECT t.relname || '.' || p.polname FROM tables t JOIN pg_policy p ON p.polrelid = t.oid
          WHERE p.polroles NOT IN (ARRAY['mainstay_owner'::regrole::oid], ARRAY['app_user'::regrole::oid])",
    ),
    wall(
        "key-led-by-tenant",
        "The tenant leads every primary key.",
        "SELECT t.relname::text FROM tenants t WHERE NOT EXISTS (
                SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indisprimary AND i.indkey[0] = t.attnum)",
    ),
    wall(
        "unique-within-tenant",
        "Nothing is unique across tenants, so that no refusal tells of another's row.",
        "SELECT i.indexrelid::regclass::text FROM tenants t JOIN pg_index i ON i.indrelid = t.oid
          WHERE i.indisunique AND NOT t.attnum = ANY (i.indkey)",
    ),
    wall(
        "index-led-by-tenant",
        "The tenant leads every index but the one by which a person's memberships are found.",
        "SELECT i.indexrelid::regclass::text FROM tenants t JOIN pg_index i ON i.indrelid = t.oid
          WHERE i.indkey[0] <> t.attnum AND i.indexrelid::regclass::text <> 'memberships_person_idx'",
    ),
    wall(
        "references-within-tenant",
        "Every foreign key between tables of tenants carries the tenant.",
        "SELECT c.conname::text FROM tenants t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'
           JOIN tenants far ON far.oid = c.confrelid
          WHERE NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) k(near, far_key)
                             WHERE k.near = t.attnum AND k.far_key = far.attnum)",
    ),
    wall(
        "tenant-not-null",
        "No row can be without its tenant.",
        "SELECT t.relname::text FROM tenants t
           JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = t.attnum WHERE NOT a.attnotnull",
    ),
    wall(
        "views",
        "No view looks with its owner's eyes, and there is no copy of rows outside the policies.",
        "SELECT c.relname::text FROM pg_class c
          WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            AND (c.relkind IN ('m', 'f') OR (c.relkind = 'v'
             AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)))",
    ),
    wall(
        "gates-fixed-path",
        "Every function that acts with its owner's rights has a fixed search_path.",
        "SELECT p.oid::regprocedure::text FROM functions p
          WHERE p.prosecdef AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)",
    ),
    wall(
        "gates-owner",
        "Every function of ours belongs to mainstay_owner, who is no superuser and bypasses nothing.",
        "SELECT p.oid::regprocedure::text FROM functions p JOIN pg_roles r ON r.oid = p.proowner
          WHERE r.rolname <> 'mainstay_owner' OR r.rolsuper OR r.rolbypassrls",
    ),
    wall(
        "gates-callers",
        "Only the serving role may call a function that acts with its owner's rights, and it cannot hand that on.",
        "SELECT p.oid::regprocedure::text FROM functions p
          WHERE p.prosecdef AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a
                WHERE a.grantee <> p.proowner AND (a.grantee <> 'app_user'::regrole OR a.is_grantable)))",
    ),
    wall(
        "settings-read-plainly",
        "What policies are told is read from the transaction's settings, and from nowhere else.",
        "SELECT p.oid::regprocedure::text FROM functions p
          WHERE p.proname IN ('user_id', 'visible', 'tenant', 'rank', 'here') AND p.pronargs = 0
            AND (p.prosecdef OR p.prosrc !~ 'current_setting\\(''app\\.' OR p.prosrc ~* '\\mfrom\\M')",
    ),
    wall(
        "powers",
        "The serving role is a member of no role, and neither of the two roles has powers.",
        "SELECT pg_get_userbyid(m.member) || ' in ' || pg_get_userbyid(m.roleid) FROM pg_auth_members m
          WHERE m.member = 'app_user'::regrole
         UNION ALL
         SELECT r.rolname::text FROM pg_roles r WHERE r.rolname IN ('app_user', 'mainstay_owner')
            AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication)",
    ),
    wall(
        "creates-nothing",
        "The serving role can make no table and no function.",
        "SELECT n.nspname::text FROM pg_namespace n
          WHERE n.nspname IN ('public', 'app') AND has_schema_privilege('app_user', n.oid, 'CREATE')",
    ),
    wall(
        "owns-nothing",
        "The serving role owns nothing.",
        "SELECT relname::text FROM pg_class WHERE relowner = 'app_user'::regrole
         UNION ALL SELECT proname::text FROM pg_proc WHERE proowner = 'app_user'::regrole",
    ),
    wall(
        "sequences",
        "No counter is shared by tenants, where numbers would tell of others' work.",
        "SELECT c.relname::text FROM pg_class c
          WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND CASE WHEN c.relkind = 'S'
                     THEN has_sequence_privilege('app_user', c.oid, 'SELECT, USAGE, UPDATE') ELSE false END",
    ),
    wall(
        "no-enums",
        "No column has a type whose comparison row-level security keeps from its indexes.",
        "SELECT typname::text FROM pg_type WHERE typtype = 'e' AND typnamespace = 'public'::regnamespace",
    ),
];
