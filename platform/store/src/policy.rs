//! Access rules as row-level policies.
//!
//! A ledger's rows are the product's: whoever writes in the tenant adds them, nobody changes them.
//! Settings are read through sub-selects, so PostgreSQL evaluates each once a query and not once a
//! row. That a tenant is visible is a test and no condition of an index: queries name their tenants
//! themselves, and an index would try every visible tenant for each of those. The one the reader stands in
//! is compared first; the hash of the others is only made when a row is of another.

use define::{Access, Rule, Tenancy};

use crate::layout::Layout;

fn visible(column: &str) -> String {
    // From a function and not from nothing: a sub-select without FROM keeps PostgreSQL from working in parallel.
    let listed = "SELECT v.id FROM unnest(app.visible()) v(id)";
    format!("({column} = (SELECT app.here()) OR {column} IN ({listed}))")
}

/// The four policies of a collection's main table.
pub(crate) fn of_table(layout: &Layout) -> Vec<String> {
    let access = &layout.collection.access;
    let (seen, born, own) = match layout.tenancy() {
        Tenancy::Tenant => (
            visible("tenant_id"),
            "tenant_id = (SELECT app.tenant())",
            "tenant_id = (SELECT app.tenant())",
        ),
        Tenancy::Tree => {
            (visible("id"), "parent_id = (SELECT app.tenant())", "id = (SELECT app.tenant())")
        }
        Tenancy::Global => (
            // Which memberships are seen is said by their own policy.
            format!(
                "(id = (SELECT app.user_id()) OR EXISTS (SELECT FROM memberships m WHERE m.user_id = {}.id))",
                layout.table
            ),
            "(SELECT app.tenant()) IS NOT NULL",
            "(id = (SELECT app.user_id()) OR app.manages(id))",
        ),
    };
    policies(&layout.table, layout, access, &seen, born, own)
}

/// The policies of a side table: those of its parent; any writer of the parent writes its lists.
pub(crate) fn of_side(layout: &Layout, table: &str) -> Vec<String> {
    let seen = visible("tenant_id");
    let own = "tenant_id = (SELECT app.tenant())";
    policies(table, layout, &access_of_side(layout), &seen, own, own)
}

/// The rules of a collection's side tables. A list's rows have no columns of their parent; its policy has
/// judged those.
pub(crate) fn access_of_side(layout: &Layout) -> Access {
    let Access { read, create, update, .. } = layout.collection.access.clone();
    let write = Rule::Any(vec![create, update]);
    Access {
        read: of_role(&read),
        create: of_role(&write),
        update: of_role(&write),
        delete: of_role(&write),
    }
}

fn policies(
    table: &str,
    layout: &Layout,
    access: &Access,
    seen: &str,
    born: &str,
    own: &str,
) -> Vec<String> {
    let and = |base: &str, rule: &Rule| match sql(layout, rule) {
        None => base.to_owned(),
        Some(rule) => format!("{base} AND {rule}"),
    };
    if layout.collection.ledger {
        return vec![select(table, &and(seen, &access.read)), insert(table, born)];
    }
    let update = and(own, &access.update);
    vec![
        select(table, &and(seen, &access.read)),
        insert(table, &and(born, &access.create)),
        format!(
            "CREATE POLICY {table}_update ON {table} FOR UPDATE TO app_user USING ({update}) WITH CHECK ({update});"
        ),
        format!(
            "CREATE POLICY {table}_delete ON {table} FOR DELETE TO app_user USING ({});",
            and(own, &access.delete)
        ),
    ]
}

fn select(table: &str, using: &str) -> String {
    format!("CREATE POLICY {table}_select ON {table} FOR SELECT TO app_user USING ({using});")
}

fn insert(table: &str, check: &str) -> String {
    format!("CREATE POLICY {table}_insert ON {table} FOR INSERT TO app_user WITH CHECK ({check});")
}

/// `None` when the rule asks nothing beyond belonging to the tenant.
fn sql(layout: &Layout, rule: &Rule) -> Option<String> {
    match rule {
        Rule::Member => None,
        Rule::Never => Some("false".to_owned()),
        Rule::Role(role) => Some(format!("(SELECT app.rank()) >= {}", role.rank())),
        Rule::Own(field) => {
            let column = layout.column(field).map_or("id", |c| c.name.as_str());
            Some(format!("{column} = (SELECT app.user_id())"))
        }
        Rule::Is(field) => {
            Some(layout.column(field).map_or_else(|| "false".to_owned(), |c| c.name.clone()))
        }
        Rule::All(rules) => {
            let parts: Vec<String> = rules.iter().filter_map(|r| sql(layout, r)).collect();
            (!parts.is_empty()).then(|| format!("({})", parts.join(" AND ")))
        }
        Rule::Any(rules) => {
            let parts: Option<Vec<String>> = rules.iter().map(|r| sql(layout, r)).collect();
            parts.map(|parts| format!("({})", parts.join(" OR ")))
        }
    }
}

fn of_role(rule: &Rule) -> Rule {
    match rule {
        Rule::Own(_) | Rule::Is(_) => Rule::Member,
        Rule::All(rules) => Rule::All(rules.iter().map(of_role).collect()),
        Rule::Any(rules) => Rule::Any(rules.iter().map(of_role).collect()),
        other => other.clone(),
    }
}
