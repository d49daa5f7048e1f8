//! What rows point at and what they are already: relationships found by name, documents found
//! again by key. Set-based: a few queries a step, whatever its length.

use std::collections::{HashMap, HashSet};

use define::FieldKind;
use kernel::{Doc, Id, Result, Value};

use crate::convert::alias;
use crate::doubts::{Doubts, Fault, Severity, nearest};
use crate::library::{Library, at, put, root, same};
use crate::plan::{FieldPlan, Relation, StepPlan};
use crate::rows::{Found, Row, State, Wanted, column, read};

/// Documents looked through for what a wrong name was meant to be.
const GUESSES: usize = 2_000;

/// A step whose rows are known: to create, to update, unchanged or refused.
pub(crate) struct Resolved {
    pub(crate) rows: Vec<Row>,
    pub(crate) doubts: Doubts,
}

pub(crate) async fn resolve(
    library: &Library<'_>,
    plans: &mut [StepPlan],
) -> Result<Vec<Resolved>> {
    let mut done = Vec::with_capacity(plans.len());
    for step in 0..plans.len() {
        let plan = &mut plans[step];
        let mut doubts = Doubts::new(&plan.name, &plan.table.name);
        let aliases = std::mem::take(&mut plan.alias);
        plan.table.correct(&aliases, |line, column, wrong, right| {
            let fault = Fault::new(format!("is read as {right:?}, by the mapping's alias"), "");
            doubts.add(Severity::Note, line, column, wrong, fault);
        });
        let (rows, wanted) = read(&plans[step], &mut doubts);
        let mut work = Work { library, plans, step, done: &done, rows, doubts };
        let (keys, others): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|w| plans[step].key.contains(&w.field));
        for wanted in keys {
            work.link(&wanted).await?;
        }
        let before = work.find_again().await?;
        for wanted in others {
            work.link(&wanted).await?;
        }
        work.compare(&before);
        let Work { rows, doubts, .. } = work;
        done.push(Resolved { rows, doubts });
    }
    Ok(done)
}

/// One step in work.
struct Work<'a> {
    library: &'a Library<'a>,
    plans: &'a [StepPlan],
    step: usize,
    done: &'a [Resolved],
    rows: Vec<Row>,
    doubts: Doubts,
}

impl<'a> Work<'a> {
    fn plan(&self) -> &'a StepPlan {
        &self.plans[self.step]
    }

    /// Turns the texts of one relationship into ids, or into places of rows still to be created.
    async fn link(&mut self, wanted: &Wanted) -> Result<()> {
        let field = &self.plan().fields[wanted.field];
        let Some(relation) = &field.relation else { return Ok(()) };
        let answers = self.answers(field, relation, &wanted.texts).await?;
        for (row, texts) in self.rows.iter_mut().zip(&wanted.rows) {
            if texts.is_empty() {
                continue;
            }
            let mut found = Vec::with_capacity(texts.len());
            for text in texts {
                match &answers[*text] {
                    Ok(one) => found.push(*one),
                    Err(fault) => {
                        row.state = State::Refused;
                        let value = &wanted.texts[*text];
                        let fault = fault.clone();
                        self.doubts.add(Severity::Refused, row.line, column(field), value, fault);
                    }
                }
            }
            set_links(row, wanted.field, field, found);
        }
        Ok(())
    }

    async fn answers(
        &self,
        field: &FieldPlan,
        relation: &Relation,
        texts: &[String],
    ) -> Result<Vec<Result<Found, Fault>>> {
        let candidates = self.candidates(relation, texts).await?;
        let is_known = |text: &String| candidates.contains_key(text);
        let guesses = if relation.step.is_none() && !texts.iter().all(is_known) {
            self.library.some(&relation.collection, &relation.field, GUESSES).await?
        } else {
            Vec::new()
        };
        let names = || {
            let there = guesses.iter().filter_map(|doc| at(doc, &relation.field).as_str());
            there.chain(candidates.keys().map(String::as_str))
        };
        let answer = |text: &String| match candidates.get(text).map(Vec::as_slice) {
            Some([one]) => Ok(*one),
            Some(many) if !many.is_empty() => Err(Fault::new(
                format!("matches {} {} by {}", many.len(), relation.collection, relation.field),
                "match another field, or restrict it with step",
            )),
            _ => {
                let what = format!("matches no {} by {}", relation.collection, relation.field);
                let fix = match nearest(text, names()) {
                    Some(meant) => alias(column(field), text, meant),
                    None => format!("add it to {}, or correct the cell", relation.collection),
                };
                Err(Fault::new(what, fix))
            }
        };
        Ok(texts.iter().map(answer).collect())
    }

    async fn candidates(
        &self,
        relation: &Relation,
        texts: &[String],
    ) -> Result<HashMap<String, Vec<Found>>> {
        let mut candidates: HashMap<String, Vec<Found>> = HashMap::new();
        let mut add = |name: Option<String>, found: Found| {
            let Some(name) = name else { return };
            let known = candidates.entry(name).or_default();
            if !known.contains(&found) {
                known.push(found);
            }
        };
        if let Some(step) = relation.step {
            for (row, found) in documents(step, &self.done[step].rows) {
                add(name_of(&row.doc, relation), found);
            }
            return Ok(candidates);
        }
        let values = texts.iter().map(|t| Value::String(t.clone())).collect();
        let (slug, name) = (&relation.collection, &relation.field);
        for doc in self.library.matching(slug, name, values, &[root(name)]).await? {
            if let Some(id) = id_of(&doc) {
                add(name_of(&doc, relation), Found::Existing(id));
            }
        }
        let steps = self.done.iter().map(|d| d.rows.as_slice()).chain([self.rows.as_slice()]);
        for (step, rows) in steps.enumerate() {
            if self.plans[step].collection != *slug {
                continue;
            }
            for (row, found) in documents(step, rows) {
                if row.state == State::Create {
                    add(name_of(&row.doc, relation), found);
                }
            }
        }
        Ok(candidates)
    }

    /// Finds the documents that rows stand for, by key. Gives them by row.
    async fn find_again(&mut self) -> Result<HashMap<usize, Doc>> {
        let plan = self.plan();
        let mut existing = self.existing().await?;
        let mut first: HashMap<String, u64> = HashMap::with_capacity(self.rows.len());
        let mut before = HashMap::new();
        let pinned = plan.key.first().map_or("", |at| column(&plan.fields[*at]));
        for (at, row) in self.rows.iter_mut().enumerate() {
            if row.state == State::Refused {
                continue;
            }
            let Some(key) = key_of_row(row, plan) else {
                row.state = State::Refused;
                let fault =
                    Fault::new("but the key is needed to find the document", "fill the cell");
                self.doubts.add(Severity::Refused, row.line, pinned, "", fault);
                continue;
            };
            let shown = || key.replace('\u{1f}', ", ");
            if let Some(line) = first.get(&key) {
                row.state = State::Repeats;
                if !plan.distinct {
                    row.state = State::Refused;
                    let what = format!("is the key of line {line} already");
                    let fault = Fault::new(what, "remove one row, or set distinct = true");
                    self.doubts.add(Severity::Refused, row.line, pinned, &shown(), fault);
                }
                continue;
            }
            match existing.remove(&key).unwrap_or_default().as_mut_slice() {
                [] => {}
                [doc] => {
                    if let Some(id) = id_of(doc) {
                        row.state = State::Update(id);
                        before.insert(at, std::mem::take(doc));
                    }
                }
                many => {
                    row.state = State::Refused;
                    let what = format!("is the key of {} {}", many.len(), plan.collection);
                    let fault = Fault::new(what, "name more fields as key");
                    self.doubts.add(Severity::Refused, row.line, pinned, &shown(), fault);
                }
            }
            first.insert(key, row.line);
        }
        Ok(before)
    }

    /// The documents that may be meant by a row, by key.
    async fn existing(&self) -> Result<HashMap<String, Vec<Doc>>> {
        let plan = self.plan();
        let mut existing: HashMap<String, Vec<Doc>> = HashMap::new();
        let Some(lead) = plan.key.first().map(|at| &plan.fields[*at]) else {
            return Ok(existing);
        };
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        for row in self.rows.iter().filter(|r| r.state != State::Refused) {
            let value = at(&row.doc, &lead.name);
            if plain(value).is_some_and(|text| seen.insert(text)) {
                values.push(value.clone());
            }
        }
        let wanted = compared(plan);
        let slug = &plan.collection;
        for doc in self.library.matching(slug, &lead.name, values, &wanted).await? {
            if let Some(key) = key_of(&doc, plan) {
                existing.entry(key).or_default().push(doc);
            }
        }
        Ok(existing)
    }

    /// Keeps of an update what differs from the document.
    fn compare(&mut self, before: &HashMap<usize, Doc>) {
        let plan = self.plan();
        for (at_row, row) in self.rows.iter_mut().enumerate() {
            let (State::Update(id), Some(before)) = (row.state, before.get(&at_row)) else {
                continue;
            };
            row.changes = difference(plan, &row.doc, before);
            row.links.retain(|(place, _)| !plan.fields[*place].create_only);
            if row.changes.is_empty() && row.links.is_empty() {
                row.state = State::Unchanged(id);
            }
        }
    }
}

fn set_links(row: &mut Row, place: usize, field: &FieldPlan, found: Vec<Found>) {
    let ids: Option<Vec<Value>> = found
        .iter()
        .map(|one| match one {
            Found::Existing(id) => Some(Value::String(id.to_string())),
            Found::Planned { .. } => None,
        })
        .collect();
    match ids {
        None => row.links.push((place, found)),
        Some(ids) if field.def.many => put(&mut row.doc, &field.name, Value::Array(ids)),
        Some(ids) => {
            let id = ids.into_iter().next().unwrap_or_default();
            put(&mut row.doc, &field.name, id);
        }
    }
}

/// The mapped fields in which a document that is there differs from `doc`.
pub(crate) fn difference(plan: &StepPlan, doc: &Doc, before: &Doc) -> Doc {
    let mut changes = Doc::new();
    for field in plan.fields.iter().filter(|f| !f.create_only) {
        let Some(new) = given(doc, &field.name) else { continue };
        if same(new, at(before, &field.name)) {
            continue;
        }
        // A group is sent whole, so that its other fields stay.
        let name = root(&field.name);
        if name != field.name && !changes.contains_key(name) {
            changes.insert(name.to_owned(), before.get(name).cloned().unwrap_or_default());
        }
        put(&mut changes, &field.name, new.clone());
    }
    changes
}

/// Top-level fields to read of a document in order to compare it.
pub(crate) fn compared(plan: &StepPlan) -> Vec<&str> {
    let stored = plan.fields.iter().filter(|f| f.def.is_stored());
    let mut wanted: Vec<&str> = stored.map(|f| root(&f.name)).collect();
    wanted.dedup();
    wanted
}

/// The key by which a complete document is found again; none while a part of it is empty.
pub(crate) fn key_of(doc: &Doc, plan: &StepPlan) -> Option<String> {
    let part = |place: &usize| {
        let field = &plan.fields[*place];
        key_part(at(doc, &field.name), field)
    };
    Some(plan.key.iter().map(part).collect::<Option<Vec<_>>>()?.join("\u{1f}"))
}

/// The documents a step's rows stand for.
fn documents(step: usize, rows: &[Row]) -> impl Iterator<Item = (&Row, Found)> {
    rows.iter().enumerate().filter_map(move |(at, row)| {
        let found = match row.state {
            State::Create => Found::Planned { step, row: at },
            State::Update(id) | State::Unchanged(id) => Found::Existing(id),
            State::Refused | State::Repeats => return None,
        };
        Some((row, found))
    })
}

pub(crate) fn id_of(doc: &Doc) -> Option<Id> {
    doc.get("id").and_then(Value::as_str).and_then(|id| Id::parse_str(id).ok())
}

/// The value of a dotted name when the row says something about it.
fn given<'d>(doc: &'d Doc, name: &str) -> Option<&'d Value> {
    match name.split_once('.') {
        None => doc.get(name),
        Some((first, rest)) => doc.get(first)?.as_object().and_then(|inner| given(inner, rest)),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(match number.as_i64() {
            Some(whole) => whole.to_string(),
            None => number.as_f64().unwrap_or_default().to_string(),
        }),
        Value::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}

fn name_of(doc: &Doc, relation: &Relation) -> Option<String> {
    let name = plain(at(doc, &relation.field))?;
    Some(if relation.folds { name.to_lowercase() } else { name })
}

fn key_part(value: &Value, field: &FieldPlan) -> Option<String> {
    let text = plain(value)?;
    Some(if field.def.kind == FieldKind::Email { text.to_lowercase() } else { text })
}

fn key_of_row(row: &Row, plan: &StepPlan) -> Option<String> {
    let mut parts = Vec::with_capacity(plan.key.len());
    for place in &plan.key {
        let field = &plan.fields[*place];
        let link = row.links.iter().find(|(linked, _)| linked == place);
        let part = match link.map(|(_, found)| found.as_slice()) {
            Some([Found::Planned { step, row }]) => Some(format!("#{step}:{row}")),
            _ => key_part(at(&row.doc, &field.name), field),
        };
        parts.push(part?);
    }
    Some(parts.join("\u{1f}"))
}
