//! Stages: the stations of a pipeline. A stage's kind says whether a deal in it is open, won or
//! lost.

use async_trait::async_trait;
use define::{Access, Collection, Field, OnDelete};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Result, Value};

pub(crate) fn definition() -> Collection {
    Collection::new("stages", "Stage", "Stages")
        .describe("The stations of a pipeline, in order.")
        .fields(vec![
            Field::relation("pipeline", "pipelines").required().on_delete(OnDelete::Cascade),
            Field::text("name").required().max(120),
            Field::integer("order").default(0),
            Field::integer("probability")
                .min(0)
                .max(100)
                .describe("Chance of winning a deal that stands here, in percent."),
            Field::select("kind", &["open", "won", "lost"]).required().default("open"),
        ])
        .access(Access::settings())
        .sort("order")
        .index(&["pipeline", "order"])
}

pub(crate) struct StageHooks;

#[async_trait]
impl Hooks for StageHooks {
    /// What is won is certain, what is lost is not.
    async fn before(&self, _ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            if !change.get("probability").is_null() {
                continue;
            }
            match change.get("kind").as_str() {
                Some("won") => change.set("probability", Value::from(100)),
                Some("lost") => change.set("probability", Value::from(0)),
                _ => {}
            }
        }
        Ok(())
    }
}
