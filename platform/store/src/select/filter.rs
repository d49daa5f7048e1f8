//! Filter and sort to SQL.
//!
//! A path leads from the collection through groups, single relations (LEFT JOIN: a row without the
//! relation compares as NULL) and lists (EXISTS over the side table: any element). Identifiers come
//! from the layout; nothing the client sent becomes part of the statement's text.

use std::fmt::Write as _;

use define::{FieldKind, Op, Sort, Tenancy, Test, Where};
use kernel::{Error, Result};

use super::compare::{self, Operand};
use super::{Params, Reader};
use crate::Param;
use crate::layout::{Column, ColumnType, Layout, Node};

pub(crate) struct Order {
    pub(crate) expression: String,
    pub(crate) descending: bool,
}

/// Joins, sub-queries and values of one statement: what planning it may cost.
const MAX_ALIASES: usize = 100;
const MAX_PARAMS: usize = 1_000;

/// Relations a path may cross.
const MAX_HOPS: usize = 8;

/// The writing of one statement: its base alias, joins and values.
pub(super) struct Frame<'a, 'p> {
    reader: Reader<'a>,
    layout: &'a Layout,
    base: String,
    /// (path prefix, alias) of each joined relation or unfolded list.
    joined: Vec<(String, String)>,
    joins: String,
    params: &'p mut Params,
    aliases: usize,
}

/// Where a path ends.
pub(super) enum End<'a> {
    Column {
        expression: String,
        column: &'a Column,
        /// Of money's amount: the expression of its currency.
        currency: Option<String>,
    },
    /// Text inside a JSON column.
    JsonPath {
        expression: String,
    },
    List {
        parent: Place<'a>,
        table: &'a str,
        element: &'a Column,
        rest: Vec<String>,
    },
    Rows {
        parent: Place<'a>,
        table: &'a str,
        columns: &'a [Column],
        rest: Vec<String>,
    },
}

#[derive(Clone)]
pub(super) struct Place<'a> {
    alias: String,
    layout: &'a Layout,
}

impl<'a, 'p> Frame<'a, 'p> {
    pub(super) fn new(reader: Reader<'a>, layout: &'a Layout, params: &'p mut Params) -> Self {
        let base = "t".to_owned();
        Frame { reader, layout, base, joined: vec![], joins: String::new(), params, aliases: 0 }
    }

    pub(super) fn joins(&self) -> &str {
        &self.joins
    }

    /// Empty when everything passes.
    pub(super) fn condition(&mut self, filter: &Where) -> Result<String> {
        match filter {
            Where::And(parts) => self.join_parts(parts, " AND "),
            Where::Or(parts) => self.join_parts(parts, " OR "),
            Where::Test(test) => self.test(test).map(|condition| condition.sql),
            Where::Words(words) => Ok(self.has_words(words)),
            Where::Search(_) => Err(Error::internal("a search whose words are not known")),
        }
    }

    fn join_parts(&mut self, parts: &[Where], word: &str) -> Result<String> {
        let mut conditions = Vec::with_capacity(parts.len());
        for part in parts {
            let condition = self.condition(part)?;
            if !condition.is_empty() {
                conditions.push(condition);
            }
        }
        Ok(match conditions.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            many => format!("({})", many.join(word)),
        })
    }

    fn test(&mut self, test: &Test) -> Result<Condition> {
        let segments: Vec<String> = test.path.split('.').map(str::to_owned).collect();
        self.test_at(&segments, test)
    }

    fn test_at(&mut self, segments: &[String], test: &Test) -> Result<Condition> {
        if self.aliases > MAX_ALIASES || self.params.len() > MAX_PARAMS {
            return Err(Error::bad_request("'where' asks too much at once."));
        }
        match self.resolve(segments, &test.path)? {
            End::Column { expression, column, .. } => {
                self.test_column(&expression, column, test.op, test)
            }
            End::JsonPath { expression } => {
                let sql = compare::text_condition(&expression, test.op, &test.value, self.params);
                let missing =
                    compare::passes_missing(ColumnType::Text, false, test.op, &test.value);
                sql.map(|sql| Condition { sql, missing }).ok_or_else(|| refused(test))
            }
            End::List { parent, table, element, rest } => {
                self.test_list(&parent, table, element, &rest, test)
            }
            End::Rows { parent, table, columns, rest } => {
                self.test_rows(&parent, table, columns, &rest, test)
            }
        }
    }

    fn test_column(
        &mut self,
        expression: &str,
        column: &Column,
        op: Op,
        test: &Test,
    ) -> Result<Condition> {
        let operand = Operand { expression, column, path: &test.path };
        let sql = compare::condition(&operand, op, &test.value, self.params)?;
        let optional = column.relation.is_some();
        let missing = compare::passes_missing(column.ty, optional, op, &test.value);
        Ok(Condition { sql, missing })
    }

    /// Where a path leads that is not tested.
    pub(super) fn end(&mut self, path: &str) -> Result<End<'a>> {
        let segments: Vec<String> = path.split('.').map(str::to_owned).collect();
        self.resolve(&segments, path)
    }

    /// Joins a list: one row for each of its elements, one without a value for an empty list.
    /// Answers the expression of the element.
    pub(super) fn unfold(&mut self, parent: &Place<'a>, table: &str) -> String {
        let key = format!("{}[{table}]", parent.alias);
        if let Some((_, alias)) = self.joined.iter().find(|(k, _)| *k == key) {
            return format!("{alias}.value");
        }
        let alias = self.alias('u');
        let own = own_rows(parent, &alias);
        let _ = write!(self.joins, " LEFT JOIN {table} {alias} ON {own}");
        let element = format!("{alias}.value");
        self.joined.push((key, alias));
        element
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn slug(&self) -> &'a str {
        self.layout.slug()
    }

    /// Adds a value and answers its placeholder.
    pub(super) fn param(&mut self, param: Param) -> String {
        self.params.add(param)
    }

    /// Walks the path, joining the relations it crosses. `path` is the whole of it, for complaints.
    fn resolve(&mut self, segments: &[String], path: &str) -> Result<End<'a>> {
        let unknown = || Error::query(vec![path.to_owned()]);
        let mut place = Place { alias: self.base.clone(), layout: self.layout };
        let mut nodes = place.layout.nodes.as_slice();
        let mut at = 0;
        let mut hops = 0;
        while let Some(segment) = segments.get(at) {
            let node = nodes.iter().find(|n| n.key() == segment).ok_or_else(unknown)?;
            if node.read().is_some_and(|rule| !rule.possible(self.reader.role)) {
                return Err(unknown());
            }
            let rest = &segments[at + 1..];
            match node {
                Node::Group { nodes: inner, .. } => nodes = inner,
                Node::Money { amount, currency, .. } => {
                    let column = match rest {
                        [] => amount,
                        [part] if part == "amount" => amount,
                        [part] if part == "currency" => currency,
                        _ => return Err(unknown()),
                    };
                    let on = |column: &Column| format!("{}.{}", place.alias, column.name);
                    let is_amount = std::ptr::eq(column, amount);
                    return Ok(End::Column {
                        expression: on(column),
                        column,
                        currency: is_amount.then(|| on(currency)),
                    });
                }
                Node::Many { table, element, .. } => {
                    return Ok(End::List { parent: place, table, element, rest: rest.to_vec() });
                }
                Node::Array { table, columns, .. } => {
                    return Ok(End::Rows { parent: place, table, columns, rest: rest.to_vec() });
                }
                Node::Column(column) => {
                    let expression = format!("{}.{}", place.alias, column.name);
                    if rest.is_empty() || rest == ["id"] && column.relation.is_some() {
                        return Ok(End::Column { expression, column, currency: None });
                    }
                    if column.ty == ColumnType::Json {
                        let keys = self.params.add(Param::texts(rest.iter().cloned()));
                        return Ok(End::JsonPath {
                            expression: format!("({expression} #>> {keys})"),
                        });
                    }
                    hops += 1;
                    if hops > MAX_HOPS {
                        return Err(unknown());
                    }
                    let prefix = segments[..=at].join(".");
                    place = self.join(&place, column, &prefix).ok_or_else(unknown)?;
                    nodes = place.layout.nodes.as_slice();
                }
            }
            at += 1;
        }
        Err(unknown())
    }

    fn join(&mut self, from: &Place<'a>, column: &Column, prefix: &str) -> Option<Place<'a>> {
        let layout = self.target(column)?;
        let key = format!("{}/{prefix}", self.base);
        if let Some((_, alias)) = self.joined.iter().find(|(k, _)| *k == key) {
            return Some(Place { alias: alias.clone(), layout });
        }
        let alias = self.alias('j');
        let own = match layout.tenancy() {
            Tenancy::Tenant => format!("{alias}.tenant_id = {}.tenant_id AND ", from.alias),
            _ => String::new(),
        };
        let _ = write!(
            self.joins,
            " LEFT JOIN {} {alias} ON {own}{alias}.id = {}.{}",
            layout.table, from.alias, column.name
        );
        self.joined.push((key, alias.clone()));
        Some(Place { alias, layout })
    }

    /// The layout a relation leads to, when this reader may read it.
    fn target(&self, column: &Column) -> Option<&'a Layout> {
        let layout = self.reader.schema.get(column.relation.as_deref()?)?;
        layout.collection.access.read.possible(self.reader.role).then_some(&**layout)
    }

    pub(super) fn alias(&mut self, letter: char) -> String {
        self.aliases += 1;
        format!("{letter}{}", self.aliases)
    }

    fn test_list(
        &mut self,
        parent: &Place<'a>,
        table: &str,
        element: &'a Column,
        rest: &[String],
        test: &Test,
    ) -> Result<Condition> {
        if test.op == Op::Exists && rest.is_empty() {
            return Ok(has_rows(parent, table, test));
        }
        if test.op == Op::All {
            return self
                .each_of(test, |frame, one| frame.test_list(parent, table, element, rest, one));
        }
        let alias = self.alias('s');
        if rest.is_empty() || rest == ["id"] && element.relation.is_some() {
            let expression = format!("{alias}.value");
            let condition =
                self.test_column(&expression, element, element_op(element, test.op), test)?;
            return Ok(any_element(parent, table, &alias, "", &condition));
        }
        let layout = self.target(element).ok_or_else(|| refused(test))?;
        let start = self.joins.len();
        let outer = (self.base.clone(), self.layout);
        (self.base, self.layout) = (self.alias('e'), layout);
        let condition = self.test_at(rest, test);
        let inner_joins = self.joins.split_off(start);
        let inner = std::mem::replace(&mut self.base, outer.0);
        self.layout = outer.1;
        let joins = format!(
            " JOIN {} {inner} ON {inner}.tenant_id = {alias}.tenant_id AND {inner}.id = {alias}.value{inner_joins}",
            layout.table
        );
        Ok(any_element(parent, table, &alias, &joins, &condition?))
    }

    /// `all` of a list: each of the values is some element's.
    fn each_of(
        &mut self,
        test: &Test,
        mut one: impl FnMut(&mut Self, &Test) -> Result<Condition>,
    ) -> Result<Condition> {
        let values = compare::values(&test.value);
        if values.len() > compare::MAX_PARTS {
            return Err(refused(test));
        }
        let mut parts = Vec::with_capacity(values.len());
        let mut missing = !values.is_empty();
        for value in values {
            let test = Test { path: test.path.clone(), op: Op::Equals, value };
            let condition = one(self, &test)?;
            missing &= condition.missing;
            parts.push(condition.sql);
        }
        let sql = if parts.is_empty() {
            "FALSE".to_owned()
        } else {
            format!("({})", parts.join(" AND "))
        };
        Ok(Condition { sql, missing })
    }

    fn test_rows(
        &mut self,
        parent: &Place<'a>,
        table: &str,
        columns: &'a [Column],
        rest: &[String],
        test: &Test,
    ) -> Result<Condition> {
        let [key] = rest else {
            if rest.is_empty() && test.op == Op::Exists {
                return Ok(has_rows(parent, table, test));
            }
            return Err(refused(test));
        };
        let column = columns.iter().find(|c| c.key == *key).ok_or_else(|| refused(test))?;
        if column.read.as_ref().is_some_and(|rule| !rule.possible(self.reader.role)) {
            return Err(refused(test));
        }
        if test.op == Op::All {
            return self
                .each_of(test, |frame, one| frame.test_rows(parent, table, columns, rest, one));
        }
        let alias = self.alias('s');
        let condition =
            self.test_column(&format!("{alias}.{}", column.name), column, test.op, test)?;
        Ok(any_element(parent, table, &alias, "", &condition))
    }

    /// Sort keys, ending in one that tells any two rows apart.
    pub(super) fn order(&mut self, sort: &[Sort]) -> Result<Vec<Order>> {
        let mut order = self.keys(sort)?;
        if order.is_empty() {
            order = self.keys(&Sort::parse(&self.layout.collection.default_sort))?;
        }
        let mut last_descending = order.last().is_none_or(|key| key.descending);
        let created = format!("{}.created_at", self.base);
        let id = format!("{}.id", self.base);
        if !order.iter().any(|o| o.expression == id) {
            let stamped = !self.layout.collection.ledger;
            if stamped && !order.iter().any(|o| o.expression == created) {
                last_descending = true;
                order.push(Order { expression: created, descending: true });
            }
            order.push(Order { expression: id, descending: last_descending });
        }
        Ok(order)
    }

    fn keys(&mut self, sort: &[Sort]) -> Result<Vec<Order>> {
        let mut keys = Vec::with_capacity(sort.len() + 2);
        for key in sort {
            let params = self.params.len();
            match self.sort_key(key)? {
                Some(expression) => keys.push(Order { expression, descending: key.descending }),
                // A value that no statement uses has no type.
                None => self.params.truncate(params),
            }
        }
        Ok(keys)
    }

    /// `None` for a path that does not exist, which the contract ignores.
    fn sort_key(&mut self, key: &Sort) -> Result<Option<String>> {
        let path = key.path.as_str();
        let segments: Vec<String> = path.split('.').map(str::to_owned).collect();
        if self.is_unreadable(&segments) {
            return Err(Error::query(vec![path.to_owned()]));
        }
        Ok(match self.resolve(&segments, path) {
            Ok(End::Column { column, .. }) if column.ty == ColumnType::Json => None,
            Ok(End::Column { expression, .. }) => Some(expression),
            Ok(End::List { parent, table, element, rest }) if rest.is_empty() => {
                extreme(element.ty, key.descending).map(|end| {
                    let own = side(&parent, table, "s", "");
                    format!("({})", own.replacen("SELECT 1", &format!("SELECT {end}"), 1))
                })
            }
            _ => None,
        })
    }

    fn is_unreadable(&self, segments: &[String]) -> bool {
        let node = segments.first().and_then(|key| self.layout.node(key));
        node.and_then(Node::read).is_some_and(|rule| !rule.possible(self.reader.role))
    }
}

/// `SELECT 1` over the side rows of `parent`.
fn side(parent: &Place<'_>, table: &str, alias: &str, joins: &str) -> String {
    format!("SELECT 1 FROM {table} {alias}{joins} WHERE {}", own_rows(parent, alias))
}

/// That side rows are those of `parent`.
fn own_rows(parent: &Place<'_>, alias: &str) -> String {
    let tenant = match parent.layout.tenancy() {
        Tenancy::Tenant => format!("{alias}.tenant_id = {}.tenant_id AND ", parent.alias),
        _ => String::new(),
    };
    format!("{tenant}{alias}.parent_id = {}.id", parent.alias)
}

/// A condition, and whether a value that is missing passes it.
struct Condition {
    sql: String,
    missing: bool,
}

/// Some element passes; an empty list passes what a missing value passes.
fn any_element(
    parent: &Place<'_>,
    table: &str,
    alias: &str,
    joins: &str,
    condition: &Condition,
) -> Condition {
    let exists = format!("EXISTS ({} AND {})", side(parent, table, alias, joins), condition.sql);
    let sql = match condition.missing {
        true => format!("({exists} OR NOT EXISTS ({}))", side(parent, table, "s", "")),
        false => exists,
    };
    Condition { sql, missing: condition.missing }
}

/// Whether there is any element at all.
fn has_rows(parent: &Place<'_>, table: &str, test: &Test) -> Condition {
    let wanted = compare::truthy(&test.value);
    let not = if wanted { "" } else { "NOT " };
    let sql = format!("{not}EXISTS ({})", side(parent, table, "s", ""));
    Condition { sql, missing: !wanted }
}

/// What a list counts by in an order: its least element upward, its greatest downward.
fn extreme(ty: ColumnType, descending: bool) -> Option<&'static str> {
    match (ty, descending) {
        (ColumnType::Json, _) => None,
        (ColumnType::Uuid, false) => Some("min(s.value::text)"),
        (ColumnType::Uuid, true) => Some("max(s.value::text)"),
        (ColumnType::Bool, false) => Some("bool_and(s.value)"),
        (ColumnType::Bool, true) => Some("bool_or(s.value)"),
        (_, false) => Some("min(s.value)"),
        (_, true) => Some("max(s.value)"),
    }
}

/// `contains` on a list of selects or relations asks for an element.
fn element_op(element: &Column, op: Op) -> Op {
    match (op, element.kind) {
        (Op::Contains, FieldKind::Select | FieldKind::Relationship) => Op::In,
        _ => op,
    }
}

fn refused(test: &Test) -> Error {
    Error::query(vec![test.path.clone()])
}
