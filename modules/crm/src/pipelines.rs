//! Pipelines: the ways deals travel. One of a tenant's pipelines is the default.

use async_trait::async_trait;
use define::{Access, Collection, Field, Op, Where};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Doc, Result, Value};

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
        // Of two at the same moment neither would see the other's default.
        if changes.iter().any(|c| c.verb == Verb::Create || c.changed("isDefault")) {
            ctx.alone(["default pipeline".to_owned()]);
        }
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
            let others = Where::And(vec![
                Where::test("isDefault", Op::Equals, true),
                Where::test("id", Op::NotEquals, change.id.to_string()),
            ]);
            let mut set = Doc::new();
            set.insert("isDefault".into(), Value::Bool(false));
            ctx.change_where("pipelines", &others, &set).await?;
        }
        Ok(())
    }
}

fn is_default(change: &Change) -> bool {
    change.get("isDefault") == &Value::Bool(true)
}
