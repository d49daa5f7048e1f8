//! Several writes as one: all of them or none, each on the road of every write.

use define::Where;
use kernel::{Actor, Doc, Error, Id, Result};
use store::{Param, Row, write as rows};

use crate::access;
use crate::change::{Context, Verb, refusal};
use crate::{Engine, verbs, write};

/// A transaction in one tenant. What is not committed is undone.
pub struct Unit<'a> {
    ctx: Context<'a>,
    concerns_security: bool,
}

impl Engine {
    /// Forbidden when the actor has no role in `tenant`; what each write takes is judged then.
    pub async fn unit<'a>(&'a self, actor: &'a Actor, tenant: Id) -> Result<Unit<'a>> {
        let ctx = Context::begin(self, actor, tenant).await?;
        Ok(Unit { ctx, concerns_security: false })
    }
}

impl Unit<'_> {
    /// Creates documents, or says what is wrong with the first that was refused.
    pub async fn create(&mut self, slug: &str, docs: &[Doc]) -> Result<Vec<Id>> {
        if docs.is_empty() {
            return Ok(Vec::new());
        }
        let layout = self.ctx.engine.layout(slug)?.clone();
        let changes = docs
            .iter()
            .map(|doc| verbs::creation(&self.ctx, &layout, doc))
            .collect::<Result<Vec<_>>>()?;
        let ids = changes.iter().map(|c| c.id).collect();
        self.apply(slug, changes).await?;
        Ok(ids)
    }

    /// Changes one document of the tenant.
    pub async fn update(&mut self, slug: &str, id: Id, data: &Doc) -> Result<()> {
        let engine = self.ctx.engine;
        let layout = engine.layout(slug)?.clone();
        let rule = access::rule_of(&layout.collection, Verb::Update);
        if !rule.possible(Some(self.ctx.role)) {
            return Err(Error::forbidden());
        }
        let held = engine.lock(&mut self.ctx, &layout, &[id]).await?.pop();
        let (_, before) = held.ok_or_else(Error::not_found)?;
        if !access::allows(rule, self.ctx.actor, self.ctx.role, &before) {
            return Err(Error::forbidden());
        }
        let change = verbs::amendment(&self.ctx, &layout, id, before, data)?;
        self.apply(slug, vec![change]).await
    }

    async fn apply(&mut self, slug: &str, changes: Vec<crate::Change>) -> Result<()> {
        let layout = self.ctx.engine.layout(slug)?.clone();
        self.concerns_security |= write::concerns_security(&layout);
        let (_, refused) = write::apply(&mut self.ctx, slug, changes).await?;
        if let Some(mut change) = refused.into_iter().next() {
            return Err(refusal(slug, &mut change));
        }
        self.ctx.flush().await.map_err(|e| rows::refused(&layout, e))
    }

    /// As [`Context::find`]: what the tenant has, this unit's own writes among it.
    pub async fn find(&mut self, slug: &str, filter: &Where, limit: i64) -> Result<Vec<Doc>> {
        self.ctx.find(slug, filter, "", limit).await
    }

    /// As [`Context::query`].
    pub async fn query(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        self.ctx.query(sql, params).await
    }

    pub async fn commit(self) -> Result<()> {
        let engine = self.ctx.engine;
        let _watch = self.concerns_security.then(|| engine.watched());
        self.ctx.commit().await
    }
}
