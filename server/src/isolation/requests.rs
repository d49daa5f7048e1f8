//! Every route of the OpenAPI document as requests that reach for somebody else's records, each in two copies:
//! one with what the account has, one with what nobody has.

use std::collections::HashMap;

use anyhow::{Context, Result};
use axum::http::Method;
use define::{Collection, Tenancy};
use kernel::Id;
use serde_json::{Value, json};
use store::isolation::scratch::{DOMAIN, NOBODY};

use super::client::Ask;
use super::generate::{Relation, amendment, pointed, relations};
use super::world::World;

/// A method and a path of the document, and the example it gives of a body.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) template: String,
    example: Option<Value>,
}

impl Route {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// Signing out and the like come last: they end the session of whoever attacks.
    fn ends_session(&self) -> bool {
        ["/logout", "/signout", "/refresh-token"].iter().any(|end| self.template.ends_with(end))
    }

    /// The collection it is about and what follows its name.
    pub(super) fn of<'r>(&self, collections: &'r [Collection]) -> Option<(&'r Collection, &str)> {
        let rest = self.template.strip_prefix("/api/")?;
        let (slug, tail) = rest.split_once('/').map_or((rest, ""), |(slug, tail)| (slug, tail));
        let collection = collections.iter().find(|c| c.slug == slug)?;
        Some((collection, tail))
    }
}

/// In the order in which they are to be tried.
pub(super) fn routes(document: &Value) -> Vec<Route> {
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Ok(method) = method.to_uppercase().parse() else { continue };
            let body = operation.pointer("/requestBody/content/application~1json/example");
            routes.push(Route { method, template: path.clone(), example: body.cloned() });
        }
    }
    routes.sort_by_key(Route::ends_session);
    routes
}

/// What a request names.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// By collection.
    docs: HashMap<String, Id>,
    tenant: Id,
    session: Id,
    word: String,
    email: String,
}

impl Names {
    /// Of the account that is reached for.
    pub(super) fn real(world: &World<'_>) -> Names {
        Names {
            docs: world.docs.clone(),
            tenant: world.ground.home,
            session: world.ground.session,
            word: world.maker.canary(world.ground.home).to_owned(),
            email: world.ground.email.clone(),
        }
    }

    /// Of nobody: the same, and none of it exists.
    pub(super) fn absent(&self) -> Names {
        let tenant = kernel::new_id();
        let same = |id: &Id| if *id == self.tenant { tenant } else { kernel::new_id() };
        Names {
            docs: self.docs.iter().map(|(slug, id)| (slug.clone(), same(id))).collect(),
            tenant,
            session: kernel::new_id(),
            word: "canary-nowhere".to_owned(),
            email: format!("{NOBODY}@{DOMAIN}"),
        }
    }

    fn doc(&self, slug: &str) -> Id {
        self.docs.get(slug).copied().unwrap_or(self.tenant)
    }

    /// An answer with everything that was named taken out, so that two can be compared.
    pub(super) fn neutral(&self, body: &str) -> String {
        let mut text = body.replace(&self.tenant.to_string(), "TENANT");
        for id in self.docs.values() {
            text = text.replace(&id.to_string(), "ID");
        }
        text.replace(&self.session.to_string(), "ID")
            .replace(&self.email, "EMAIL")
            .replace(&self.word, "WORD")
    }

    /// What a request itself said, taken out of what is looked through for others' words.
    pub(super) fn unsaid(&self, ask: &Ask, body: &str) -> String {
        let said = format!("{} {}", ask.path, ask.body.as_ref().unwrap_or(&Value::Null));
        let mut text = body.to_owned();
        let ids = self.docs.values().chain([&self.tenant, &self.session]).map(Id::to_string);
        for name in ids.chain([self.email.clone()]) {
            if said.contains(&name) {
                text = text.replace(&name, "");
            }
        }
        text
    }

    /// Whether a text shows anything of the account.
    pub(super) fn shows(&self, text: &str) -> Option<String> {
        let ids = self.docs.values().chain([&self.tenant, &self.session]).map(Id::to_string);
        let mut secrets = ids.chain([self.word.clone(), self.email.clone()]);
        secrets.find(|secret| text.contains(secret.as_str()))
    }
}

/// Data for new documents, made once for both copies.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// By collection: in the reached-for account, and in the attacker's own.
    there: HashMap<String, Value>,
    here: HashMap<String, Value>,
    own: HashMap<String, Id>,
}

impl Drafts {
    /// `own` is the tenant where the attacker writes.
    pub(super) async fn new(
        world: &mut World<'_>,
        collections: &[Collection],
        own: Id,
    ) -> Result<Drafts> {
        let mut drafts = Drafts::default();
        for collection in collections.iter().filter(|c| !c.ledger) {
            let slug = &collection.slug;
            let there = world.maker.data(world.ground.home, slug).await?;
            drafts.there.insert(slug.clone(), there);
            drafts.here.insert(slug.clone(), world.maker.data(own, slug).await?);
            let id = world.maker.target(own, slug).await?;
            drafts.own.insert(slug.clone(), id);
        }
        Ok(drafts)
    }
}

/// The requests of one route, each labeled; `names` says whose records they reach for.
pub(super) fn of(
    route: &Route,
    collections: &[Collection],
    names: &Names,
    drafts: &Drafts,
) -> Result<Vec<Ask>> {
    if let Some((collection, tail)) = route.of(collections)
        && let Some(asks) = of_collection(route, collection, tail, names, drafts)
    {
        return asks;
    }
    Ok(vec![of_others(route, collections, names)])
}

fn of_collection(
    route: &Route,
    collection: &Collection,
    tail: &str,
    names: &Names,
    drafts: &Drafts,
) -> Option<Result<Vec<Ask>>> {
    let slug = &collection.slug;
    let (base, id, tenant) = (format!("/api/{slug}"), names.doc(slug), names.tenant);
    let ask = |path: String| Ask::new(route.method.clone(), path);
    let changed = |path: String| match route.method {
        Method::PATCH => ask(path).with(amendment(collection, "another-word")),
        _ => ask(path),
    };
    let mut filters = vec![format!("where[id][equals]={id}")];
    if collection.tenancy == Tenancy::Tenant {
        filters.push(format!("where[tenant][equals]={tenant}"));
    }
    if route.method == Method::GET && !collection.search.is_empty() {
        filters.push(format!("q={}", names.word));
    }
    let filtered = |tail: &str, more: &str| -> Vec<Ask> {
        filters.iter().map(|f| changed(format!("{base}{tail}?{f}{more}"))).collect()
    };
    Some(Ok(match (&route.method, tail) {
        (&Method::GET, "") => {
            let mut asks = filtered("", "&depth=2&trash=true");
            let selected = Ask { tenant: Some(tenant.to_string()), ..ask(base.clone()) };
            asks.push(selected);
            asks
        }
        (&Method::PATCH | &Method::DELETE, "") => filtered("", "&depth=0"),
        (&Method::POST, "") => return Some(creations(collection, names, drafts)),
        (_, "count") => filtered("/count", ""),
        (_, "aggregate") => filtered("/aggregate", "&group=id"),
        (_, "{id}") => vec![changed(format!("{base}/{id}?depth=2"))],
        (_, "{id}/duplicate") => {
            vec![ask(format!("{base}/{id}/duplicate?depth=0")).with(json!({}))]
        }
        (_, "access") => {
            vec![Ask { tenant: Some(tenant.to_string()), ..ask(format!("{base}/access")) }]
        }
        (_, "access/{id}") => vec![ask(format!("{base}/access/{id}"))],
        _ => return None,
    }))
}

/// A new document in the account, and one of the attacker's own that refers to the account's, by every
/// relation there is; the same for the attacker's own document that is there already.
fn creations(collection: &Collection, names: &Names, drafts: &Drafts) -> Result<Vec<Ask>> {
    let slug = &collection.slug;
    let (Some(there), Some(here)) = (drafts.there.get(slug), drafts.here.get(slug)) else {
        return Ok(vec![Ask::new(Method::POST, format!("/api/{slug}")).with(json!({}))]);
    };
    let path = format!("/api/{slug}?depth=0");
    let mut inside = there.clone();
    let key = if collection.tenancy == Tenancy::Tree { "parent" } else { "tenant" };
    inside[key] = names.tenant.to_string().into();
    let mut asks = vec![Ask::new(Method::POST, path.clone()).with(inside)];
    let settable = |r: &Relation| !r.field.read_only && r.field.derived.is_none();
    for relation in relations(collection).iter().filter(|r| settable(r)) {
        if collection.tenancy == Tenancy::Tree {
            continue;
        }
        let target = names.doc(&relation.to).to_string();
        let body = pointed(here, relation, collection, &target);
        asks.push(Ask::new(Method::POST, path.clone()).with(body));
        if !relation.field.create_only && collection.access.update != define::Rule::Never {
            let own = drafts.own.get(slug).context("a document of one's own")?;
            let body = pointed(&json!({}), relation, collection, &target);
            let path = format!("/api/{slug}/{own}?depth=0");
            asks.push(Ask::new(Method::PATCH, path).with(body));
        }
    }
    Ok(asks)
}

/// Sign-in, actions, the fixed routes, and whatever a later version adds.
fn of_others(route: &Route, collections: &[Collection], names: &Names) -> Ask {
    let about = route.of(collections).map_or("", |(collection, _)| collection.slug.as_str());
    let parts = route.template.split('/').map(|part| match part {
        "{id}" if route.template.contains("/sessions/") => names.session.to_string(),
        "{id}" => names.doc(about).to_string(),
        part if part.starts_with('{') => "948e0c".repeat(8),
        part => part.to_owned(),
    });
    let mut path = parts.collect::<Vec<_>>().join("/");
    if route.template.ends_with("/search") {
        path.push_str(&format!("?q={}", names.word));
    }
    let ask = Ask::new(route.method.clone(), path);
    match &route.example {
        None => ask,
        Some(example) => {
            let mut body = example.clone();
            for (key, value) in
                [("email", names.email.as_str()), ("token", "948e0c"), ("password", "wrong-word")]
            {
                if body.get(key).is_some() {
                    body[key] = value.into();
                }
            }
            ask.with(body)
        }
    }
}
