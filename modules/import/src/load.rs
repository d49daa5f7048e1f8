//! Writes resolved rows through the engine, a batch at a time: its rules, audit and events hold
//! for an import as for everybody.

use std::collections::HashMap;
use std::time::Instant;

use engine::{Engine, Outcome};
use futures_util::stream::{FuturesOrdered, StreamExt};
use kernel::{Actor, Doc, Error, Id, Result, Value};

use crate::doubts::{Fault, Severity};
use crate::library::{Library, at, put};
use crate::plan::StepPlan;
use crate::report::StepReport;
use crate::resolve::{Resolved, compared, difference, id_of, key_of};
use crate::rows::{Found, Row, State, column};

/// Documents of one transaction.
const BATCH: usize = 1_000;
/// Transactions at a time: while the database writes two, the next is made ready.
const AT_ONCE: usize = 3;

/// The ids of a step's created documents, by row.
type Ids = Vec<Option<Id>>;

/// Loads all steps in order; rows the engine refuses become doubts.
pub(crate) async fn load(
    engine: &Engine,
    actor: &Actor,
    plans: &[StepPlan],
    steps: &mut [Resolved],
    reports: &mut [StepReport],
) -> Result<()> {
    let mut ids: Vec<Ids> = steps.iter().map(|s| vec![None; s.rows.len()]).collect();
    for (at, plan) in plans.iter().enumerate() {
        let start = Instant::now();
        let mut loader = Loader {
            engine,
            actor,
            plan,
            at,
            step: &mut steps[at],
            ids: &mut ids,
            report: &mut reports[at],
        };
        loader.create().await?;
        loader.update().await?;
        reports[at].seconds = start.elapsed().as_secs_f64();
    }
    Ok(())
}

struct Loader<'a> {
    engine: &'a Engine,
    actor: &'a Actor,
    plan: &'a StepPlan,
    at: usize,
    step: &'a mut Resolved,
    ids: &'a mut Vec<Ids>,
    report: &'a mut StepReport,
}

impl Loader<'_> {
    /// Rows that point at rows of their own step wait until those are there.
    async fn create(&mut self) -> Result<()> {
        let mut waiting: Vec<usize> = (0..self.step.rows.len())
            .filter(|row| self.step.rows[*row].state == State::Create)
            .collect();
        while !waiting.is_empty() {
            let (ready, later): (Vec<_>, Vec<_>) =
                waiting.iter().partition(|row| !self.waits(**row, &waiting));
            if ready.is_empty() {
                for row in later {
                    self.refuse(row, "points at itself through other rows", "break the circle");
                }
                break;
            }
            self.create_all(&ready).await?;
            waiting = later;
        }
        Ok(())
    }

    /// `waiting` is ascending.
    fn waits(&self, row: usize, waiting: &[usize]) -> bool {
        let links = self.step.rows[row].links.iter().flat_map(|(_, found)| found);
        links.into_iter().any(|found| match found {
            Found::Planned { step, row } => *step == self.at && waiting.binary_search(row).is_ok(),
            Found::Existing(_) => false,
        })
    }

    async fn create_all(&mut self, ready: &[usize]) -> Result<()> {
        let (engine, actor, slug) = (self.engine, self.actor, &self.plan.collection);
        let mut running = FuturesOrdered::new();
        for batch in ready.chunks(BATCH) {
            let by_new_key = batch.iter().any(|row| self.key_is_new(*row));
            let mut docs = self.documents(batch);
            // What is found again is written at once, and nothing may be under way meanwhile: only
            // who is waited for goes on.
            let most = if by_new_key { 0 } else { AT_ONCE - 1 };
            while running.len() > most {
                self.settle(running.next().await)?;
            }
            if by_new_key {
                docs = self.meet(docs).await?;
            }
            let (rows, docs): (Vec<usize>, Vec<Doc>) = docs.into_iter().unzip();
            running.push_back(async move { (rows, engine.create_many(actor, slug, docs).await) });
        }
        while !running.is_empty() {
            self.settle(running.next().await)?;
        }
        Ok(())
    }

    fn settle(&mut self, done: Option<(Vec<usize>, Result<Vec<Outcome>>)>) -> Result<()> {
        let Some((rows, outcomes)) = done else { return Ok(()) };
        for (row, outcome) in rows.into_iter().zip(outcomes?) {
            match outcome {
                Ok(id) => self.created(row, id),
                Err(error) => self.refused(row, &error),
            }
        }
        Ok(())
    }

    /// Whether a row's key names a document that this import creates.
    fn key_is_new(&self, row: usize) -> bool {
        self.step.rows[row].links.iter().any(|(place, _)| self.plan.key.contains(place))
    }

    /// What is to be created for these rows.
    fn documents(&mut self, batch: &[usize]) -> Vec<(usize, Doc)> {
        let mut ready = Vec::with_capacity(batch.len());
        for &row in batch {
            let mut doc = std::mem::take(&mut self.step.rows[row].doc);
            doc.retain(|_, value| !value.is_null());
            if self.join(row, &mut doc) {
                ready.push((row, doc));
            }
        }
        ready
    }

    /// What an earlier step made may have brought documents along: a new user comes with a
    /// membership. Those are completed instead of created; gives the rows that remain.
    async fn meet(&mut self, ready: Vec<(usize, Doc)>) -> Result<Vec<(usize, Doc)>> {
        let Some(lead) = self.plan.key.first().map(|at| &self.plan.fields[*at]) else {
            return Ok(ready);
        };
        let values = ready.iter().map(|(_, doc)| at(doc, &lead.name).clone()).collect();
        let library = Library::Engine(self.engine, self.actor);
        let slug = &self.plan.collection;
        let found = library.matching(slug, &lead.name, values, &compared(self.plan)).await?;
        let mut there: HashMap<String, (Id, Doc)> = found
            .into_iter()
            .filter_map(|doc| Some((key_of(&doc, self.plan)?, (id_of(&doc)?, doc))))
            .collect();
        let (mut rest, mut rows, mut docs) = (Vec::new(), Vec::new(), Vec::new());
        for (row, doc) in ready {
            match key_of(&doc, self.plan).and_then(|key| there.remove(&key)) {
                None => rest.push((row, doc)),
                Some((id, before)) => {
                    rows.push(row);
                    docs.push((id, difference(self.plan, &doc, &before)));
                }
            }
        }
        let each: Vec<(Id, &Doc)> = docs.iter().map(|(id, doc)| (*id, doc)).collect();
        let outcomes = self.engine.update_many(self.actor, slug, &each).await?;
        for (row, outcome) in rows.into_iter().zip(outcomes) {
            match outcome {
                Ok(id) => self.created(row, id),
                Err(error) => self.refused(row, &error),
            }
        }
        Ok(rest)
    }

    fn created(&mut self, row: usize, id: Id) {
        self.ids[self.at][row] = Some(id);
        self.report.created += 1;
    }

    async fn update(&mut self) -> Result<()> {
        let mut rows = Vec::new();
        let mut docs = Vec::new();
        for row in 0..self.step.rows.len() {
            let State::Update(id) = self.step.rows[row].state else { continue };
            let mut doc = std::mem::take(&mut self.step.rows[row].changes);
            if self.join(row, &mut doc) {
                rows.push(row);
                docs.push((id, doc));
            }
        }
        let docs: Vec<(Id, &Doc)> = docs.iter().map(|(id, doc)| (*id, doc)).collect();
        for (batch, docs) in rows.chunks(BATCH).zip(docs.chunks(BATCH)) {
            let outcomes = self.engine.update_many(self.actor, &self.plan.collection, docs).await?;
            for (row, outcome) in batch.iter().zip(outcomes) {
                match outcome {
                    Ok(_) => self.report.updated += 1,
                    Err(error) => self.refused(*row, &error),
                }
            }
        }
        Ok(())
    }

    /// Puts the ids of documents created before into the document. False, and the row is refused,
    /// when one of them was refused itself.
    fn join(&mut self, row: usize, doc: &mut Doc) -> bool {
        let links = std::mem::take(&mut self.step.rows[row].links);
        for (place, found) in links {
            let id = |found: &Found| match *found {
                Found::Existing(id) => Some(id),
                Found::Planned { step, row } => self.ids[step][row],
            };
            let ids: Option<Vec<Value>> =
                found.iter().map(|f| id(f).map(|id| Value::String(id.to_string()))).collect();
            let field = &self.plan.fields[place];
            match ids {
                None => {
                    let what = format!("leads to a row that was refused ({})", field.name);
                    self.refuse(row, &what, "mend that row first");
                    return false;
                }
                Some(ids) if field.def.many => put(doc, &field.name, Value::Array(ids)),
                Some(ids) => {
                    let id = ids.into_iter().next().unwrap_or_default();
                    put(doc, &field.name, id);
                }
            }
        }
        true
    }

    fn refused(&mut self, row: usize, error: &Error) {
        let wrong = error.fields.first();
        let field = wrong.and_then(|w| self.plan.fields.iter().find(|f| f.name == w.path));
        let column = field.map_or_else(|| wrong.map_or("", |w| &w.path), column).to_owned();
        let what = format!("is refused by the engine: {error}");
        self.doubt(row, &column, &what, "");
    }

    fn refuse(&mut self, row: usize, what: &str, fix: &str) {
        let column = self.plan.key.first().map_or("", |at| column(&self.plan.fields[*at]));
        self.doubt(row, column, what, fix);
    }

    fn doubt(&mut self, row: usize, name: &str, what: &str, fix: &str) {
        let Row { line, state, .. } = &mut self.step.rows[row];
        *state = State::Refused;
        self.report.refused += 1;
        let value =
            self.plan.table.column(name).map_or("", |at| self.plan.table.rows[row].cell(at));
        let fault = Fault::new(what, fix);
        self.step.doubts.add(Severity::Refused, *line, name, value, fault);
    }
}
