//! Where a deal stands: its stage, and with it pipeline and status, and its place in the stage.

use std::collections::HashMap;

use define::Where;
use engine::{Change, Context, Verb};
use kernel::{Doc, Error, FieldError, Id, Result, Value};
use store::Param;

use crate::value::id_of;

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
        if changes.iter().any(|c| moves(c) && wished(c).is_none()) {
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

/// Deals that came into a stage without a position go to its end, in the order they came.
pub(super) async fn put_last(ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
    let comes = |c: &Change| {
        let enters = c.verb == Verb::Create || (c.verb == Verb::Update && c.changed("stage"));
        enters && c.input.get("position").is_none_or(Value::is_null)
    };
    let coming = changes.iter().filter(|c| comes(c));
    let mut stages: Vec<Id> = coming.filter_map(|c| c.get_id("stage")).collect();
    stages.sort_unstable();
    stages.dedup();
    if stages.is_empty() {
        return Ok(());
    }
    let given = [Param::Uuid(ctx.tenant), Param::uuids(stages)];
    let rows = ctx.query(include_str!("../../sql/last_positions.sql"), &given).await?;
    let mut last: HashMap<Id, i64> = HashMap::with_capacity(rows.len());
    for row in &rows {
        let wrong = |e| Error::internal("the last positions are not as expected").with_source(e);
        last.insert(row.try_get(0).map_err(wrong)?, row.try_get(1).map_err(wrong)?);
    }
    for change in changes.iter_mut().filter(|c| comes(c)) {
        let Some(stage) = change.get_id("stage") else { continue };
        let end = last.entry(stage).or_insert(0);
        *end += 1;
        change.set("position", *end);
    }
    Ok(())
}
