//! Queries over one collection: the page, the count, rows by id.
//!
//! Every statement names the tenants it covers explicitly: with the policy alone PostgreSQL sorts
//! where it could walk an index. Over several tenants the page is taken per tenant (LATERAL) and
//! merged.

pub(crate) mod aggregate;
mod compare;
mod filter;
pub(crate) mod search;

use std::fmt::Write as _;

use define::{Sort, Tenancy, Where};
use kernel::{Id, Result, Role, Scope};

use crate::layout::{Layout, Schema};
use crate::plan::Plan;
use crate::{Param, Statement};

/// As whom a query is read: decides which fields may be named.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    pub schema: &'a Schema,
    pub role: Option<Role>,
}

pub struct Query<'a> {
    pub layout: &'a Layout,
    pub scope: &'a Scope,
    pub filter: &'a Where,
    pub sort: &'a [Sort],
    /// Rows to take; every query has a bound.
    pub limit: i64,
    pub offset: i64,
    /// Whether rows in the trash are included.
    pub trash: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locking {
    No,
    ForUpdate,
}

/// Values collected while a statement is written.
#[derive(Default)]
pub(crate) struct Params(Vec<Param>);

impl Params {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    /// Adds a value and answers its placeholder.
    pub(crate) fn add(&mut self, param: Param) -> String {
        self.0.push(param);
        format!("${}", self.0.len())
    }
}

impl Query<'_> {
    /// The rows of one page in order, as `plan` shows them.
    pub fn page(&self, reader: Reader<'_>, plan: &Plan) -> Result<Statement> {
        match self.scope {
            Scope::Many(tenants) if self.layout.tenancy() == Tenancy::Tenant => {
                self.page_of_many(reader, plan, tenants)
            }
            _ => self.page_of_one(reader, plan),
        }
    }

    fn page_of_one(&self, reader: Reader<'_>, plan: &Plan) -> Result<Statement> {
        let mut params = Params::default();
        let scope = self.scope_predicate(&mut params);
        let mut frame = filter::Frame::new(reader, self.layout, &mut params);
        let condition = frame.condition(self.filter)?;
        let order = frame.order(self.sort)?;
        let joins = frame.joins();
        let mut sql =
            format!("SELECT {} FROM {} t{joins} WHERE {scope}", plan.shown, self.layout.table);
        finish_where(&mut sql, self.layout, self.trash, &condition);
        let _ =
            write!(sql, " ORDER BY {} LIMIT {}", join_order(&order, |o| &o.expression), self.limit);
        if self.offset > 0 {
            let _ = write!(sql, " OFFSET {}", params.add(Param::Int(self.offset)));
        }
        Ok(Statement::new(sql, params.0))
    }

    fn page_of_many(&self, reader: Reader<'_>, plan: &Plan, tenants: &[Id]) -> Result<Statement> {
        let mut params = Params::default();
        let tenants = params.add(Param::uuids(tenants.iter().copied()));
        let mut frame = filter::Frame::new(reader, self.layout, &mut params);
        let condition = frame.condition(self.filter)?;
        let order = frame.order(self.sort)?;
        let joins = frame.joins();
        let columns: Vec<String> =
            plan.columns.iter().enumerate().map(|(n, c)| format!("{c} AS c{n}")).collect();
        let keys: Vec<String> =
            order.iter().enumerate().map(|(n, o)| format!("{} AS s{n}", o.expression)).collect();
        let shown: Vec<String> = (0..plan.columns.len()).map(|n| format!("p.c{n}")).collect();
        let mut sql = format!(
            "SELECT {} FROM unnest({tenants}::uuid[]) v(tenant_id) CROSS JOIN LATERAL (SELECT {},{} \
             FROM {} t{joins} WHERE t.tenant_id = v.tenant_id",
            shown.join(","),
            columns.join(","),
            keys.join(","),
            self.layout.table
        );
        finish_where(&mut sql, self.layout, self.trash, &condition);
        let _ = write!(
            sql,
            " ORDER BY {} LIMIT {}) p ORDER BY ",
            join_order(&order, |o| &o.expression),
            self.limit.saturating_add(self.offset)
        );
        let outer: Vec<filter::Order> = order
            .iter()
            .enumerate()
            .map(|(n, o)| filter::Order { expression: format!("p.s{n}"), ..*o })
            .collect();
        let _ = write!(sql, "{} LIMIT {}", join_order(&outer, |o| &o.expression), self.limit);
        if self.offset > 0 {
            let _ = write!(sql, " OFFSET {}", params.add(Param::Int(self.offset)));
        }
        Ok(Statement::new(sql, params.0))
    }

    /// The number of rows of the whole set, counted up to `cap` when one is given.
    pub fn count(&self, reader: Reader<'_>, cap: Option<i64>) -> Result<Statement> {
        let mut params = Params::default();
        let scope = self.scope_predicate(&mut params);
        let led = match self.layout.tenancy() {
            Tenancy::Tenant => search::leading_word(self.filter),
            Tenancy::Tree | Tenancy::Global => None,
        };
        let filter = led.as_ref().map_or(self.filter, |(_, others)| others);
        let lead = led.as_ref().map_or_else(String::new, |(word, _)| {
            search::holders(self.layout, self.scope, word, &mut params)
        });
        let mut frame = filter::Frame::new(reader, self.layout, &mut params);
        let condition = frame.condition(filter)?;
        let joins = frame.joins();
        let mut inner = format!("FROM {lead}{} t{joins} WHERE {scope}", self.layout.table);
        finish_where(&mut inner, self.layout, self.trash, &condition);
        if led.is_some() {
            inner.push_str(" AND t.tenant_id = h.tenant_id AND t.id = h.document_id");
        }
        let sql = match cap {
            None => format!("SELECT count(*) {inner}"),
            Some(cap) => format!("SELECT count(*) FROM (SELECT 1 {inner} LIMIT {}) c", cap + 1),
        };
        Ok(Statement::new(sql, params.0))
    }

    fn scope_predicate(&self, params: &mut Params) -> String {
        scope_predicate(self.layout.tenancy(), self.scope, params)
    }
}

fn finish_where(sql: &mut String, layout: &Layout, trash: bool, condition: &str) {
    if layout.collection.trash && !trash {
        sql.push_str(" AND t.deleted_at IS NULL");
    }
    if !condition.is_empty() {
        let _ = write!(sql, " AND {condition}");
    }
}

fn scope_predicate(tenancy: Tenancy, scope: &Scope, params: &mut Params) -> String {
    let tenants = match scope {
        Scope::One(tenant) => {
            let place = params.add(Param::Uuid(*tenant));
            match tenancy {
                Tenancy::Tenant => return format!("t.tenant_id = {place}"),
                Tenancy::Tree => return format!("t.id = {place}"),
                Tenancy::Global => format!("ARRAY[{place}]"),
            }
        }
        Scope::Many(tenants) => params.add(Param::uuids(tenants.iter().copied())),
    };
    match tenancy {
        Tenancy::Tenant => format!("t.tenant_id = ANY ({tenants}::uuid[])"),
        Tenancy::Tree => format!("t.id = ANY ({tenants}::uuid[])"),
        Tenancy::Global => format!(
            "t.id = ANY (ARRAY(SELECT m.user_id FROM memberships m \
             WHERE m.tenant_id = ANY ({tenants}::uuid[])))"
        ),
    }
}

fn join_order(order: &[filter::Order], expression: impl Fn(&filter::Order) -> &str) -> String {
    let parts: Vec<String> = order
        .iter()
        .map(|o| format!("{}{}", expression(o), if o.descending { " DESC" } else { "" }))
        .collect();
    parts.join(",")
}

/// The rows of `target` that the columns of one row of `plan` name.
pub(crate) fn related_to_one(
    plan: &Plan,
    target: &Plan,
    columns: &[&str],
    tenants: &[Id],
    id: Id,
) -> Statement {
    let mut params = Params::default();
    let own = key_predicate(plan.layout.tenancy(), tenants, &[id], &mut params);
    let theirs = match target.layout.tenancy() {
        Tenancy::Tenant => format!("{} AND ", tenant_predicate(tenants, &mut params)),
        _ => String::new(),
    };
    let from = &plan.layout.table;
    let ids = match columns {
        [one] => format!("= (SELECT {one} FROM {from} t WHERE {own})"),
        many => format!(
            "= ANY (ARRAY(SELECT unnest(ARRAY[{}]) FROM {from} t WHERE {own}))",
            many.join(",")
        ),
    };
    let (shown, table) = (&target.shown, &target.layout.table);
    Statement::new(format!("SELECT {shown} FROM {table} t WHERE {theirs}t.id {ids}"), params.0)
}

fn key_predicate(tenancy: Tenancy, tenants: &[Id], ids: &[Id], params: &mut Params) -> String {
    let ids = match ids {
        [one] => format!("t.id = {}", params.add(Param::Uuid(*one))),
        many => format!("t.id = ANY ({}::uuid[])", params.add(Param::uuids(many.iter().copied()))),
    };
    match tenancy {
        Tenancy::Tenant => format!("{ids} AND {}", tenant_predicate(tenants, params)),
        _ => ids,
    }
}

fn tenant_predicate(tenants: &[Id], params: &mut Params) -> String {
    match tenants {
        [one] => format!("t.tenant_id = {}", params.add(Param::Uuid(*one))),
        many => {
            let list = params.add(Param::uuids(many.iter().copied()));
            format!("t.tenant_id = ANY ({list}::uuid[])")
        }
    }
}

/// Rows of `tenants` by id, whatever their order, as `plan` shows them.
pub(crate) fn by_ids(plan: &Plan, tenants: &[Id], ids: &[Id], locking: Locking) -> Statement {
    let mut params = Params::default();
    let key = key_predicate(plan.layout.tenancy(), tenants, ids, &mut params);
    let lock = if locking == Locking::ForUpdate { " FOR NO KEY UPDATE OF t" } else { "" };
    let (shown, table) = (&plan.shown, &plan.layout.table);
    Statement::new(format!("SELECT {shown} FROM {table} t WHERE {key}{lock}"), params.0)
}
