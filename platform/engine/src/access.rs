//! Who may do what: the definitions' rules applied to an actor.

use define::{Collection, Field, Op, Rule, Tenancy, Where};
use kernel::{Actor, Doc, Error, Id, Map, Result, Role, Scope, Value};
use serde_json::json;
use store::Authority;

use crate::{Engine, Verb};

/// The authority and the tenants of a read.
pub(crate) struct Reading {
    pub(crate) authority: Authority,
    pub(crate) scope: Scope,
    /// Weakest role in the scope: what it may not see of a field, the read does not show.
    pub(crate) role: Option<Role>,
}

/// Judges a read of `collection`. Forbidden when the actor may read it nowhere, or not in the
/// tenant selected.
pub(crate) fn reading(actor: &Actor, collection: &Collection, filter: &Where) -> Result<Reading> {
    let rule = &collection.access.read;
    let allowed: Vec<Id> = actor
        .reach
        .grants()
        .iter()
        .filter(|g| rule.possible(Some(g.role)))
        .map(|g| g.tenant)
        .collect();
    if actor.is_anonymous() || allowed.is_empty() {
        return Err(Error::forbidden());
    }
    if let Some(selected) = actor.selected
        && !allowed.contains(&selected)
    {
        return Err(Error::forbidden());
    }
    let scope = match named_tenants(collection, filter) {
        Some(named) => narrowed(named.into_iter().filter(|t| allowed.contains(t)).collect()),
        None => match actor.selected {
            Some(selected) => Scope::One(selected),
            None => narrowed(allowed.clone()),
        },
    };
    let role = match &scope {
        Scope::One(tenant) => actor.role_in(*tenant),
        // A filter may name no tenant within reach: then nothing is found, as anyone may ask.
        Scope::Many(tenants) if tenants.is_empty() => weakest(actor, &allowed),
        Scope::Many(tenants) => weakest(actor, tenants),
    };
    let rank = role.map_or(0, Role::rank);
    let (visible, stands_in) = match &scope {
        Scope::One(tenant) => (led_by(*tenant, allowed), Some(*tenant)),
        Scope::Many(_) => (allowed, None),
    };
    let authority = Authority { user: actor.user(), visible, tenant: None, rank, stands_in };
    Ok(Reading { authority, scope, role })
}

/// The tenant that most rows will be of stands first: policies compare with it before all others.
fn led_by(tenant: Id, mut visible: Vec<Id>) -> Vec<Id> {
    if let Some(at) = visible.iter().position(|t| *t == tenant) {
        visible.swap(0, at);
    }
    visible
}

fn weakest(actor: &Actor, tenants: &[Id]) -> Option<Role> {
    tenants.iter().filter_map(|t| actor.role_in(*t)).min()
}

fn narrowed(mut tenants: Vec<Id>) -> Scope {
    if tenants.len() == 1 { Scope::One(tenants.remove(0)) } else { Scope::Many(tenants) }
}

/// Tenants that the filter itself asks for, so that a list of one client of many is as quick as
/// that client's own.
fn named_tenants(collection: &Collection, filter: &Where) -> Option<Vec<Id>> {
    if collection.tenancy != Tenancy::Tenant {
        return None;
    }
    match filter {
        Where::Test(test) if matches!(test.path.as_str(), "tenant" | "tenant.id") => {
            let texts: Vec<&str> = match (&test.op, &test.value) {
                (Op::Equals, Value::String(one)) => vec![one],
                (Op::In, Value::String(list)) => list.split(',').collect(),
                (Op::In, Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
                _ => return None,
            };
            Some(texts.iter().filter_map(|t| t.trim().parse().ok()).collect())
        }
        Where::And(parts) => parts.iter().find_map(|p| named_tenants(collection, p)),
        _ => None,
    }
}

/// The authority to write in `tenant`, or Forbidden.
pub(crate) fn writing(actor: &Actor, tenant: Id) -> Result<(Authority, Role)> {
    let role = actor.role_in(tenant).ok_or_else(Error::forbidden)?;
    let authority = Authority {
        user: actor.user(),
        visible: led_by(tenant, actor.reach.tenants().collect()),
        tenant: Some(tenant),
        rank: role.rank(),
        ..Authority::default()
    };
    Ok((authority, role))
}

pub(crate) fn rule_of(collection: &Collection, verb: Verb) -> &Rule {
    match verb {
        Verb::Create => &collection.access.create,
        Verb::Update => &collection.access.update,
        Verb::Delete => &collection.access.delete,
    }
}

/// Whether the rule lets the actor have `doc`. For an [`Rule::Own`] the field `id` is the user itself.
pub(crate) fn allows(rule: &Rule, actor: &Actor, role: Role, doc: &Doc) -> bool {
    let user = actor.user().map(|id| id.to_string());
    rule.allows(Some(role), &|rule| match rule {
        Rule::Own(field) => {
            user.is_some() && doc.get(field).and_then(Value::as_str) == user.as_deref()
        }
        Rule::Is(field) => doc.get(field) == Some(&Value::Bool(true)),
        _ => false,
    })
}

impl Engine {
    /// What the actor may do where it stands, in the shape of `GET /access`: only granted things
    /// appear.
    pub fn access(&self, actor: &Actor) -> Value {
        let role = actor.role();
        let mut collections = Map::new();
        for collection in self.collections() {
            let granted = granted(collection, role);
            if !granted.is_empty() {
                collections.insert(collection.slug.clone(), Value::Object(granted));
            }
        }
        let mut body = json!({ "collections": collections, "globals": {} });
        if role >= Some(Role::Admin) {
            body["canAccessAdmin"] = Value::Bool(true);
        }
        body
    }

    /// The same for one collection, or for one document of it. NotFound when it is hidden.
    pub async fn access_to(&self, actor: &Actor, slug: &str, id: Option<&str>) -> Result<Value> {
        let collection = &self.layout(slug)?.collection;
        let Some(id) = id else {
            return Ok(Value::Object(granted(collection, actor.role())));
        };
        let shape = define::Shape::flat();
        let text = self.find_by_id(actor, slug, id, &shape, true).await?;
        let doc = crate::document::parse(&text)?;
        let tenant = match collection.tenancy {
            Tenancy::Tenant => doc.get("tenant").and_then(Value::as_str),
            Tenancy::Tree => doc.get("id").and_then(Value::as_str),
            Tenancy::Global => None,
        };
        let tenant = tenant.and_then(|t| t.parse().ok()).or(actor.current());
        let role = tenant.and_then(|t| actor.role_in(t));
        let mut granted = granted(collection, role);
        for (verb, name) in [(Verb::Update, "update"), (Verb::Delete, "delete")] {
            let may = role.is_some_and(|r| allows(rule_of(collection, verb), actor, r, &doc));
            // A tenant goes from above only, as `Context::ascend` has it.
            let from_above = verb != Verb::Delete
                || collection.tenancy != Tenancy::Tree
                || parent_of(&doc).is_some_and(|above| actor.role_in(above).is_some());
            if !(may && from_above) {
                granted.shift_remove(name);
            }
        }
        Ok(Value::Object(granted))
    }
}

fn parent_of(doc: &Doc) -> Option<Id> {
    doc.get("parent")?.as_str()?.parse().ok()
}

fn granted(collection: &Collection, role: Option<Role>) -> Map<String, Value> {
    let access = &collection.access;
    let rules = [
        ("create", &access.create),
        ("read", &access.read),
        ("update", &access.update),
        ("delete", &access.delete),
    ];
    let mut out = Map::new();
    if rules.iter().all(|(_, rule)| !rule.possible(role)) {
        return out;
    }
    out.insert("fields".to_owned(), granted_fields(collection, role));
    for (name, rule) in rules {
        if rule.possible(role) {
            out.insert(name.to_owned(), Value::Bool(true));
        }
    }
    out
}

fn granted_fields(collection: &Collection, role: Option<Role>) -> Value {
    let reads = |f: &Field| !f.write_only && f.read.as_ref().is_none_or(|r| r.possible(role));
    let writes = |f: &Field| writable(f, role);
    if collection.fields.iter().all(|f| reads(f) && writes(f)) {
        return Value::Bool(true);
    }
    let mut out = Map::new();
    for field in &collection.fields {
        let mut one = Map::new();
        if writes(field) {
            one.insert("create".to_owned(), Value::Bool(true));
        }
        if reads(field) {
            one.insert("read".to_owned(), Value::Bool(true));
        }
        if writes(field) && !field.create_only {
            one.insert("update".to_owned(), Value::Bool(true));
        }
        let granted = match one.len() {
            0 => continue,
            3 => Value::Bool(true),
            _ => Value::Object(one),
        };
        out.insert(field.name.clone(), granted);
    }
    for stamp in stamps(collection) {
        out.insert((*stamp).to_owned(), Value::Bool(true));
    }
    Value::Object(out)
}

/// System fields that no rule restricts, in document order.
fn stamps(collection: &Collection) -> &'static [&'static str] {
    match (collection.ledger, collection.trash) {
        (true, _) => &[],
        (false, true) => &["updatedAt", "createdAt", "deletedAt"],
        (false, false) => &["updatedAt", "createdAt"],
    }
}

/// Whether input for the field is taken from this role.
pub(crate) fn writable(field: &Field, role: Option<Role>) -> bool {
    !field.read_only && field.write.as_ref().is_none_or(|rule| rule.possible(role))
}
