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

/// The last position given in each stage by this process: of two transactions at the same time neither
/// sees the other's deals, and both would put theirs in the same places. Those of other processes are
/// kept apart by saying which places are being taken.
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

/// Places of a batch that are said to be taken; another process that looks for a place tries the one
/// behind the end it sees, so the first of them would do.
const SAID: i64 = 16;
/// Each time somebody else had been faster; past this they may share a place.
const TRIES: usize = 50;

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
    let mut next = take_places(ctx, ends, &coming).await?;
    for change in changes.iter_mut().filter(|c| comes(c)) {
        let Some(place) = change.get_id("stage").and_then(|stage| next.get_mut(&stage)) else {
            continue;
        };
        change.set("position", *place);
        *place += 1;
    }
    Ok(())
}

/// The first of the places that are now this transaction's, in each stage.
async fn take_places(
    ctx: &mut Context<'_>,
    ends: &Ends,
    coming: &HashMap<Id, i64>,
) -> Result<HashMap<Id, i64>> {
    let unknown: Vec<Id> = coming.keys().copied().filter(|stage| !ends.knows(stage)).collect();
    let mut known = HashMap::new();
    if !unknown.is_empty() {
        let given = [Param::Uuid(ctx.tenant), Param::uuids(unknown.iter().copied())];
        known = positions(ctx, include_str!("../../sql/last_positions.sql"), &given).await?;
    }
    // Who loads thousands of deals put the last ones there; looking again each time would cost more
    // the more there are, until the table has statistics.
    let trusted = |stage: &Id| is_loading(ctx.actor) && !unknown.contains(stage);
    let mut open: Vec<Id> = coming.keys().copied().collect();
    let sure: Vec<Id> = open.iter().copied().filter(trusted).collect();
    let mut taken: HashMap<Id, i64> = HashMap::new();
    for _ in 0..TRIES {
        let mut said = Vec::new();
        for stage in &open {
            let count = coming.get(stage).copied().unwrap_or_default();
            let first = ends.take(*stage, known.get(stage).copied().unwrap_or_default(), count);
            said.extend((first..first + count.min(SAID)).map(|place| format!("{stage}/{place}")));
            taken.insert(*stage, first);
        }
        // Whoever said the same place is through when this is answered, and seen.
        ctx.alone(said);
        open.retain(|stage| !sure.contains(stage));
        if open.is_empty() {
            break;
        }
        let of = |map: &HashMap<Id, i64>| {
            Param::List(open.iter().map(|s| Param::Int(map.get(s).copied().unwrap_or(0))).collect())
        };
        let stages = Param::uuids(open.iter().copied());
        let given = [Param::Uuid(ctx.tenant), stages, of(&taken), of(coming)];
        known = positions(ctx, include_str!("../../sql/taken_places.sql"), &given).await?;
        open.retain(|stage| known.contains_key(stage));
    }
    Ok(taken)
}

/// Where stages end, of all that is committed by now.
async fn positions(ctx: &mut Context<'_>, sql: &str, given: &[Param]) -> Result<HashMap<Id, i64>> {
    let wrong = |e| Error::internal("the positions are not as expected").with_source(e);
    let mut found = HashMap::new();
    for row in ctx.query(sql, given).await? {
        found.insert(row.try_get(0).map_err(wrong)?, row.try_get(1).map_err(wrong)?);
    }
    Ok(found)
}
