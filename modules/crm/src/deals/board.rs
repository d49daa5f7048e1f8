//! Where a deal stands: its stage, and with it pipeline and status, and its place in the stage.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use define::Where;
use engine::{Change, Context, Verb};
use kernel::{Doc, Error, FieldError, Id, Result, Value};
use store::Param;

use crate::value::{id_of, is_loading};

/// More stages or pipelines than any tenant keeps.
const MANY: i64 = 5_000;

struct Stage {
    id: Id,
    pipeline: Id,
    kind: Value,
}

/// The stages of the tenant in their order. Empty when no deal of the batch moves.
#[derive(Default)]
pub(super) struct Board {
    stages: Vec<Stage>,
    /// Default first, then by order.
    pipelines: Vec<Id>,
}

impl Board {
    pub(super) async fn load(ctx: &mut Context<'_>, changes: &[Change]) -> Result<Board> {
        if !changes.iter().any(moves) {
            return Ok(Board::default());
        }
        let docs = ctx.find("stages", &Where::default(), "order,id", MANY).await?;
        let stages = docs.iter().filter_map(stage).collect();
        let mut pipelines = Vec::new();
        if changes.iter().any(|c| moves(c) && !names_stage(c) && wished(c).is_none()) {
            let mut docs = ctx.find("pipelines", &Where::default(), "order,id", MANY).await?;
            docs.sort_by_key(|doc| doc.get("isDefault") != Some(&Value::Bool(true)));
            pipelines = docs.iter().filter_map(id_in).collect();
        }
        Ok(Board { stages, pipelines })
    }

    /// Finds the stage of a deal that names none, and lets pipeline and status follow the stage.
    pub(super) fn place(&self, change: &mut Change) {
        if !moves(change) {
            return;
        }
        let wished = wished(change);
        if !names_stage(change) {
            let pipeline = wished.or_else(|| self.pipelines.first().copied());
            match self.stages.iter().find(|s| Some(s.pipeline) == pipeline) {
                Some(first) => change.set("stage", Value::String(first.id.to_string())),
                None => return refuse(change, "There is no pipeline with a stage to put it in."),
            }
        }
        // A stage that is not on the board is refused by the engine as a relation is.
        let id = change.get_id("stage");
        let Some(stage) = self.stages.iter().find(|s| Some(s.id) == id) else { return };
        if wished.is_some_and(|p| p != stage.pipeline) {
            return refuse(change, "This stage belongs to another pipeline.");
        }
        change.set("pipeline", Value::String(stage.pipeline.to_string()));
        change.set("status", stage.kind.clone());
    }
}

fn refuse(change: &mut Change, message: &str) {
    change.errors.push(FieldError::new("stage", message).labeled("Stage"));
}

fn id_in(doc: &Doc) -> Option<Id> {
    doc.get("id").and_then(id_of)
}

fn stage(doc: &Doc) -> Option<Stage> {
    Some(Stage {
        id: id_in(doc)?,
        pipeline: doc.get("pipeline").and_then(id_of)?,
        kind: doc.get("kind")?.clone(),
    })
}

/// The pipeline the caller asked for, when it is another than the deal's.
fn wished(change: &Change) -> Option<Id> {
    let asked = change.input.get("pipeline").and_then(id_of)?;
    (id_of(change.former("pipeline")) != Some(asked)).then_some(asked)
}

/// Whether the caller says the stage; one that merely sends the old stage along with a new
/// pipeline does not.
fn names_stage(change: &Change) -> bool {
    match change.verb {
        Verb::Create => !change.get("stage").is_null(),
        _ => change.changed("stage") || wished(change).is_none(),
    }
}

fn moves(change: &Change) -> bool {
    match change.verb {
        Verb::Create => true,
        Verb::Update => change.changed("stage") || wished(change).is_some(),
        Verb::Delete => false,
    }
}

/// The last position given in each stage: of two transactions at the same time neither sees the
/// other's deals, and both would put theirs in the same places.
#[derive(Default)]
pub(super) struct Ends(Mutex<HashMap<Id, i64>>);

impl Ends {
    fn knows(&self, stage: &Id) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(stage)
    }

    /// Gives the next `count` places after `known`, the end as the database has it; the first.
    fn take(&self, stage: Id, known: i64, count: i64) -> i64 {
        let mut ends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let end = ends.entry(stage).or_insert(known);
        let first = (*end).max(known) + 1;
        *end = first + count - 1;
        first
    }
}

/// Deals that came into a stage without a position go to its end, in the order they came.
pub(super) async fn put_last(
    ctx: &mut Context<'_>,
    ends: &Ends,
    changes: &mut [Change],
) -> Result<()> {
    let comes = |c: &Change| {
        let enters = c.verb == Verb::Create || (c.verb == Verb::Update && c.changed("stage"));
        enters && c.input.get("position").is_none_or(Value::is_null)
    };
    let mut coming: HashMap<Id, i64> = HashMap::new();
    for stage in changes.iter().filter(|c| comes(c)).filter_map(|c| c.get_id("stage")) {
        *coming.entry(stage).or_default() += 1;
    }
    if coming.is_empty() {
        return Ok(());
    }
    // Who loads thousands of deals put the last ones there; looking again each time would cost more
    // the more there are, until the table has statistics.
    let trusted = |stage: &&Id| is_loading(ctx.actor) && ends.knows(stage);
    let (known, asked): (Vec<Id>, Vec<Id>) = coming.keys().partition(trusted);
    let mut last: HashMap<Id, i64> = known.into_iter().map(|stage| (stage, 0)).collect();
    if !asked.is_empty() {
        let given = [Param::Uuid(ctx.tenant), Param::uuids(asked)];
        for row in ctx.query(include_str!("../../sql/last_positions.sql"), &given).await? {
            let wrong =
                |e| Error::internal("the last positions are not as expected").with_source(e);
            last.insert(row.try_get(0).map_err(wrong)?, row.try_get(1).map_err(wrong)?);
        }
    }
    let mut next: HashMap<Id, i64> = coming
        .into_iter()
        .filter_map(|(stage, count)| Some((stage, ends.take(stage, *last.get(&stage)?, count))))
        .collect();
    for change in changes.iter_mut().filter(|c| comes(c)) {
        let Some(place) = change.get_id("stage").and_then(|stage| next.get_mut(&stage)) else {
            continue;
        };
        change.set("position", *place);
        *place += 1;
    }
    Ok(())
}
