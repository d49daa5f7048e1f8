//! What of a collection a query selects, and how it stands in the document.
//!
//! Columns 0 and 1 are always the row's id and its tenant.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use define::{Select, SelectNode, SelectTree, Tenancy};
use indexmap::IndexMap;
use kernel::Role;

use crate::layout::{Column, ColumnType, Layout, Node};
use crate::render::string;

#[derive(Debug)]
pub struct Plan {
    pub layout: Arc<Layout>,
    /// Select-list expressions over the alias `t`.
    pub(crate) columns: Vec<String>,
    /// The same as they stand in a statement.
    pub(crate) shown: String,
    pub(crate) out: Vec<Out>,
    pub(crate) relations: Vec<Relation>,
}

/// A relation that is shown.
#[derive(Debug)]
pub(crate) struct Relation {
    /// Its column.
    pub(crate) at: usize,
    /// The collection it leads to.
    pub(crate) to: String,
    pub(crate) many: bool,
}

#[derive(Debug)]
pub(crate) enum Out {
    Value {
        key: String,
        at: usize,
        ty: ColumnType,
        relation: Option<String>,
    },
    Money {
        key: String,
        amount: usize,
        currency: usize,
    },
    Group {
        key: String,
        out: Vec<Out>,
    },
    Many {
        key: String,
        at: usize,
        ty: ColumnType,
        relation: Option<String>,
    },
    /// `at` is the column of row ids; each inner value is a parallel array.
    Array {
        key: String,
        at: usize,
        out: Vec<Out>,
    },
}

/// Plans of one collection that were made before, where all roles see the same of it.
#[derive(Debug, Default)]
pub(crate) struct Plans {
    whole: OnceLock<Arc<Plan>>,
    /// Of documents shown inside others.
    inside: OnceLock<Arc<Plan>>,
    /// Those of a `select`, newest last. Programs ask for the same few again and again.
    selected: RwLock<Vec<(Select, Arc<Plan>)>>,
}

/// Plans of a `select` that are kept, and names that one of them may have.
const MAX_SELECTED: usize = 16;
const MAX_NAMES: usize = 100;

impl Plans {
    fn get(&self, select: Option<&Select>) -> Option<Arc<Plan>> {
        let Some(select) = select else { return self.whole.get().cloned() };
        let selected = self.selected.read().unwrap_or_else(PoisonError::into_inner);
        selected.iter().find(|(known, _)| known == select).map(|(_, plan)| plan.clone())
    }

    fn keep(&self, select: Option<&Select>, plan: &Arc<Plan>) {
        let Some(select) = select else {
            let _ = self.whole.set(plan.clone());
            return;
        };
        let (Select::Include(tree) | Select::Exclude(tree)) = select;
        if names(tree) > MAX_NAMES {
            return;
        }
        let mut selected = self.selected.write().unwrap_or_else(PoisonError::into_inner);
        if selected.len() == MAX_SELECTED {
            selected.remove(0);
        }
        selected.push((select.clone(), plan.clone()));
    }
}

fn names(tree: &SelectTree) -> usize {
    tree.values().map(|node| 1 + names(&node.0)).sum()
}

impl Plan {
    /// The plan of `layout` as `role` may see it. `select` narrows it; `id` always stays.
    pub fn new(layout: &Arc<Layout>, role: Option<Role>, select: Option<&Select>) -> Arc<Plan> {
        let plans = &layout.plans;
        let cacheable = !restricted(&layout.nodes);
        if cacheable && let Some(plan) = plans.get(select) {
            return plan;
        }
        let tenant = match layout.tenancy() {
            Tenancy::Tenant => "t.tenant_id",
            Tenancy::Tree => "t.id",
            Tenancy::Global => "NULL::uuid",
        };
        let mut builder =
            Builder { columns: vec!["t.id".to_owned(), tenant.to_owned()], role, layout };
        let out = builder.nodes(&layout.nodes, Mode::of(select), true);
        let columns = builder.columns;
        let shown = columns.join(",");
        let mut relations = Vec::new();
        relations_of(&out, &mut relations);
        let plan = Plan { layout: layout.clone(), columns, shown, out, relations };
        let plan = Arc::new(plan);
        if cacheable {
            plans.keep(select, &plan);
        }
        plan
    }

    /// The plan of documents shown inside others: without what stands aside, unless `select` names it.
    pub(crate) fn inside(
        layout: &Arc<Layout>,
        role: Option<Role>,
        select: Option<&Select>,
    ) -> Arc<Plan> {
        let aside = || layout.collection.fields.iter().filter(|f| f.aside);
        if select.is_some() || aside().next().is_none() {
            return Plan::new(layout, role, select);
        }
        let cacheable = !restricted(&layout.nodes);
        if cacheable && let Some(plan) = layout.plans.inside.get() {
            return plan.clone();
        }
        let aside = aside().map(|f| (f.name.clone(), SelectNode::default())).collect();
        let plan = Plan::new(layout, role, Some(&Select::Exclude(aside)));
        if cacheable {
            let _ = layout.plans.inside.set(plan.clone());
        }
        plan
    }

    pub(crate) fn has_relations(&self) -> bool {
        !self.relations.is_empty()
    }

    /// The select-list expressions of the single relations shown, by collection.
    pub(crate) fn single_relations(&self) -> IndexMap<&str, Vec<&str>> {
        let mut found: IndexMap<&str, Vec<&str>> = IndexMap::new();
        for relation in self.relations.iter().filter(|relation| !relation.many) {
            if let Some(expression) = self.columns.get(relation.at) {
                found.entry(&relation.to).or_default().push(expression);
            }
        }
        found
    }
}

fn relations_of(out: &[Out], found: &mut Vec<Relation>) {
    let relation = |at: usize, to: &str, many| Relation { at, to: to.to_owned(), many };
    for item in out {
        match item {
            Out::Value { at, relation: Some(to), .. } => found.push(relation(*at, to, false)),
            Out::Many { at, relation: Some(to), .. } => found.push(relation(*at, to, true)),
            Out::Group { out, .. } => relations_of(out, found),
            Out::Array { out, .. } => {
                for inner in out {
                    if let Out::Value { at, relation: Some(to), .. } = inner {
                        found.push(relation(*at, to, true));
                    }
                }
            }
            _ => {}
        }
    }
}

fn restricted(nodes: &[Node]) -> bool {
    nodes.iter().any(|n| {
        n.read().is_some()
            || match n {
                Node::Group { nodes, .. } => restricted(nodes),
                Node::Array { columns, .. } => columns.iter().any(|c| c.read.is_some()),
                _ => false,
            }
    })
}

/// Which of a level's keys are wanted.
#[derive(Clone, Copy)]
enum Mode<'a> {
    All,
    Only(&'a SelectTree),
    AllBut(&'a SelectTree),
}

impl<'a> Mode<'a> {
    fn of(select: Option<&'a Select>) -> Mode<'a> {
        match select {
            None => Mode::All,
            Some(Select::Include(tree)) => Mode::Only(tree),
            Some(Select::Exclude(tree)) => Mode::AllBut(tree),
        }
    }

    /// How to treat what lies under `key`, or `None` when it is not wanted.
    fn under(self, key: &str) -> Option<Mode<'a>> {
        match self {
            Mode::All => Some(Mode::All),
            Mode::Only(tree) => {
                let node = tree.get(key)?;
                Some(if node.0.is_empty() { Mode::All } else { Mode::Only(&node.0) })
            }
            Mode::AllBut(tree) => match tree.get(key) {
                None => Some(Mode::All),
                Some(node) if node.0.is_empty() => None,
                Some(node) => Some(Mode::AllBut(&node.0)),
            },
        }
    }
}

struct Builder<'a> {
    columns: Vec<String>,
    role: Option<Role>,
    layout: &'a Layout,
}

impl Builder<'_> {
    fn push(&mut self, expression: String) -> usize {
        self.columns.push(expression);
        self.columns.len() - 1
    }

    fn nodes(&mut self, nodes: &[Node], mode: Mode<'_>, top: bool) -> Vec<Out> {
        let mut out = Vec::with_capacity(nodes.len());
        for node in nodes {
            let is_id = top && node.key() == "id";
            let Some(inner) = mode.under(node.key()).or(is_id.then_some(Mode::All)) else {
                continue;
            };
            if node.read().is_some_and(|rule| !rule.possible(self.role)) {
                continue;
            }
            out.push(self.node(node, inner));
        }
        out
    }

    fn node(&mut self, node: &Node, inner: Mode<'_>) -> Out {
        let key = json_key(node.key());
        match node {
            Node::Column(column) => {
                let at = match column.name.as_str() {
                    "id" => 0,
                    "tenant_id" => 1,
                    name => self.push(format!("t.{name}")),
                };
                Out::Value { key, at, ty: column.ty, relation: column.relation.clone() }
            }
            Node::Money { amount, currency, .. } => {
                let amount = self.push(format!("t.{}", amount.name));
                let currency = self.push(format!("t.{}", currency.name));
                Out::Money { key, amount, currency }
            }
            Node::Group { nodes, .. } => Out::Group { key, out: self.nodes(nodes, inner, false) },
            Node::Many { table, element, .. } => {
                let at = self.push(self.side(table, "value"));
                Out::Many { key, at, ty: element.ty, relation: element.relation.clone() }
            }
            Node::Array { table, columns, .. } => {
                let at = self.push(self.side(table, "row_id"));
                let out = columns
                    .iter()
                    .filter(|c| inner.under(&c.key).is_some())
                    .filter(|c| c.read.as_ref().is_none_or(|rule| rule.possible(self.role)))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .map(|c| self.array_value(table, c))
                    .collect();
                Out::Array { key, at, out }
            }
        }
    }

    fn array_value(&mut self, table: &str, column: &Column) -> Out {
        let at = self.push(self.side(table, &column.name));
        let relation = column.relation.clone();
        Out::Value { key: json_key(&column.key), at, ty: column.ty, relation }
    }

    fn side(&self, table: &str, column: &str) -> String {
        let own = match self.layout.tenancy() {
            Tenancy::Tenant => "s.tenant_id = t.tenant_id AND ",
            _ => "",
        };
        format!(
            "ARRAY(SELECT s.{column} FROM {table} s WHERE {own}s.parent_id = t.id ORDER BY s.position)"
        )
    }
}

pub(crate) fn json_key(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 3);
    string(&mut out, key);
    out.push(':');
    out
}
