//! That the schema can be distributed by tenant (Citus) as it is. Four small tables are asked before any
//! tenant is known, by person or by token, and are whole on every machine ("reference tables"); the
//! tables of one person or of nobody stay where sign-in is. All others are distributed by `tenant_id`.
//! `isolation::catalog` says the same of walls and keys; here is what only distribution asks.

use server::database;
use tokio_postgres::Client;

use crate::support::database as databases;

/// Common table expressions: `reference` tables, and `spread` ones with the number of their `tenant_id`.
const TABLES: &str = "
    WITH ours AS (SELECT c.* FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)
                     AND c.relkind IN ('r', 'p')),
    reference AS (SELECT * FROM ours WHERE relname IN ('tenants', 'users', 'memberships', 'invitations')),
    spread AS (SELECT o.*, a.attnum, a.atttypid, a.attnotnull FROM ours o
                 JOIN pg_attribute a ON a.attrelid = o.oid AND a.attname = 'tenant_id'
                WHERE o.oid NOT IN (SELECT oid FROM reference))";

async fn found(client: &Client, sql: &str) -> Vec<String> {
    let rows = client.query(&format!("{TABLES} {sql} ORDER BY 1"), &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn the_schema_can_be_distributed_by_tenant() {
    let fresh = databases::fresh().await;
    let client = database::connect(fresh.owner_url.unwrap().expose()).await.unwrap();
    assert_eq!(
        found(&client, "SELECT relname::text FROM reference").await,
        ["invitations", "memberships", "tenants", "users"]
    );
    let spread = found(&client, "SELECT relname::text FROM spread").await;
    assert!(spread.len() >= 18, "{spread:?}");
    let none = Vec::<String>::new();
    for (what, sql) in [
        (
            "a tenant_id of another type or without a value: its rows would not lie together",
            "SELECT relname::text FROM spread WHERE atttypid <> 'uuid'::regtype OR NOT attnotnull",
        ),
        (
            "a primary key that tenant_id does not lead",
            "SELECT s.relname::text FROM spread s WHERE NOT EXISTS (SELECT FROM pg_index i
              WHERE i.indrelid = s.oid AND i.indisprimary AND i.indkey[0] = s.attnum)",
        ),
        (
            "a unique index or an exclusion that would have to hold over machines",
            "SELECT i.indexrelid::regclass::text FROM spread s JOIN pg_index i ON i.indrelid = s.oid
              WHERE (i.indisunique OR i.indisexclusion) AND NOT s.attnum = ANY (i.indkey)",
        ),
        (
            "a foreign key between tenants' tables that does not carry tenant_id on both sides",
            "SELECT c.conname::text FROM spread s JOIN pg_constraint c ON c.conrelid = s.oid AND c.contype = 'f'
               JOIN spread far ON far.oid = c.confrelid
              WHERE NOT EXISTS (SELECT FROM unnest(c.conkey, c.confkey) k(near, far_key)
                                 WHERE k.near = s.attnum AND k.far_key = far.attnum)",
        ),
        (
            "a foreign key from a tenant's table to one that is neither distributed nor everywhere",
            "SELECT c.conname::text FROM spread s JOIN pg_constraint c ON c.conrelid = s.oid AND c.contype = 'f'
              WHERE c.confrelid NOT IN (SELECT oid FROM spread UNION ALL SELECT oid FROM reference)",
        ),
        (
            "a foreign key from a table that is not distributed to one that is",
            "SELECT c.conname::text FROM pg_constraint c JOIN spread s ON s.oid = c.confrelid
              WHERE c.contype = 'f' AND c.conrelid NOT IN (SELECT oid FROM spread)",
        ),
        (
            "a foreign key whose action would change tenant_id",
            "SELECT c.conname::text FROM spread s JOIN pg_constraint c ON c.conrelid = s.oid AND c.contype = 'f'
              WHERE c.confdeltype IN ('n', 'd') AND (c.confdelsetcols IS NULL OR s.attnum = ANY (c.confdelsetcols))
                 OR c.confupdtype NOT IN ('a', 'r')",
        ),
        (
            // One there is: each statement that adds to the audit seals what it has added.
            "a trigger, which a distributed table cannot have as it is",
            "SELECT t.tgname::text FROM spread s JOIN pg_trigger t ON t.tgrelid = s.oid
              WHERE NOT t.tgisinternal AND t.tgname <> 'audit_added'",
        ),
        (
            "numbers drawn from a sequence, which machines would draw twice",
            "SELECT s.relname || '.' || a.attname FROM spread s JOIN pg_attribute a ON a.attrelid = s.oid
               LEFT JOIN pg_attrdef d ON d.adrelid = s.oid AND d.adnum = a.attnum
              WHERE a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) ~ 'nextval'",
        ),
        (
            "inheritance or partitions",
            "SELECT s.relname::text FROM spread s JOIN pg_inherits h ON s.oid IN (h.inhrelid, h.inhparent)",
        ),
        (
            "a policy that looks into another tenant's table",
            "SELECT s.relname || '.' || p.polname FROM spread s JOIN pg_policy p ON p.polrelid = s.oid
              WHERE EXISTS (SELECT FROM pg_depend d JOIN spread far ON far.oid = d.refobjid
                             WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid
                               AND d.refclassid = 'pg_class'::regclass AND far.oid <> s.oid)",
        ),
        (
            "a view over distributed tables",
            "SELECT DISTINCT v.relname::text FROM pg_class v JOIN pg_rewrite r ON r.ev_class = v.oid
               JOIN pg_depend d ON d.objid = r.oid AND d.classid = 'pg_rewrite'::regclass
               JOIN spread s ON s.oid = d.refobjid WHERE v.relkind IN ('v', 'm')",
        ),
    ] {
        assert_eq!(found(&client, sql).await, none, "{what}");
    }
}

/// Functions that name a distributed table: those that add to the audit, and three that take the tenant
/// whose rows they look at or the rows themselves.
const TOUCHING: [&str; 7] = [
    "accept_invitation audit",
    "audit_added audit",
    "audit_seal audit_chain",
    "claim_used idempotency_keys",
    "lock_noted audit",
    "note audit",
    "renew_invitation audit",
];

#[tokio::test]
async fn functions_look_at_one_tenant_or_none() {
    let fresh = databases::fresh().await;
    let client = database::connect(fresh.owner_url.unwrap().expose()).await.unwrap();
    let touching = found(
        &client,
        "SELECT p.proname || ' ' || string_agg(s.relname::text, ',' ORDER BY s.relname) FROM pg_proc p
           JOIN spread s ON p.prosrc ~ ('\\y' || s.relname || '\\y')
          WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace) GROUP BY p.oid, p.proname",
    );
    assert_eq!(touching.await, TOUCHING);
    let unbound = found(
        &client,
        "SELECT DISTINCT p.proname::text FROM pg_proc p JOIN spread s
             ON p.prosrc ~* ('(from|join|update|using)\\s+(public\\.)?' || s.relname || '\\y')
          WHERE p.pronamespace IN ('public'::regnamespace, 'app'::regnamespace)
            AND NOT 'tenant' = ANY (coalesce(p.proargnames, '{}'))",
    );
    assert_eq!(unbound.await, Vec::<String>::new(), "reads rows of tenants it was not given");
}
