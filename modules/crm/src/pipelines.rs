//! Pipelines: the ways deals travel. One of a tenant's pipelines is the default.

use async_trait::async_trait;
use define::{Access, Collection, Field, Op, Where};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Result, Value};
use store::Param;

pub(crate) fn definition() -> Collection {
    Collection::new("pipelines", "Pipeline", "Pipelines")
        .describe("The series of stages a deal passes.")
        .fields(vec![
            Field::text("name").required().max(120),
            Field::integer("order").default(0),
            Field::checkbox("isDefault").describe("Takes deals that name no stage."),
        ])
        .access(Access::settings())
        .sort("order")
}

pub(crate) struct PipelineHooks;

#[async_trait]
impl Hooks for PipelineHooks {
    /// A tenant's first pipeline is its default without being told.
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let silent = |c: &Change| c.verb == Verb::Create && !c.input.contains_key("isDefault");
        if !changes.iter().any(silent) || changes.iter().any(is_default) {
            return Ok(());
        }
        let chosen = Where::test("isDefault", Op::Equals, true);
        if ctx.find("pipelines", &chosen, "order", 1).await?.is_empty()
            && let Some(first) = changes.iter_mut().find(|c| silent(c))
        {
            first.set("isDefault", Value::Bool(true));
        }
        Ok(())
    }

    /// The last one made default takes it from the others.
    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        let chosen = changes
            .iter()
            .rfind(|c| c.verb != Verb::Delete && c.changed("isDefault") && is_default(c));
        if let Some(change) = chosen {
            let keep = [Param::Uuid(ctx.tenant), Param::Uuid(change.id)];
            ctx.execute(include_str!("../sql/one_default_pipeline.sql"), &keep).await?;
        }
        Ok(())
    }
}

fn is_default(change: &Change) -> bool {
    change.get("isDefault") == &Value::Bool(true)
}
