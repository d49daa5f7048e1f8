//! What the scratch tenants hold, table by table, to see whether a refused request changed anything.

use std::collections::BTreeMap;

use kernel::{Id, Result, Role};
use tokio_postgres::Client;

use super::forged::{Context, look};
use super::tables::{Scope, Table};
use crate::Authority;

pub type Digests = BTreeMap<String, String>;

/// Of every table with a tenant's rows, as an owner of these tenants sees them.
pub async fn of(client: &Client, tables: &[Table], tenants: &[Id], reader: Id) -> Result<Digests> {
    let authority = Authority {
        user: Some(reader),
        visible: tenants.to_vec(),
        tenant: tenants.first().copied(),
        rank: Role::Owner.rank(),
        ..Authority::default()
    };
    let context = Context::of("", &authority);
    let mut found = Digests::new();
    // The chain says what the audit says. Signing in and out is noted, and is everybody's own.
    let compared = |t: &&Table| t.grants("SELECT") && t.name != "audit_chain";
    for table in tables.iter().filter(compared) {
        let besides = if table.name == "audit" { "AND t.collection <> 'sessions'" } else { "" };
        let within = match table.scope {
            Scope::Tenant => "WHERE tenant_id = ANY ((SELECT app.visible())::uuid[])",
            Scope::Tree => "WHERE id = ANY ((SELECT app.visible())::uuid[])",
            Scope::People => {
                "WHERE id IN (SELECT user_id FROM memberships \
                 WHERE tenant_id = ANY ((SELECT app.visible())::uuid[]))"
            }
            Scope::Person | Scope::Closed | Scope::Unknown => continue,
        };
        let sql = format!(
            "SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) \
             FROM {} t {within} {besides}",
            table.name
        );
        let digest = look(client, &context, &sql).await?.unwrap_or_default();
        found.insert(table.name.clone(), digest);
    }
    Ok(found)
}

/// The tables that differ.
pub fn changed(before: &Digests, after: &Digests) -> Vec<String> {
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    after.keys().filter(differs).cloned().collect()
}
