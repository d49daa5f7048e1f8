//! What a write carries through the engine, and where modules hook into it.

use std::collections::HashMap;

use async_trait::async_trait;
use define::{Shape, Sort, Where};
use kernel::{Actor, Currency, Doc, Error, FieldError, Id, Result, Role, Scope, Value};
use store::read::{self, Locking, Query, Reader};
use store::{Param, Row, Statement, Then, Tx, write};

use crate::{Engine, document, record, search};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }
}

/// One document on its way to being created, updated or deleted. Documents are at depth 0.
#[derive(Debug)]
pub struct Change {
    pub verb: Verb,
    pub id: Id,
    /// What the caller sent, known keys only, as canonical values; write-only fields included.
    pub input: Doc,
    /// The document as it is; absent on create.
    pub before: Option<Doc>,
    /// The document as it will be; on delete, as it was.
    pub after: Doc,
    /// Names for the event, most general first; hooks append telling ones (`deal.won`).
    pub events: Vec<String>,
    /// Complaints; a change with any is refused.
    pub errors: Vec<FieldError>,
    /// Leaves no audit row and no event: it is nobody's business but the actor's.
    pub quiet: bool,
}

impl Change {
    /// The value as it will be; null when absent.
    pub fn get(&self, field: &str) -> &Value {
        self.after.get(field).unwrap_or(&Value::Null)
    }

    pub fn get_id(&self, field: &str) -> Option<Id> {
        self.get(field).as_str().and_then(|text| text.parse().ok())
    }

    /// The value as it was; null when absent or on create.
    pub fn former(&self, field: &str) -> &Value {
        self.before.as_ref().and_then(|doc| doc.get(field)).unwrap_or(&Value::Null)
    }

    pub fn set(&mut self, field: &str, value: impl Into<Value>) {
        self.after.insert(field.to_owned(), value.into());
    }

    /// Whether the field's value differs from what it was (from null, on create).
    pub fn changed(&self, field: &str) -> bool {
        self.get(field) != self.former(field)
    }

    pub fn refuse(&mut self, path: &str, message: &str) {
        self.errors.push(FieldError::new(path, message));
    }
}

/// A module's part in the writes of one collection. Calls are set-based: one per batch and tenant.
/// A hook never queries once per change.
#[async_trait]
pub trait Hooks: Send + Sync {
    /// Before an update's transaction begins: proofs that take time, or whose failure must be
    /// remembered though the update is refused. `data` is what the caller sent, unchecked.
    async fn admit(&self, _engine: &Engine, _actor: &Actor, _id: Id, _data: &Doc) -> Result<()> {
        Ok(())
    }

    /// Before derived fields, validation and the check of relations: may fill or correct `after`,
    /// add events, refuse.
    async fn before(&self, _ctx: &mut Context<'_>, _changes: &mut [Change]) -> Result<()> {
        Ok(())
    }

    /// The changes will be written; rows inserted here are part of the same transaction.
    async fn after(&self, _ctx: &mut Context<'_>, _changes: &[Change]) -> Result<()> {
        Ok(())
    }
}

/// Takes the locks that names stand for, in order, so that no two wait for each other.
const ALONE: &str = "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) \
                     FROM (SELECT name FROM unnest($1::text[]) name ORDER BY name) each";
const TOGETHER: &str = "SELECT pg_advisory_xact_lock_shared(hashtextextended(name, 0)) \
                        FROM (SELECT name FROM unnest($1::text[]) name ORDER BY name) each";

type Job = Box<dyn FnOnce() + Send>;

/// A write in progress: who acts, in which tenant, inside which transaction.
pub struct Context<'a> {
    pub actor: &'a Actor,
    pub tenant: Id,
    pub role: Role,
    pub(crate) engine: &'a Engine,
    pub(crate) tx: Tx,
    /// Statements waiting to travel together.
    queue: Vec<Statement>,
    /// To be done once the transaction has succeeded.
    afterwards: Vec<Job>,
    loaded: HashMap<(String, Id), Doc>,
}

impl<'a> Context<'a> {
    pub(crate) async fn begin(
        engine: &'a Engine,
        actor: &'a Actor,
        tenant: Id,
    ) -> Result<Context<'a>> {
        let (authority, role) = crate::access::writing(actor, tenant)?;
        let tx = engine.store().write(&authority).await?;
        let (queue, afterwards, loaded) = (Vec::new(), Vec::new(), HashMap::new());
        Ok(Context { actor, tenant, role, engine, tx, queue, afterwards, loaded })
    }

    /// Documents of this tenant by id (users: those the actor can see), each fetched once.
    pub async fn load(&mut self, slug: &str, ids: &[Id]) -> Result<HashMap<Id, Doc>> {
        let key = |id: Id| (slug.to_owned(), id);
        let mut missing: Vec<Id> =
            ids.iter().copied().filter(|id| !self.loaded.contains_key(&key(*id))).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let layout = self.engine.layout(slug)?;
            let queue = std::mem::take(&mut self.queue);
            let tenants = [self.tenant];
            let texts =
                read::whole_behind(&mut self.tx, queue, layout, &tenants, &missing, Locking::No)
                    .await?;
            for (id, text) in texts {
                self.loaded.insert(key(id), document::parse(&text)?);
            }
        }
        let found = ids.iter().filter_map(|id| Some((*id, self.loaded.get(&key(*id))?.clone())));
        Ok(found.collect())
    }

    /// Ids among `ids` that exist in this tenant and are visible.
    pub(crate) async fn existing(
        &mut self,
        wanted: &[(String, Vec<Id>)],
    ) -> Result<HashMap<String, Vec<Id>>> {
        self.flush().await?;
        let nothing = define::Select::Include(define::SelectTree::new());
        let mut statements = Vec::with_capacity(wanted.len());
        for (slug, ids) in wanted {
            let layout = self.engine.layout(slug)?;
            let plan = read::Plan::new(layout, Some(self.role), Some(&nothing));
            statements.push(read::by_ids(&plan, &[self.tenant], ids, Locking::No));
        }
        let results = self.tx.batch(&statements, Then::GoOn).await?;
        let mut found = HashMap::new();
        for ((slug, _), rows) in wanted.iter().zip(results) {
            let ids: Vec<Option<Id>> =
                rows.iter().map(|row| read::get_id(row, 0)).collect::<Result<_>>()?;
            found.insert(slug.clone(), ids.into_iter().flatten().collect());
        }
        Ok(found)
    }

    /// Documents that this write changes are fetched anew when they are wanted again.
    pub(crate) fn forget(&mut self, slug: &str, ids: impl Iterator<Item = Id>) {
        for id in ids {
            self.loaded.remove(&(slug.to_owned(), id));
        }
    }

    pub(crate) fn has_loaded(&self, slug: &str, id: Id) -> bool {
        self.loaded.contains_key(&(slug.to_owned(), id))
    }

    /// Documents of this tenant that pass `filter`, trash left out. `sort` as in the query string,
    /// empty for the collection's own order. They need not be loaded any more.
    pub async fn find(
        &mut self,
        slug: &str,
        filter: &Where,
        sort: &str,
        limit: i64,
    ) -> Result<Vec<Doc>> {
        self.flush().await?;
        let layout = self.engine.layout(slug)?.clone();
        let scope = Scope::One(self.tenant);
        let sort = Sort::parse(sort);
        let query = Query {
            layout: &layout,
            scope: &scope,
            filter,
            sort: &sort,
            limit,
            offset: 0,
            trash: false,
        };
        let schema = self.engine.registry().schema();
        let reader = Reader { schema, role: Some(Role::Owner) };
        let found = read::page(
            &mut self.tx,
            reader,
            &query,
            &Shape::flat(),
            read::Total::Unknown,
            Then::GoOn,
        )
        .await?;
        let docs: Vec<Doc> =
            found.docs.iter().map(|text| document::parse(text)).collect::<Result<_>>()?;
        for doc in &docs {
            if let Some(id) = doc.get("id").and_then(Value::as_str).and_then(|id| id.parse().ok()) {
                self.loaded.insert((slug.to_owned(), id), doc.clone());
            }
        }
        Ok(docs)
    }

    /// Writes rows that the product makes itself (timeline entries): defaults are applied, the
    /// tenant and stamps filled in; they leave no audit row or event of their own, and no search
    /// finds them.
    pub async fn insert(&mut self, slug: &str, docs: Vec<Doc>) -> Result<()> {
        if docs.is_empty() {
            return Ok(());
        }
        let layout = self.engine.layout(slug)?;
        let mut complete = Vec::with_capacity(docs.len());
        for doc in docs {
            complete.push(document::complete(&layout.collection, self.tenant, doc));
        }
        let refs: Vec<&Doc> = complete.iter().collect();
        self.queue.extend(write::insert(layout, self.tenant, &refs)?);
        Ok(())
    }

    /// Runs a module's own SQL (`modules/x/sql`), after everything queued before it.
    pub async fn query(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        self.queue([Statement::new(sql, params.to_vec())]);
        Ok(self.send(Then::GoOn).await?.pop().unwrap_or_default())
    }

    /// Of transactions that say one of the same names in this tenant only one is under way from here
    /// on; the others wait. Queued: it holds for what is asked next.
    pub fn alone(&mut self, names: impl IntoIterator<Item = String>) {
        self.queue_locks(ALONE, names);
    }

    /// Any number of transactions that say a name here are under way together, but none that says it
    /// in [`Context::alone`].
    pub(crate) fn together(&mut self, names: impl IntoIterator<Item = String>) {
        self.queue_locks(TOGETHER, names);
    }

    fn queue_locks(&mut self, sql: &str, names: impl IntoIterator<Item = String>) {
        let tenant = self.tenant;
        let mut names: Vec<String> =
            names.into_iter().map(|name| format!("{tenant}/{name}")).collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            self.queue([Statement::new(sql, vec![Param::texts(names)])]);
        }
    }

    pub async fn execute(&mut self, sql: &str, params: &[Param]) -> Result<u64> {
        self.flush().await?;
        self.tx.execute(sql, params).await
    }

    /// Like [`Context::insert`], for rows that are a mutation of their own: each leaves its audit row
    /// and event. Hooks of the collection do not run.
    pub async fn insert_recorded(&mut self, slug: &str, docs: Vec<Doc>) -> Result<()> {
        let changes = self.births(slug, docs)?;
        let layout = self.engine.layout(slug)?;
        let refs: Vec<&Doc> = changes.iter().map(|c| &c.after).collect();
        if !refs.is_empty() {
            self.queue.extend(write::insert(layout, self.tenant, &refs)?);
        }
        self.record(slug, &changes)
    }

    /// What [`Context::insert_recorded`] leaves behind, for rows that a module's own SQL has inserted
    /// with every field as these documents say it; they name their id.
    pub fn record_inserted(&mut self, slug: &str, docs: Vec<Doc>) -> Result<()> {
        let changes = self.births(slug, docs)?;
        self.record(slug, &changes)
    }

    fn births(&self, slug: &str, docs: Vec<Doc>) -> Result<Vec<Change>> {
        let layout = self.engine.layout(slug)?;
        let created = format!("{}.created", layout.collection.event());
        let mut changes = Vec::with_capacity(docs.len());
        for doc in docs {
            let (id, after) = document::named(&layout.collection, self.tenant, &doc);
            changes.push(Change {
                verb: Verb::Create,
                id,
                input: doc,
                before: None,
                after,
                events: vec![created.clone()],
                errors: Vec::new(),
                quiet: false,
            });
        }
        Ok(changes)
    }

    /// Words, audit rows and events of changes. Queued.
    pub(crate) fn record(&mut self, slug: &str, changes: &[Change]) -> Result<()> {
        let layout = self.engine.layout(slug)?;
        self.queue.extend(search::words(&layout.collection, self.tenant, changes));
        let records = record::records(self, slug, changes)?;
        self.queue.extend(records);
        Ok(())
    }

    /// The tenant's currency: the default of its money.
    pub fn currency(&self) -> Currency {
        self.actor.reach.grant(self.tenant).map_or(Currency::USD, |g| g.currency)
    }

    pub(crate) fn queue(&mut self, statements: impl IntoIterator<Item = Statement>) {
        self.queue.extend(statements);
    }

    pub(crate) async fn flush(&mut self) -> Result<()> {
        if self.queue.is_empty() {
            return Ok(());
        }
        self.send(Then::GoOn).await.map(|_| ())
    }

    /// Sends what is queued in one round trip and answers the rows of each statement.
    pub(crate) async fn send(&mut self, then: Then) -> Result<Vec<Vec<Row>>> {
        let queue = std::mem::take(&mut self.queue);
        self.tx.batch(&queue, then).await
    }

    /// Does `job` when the transaction has succeeded, and not otherwise: letters, news to others. It
    /// must not take long; what does starts a task.
    pub fn on_commit(&mut self, job: impl FnOnce() + Send + 'static) {
        self.afterwards.push(Box::new(job));
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let jobs = std::mem::take(&mut self.afterwards);
        if self.queue.is_empty() {
            self.tx.commit().await?;
        } else {
            self.send(Then::Commit).await?;
        }
        jobs.into_iter().for_each(|job| job());
        Ok(())
    }

    /// Goes on in the tenant above, where the deletion of a tenant is recorded. Forbidden to those
    /// who do not reach it, and at the top of the tree.
    pub(crate) async fn ascend(&mut self, parent: Option<Id>) -> Result<()> {
        let parent = parent.ok_or_else(Error::forbidden)?;
        let (authority, role) = crate::access::writing(self.actor, parent)?;
        self.flush().await?;
        self.tx.assume(&authority).await?;
        (self.tenant, self.role) = (parent, role);
        Ok(())
    }

    /// Lets the rest of the transaction see a tenant it has just made.
    pub(crate) async fn reveal(&mut self, tenant: Id) -> Result<()> {
        self.flush().await?;
        let (mut authority, _) = crate::access::writing(self.actor, self.tenant)?;
        authority.visible.push(tenant);
        self.tx.assume(&authority).await
    }
}

/// The error of a refused change.
pub(crate) fn refusal(slug: &str, change: &mut Change) -> Error {
    let error = Error::validation(slug, std::mem::take(&mut change.errors));
    match change.verb {
        Verb::Create => error,
        _ => error.for_document(change.id.to_string()),
    }
}
