//! Import: CSV files through a mapping into collections.
//!
//! An import has two halves. The first reads every file, holds the mapping against files and
//! definitions, finds every relationship and every document that is there already; it writes
//! nothing and ends in a report of each doubtful row. A dry run stops there. The second writes in
//! batches through the engine, so tenant, validation, hooks and audit hold.
//!
//! **Invariant:** nothing is written while a file is malformed, or (without [`Options::partial`])
//! while a single row is refused. Running the same import twice changes nothing the second time.

mod convert;
mod decimal;
mod doubts;
mod library;
mod load;
mod mapping;
mod plan;
mod report;
mod resolve;
mod rows;
#[cfg(test)]
mod sample;
mod table;
mod template;

use std::path::{Path, PathBuf};
use std::time::Instant;

use engine::Engine;
use kernel::{Actor, Currency, Result};

pub use doubts::{Doubt, Severity};
pub use report::{Report, StepReport};

use library::Library;
use plan::StepPlan;
use resolve::Resolved;
use rows::State;

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Folder of the files; else the mapping's `data.root`, else the mapping's own folder.
    pub data: Option<PathBuf>,
    /// Report only.
    pub dry_run: bool,
    /// Load the sound rows though others are refused.
    pub partial: bool,
}

/// Imports into the tenant where `actor` stands. Errors name every fault of mapping and files;
/// doubtful rows are no error but part of the report.
pub async fn run(
    engine: &Engine,
    actor: &Actor,
    mapping: &Path,
    options: &Options,
) -> Result<Report> {
    let start = Instant::now();
    let read = mapping::read(mapping)?;
    let folder = folder(mapping, &read.data.root, options);
    let grant = actor.current().and_then(|tenant| actor.reach.grant(tenant));
    let currency = grant.map_or(Currency::USD, |grant| grant.currency);
    let mut plans = plan::prepare(&read, &folder, currency, |slug| engine.collection(slug))?;
    let mut steps = resolve::resolve(&Library::Engine(engine, actor), &mut plans).await?;
    let mut report = Report {
        mapping: mapping.display().to_string(),
        dry_run: options.dry_run,
        steps: plans.iter().zip(&steps).map(|(p, s)| counts(p, s, options.dry_run)).collect(),
        planning_seconds: start.elapsed().as_secs_f64(),
        ..Report::default()
    };
    if !options.dry_run && (options.partial || report.refused() == 0) {
        load::load(engine, actor, &plans, &mut steps, &mut report.steps).await?;
        report.loaded = true;
    }
    report.doubts = steps.into_iter().flat_map(|s| s.doubts.into_groups()).collect();
    report.seconds = start.elapsed().as_secs_f64();
    Ok(report)
}

fn folder(mapping: &Path, root: &Option<PathBuf>, options: &Options) -> PathBuf {
    if let Some(data) = &options.data {
        return data.clone();
    }
    let beside = mapping.parent().unwrap_or(Path::new("."));
    root.as_ref().map_or_else(|| beside.to_owned(), |root| beside.join(root))
}

/// What is known of a step before it is loaded. A dry run counts what would be written.
fn counts(plan: &StepPlan, step: &Resolved, dry_run: bool) -> StepReport {
    let count = |is: fn(State) -> bool| step.rows.iter().filter(|r| is(r.state)).count();
    let foreseen = |count: usize| if dry_run { count } else { 0 };
    StepReport {
        name: plan.name.clone(),
        file: plan.table.name.clone(),
        collection: plan.collection.clone(),
        rows: step.rows.len() - count(|s| s == State::Repeats),
        created: foreseen(count(|s| s == State::Create)),
        updated: foreseen(count(|s| matches!(s, State::Update(_)))),
        unchanged: count(|s| matches!(s, State::Unchanged(_))),
        refused: count(|s| s == State::Refused),
        seconds: 0.0,
    }
}
