//! Fields that follow a field of a related document.
//!
//! The follower is a real column, so it filters, sorts and indexes like any other. It is written
//! when its own document is, and again when the document it follows changes.

use kernel::{Id, Result, Value};
use store::write;

use crate::change::{Change, Context, Verb};
use crate::registry::Follower;

/// Sets every derived field whose relation is set; what the caller sent for it is overruled. Where an
/// update touches neither, the field follows already.
pub(crate) async fn resolve(
    ctx: &mut Context<'_>,
    slug: &str,
    changes: &mut [Change],
) -> Result<()> {
    let collection = &ctx.engine.layout(slug)?.collection;
    for field in &collection.fields {
        let Some(derived) = &field.derived else { continue };
        let through = collection.field(&derived.through).and_then(|f| f.relation_to.as_deref());
        let Some(source) = through else { continue };
        let follows = |c: &Change| {
            c.verb == Verb::Create || c.changed(&derived.through) || c.changed(&field.name)
        };
        let moved = changes.iter().filter(|c| follows(c));
        let ids: Vec<Id> = moved.filter_map(|c| c.get_id(&derived.through)).collect();
        let sources = ctx.load(source, &ids).await?;
        for change in changes.iter_mut().filter(|c| follows(c)) {
            let found = change.get_id(&derived.through).and_then(|id| sources.get(&id));
            if let Some(doc) = found {
                let value = doc.get(&derived.field).cloned().unwrap_or(Value::Null);
                change.set(&field.name, value);
            }
        }
    }
    Ok(())
}

/// Carries changed values to the documents that follow the changed ones. Queued.
pub(crate) fn propagate(ctx: &mut Context<'_>, slug: &str, changes: &[Change]) -> Result<()> {
    let engine = ctx.engine;
    for follower in engine.registry().followers(slug) {
        for change in changes.iter().filter(|c| c.before.is_some()) {
            if change.changed(&follower.source_field) {
                let statement = follow(ctx, follower, change)?;
                ctx.queue([statement]);
            }
        }
    }
    Ok(())
}

fn follow(ctx: &Context<'_>, follower: &Follower, change: &Change) -> Result<store::Statement> {
    let layout = ctx.engine.layout(&follower.slug)?;
    write::follow(
        layout,
        ctx.tenant,
        (&follower.through, change.id),
        (&follower.field, change.get(&follower.source_field)),
    )
}
