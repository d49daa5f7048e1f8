//! Documents made from the definitions alone, so that a new collection is attacked at birth.
//!
//! Every field that can be set is. Texts carry the tenant's canary, a word that no other tenant may
//! ever read. Relations lead to documents of the same tenant, made first.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use define::{Collection, Field, FieldKind, Find, Op, Rule, Shape, Tenancy, Where};
use engine::Engine;
use kernel::{Actor, Doc, Id};
use serde_json::{Map, Value, json};
use store::isolation::scratch::DOMAIN;

pub struct Maker<'a> {
    engine: &'a Engine,
    /// The product itself, with every tenant there is in reach.
    actor: Actor,
    /// What relations lead to: one document a tenant and collection.
    targets: HashMap<(Id, String), Id>,
    canaries: HashMap<Id, String>,
    made: usize,
}

impl<'a> Maker<'a> {
    /// To be made when all tenants are, with the canary of each.
    pub fn new(engine: &'a Engine, actor: Actor, canaries: HashMap<Id, String>) -> Maker<'a> {
        Maker { engine, actor, targets: HashMap::new(), canaries, made: 0 }
    }

    pub fn canary(&self, tenant: Id) -> &str {
        self.canaries.get(&tenant).map_or("", String::as_str)
    }

    fn collection(&self, slug: &str) -> Result<Collection> {
        self.engine.collection(slug).cloned().with_context(|| format!("no collection {slug}"))
    }

    fn standing_in(&self, tenant: Id) -> Result<Actor> {
        self.actor.select(tenant).context("a tenant out of reach")
    }

    /// A new document of a tenant, written by the product.
    pub async fn make(&mut self, tenant: Id, slug: &str) -> Result<Id> {
        if slug == "memberships" {
            // They come with their people.
            let user = Box::pin(self.make(tenant, "users")).await?;
            return self.membership_of(tenant, user).await;
        }
        if self.collection(slug)?.ledger {
            return self.first_of(tenant, slug, Where::default()).await;
        }
        let data = Box::pin(self.data(tenant, slug)).await?;
        self.write(tenant, slug, data).await
    }

    /// Of a collection that nobody writes, what is there by itself.
    async fn first_of(&self, tenant: Id, slug: &str, filter: Where) -> Result<Id> {
        let find = Find { filter, shape: Shape::flat(), limit: 1, ..Find::default() };
        let page = self.engine.find(&self.standing_in(tenant)?, slug, &find).await?;
        id_in(page.docs.first().with_context(|| format!("no document of {slug}"))?)
    }

    pub async fn write(&self, tenant: Id, slug: &str, data: Value) -> Result<Id> {
        let Value::Object(data) = data else { bail!("{data} is no document") };
        let actor = self.standing_in(tenant)?;
        let made = self.engine.create(&actor, slug, data.clone(), &Shape::flat()).await;
        id_in(&made.map_err(|e| anyhow::anyhow!("{slug}: {e:?} {data:?}"))?)
    }

    pub async fn membership_of(&self, tenant: Id, user: Id) -> Result<Id> {
        let filter = Where::test("user", Op::Equals, user.to_string());
        self.first_of(tenant, "memberships", filter).await
    }

    /// What a client would send to create a document in `tenant`.
    pub async fn data(&mut self, tenant: Id, slug: &str) -> Result<Value> {
        let collection = self.collection(slug)?;
        self.made += 1;
        let word = format!("{}-{}", self.canary(tenant), self.made);
        if collection.tenancy == Tenancy::Tree {
            return Ok(json!({ "name": word, "slug": word, "parent": tenant.to_string() }));
        }
        let mut data = Map::new();
        data.insert("tenant".into(), tenant.to_string().into());
        // What people set of themselves nobody else can.
        let given = |f: &&Field| !f.read_only && f.derived.is_none() && f.name != "preferences";
        for field in collection.fields.iter().filter(given) {
            let value = self.value(tenant, &collection, field, &word).await?;
            data.insert(field.name.clone(), value);
        }
        Ok(Value::Object(data))
    }

    async fn value(
        &mut self,
        tenant: Id,
        of: &Collection,
        field: &Field,
        word: &str,
    ) -> Result<Value> {
        let one = match field.kind {
            FieldKind::Relationship => {
                let to = field.relation_to.as_deref().unwrap_or_default();
                // An optional way back to where one came from would never end.
                if !field.required && self.leads_to(to, &of.slug, &mut Vec::new()) {
                    return Ok(Value::Null);
                }
                Value::from(Box::pin(self.target(tenant, to)).await?.to_string())
            }
            FieldKind::Group | FieldKind::Address => {
                let mut group = Map::new();
                for inner in field.fields.iter().filter(|f| !f.read_only) {
                    let value = Box::pin(self.value(tenant, of, inner, word)).await?;
                    group.insert(inner.name.clone(), value);
                }
                Value::Object(group)
            }
            FieldKind::Array => {
                let mut row = Map::new();
                for inner in &field.fields {
                    let value = Box::pin(self.value(tenant, of, inner, word)).await?;
                    row.insert(inner.name.clone(), value);
                }
                json!([row])
            }
            _ => scalar(field, word, self.made),
        };
        Ok(if field.many { json!([one]) } else { one })
    }

    /// Whether relations lead from one collection to another, or are the same.
    fn leads_to(&self, from: &str, to: &str, seen: &mut Vec<String>) -> bool {
        if from == to {
            return true;
        }
        if seen.iter().any(|s| s == from) {
            return false;
        }
        seen.push(from.to_owned());
        let collection = self.engine.collection(from);
        let relations = collection.map(relations).unwrap_or_default();
        relations.iter().any(|r| self.leads_to(&r.to, to, seen))
    }

    /// The document of `slug` that the relations of a tenant lead to.
    pub async fn target(&mut self, tenant: Id, slug: &str) -> Result<Id> {
        if self.collection(slug)?.tenancy == Tenancy::Tree {
            return Ok(tenant);
        }
        if let Some(id) = self.targets.get(&(tenant, slug.to_owned())) {
            return Ok(*id);
        }
        let id = self.make(tenant, slug).await?;
        self.targets.insert((tenant, slug.to_owned()), id);
        Ok(id)
    }
}

fn id_in(document: &str) -> Result<Id> {
    let doc: Doc = serde_json::from_str(document)?;
    Ok(doc.get("id").and_then(Value::as_str).context("a document without an id")?.parse()?)
}

fn scalar(field: &Field, word: &str, n: usize) -> Value {
    match field.kind {
        // The two that everyone's texts are checked to be.
        FieldKind::Text if field.name == "timezone" => json!("Europe/Madrid"),
        FieldKind::Text if field.name == "locale" => json!("en-GB"),
        FieldKind::Text | FieldKind::Textarea => {
            let most = field.max.and_then(|m| usize::try_from(m).ok()).unwrap_or(usize::MAX);
            word.chars().take(most).collect::<String>().into()
        }
        FieldKind::Email => format!("{word}@{DOMAIN}").into(),
        FieldKind::Url => format!("https://{word}.example.test/").into(),
        FieldKind::Phone => format!("+1 555 {n:06}").into(),
        FieldKind::Number => json!(field.min.unwrap_or(1)),
        FieldKind::Money => json!({ "amount": 100 + n, "currency": "USD" }),
        FieldKind::Date => json!("2026-11-21"),
        FieldKind::Datetime => json!("2026-11-21T09:30:00.000Z"),
        FieldKind::Checkbox => json!(true),
        FieldKind::Select => field.options.first().map_or(Value::Null, |o| o.value.as_str().into()),
        FieldKind::Json => json!({ "word": word }),
        // Not a scalar; whoever defines a new kind adds it here or sees its documents refused.
        FieldKind::Relationship | FieldKind::Group | FieldKind::Address | FieldKind::Array => {
            Value::Null
        }
    }
}

/// A change that everybody who may write at all may make: another text in some field.
pub fn amendment(collection: &Collection, word: &str) -> Value {
    let free = |f: &&Field| {
        f.kind.is_textual()
            && !f.many
            && !f.unique
            && !f.read_only
            && !f.create_only
            && !f.write_only
            && f.derived.is_none()
            && f.write.is_none()
            && matches!(f.kind, FieldKind::Text | FieldKind::Textarea)
    };
    if collection.access.update == Rule::Never {
        return json!({});
    }
    match collection.fields.iter().find(free) {
        Some(field) => json!({ &field.name: scalar(field, word, 0) }),
        None => json!({}),
    }
}

/// A path of a relation through groups and lists, with the collection it leads to.
pub struct Relation {
    pub path: Vec<String>,
    pub to: String,
    pub field: Field,
}

pub fn relations(collection: &Collection) -> Vec<Relation> {
    let mut found = Vec::new();
    walk(&collection.fields, &[], &mut found);
    found
}

fn walk(fields: &[Field], above: &[String], found: &mut Vec<Relation>) {
    for field in fields {
        let path = [above, std::slice::from_ref(&field.name)].concat();
        if let Some(to) = &field.relation_to {
            found.push(Relation { path: path.clone(), to: to.clone(), field: field.clone() });
        }
        walk(&field.fields, &path, found);
    }
}

/// `data` with the relation leading to `id`.
pub fn pointed(data: &Value, relation: &Relation, collection: &Collection, id: &str) -> Value {
    let leaf = if relation.field.many { json!([id]) } else { json!(id) };
    let mut value = leaf;
    for (at, key) in relation.path.iter().enumerate().rev().take(relation.path.len() - 1) {
        value = json!({ key.as_str(): value });
        let parent = collection.field(&relation.path[at - 1]);
        if parent.is_some_and(|f| f.kind == FieldKind::Array) {
            value = json!([value]);
        }
    }
    let mut data = data.clone();
    data[relation.path[0].as_str()] = value;
    data
}
