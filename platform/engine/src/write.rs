//! The road of every write, one batch in one tenant at a time:
//! hooks → derived fields → validation → relations → rows → hooks → audit and event.

use std::collections::HashMap;

use define::{FieldKind, Tenancy};
use kernel::{FieldError, Id, Result, Value};
use store::{Layout, Node, write};

use crate::change::{Change, Context, Verb};
use crate::{derive, document, record};

/// Carries a batch to the edge of commit. Changes with complaints are left out and returned as the
/// second part; the first part is queued or written.
pub(crate) async fn apply(
    ctx: &mut Context<'_>,
    slug: &str,
    mut changes: Vec<Change>,
) -> Result<(Vec<Change>, Vec<Change>)> {
    let engine = ctx.engine;
    let layout = engine.layout(slug)?.clone();
    for hooks in engine.registry().hooks(slug) {
        hooks.before(ctx, &mut changes).await?;
    }
    if changes.first().is_some_and(|c| c.verb != Verb::Delete) {
        derive::resolve(ctx, slug, &mut changes).await?;
        for change in &mut changes {
            document::check_required(&layout.collection, change);
        }
        check_relations(ctx, &layout, &mut changes).await?;
        changes.iter_mut().for_each(|c| document::sort_complaints(&layout.collection, c));
    }
    let (good, refused): (Vec<Change>, Vec<Change>) =
        changes.into_iter().partition(|c| c.errors.is_empty());
    put(ctx, &layout, &good).await?;
    ctx.queue(record::claim(ctx, slug, &good));
    Ok((good, refused))
}

/// Writes changes that are complete and checked, with all that follows from them.
pub(crate) async fn put(ctx: &mut Context<'_>, layout: &Layout, good: &[Change]) -> Result<()> {
    let (engine, slug) = (ctx.engine, layout.slug());
    queue_rows(ctx, layout, good)?;
    ctx.forget(slug, good.iter().map(|c| c.id));
    derive::propagate(ctx, slug, good).await?;
    for hooks in engine.registry().hooks(slug) {
        hooks.after(ctx, good).await.map_err(|e| write::refused(layout, e))?;
    }
    if layout.tenancy() == Tenancy::Tree
        && let Some(gone) = good.iter().find(|c| c.verb == Verb::Delete)
    {
        let above = gone.get_id("parent");
        ctx.ascend(above).await.map_err(|e| write::refused(layout, e))?;
    }
    ctx.record(slug, good)
}

fn queue_rows(ctx: &mut Context<'_>, layout: &Layout, changes: &[Change]) -> Result<()> {
    let tenant = ctx.tenant;
    let created: Vec<&kernel::Doc> =
        changes.iter().filter(|c| c.verb == Verb::Create).map(|c| &c.after).collect();
    if !created.is_empty() {
        let statements = write::insert(layout, tenant, &created)?;
        ctx.queue(statements);
    }
    for change in changes {
        match (change.verb, &change.before) {
            (Verb::Update, Some(before)) => {
                let statements = write::update(layout, tenant, before, &change.after)?;
                ctx.queue(statements);
            }
            (Verb::Delete, _) => ctx.queue([write::delete(layout, tenant, change.id)]),
            _ => {}
        }
    }
    Ok(())
}

/// A reference as a document holds it.
struct Held {
    path: String,
    label: String,
    slug: String,
    ids: Vec<Id>,
}

/// Complains of relations to what does not exist in the tenant or is hidden. Only references that
/// this write sets are looked at.
async fn check_relations(
    ctx: &mut Context<'_>,
    layout: &Layout,
    changes: &mut [Change],
) -> Result<()> {
    let mut held: Vec<Vec<Held>> = Vec::with_capacity(changes.len());
    let mut wanted: HashMap<String, Vec<Id>> = HashMap::new();
    for change in changes.iter() {
        let mut found = Vec::new();
        for node in layout.nodes.iter().filter(|n| n.key() != "tenant") {
            if change.verb == Verb::Create || change.changed(node.key()) {
                references(layout, node, change.get(node.key()), &mut found);
            }
        }
        for one in &found {
            let missing = one.ids.iter().filter(|id| !ctx.has_loaded(&one.slug, **id));
            wanted.entry(one.slug.clone()).or_default().extend(missing);
        }
        held.push(found);
    }
    let wanted: Vec<(String, Vec<Id>)> = wanted
        .into_iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(slug, mut ids)| {
            ids.sort_unstable();
            ids.dedup();
            (slug, ids)
        })
        .collect();
    let existing = if wanted.is_empty() { HashMap::new() } else { ctx.existing(&wanted).await? };
    for (change, held) in changes.iter_mut().zip(held) {
        for one in held {
            let known = existing.get(&one.slug);
            let exists =
                |id: &&Id| ctx.has_loaded(&one.slug, **id) || known.is_some_and(|k| k.contains(id));
            let dangling: Vec<String> =
                one.ids.iter().filter(|id| !exists(id)).map(Id::to_string).collect();
            if !dangling.is_empty() {
                let message = format!(
                    "This field has the following invalid selections: {}, ",
                    dangling.join(", ")
                );
                change.errors.push(FieldError::new(one.path, message).labeled(one.label));
            }
        }
    }
    Ok(())
}

fn references(layout: &Layout, node: &Node, value: &Value, found: &mut Vec<Held>) {
    let label = |key: &str| {
        layout.collection.field(key).map_or_else(|| define::words(key), |f| f.label_text())
    };
    let id = |v: &Value| v.as_str().and_then(|text| text.parse().ok());
    match node {
        Node::Column(column) => {
            if let (Some(slug), Some(id)) = (&column.relation, id(value)) {
                found.push(Held {
                    path: column.key.clone(),
                    label: label(&column.key),
                    slug: slug.clone(),
                    ids: vec![id],
                });
            }
        }
        Node::Many { key, element, .. } => {
            if let Some(slug) = &element.relation {
                let ids = value.as_array().into_iter().flatten().filter_map(id).collect();
                found.push(Held { path: key.clone(), label: label(key), slug: slug.clone(), ids });
            }
        }
        Node::Group { key, nodes, .. } => {
            for inner in nodes {
                let from = found.len();
                let value = value.get(inner.key()).unwrap_or(&Value::Null);
                references(layout, inner, value, found);
                for one in found.iter_mut().skip(from) {
                    one.path = format!("{key}.{}", one.path);
                    one.label = format!("{} > {}", label(key), one.label);
                }
            }
        }
        Node::Array { key, columns, .. } => {
            let rows = value.as_array().map_or(&[] as &[Value], Vec::as_slice);
            for (n, row) in rows.iter().enumerate() {
                for column in columns {
                    let Some(slug) = &column.relation else { continue };
                    let ids: Vec<Id> = row.get(&column.key).and_then(id).into_iter().collect();
                    found.push(Held {
                        path: format!("{key}.{n}.{}", column.key),
                        label: format!("{} {} > {}", label(key), n + 1, define::words(&column.key)),
                        slug: slug.clone(),
                        ids,
                    });
                }
            }
        }
        Node::Money { .. } => {}
    }
}

/// Whether a write here may change who may do what.
pub(crate) fn concerns_security(layout: &Layout) -> bool {
    layout.tenancy() != Tenancy::Tenant || layout.slug() == "memberships"
}

/// Fields whose copies must differ: single unique texts.
pub(crate) fn unique_texts(layout: &Layout) -> impl Iterator<Item = &str> {
    let textual = |kind: FieldKind| kind.is_textual();
    layout
        .collection
        .fields
        .iter()
        .filter(move |f| f.unique && textual(f.kind))
        .map(|f| f.name.as_str())
}
