//! The words of records made anew while everybody works: a batch at a time, each in a transaction that
//! holds its records as a change of them would.

use kernel::{Actor, Error, Id, Result};
use store::{Then, read, search as words};

use crate::change::Context;
use crate::{Engine, search};

/// Records of one transaction; it holds them for some milliseconds.
const BATCH: i64 = 500;
/// Words of records that are gone, taken away at a time.
const ORPHANS: i64 = 10_000;

/// One batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reindexed {
    /// Where to go on; `None` when there are no more.
    pub last: Option<Id>,
    pub records: usize,
    /// Words that were missing, or there and wrong.
    pub words: i64,
}

impl Engine {
    /// Looks at the next records of a collection where the actor stands, by id. What is right is only
    /// read, so a run that was cut is simply run again.
    pub async fn reindex(&self, actor: &Actor, slug: &str, after: Option<Id>) -> Result<Reindexed> {
        let layout = self.layout(slug)?;
        let collection = &layout.collection;
        let tenant = actor.current().ok_or_else(Error::forbidden)?;
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let wanted = words::next(layout, tenant, after, BATCH);
        let rows = ctx.tx.batch(&[wanted], Then::GoOn).await?.pop().unwrap_or_default();
        let ids = rows.iter().map(|row| read::get_id(row, 0)).collect::<Result<Vec<_>>>()?;
        let ids: Vec<Id> = ids.into_iter().flatten().collect();
        let held = self.lock(&mut ctx, layout, &ids).await?;
        let texts = held.iter().map(|(id, doc)| match search::is_searched(collection, doc) {
            true => search::text(&collection.search, *id, doc),
            false => words::Text { id: *id, title: String::new(), others: String::new() },
        });
        let statement = words::mend(slug, tenant, texts.collect());
        let rows = ctx.tx.batch(&[statement], Then::Commit).await?.pop().unwrap_or_default();
        let words = rows.first().map_or(0, |row| row.get(0));
        let is_full = i64::try_from(ids.len()).unwrap_or(i64::MAX) == BATCH;
        let last = ids.last().copied().filter(|_| is_full);
        Ok(Reindexed { last, records: held.len(), words })
    }

    /// Takes away words that outlived their records, some at a time; how many.
    pub async fn forget_orphans(&self, actor: &Actor, slug: &str) -> Result<usize> {
        let layout = self.layout(slug)?;
        let tenant = actor.current().ok_or_else(Error::forbidden)?;
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let statement = words::orphans(layout, tenant, ORPHANS);
        let rows = ctx.tx.batch(&[statement], Then::Commit).await?.pop().unwrap_or_default();
        Ok(rows.len())
    }
}
