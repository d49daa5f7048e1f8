//! Fields that follow a field of a related document.
//!
//! The follower is a real column, so it filters, sorts and indexes like any other. It is written
//! when its own document is, and again when the document it follows changes: then the followers are
//! changes of their own, with hooks, audit row and event.
//!
//! Between reading the source and writing the follower the source must stand still. Row locks cannot
//! say so, because PostgreSQL lets only those lock a row who may change it, and whoever creates a deal
//! may not change its stage. So both say the source's name first: those who copy from it together, who
//! changes what is copied alone.

use std::collections::BTreeMap;

use define::{Op, Where};
use kernel::{Doc, Id, Result, Value};

use crate::change::{Change, Context, Verb};
use crate::consequence;
use crate::registry::Follower;

/// Names there are for the sources of one collection and tenant: locks are kept in a table of fixed
/// size, and a batch may copy from a thousand sources.
const NAMES: u128 = 64;

fn name(slug: &str, source: Id) -> String {
    format!("followed/{slug}/{}", source.as_u128() % NAMES)
}

/// Sets every derived field whose relation is set; what the caller sent for it is overruled. Where an
/// update touches neither, the field follows already.
pub(crate) async fn resolve(
    ctx: &mut Context<'_>,
    slug: &str,
    changes: &mut [Change],
) -> Result<()> {
    let collection = &ctx.engine.layout(slug)?.collection;
    hold_sources(ctx, slug, changes);
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

/// Sources that a follower begins to follow stand still from here on, and are read behind that. Of one
/// that was followed before, the lock on the follower's own row is enough.
fn hold_sources(ctx: &mut Context<'_>, slug: &str, changes: &[Change]) {
    let mut held: Vec<(String, Id)> = Vec::new();
    for (through, source) in ctx.engine.registry().followed(slug) {
        for change in changes.iter().filter(|c| c.changed(through)) {
            held.extend(change.get_id(through).map(|id| (source.to_owned(), id)));
        }
    }
    for (source, id) in &held {
        ctx.forget(source, std::iter::once(*id));
    }
    ctx.together(held.iter().map(|(source, id)| name(source, *id)));
}

/// Carries changed values to the documents that follow the changed ones.
pub(crate) async fn propagate(ctx: &mut Context<'_>, slug: &str, changes: &[Change]) -> Result<()> {
    let followers = ctx.engine.registry().followers(slug);
    let differs = |c: &Change, f: &Follower| c.verb == Verb::Update && c.changed(&f.source_field);
    let changed: Vec<&Change> =
        changes.iter().filter(|c| followers.iter().any(|f| differs(c, f))).collect();
    ctx.alone(changed.iter().map(|c| name(slug, c.id)));
    for change in changed {
        let mut sets: BTreeMap<(&str, &str), Doc> = BTreeMap::new();
        for follower in followers.iter().filter(|f| differs(change, f)) {
            let set = sets.entry((&follower.slug, &follower.through)).or_default();
            set.insert(follower.field.clone(), change.get(&follower.source_field).clone());
        }
        for ((slug, through), set) in sets {
            let filter = Where::test(through, Op::Equals, change.id.to_string());
            consequence::change(ctx, slug, &filter, &set, |doc| {
                consequence::refers(doc, through, change.id)
            })
            .await?;
        }
    }
    Ok(())
}
