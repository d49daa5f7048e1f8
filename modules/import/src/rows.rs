//! Rows on their way to documents: cells read into values, relationships gathered as texts.

use std::borrow::Cow;
use std::collections::HashMap;

use define::FieldKind;
use kernel::{Doc, Id, Value};

use crate::convert::{convert, parts};
use crate::doubts::{Doubts, Fault, Severity};
use crate::library::put;
use crate::plan::{FieldPlan, Source, StepPlan};
use crate::table;

/// A document a relationship leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Existing(Id),
    /// Row of a step that is still to be created.
    Planned {
        step: usize,
        row: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Create,
    Update(Id),
    Unchanged(Id),
    Refused,
    /// Says again what an earlier row of a distinct step said.
    Repeats,
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    /// The mapped fields, but for links to documents still to be created.
    pub(crate) doc: Doc,
    /// What differs from the document that is there, on updates.
    pub(crate) changes: Doc,
    /// (place of the field, what it leads to), where something is still to be created.
    pub(crate) links: Vec<(usize, Vec<Found>)>,
    pub(crate) state: State,
}

/// The texts of one relationship field, each once.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// Place of the field in the plan.
    pub(crate) field: usize,
    pub(crate) texts: Vec<String>,
    /// Per row, places in `texts`.
    pub(crate) rows: Vec<Vec<usize>>,
    index: HashMap<String, usize>,
}

impl Wanted {
    fn take(&mut self, row: usize, text: &str) {
        let at = match self.index.get(text) {
            Some(at) => *at,
            None => {
                self.texts.push(text.to_owned());
                self.index.insert(text.to_owned(), self.texts.len() - 1);
                self.texts.len() - 1
            }
        };
        self.rows[row].push(at);
    }
}

/// Reads every cell of a step.
pub(crate) fn read(plan: &StepPlan, doubts: &mut Doubts) -> (Vec<Row>, Vec<Wanted>) {
    let count = plan.table.rows.len();
    let relations = plan.fields.iter().enumerate().filter(|(_, f)| f.relation.is_some());
    let mut wanted: Vec<Wanted> = relations
        .map(|(field, _)| Wanted {
            field,
            texts: Vec::new(),
            rows: vec![Vec::new(); count],
            index: HashMap::new(),
        })
        .collect();
    let rows = plan.table.rows.iter().enumerate().map(|(at, cells)| {
        let mut row = Row {
            line: cells.line,
            doc: Doc::with_capacity(plan.fields.len()),
            changes: Doc::new(),
            links: Vec::new(),
            state: State::Create,
        };
        let mut relations = wanted.iter_mut();
        for field in &plan.fields {
            let wanted = if field.relation.is_some() { relations.next() } else { None };
            read_cell(&mut row, at, cells, field, wanted, doubts);
        }
        row
    });
    (rows.collect(), wanted)
}

fn read_cell(
    row: &mut Row,
    at: usize,
    cells: &table::Row,
    field: &FieldPlan,
    wanted: Option<&mut Wanted>,
    doubts: &mut Doubts,
) {
    let text = text(cells, field);
    let text = text.trim();
    if text.is_empty() {
        return read_empty(row, field, doubts);
    }
    if let Some(wanted) = wanted {
        let folds = field.relation.as_ref().is_some_and(|r| r.folds);
        let single = if field.def.many { None } else { Some(text) };
        let many = field.def.many.then(|| parts(text, field)).into_iter().flatten();
        for part in single.into_iter().chain(many) {
            let part = field.words.get(part).map_or(part, String::as_str);
            if folds { wanted.take(at, &part.to_lowercase()) } else { wanted.take(at, part) }
        }
        return;
    }
    match convert(text, field) {
        Ok(value) => put(&mut row.doc, &field.name, value),
        Err(fault) => {
            row.state = State::Refused;
            doubts.add(Severity::Refused, row.line, column(field), text, fault);
        }
    }
}

fn text<'a>(cells: &'a table::Row, field: &'a FieldPlan) -> Cow<'a, str> {
    match &field.source {
        Source::Column(at) => Cow::Borrowed(cells.cell(*at)),
        Source::Template(template) => Cow::Owned(template.render(|at| cells.cell(at))),
        Source::Value(text) => Cow::Borrowed(text),
    }
}

fn read_empty(row: &mut Row, field: &FieldPlan, doubts: &mut Doubts) {
    if field.required {
        row.state = State::Refused;
        let fault = Fault::new(format!("but {} is required", field.name), "fill the cell");
        return doubts.add(Severity::Refused, row.line, column(field), "", fault);
    }
    if field.skip_if_empty {
        return;
    }
    if field.relation.is_some() {
        let what = format!("names no document: {} stays empty", field.name);
        let fault = Fault::new(what, "");
        doubts.add(Severity::Note, row.line, column(field), "", fault);
    }
    let is_list = field.def.many || field.def.kind == FieldKind::Array;
    let empty = if is_list { Value::Array(Vec::new()) } else { Value::Null };
    put(&mut row.doc, &field.name, empty);
}

/// Where a doubt about a field is pinned: its column, else itself.
pub(crate) fn column(field: &FieldPlan) -> &str {
    if field.column.is_empty() { &field.name } else { &field.column }
}
