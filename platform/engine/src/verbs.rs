//! Writing verbs: one document, many documents, whatever a filter finds.

use define::{Condition, FieldKind, Find, Rule, Shape, Tenancy};
use kernel::{Actor, Doc, Error, FieldError, Id, Kind, Result, Value};
use store::read::{self, Locking, Plan, Query, Reader};
use store::{Layout, MAX_ANSWER, Param, Then, write as rows};

use crate::access::{self, Reading};
use crate::change::{Change, Context, Verb, refusal};
use crate::document::{self, Complaints};
use crate::{Engine, MAX_LIMIT, search, write};

/// Documents of a filtered write that share a transaction.
const BATCH: usize = 500;

/// Waits for whoever holds one of these ids. In order, so that no two wait for each other.
const QUEUE: &str = "SELECT pg_advisory_xact_lock(hashtextextended(id::text, 0)) \
                     FROM (SELECT id FROM unnest($1::uuid[]) id ORDER BY id) each";

/// Of one document among many.
pub type Outcome = Result<Id>;

/// What a filtered write did: the documents written, and why others were not.
#[derive(Debug, Default)]
pub struct Bulk {
    pub docs: Vec<String>,
    pub errors: Vec<(Id, Error)>,
}

impl Bulk {
    /// Past the size an answer may have, documents are shown by their ids alone.
    fn show(&mut self, docs: impl IntoIterator<Item = (Id, String)>) {
        let mut size: usize = self.docs.iter().map(String::len).sum();
        for (id, text) in docs {
            size += text.len();
            let fits = size <= MAX_ANSWER;
            self.docs.push(if fits { text } else { format!("{{\"id\":\"{id}\"}}") });
        }
    }
}

impl Engine {
    /// Creates a document in the tenant its data names, else where the actor stands. Answers it as
    /// JSON text in `shape`.
    pub async fn create(
        &self,
        actor: &Actor,
        slug: &str,
        data: Doc,
        shape: &Shape,
    ) -> Result<String> {
        let layout = self.layout(slug)?;
        let tenant = tenant_for(actor, layout, &data)?;
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let change = creation(&ctx, layout, &data)?;
        let id = change.id;
        let (_, refused) = write::apply(&mut ctx, slug, vec![change]).await?;
        if let Some(mut change) = refused.into_iter().next() {
            return Err(refusal(slug, &mut change));
        }
        self.finish_one(ctx, layout, id, shape).await
    }

    /// Changes one document. Hidden and absent ones are the same NotFound; a visible one that the
    /// actor may not change is Forbidden; one that is not in the state the writer knows is a Conflict.
    pub async fn update(
        &self,
        actor: &Actor,
        slug: &str,
        id: &str,
        data: Doc,
        shape: &Shape,
        condition: &Condition,
    ) -> Result<String> {
        let layout = self.layout(slug)?;
        let named = id.parse().map_err(|_| Error::not_found())?;
        self.admit(actor, slug, &[(named, &data)]).await?;
        let (mut ctx, id, before) = self.hold(actor, layout, Verb::Update, id, condition).await?;
        let change = amendment(&ctx, layout, id, before, &data)?;
        let (_, refused) = write::apply(&mut ctx, slug, vec![change]).await?;
        if let Some(mut change) = refused.into_iter().next() {
            return Err(refusal(slug, &mut change));
        }
        self.finish_one(ctx, layout, id, shape).await
    }

    /// Deletes one document for good and answers it as it was; as [`Engine::update`].
    pub async fn delete(
        &self,
        actor: &Actor,
        slug: &str,
        id: &str,
        shape: &Shape,
        condition: &Condition,
    ) -> Result<String> {
        let layout = self.layout(slug)?;
        let (mut ctx, id, before) = self.hold(actor, layout, Verb::Delete, id, condition).await?;
        let mut shown = self.show(&mut ctx, layout, &[id], shape, Then::GoOn).await?;
        let (_, refused) = write::apply(&mut ctx, slug, vec![removal(layout, id, before)]).await?;
        if let Some(mut change) = refused.into_iter().next() {
            return Err(refusal(slug, &mut change));
        }
        self.commit(ctx, layout).await?;
        shown.pop().map(|(_, text)| text).ok_or_else(Error::not_found)
    }

    /// Copies a document, `data` laid over it. Unique texts get " - Copy".
    pub async fn duplicate(
        &self,
        actor: &Actor,
        slug: &str,
        id: &str,
        data: Doc,
        shape: &Shape,
    ) -> Result<String> {
        let layout = self.layout(slug)?;
        let text = self.find_by_id(actor, slug, id, &Shape::flat(), false).await?;
        let mut copy = document::parse(&text)?;
        for key in ["id", "createdAt", "updatedAt", "deletedAt"] {
            copy.shift_remove(key);
        }
        for key in write::unique_texts(layout) {
            if let Some(Value::String(text)) = copy.get_mut(key) {
                text.push_str(" - Copy");
            }
        }
        let arrays = layout.collection.fields.iter().filter(|f| f.kind == FieldKind::Array);
        for field in arrays {
            let value = copy.get_mut(&field.name);
            for row in value.and_then(Value::as_array_mut).into_iter().flatten() {
                row.as_object_mut().map(|row| row.shift_remove("id"));
            }
        }
        copy.extend(data);
        self.create(actor, slug, copy, shape).await
    }

    /// Creates documents of one tenant in one transaction, set-based. Those refused are left out and
    /// say why; the others are written.
    pub async fn create_many(
        &self,
        actor: &Actor,
        slug: &str,
        docs: Vec<Doc>,
    ) -> Result<Vec<Outcome>> {
        let layout = self.layout(slug)?;
        let Some(first) = docs.first() else { return Ok(Vec::new()) };
        let tenant = tenant_for(actor, layout, first)?;
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let changes: Vec<Change> =
            docs.iter().map(|d| creation(&ctx, layout, d)).collect::<Result<_>>()?;
        match self.run(&mut ctx, layout, changes).await {
            Ok(outcomes) => {
                self.commit(ctx, layout).await?;
                Ok(outcomes)
            }
            Err(error) if concerns_documents(&error) => {
                drop(ctx);
                let mut outcomes = Vec::with_capacity(docs.len());
                for doc in docs {
                    let mut one = Context::begin(self, actor, tenant).await?;
                    let change = creation(&one, layout, &doc)?;
                    let outcome = self.run(&mut one, layout, vec![change]).await;
                    outcomes.push(self.settle(one, layout, outcome).await?);
                }
                Ok(outcomes)
            }
            Err(error) => Err(error),
        }
    }

    /// Updates documents of one tenant by id, set-based; as [`Engine::create_many`].
    pub async fn update_many(
        &self,
        actor: &Actor,
        slug: &str,
        docs: &[(Id, &Doc)],
    ) -> Result<Vec<Outcome>> {
        let layout = self.layout(slug)?;
        let Some(tenant) = actor.current() else { return Err(Error::forbidden()) };
        match self.amend(actor, layout, tenant, docs).await {
            Err(error) if concerns_documents(&error) => {
                let mut outcomes = Vec::with_capacity(docs.len());
                for one in docs {
                    match self.amend(actor, layout, tenant, &[*one]).await {
                        Ok(mut done) => outcomes.extend(done.pop()),
                        Err(error) if concerns_documents(&error) => outcomes.push(Err(error)),
                        Err(error) => return Err(error),
                    }
                }
                Ok(outcomes)
            }
            other => other,
        }
    }

    /// Applies `data` to everything the filter finds (`find.limit` 0: all). Each document succeeds
    /// or fails for itself.
    pub async fn update_where(
        &self,
        actor: &Actor,
        slug: &str,
        find: &Find,
        mut data: Doc,
    ) -> Result<Bulk> {
        let layout = self.layout(slug)?;
        data.retain(|key, _| document::is_known(&layout.collection, key));
        let mut bulk = Bulk::default();
        for (tenant, ids) in self.targets(actor, layout, Verb::Update, find).await? {
            let standing = actor.select(tenant).ok_or_else(Error::forbidden)?;
            for ids in ids.chunks(BATCH) {
                let each: Vec<(Id, &Doc)> = ids.iter().map(|id| (*id, &data)).collect();
                let outcomes = self.update_many(&standing, slug, &each).await?;
                let mut done = Vec::new();
                for (id, outcome) in ids.iter().zip(outcomes) {
                    match outcome {
                        Ok(id) => done.push(id),
                        Err(error) => bulk.errors.push((*id, error)),
                    }
                }
                let mut ctx = Context::begin(self, &standing, tenant).await?;
                let shown = self.show(&mut ctx, layout, &done, &find.shape, Then::Commit).await?;
                bulk.show(shown);
            }
        }
        Ok(bulk)
    }

    /// Deletes everything the filter finds (`find.limit` 0: all); as [`Engine::update_where`].
    pub async fn delete_where(&self, actor: &Actor, slug: &str, find: &Find) -> Result<Bulk> {
        let layout = self.layout(slug)?;
        let mut bulk = Bulk::default();
        for (tenant, ids) in self.targets(actor, layout, Verb::Delete, find).await? {
            for ids in ids.chunks(BATCH) {
                match self.remove(actor, layout, tenant, ids, find, &mut bulk).await {
                    Err(error) if concerns_documents(&error) => {
                        self.remove_singly(actor, layout, tenant, ids, find, &mut bulk).await?;
                    }
                    other => other?,
                }
            }
        }
        Ok(bulk)
    }

    async fn admit(&self, actor: &Actor, slug: &str, docs: &[(Id, &Doc)]) -> Result<()> {
        for hooks in self.registry().hooks(slug) {
            for (id, data) in docs {
                hooks.admit(self, actor, *id, data).await?;
            }
        }
        Ok(())
    }

    async fn remove_singly(
        &self,
        actor: &Actor,
        layout: &std::sync::Arc<Layout>,
        tenant: Id,
        ids: &[Id],
        find: &Find,
        bulk: &mut Bulk,
    ) -> Result<()> {
        for id in ids {
            match self.remove(actor, layout, tenant, &[*id], find, bulk).await {
                Err(error) if concerns_documents(&error) => bulk.errors.push((*id, error)),
                other => other?,
            }
        }
        Ok(())
    }

    async fn remove(
        &self,
        actor: &Actor,
        layout: &std::sync::Arc<Layout>,
        tenant: Id,
        ids: &[Id],
        find: &Find,
        bulk: &mut Bulk,
    ) -> Result<()> {
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let held = self.lock(&mut ctx, layout, ids).await?;
        let rule = access::rule_of(&layout.collection, Verb::Delete);
        let mut changes = Vec::with_capacity(ids.len());
        let mut errors = self.out_of_hand(&mut ctx, layout, ids, &held).await?;
        for (id, before) in held {
            if access::allows(rule, actor, ctx.role, &before) {
                changes.push(removal(layout, id, before));
            } else {
                errors.push((id, Error::forbidden()));
            }
        }
        let going: Vec<Id> = changes.iter().map(|c| c.id).collect();
        let shown = self.show(&mut ctx, layout, &going, &find.shape, Then::GoOn).await?;
        let (done, refused) = write::apply(&mut ctx, layout.slug(), changes).await?;
        self.commit(ctx, layout).await?;
        for mut change in refused {
            errors.push((change.id, refusal(layout.slug(), &mut change)));
        }
        let gone = |id: &Id| done.iter().any(|c| c.id == *id);
        bulk.show(shown.into_iter().filter(|(id, _)| gone(id)));
        bulk.errors.extend(errors);
        Ok(())
    }

    /// Documents that are seen but cannot be held: policies let only those who may change a row lock it.
    async fn out_of_hand(
        &self,
        ctx: &mut Context<'_>,
        layout: &Layout,
        ids: &[Id],
        held: &[(Id, Doc)],
    ) -> Result<Vec<(Id, Error)>> {
        let missing = |id: &&Id| !held.iter().any(|(at, _)| at == *id);
        let missing: Vec<Id> = ids.iter().filter(missing).copied().collect();
        if missing.is_empty() {
            return Ok(Vec::new());
        }
        let seen = ctx.existing(&[(layout.slug().to_owned(), missing)]).await?;
        Ok(seen.into_values().flatten().map(|id| (id, Error::forbidden())).collect())
    }

    async fn amend(
        &self,
        actor: &Actor,
        layout: &std::sync::Arc<Layout>,
        tenant: Id,
        docs: &[(Id, &Doc)],
    ) -> Result<Vec<Outcome>> {
        self.admit(actor, layout.slug(), docs).await?;
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let ids: Vec<Id> = docs.iter().map(|(id, _)| *id).collect();
        let mut held: std::collections::HashMap<Id, Doc> =
            self.lock(&mut ctx, layout, &ids).await?.into_iter().collect();
        let rule = access::rule_of(&layout.collection, Verb::Update);
        let mut outcomes: Vec<Outcome> = Vec::with_capacity(docs.len());
        let mut changes = Vec::with_capacity(docs.len());
        for (id, data) in docs {
            let outcome = match held.remove(id) {
                None => Err(Error::not_found()),
                Some(before) if !access::allows(rule, actor, ctx.role, &before) => {
                    Err(Error::forbidden())
                }
                Some(before) => amendment(&ctx, layout, *id, before, data).map(|change| {
                    changes.push(change);
                    *id
                }),
            };
            outcomes.push(outcome);
        }
        for outcome in self.run(&mut ctx, layout, changes).await? {
            if let Err(error) = outcome {
                let at = docs.iter().position(|(id, _)| error.document == Some(id.to_string()));
                if let Some(slot) = at.and_then(|at| outcomes.get_mut(at)) {
                    *slot = Err(error);
                }
            }
        }
        self.commit(ctx, layout).await?;
        Ok(outcomes)
    }

    /// Applies and flushes; one outcome per change, in order. A refused constraint is the whole
    /// batch's Validation error.
    async fn run(
        &self,
        ctx: &mut Context<'_>,
        layout: &Layout,
        changes: Vec<Change>,
    ) -> Result<Vec<Outcome>> {
        let order: Vec<Id> = changes.iter().map(|c| c.id).collect();
        let (_, refused) = write::apply(ctx, layout.slug(), changes).await?;
        ctx.flush().await.map_err(|e| rows::refused(layout, e))?;
        let mut errors: std::collections::HashMap<Id, Error> = refused
            .into_iter()
            .map(|mut change| (change.id, refusal(layout.slug(), &mut change)))
            .collect();
        Ok(order.into_iter().map(|id| errors.remove(&id).map_or(Ok(id), Err)).collect())
    }

    async fn settle(
        &self,
        ctx: Context<'_>,
        layout: &Layout,
        outcome: Result<Vec<Outcome>>,
    ) -> Result<Outcome> {
        match outcome {
            Ok(mut outcomes) => {
                self.commit(ctx, layout).await?;
                outcomes.pop().ok_or_else(|| Error::internal("a change without an outcome"))
            }
            Err(error) if concerns_documents(&error) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }

    /// Begins a write on one document and holds it. The first try is where the actor stands.
    async fn hold<'a>(
        &'a self,
        actor: &'a Actor,
        layout: &std::sync::Arc<Layout>,
        verb: Verb,
        id: &str,
        condition: &Condition,
    ) -> Result<(Context<'a>, Id, Doc)> {
        let reading = access::reading(actor, &layout.collection, &define::Where::default())?;
        let id: Id = id.parse().map_err(|_| Error::not_found())?;
        let standing = actor.current();
        if let Some(tenant) = standing.filter(|_| layout.tenancy() == Tenancy::Tenant)
            && let Some(found) = self.hold_in(actor, layout, verb, tenant, id, condition).await?
        {
            return Ok(found);
        }
        let tenant = self.tenant_of(actor, layout, &reading, id, condition.trash).await?;
        let held = self.hold_in(actor, layout, verb, tenant, id, condition).await?;
        held.ok_or_else(Error::forbidden)
    }

    /// `None` when the row is not in `tenant`, or is there but may not be changed.
    async fn hold_in<'a>(
        &'a self,
        actor: &'a Actor,
        layout: &std::sync::Arc<Layout>,
        verb: Verb,
        tenant: Id,
        id: Id,
        condition: &Condition,
    ) -> Result<Option<(Context<'a>, Id, Doc)>> {
        let rule = access::rule_of(&layout.collection, verb);
        if !rule.possible(actor.role_in(tenant)) {
            return Ok(None);
        }
        let mut ctx = Context::begin(self, actor, tenant).await?;
        let Some((_, doc)) = self.lock(&mut ctx, layout, &[id]).await?.pop() else {
            return Ok(None);
        };
        if !condition.trash && doc.get("deletedAt").is_some_and(|at| !at.is_null()) {
            return Err(Error::not_found());
        }
        if !access::allows(rule, actor, ctx.role, &doc) {
            return Ok(None);
        }
        unchanged(layout, id, &doc, condition)?;
        Ok(Some((ctx, id, doc)))
    }

    /// The tenant of a visible document, or NotFound.
    async fn tenant_of(
        &self,
        actor: &Actor,
        layout: &std::sync::Arc<Layout>,
        reading: &Reading,
        id: Id,
        trash: bool,
    ) -> Result<Id> {
        let nothing = define::Select::Include(define::SelectTree::new());
        let plan = Plan::new(layout, reading.role, Some(&nothing));
        let tenants = &reading.authority.visible;
        let statement = read::by_id(&plan, tenants, id, trash);
        let mut tx = self.store().read(&reading.authority).await?;
        let rows = tx.batch(&[statement], Then::Commit).await?.pop().unwrap_or_default();
        let row = rows.first().ok_or_else(Error::not_found)?;
        match layout.tenancy() {
            Tenancy::Global => actor.current().ok_or_else(Error::forbidden),
            _ => read::get_id(row, 1)?.ok_or_else(Error::not_found),
        }
    }

    pub(crate) async fn lock(
        &self,
        ctx: &mut Context<'_>,
        layout: &std::sync::Arc<Layout>,
        ids: &[Id],
    ) -> Result<Vec<(Id, Doc)>> {
        let tenant = ctx.tenant;
        let locking = match layout.collection.access.update {
            // Policies let nobody lock a row that nobody may update: its deletions queue up otherwise.
            Rule::Never => {
                ctx.query(QUEUE, &[Param::uuids(ids.iter().copied())]).await?;
                Locking::No
            }
            _ => Locking::ForUpdate,
        };
        let texts = read::whole(&mut ctx.tx, layout, &[tenant], ids, locking).await?;
        texts.into_iter().map(|(id, text)| Ok((id, document::parse(&text)?))).collect()
    }

    /// What a filtered write touches, by tenant.
    async fn targets(
        &self,
        actor: &Actor,
        layout: &std::sync::Arc<Layout>,
        verb: Verb,
        find: &Find,
    ) -> Result<Vec<(Id, Vec<Id>)>> {
        let Reading { authority, scope, role } =
            access::reading(actor, &layout.collection, &find.filter)?;
        let rule = access::rule_of(&layout.collection, verb);
        if !authority.visible.iter().any(|t| rule.possible(actor.role_in(*t))) {
            return Err(Error::forbidden());
        }
        let limit = if find.limit == 0 { MAX_LIMIT + 1 } else { find.limit.min(MAX_LIMIT) };
        let mut tx = self.store().read(&authority).await?;
        let filter = search::resolved(&mut tx, layout, &scope, &find.filter).await?;
        let query = Query {
            layout,
            scope: &scope,
            filter: &filter,
            sort: &find.sort,
            limit,
            offset: 0,
            trash: find.trash,
        };
        let reader = Reader { schema: self.registry().schema(), role };
        let found = read::ids(&mut tx, reader, &query, Then::Commit).await?;
        if found.len() as i64 > MAX_LIMIT {
            return Err(Error::bad_request(format!(
                "More than {MAX_LIMIT} documents match. Narrow the filter or give a 'limit'."
            )));
        }
        let mut groups: Vec<(Id, Vec<Id>)> = Vec::new();
        for (tenant, id) in found {
            let tenant = match layout.tenancy() {
                Tenancy::Global => actor.current(),
                _ => tenant,
            };
            let tenant = tenant.ok_or_else(Error::forbidden)?;
            if !rule.possible(actor.role_in(tenant)) {
                return Err(Error::forbidden());
            }
            match groups.iter_mut().find(|(t, _)| *t == tenant) {
                Some((_, ids)) => ids.push(id),
                None => groups.push((tenant, vec![id])),
            }
        }
        Ok(groups)
    }

    /// Documents by id inside the write's transaction, in the order of `ids`. What is queued travels
    /// along.
    async fn show(
        &self,
        ctx: &mut Context<'_>,
        layout: &std::sync::Arc<Layout>,
        ids: &[Id],
        shape: &Shape,
        then: Then,
    ) -> Result<Vec<(Id, String)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let reader = Reader { schema: self.registry().schema(), role: Some(ctx.role) };
        let plan = Plan::new(layout, Some(ctx.role), shape.select.as_ref());
        ctx.queue([read::by_ids(&plan, &[ctx.tenant], ids, Locking::No)]);
        let is_last = shape.depth == 0;
        let mut results = ctx.send(if is_last { then } else { Then::GoOn }).await?;
        let found = results.pop().unwrap_or_default();
        let mut shown = read::written(&mut ctx.tx, reader, &plan, found, shape, then).await?;
        shown.sort_by_key(|(id, _)| ids.iter().position(|wanted| wanted == id));
        Ok(shown)
    }

    /// Writes what is queued, reads the document back and commits: one round trip, and one for each
    /// level of relations.
    async fn finish_one(
        &self,
        mut ctx: Context<'_>,
        layout: &std::sync::Arc<Layout>,
        id: Id,
        shape: &Shape,
    ) -> Result<String> {
        if layout.tenancy() == Tenancy::Tree {
            ctx.flush().await.map_err(|e| rows::refused(layout, e))?;
            ctx.reveal(id).await?;
        }
        let watch = self.watch(layout);
        let shown = self.show(&mut ctx, layout, &[id], shape, Then::Commit).await;
        let mut shown = shown.map_err(|e| rows::refused(layout, e))?;
        ctx.commit().await?;
        drop(watch);
        shown.pop().map(|(_, text)| text).ok_or_else(Error::not_found)
    }

    /// Raises the security epoch now and when dropped, around a commit that may change who may do
    /// what: an actor read in between is not remembered.
    fn watch(&self, layout: &Layout) -> Option<Watch<'_>> {
        write::concerns_security(layout).then(|| self.watched())
    }

    pub(crate) fn watched(&self) -> Watch<'_> {
        self.raise_security_epoch();
        Watch(self)
    }

    async fn commit(&self, ctx: Context<'_>, layout: &Layout) -> Result<()> {
        let _watch = self.watch(layout);
        ctx.commit().await.map_err(|e| rows::refused(layout, e))
    }
}

pub(crate) struct Watch<'a>(&'a Engine);

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.0.raise_security_epoch();
    }
}

/// Whether an error is some document's own, so that the others of its batch may still succeed, rather
/// than the end of the whole write.
fn concerns_documents(error: &Error) -> bool {
    !matches!(error.kind, Kind::Unavailable | Kind::Internal)
}

/// A Conflict when somebody else has changed the document since the writer read it.
fn unchanged(layout: &Layout, id: Id, doc: &Doc, condition: &Condition) -> Result<()> {
    let at = doc.get("updatedAt").and_then(Value::as_str).and_then(kernel::parse_instant);
    if condition.versions.is_empty() || at.is_some_and(|at| condition.versions.contains(&at)) {
        return Ok(());
    }
    let message = "Someone else changed this record in the meantime. Read it again first.";
    let mut error = Error::new(Kind::Conflict, message).for_document(id.to_string());
    error.collection = Some(layout.slug().to_owned());
    Err(error)
}

/// The tenant of a new document. A named one must be within reach, and is answered like any other
/// wrong choice when it is not.
fn tenant_for(actor: &Actor, layout: &Layout, data: &Doc) -> Result<Id> {
    if actor.is_anonymous() {
        return Err(Error::forbidden());
    }
    let key = if layout.tenancy() == Tenancy::Tree { "parent" } else { "tenant" };
    let complain =
        |message: &str| Error::validation(layout.slug(), vec![FieldError::new(key, message)]);
    let tenant = match data.get(key) {
        None | Some(Value::Null) => {
            actor.current().ok_or_else(|| complain("This field is required."))?
        }
        Some(given) => {
            let text = given.get("id").unwrap_or(given).as_str().unwrap_or_default();
            let id: Option<Id> = text.parse().ok();
            id.filter(|id| actor.role_in(*id).is_some())
                .ok_or_else(|| complain("This field has an invalid selection."))?
        }
    };
    let rule = access::rule_of(&layout.collection, Verb::Create);
    if rule.possible(actor.role_in(tenant)) { Ok(tenant) } else { Err(Error::forbidden()) }
}

pub(crate) fn creation(ctx: &Context<'_>, layout: &Layout, data: &Doc) -> Result<Change> {
    let collection = &layout.collection;
    let mut complaints = Complaints::default();
    let (verb, currency) = (Verb::Create, ctx.currency());
    let input = document::accept(collection, verb, ctx.role, currency, data, &mut complaints);
    let (id, mut after) = document::born(collection, ctx.tenant, &input);
    if layout.tenancy() == Tenancy::Tree {
        after.insert("parent".to_owned(), Value::from(ctx.tenant.to_string()));
    }
    let rule = access::rule_of(collection, verb);
    if !access::allows(rule, ctx.actor, ctx.role, &after) {
        return Err(Error::forbidden());
    }
    let events = vec![format!("{}.created", collection.event())];
    Ok(Change {
        verb,
        id,
        input,
        before: None,
        after,
        events,
        errors: complaints.found,
        quiet: false,
    })
}

pub(crate) fn amendment(
    ctx: &Context<'_>,
    layout: &Layout,
    id: Id,
    before: Doc,
    data: &Doc,
) -> Result<Change> {
    let collection = &layout.collection;
    let mut complaints = Complaints::default();
    let (verb, currency) = (Verb::Update, ctx.currency());
    let input = document::accept(collection, verb, ctx.role, currency, data, &mut complaints);
    if let Some(moved) = data.get("tenant").filter(|_| layout.tenancy() == Tenancy::Tenant) {
        let named = moved.get("id").unwrap_or(moved).as_str();
        if !moved.is_null() && named != before.get("tenant").and_then(Value::as_str) {
            let message = "This field has an invalid selection.";
            complaints.found.push(FieldError::new("tenant", message));
        }
    }
    let after = document::merged(collection, &before, &input);
    let events = vec![format!("{}.updated", collection.event())];
    Ok(Change {
        verb,
        id,
        input,
        before: Some(before),
        after,
        events,
        errors: complaints.found,
        quiet: false,
    })
}

fn removal(layout: &Layout, id: Id, before: Doc) -> Change {
    Change {
        verb: Verb::Delete,
        id,
        input: Doc::new(),
        after: before.clone(),
        before: Some(before),
        events: vec![format!("{}.deleted", layout.collection.event())],
        errors: Vec::new(),
        quiet: false,
    }
}
