//! Documents that change because another one did: each is a change like any other, with its hooks,
//! words, audit row and event, in the transaction of what caused it.

use define::Where;
use kernel::{Doc, Id, Result, Role, Scope, Value};
use store::Then;
use store::read::{self, Query, Reader};

use crate::change::{Change, Context, Verb, refusal};
use crate::{document, write};

/// Documents that are written together.
const BATCH: usize = 500;

impl Context<'_> {
    /// Lays `set` over the documents of this tenant that pass `filter`, those in the trash too, as far
    /// as the actor may change them.
    pub async fn change_where(&mut self, slug: &str, filter: &Where, set: &Doc) -> Result<()> {
        change(self, slug, filter, set, |_| true).await
    }
}

/// The same for those that still are `meant` once they are held.
pub(crate) async fn change(
    ctx: &mut Context<'_>,
    slug: &str,
    filter: &Where,
    set: &Doc,
    meant: impl Fn(&Doc) -> bool,
) -> Result<()> {
    let engine = ctx.engine;
    let layout = engine.layout(slug)?.clone();
    let ids = ids(ctx, slug, filter).await?;
    for ids in ids.chunks(BATCH) {
        let mut held = engine.lock(ctx, &layout, ids).await?;
        held.sort_by_key(|(id, _)| ids.iter().position(|wanted| wanted == id));
        let differs = |doc: &Doc| set.iter().any(|(key, value)| doc.get(key) != Some(value));
        let mut changes: Vec<Change> = held
            .into_iter()
            .filter(|(_, doc)| meant(doc) && differs(doc))
            .map(|(id, before)| Change {
                verb: Verb::Update,
                id,
                input: Doc::new(),
                after: document::merged(&layout.collection, &before, set),
                before: Some(before),
                events: vec![format!("{}.updated", layout.collection.event())],
                errors: Vec::new(),
                quiet: false,
            })
            .collect();
        for hooks in engine.registry().hooks(slug) {
            hooks.before(ctx, &mut changes).await?;
        }
        if let Some(refused) = changes.iter_mut().find(|c| !c.errors.is_empty()) {
            return Err(refusal(slug, refused));
        }
        // A follower may have followers of its own.
        Box::pin(write::put(ctx, &layout, &changes)).await?;
    }
    Ok(())
}

async fn ids(ctx: &mut Context<'_>, slug: &str, filter: &Where) -> Result<Vec<Id>> {
    ctx.flush().await?;
    let engine = ctx.engine;
    let scope = Scope::One(ctx.tenant);
    let query = Query {
        layout: engine.layout(slug)?,
        scope: &scope,
        filter,
        sort: &[],
        limit: i64::MAX,
        offset: 0,
        trash: true,
    };
    let reader = Reader { schema: engine.registry().schema(), role: Some(Role::Owner) };
    let found = read::ids(&mut ctx.tx, reader, &query, Then::GoOn).await?;
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// Whether a document's relation `through` names `id`.
pub(crate) fn refers(doc: &Doc, through: &str, id: Id) -> bool {
    doc.get(through).and_then(Value::as_str).and_then(|text| text.parse::<Id>().ok()) == Some(id)
}
