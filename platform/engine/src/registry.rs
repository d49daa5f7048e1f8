//! The modules' contributions, checked and put together at start-up.

use std::collections::HashMap;
use std::sync::Arc;

use define::Collection;
use kernel::{Error, Result};
use store::{Schema, ddl};

use crate::action::Action;
use crate::change::Hooks;
use crate::record;

/// What a module brings.
#[derive(Default)]
pub struct Module {
    pub name: &'static str,
    pub collections: Vec<Collection>,
    /// By collection slug; a module may hook another module's collections.
    pub hooks: Vec<(&'static str, Arc<dyn Hooks>)>,
    /// Hand-written tables and functions, run after all collections' tables exist.
    pub sql: &'static str,
    pub actions: Vec<Action>,
}

/// A field that follows another: (slug, field) of the follower.
#[derive(Debug, Clone)]
pub(crate) struct Follower {
    pub(crate) slug: String,
    pub(crate) field: String,
    pub(crate) through: String,
    pub(crate) source_field: String,
}

pub struct Registry {
    schema: Arc<Schema>,
    hooks: HashMap<String, Vec<Arc<dyn Hooks>>>,
    sql: Vec<&'static str>,
    actions: Vec<Action>,
    /// By slug of the collection followed.
    followers: HashMap<String, Vec<Follower>>,
}

impl Registry {
    /// Errors name every fault of the definitions at once.
    pub fn new(modules: Vec<Module>) -> Result<Registry> {
        let mut collections = Vec::new();
        let mut hooks: HashMap<String, Vec<Arc<dyn Hooks>>> = HashMap::new();
        let mut sql = Vec::new();
        let mut actions = Vec::new();
        let mut hooked = Vec::new();
        for module in modules {
            collections.extend(module.collections);
            sql.push(module.sql);
            actions.extend(module.actions);
            for (slug, hook) in module.hooks {
                hooked.push((module.name, slug));
                hooks.entry(slug.to_owned()).or_default().push(hook);
            }
        }
        collections.push(record::collection());
        let mut faults = define::check(&collections);
        for (module, slug) in hooked {
            if !collections.iter().any(|c| c.slug == slug) {
                faults.push(format!("module {module} hooks {slug}, which is not a collection"));
            }
        }
        for slug in actions.iter().filter_map(|a: &Action| a.on) {
            if !collections.iter().any(|c| c.slug == slug) {
                faults.push(format!("an action works on {slug}, which is not a collection"));
            }
        }
        if !faults.is_empty() {
            return Err(Error::internal(format!("Definitions are faulty: {}", faults.join("; "))));
        }
        let followers = followers(&collections);
        Ok(Registry { schema: Arc::new(Schema::new(collections)), hooks, sql, actions, followers })
    }

    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The SQL that would make the whole database from nothing.
    pub fn ddl(&self) -> String {
        ddl::schema(&self.schema, &self.sql)
    }

    pub fn actions(&self) -> &[Action] {
        &self.actions
    }

    pub(crate) fn hooks(&self, slug: &str) -> &[Arc<dyn Hooks>] {
        self.hooks.get(slug).map_or(&[], Vec::as_slice)
    }

    /// Relations of a collection through which fields of it follow, and the collections they lead to.
    pub(crate) fn followed(&self, slug: &str) -> impl Iterator<Item = (&str, &str)> {
        let leading = self.followers.iter().flat_map(|(source, followers)| {
            followers.iter().map(move |follower| (source.as_str(), follower))
        });
        let slug = slug.to_owned();
        leading.filter(move |(_, f)| f.slug == slug).map(|(source, f)| (f.through.as_str(), source))
    }

    pub(crate) fn followers(&self, slug: &str) -> &[Follower] {
        self.followers.get(slug).map_or(&[], Vec::as_slice)
    }
}

fn followers(collections: &[Collection]) -> HashMap<String, Vec<Follower>> {
    let mut found: HashMap<String, Vec<Follower>> = HashMap::new();
    for collection in collections {
        for field in &collection.fields {
            let Some(derived) = &field.derived else { continue };
            let through = collection.field(&derived.through);
            let Some(source) = through.and_then(|f| f.relation_to.clone()) else { continue };
            found.entry(source).or_default().push(Follower {
                slug: collection.slug.clone(),
                field: field.name.clone(),
                through: derived.through.clone(),
                source_field: derived.field.clone(),
            });
        }
    }
    found
}
