//! What the person at the command line reaches: everything, by the database rather than by a
//! membership.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use define::Shape;
use engine::Engine;
use kernel::{Actor, Currency, Doc, Grant, Id, Reach, Role};
use serde_json::{Value, json};

use crate::database::Database;

/// The tenant tree as `mainstay_owner` reads it.
pub struct Tree {
    tenants: Vec<Tenant>,
}

struct Tenant {
    id: Id,
    slug: String,
    kind: String,
    parent: Option<Id>,
    currency: Option<Currency>,
}

impl Tree {
    pub async fn read(database: &Database) -> Result<Tree> {
        let url = database.for_migrations().await?;
        let (client, _connection) = store::migrate::connect_owner(url.expose()).await?;
        let sql = "SELECT id, slug, kind, parent_id, currency FROM public.tenants ORDER BY id";
        let rows = client.query(sql, &[]).await?;
        let tenants = rows.iter().map(|row| Tenant {
            id: row.get(0),
            slug: row.get(1),
            kind: row.get(2),
            parent: row.get(3),
            currency: row.get::<_, Option<&str>>(4).and_then(Currency::parse),
        });
        Ok(Tree { tenants: tenants.collect() })
    }

    /// What people call the tenant.
    pub fn slug(&self, id: Id) -> Option<&str> {
        self.tenants.iter().find(|t| t.id == id).map(|t| t.slug.as_str())
    }

    /// The product acting by itself over the whole platform, at home on its top.
    pub fn everywhere(&self, name: &'static str) -> Result<Actor> {
        let top = self.tenants.iter().find(|t| t.kind == "platform");
        let top = top.context("There is no platform yet; start mainstay serve once")?;
        let grants = self.tenants.iter().map(|t| self.grant(t)).collect();
        Ok(Actor::system(name, Reach::new(grants, Some(top.id))))
    }

    /// The product acting by itself in one tenant and nowhere else. Two agencies may each have a
    /// tenant of this slug; then `agency/slug` says which is meant.
    pub fn within(&self, name: &'static str, slug: &str) -> Result<Option<Actor>> {
        let (above, own) = match slug.split_once('/') {
            Some((above, own)) => (Some(above), own),
            None => (None, slug),
        };
        let parent = |t: &Tenant| self.tenants.iter().find(|p| Some(p.id) == t.parent);
        let named: Vec<&Tenant> = self
            .tenants
            .iter()
            .filter(|t| t.slug == own)
            .filter(|t| above.is_none_or(|a| parent(t).is_some_and(|p| p.slug == a)))
            .collect();
        match named.as_slice() {
            [] => Ok(None),
            [tenant] => {
                let reach = Reach::new(vec![self.grant(tenant)], Some(tenant.id));
                Ok(Some(Actor::system(name, reach)))
            }
            _ => bail!("Several tenants have the slug {own}; write AGENCY/{own}"),
        }
    }

    fn grant(&self, tenant: &Tenant) -> Grant {
        let by_id: HashMap<Id, &Tenant> = self.tenants.iter().map(|t| (t.id, t)).collect();
        let above = |t: &&Tenant| t.parent.and_then(|id| by_id.get(&id).copied());
        let mut line = std::iter::successors(Some(tenant), above).take(self.tenants.len());
        let currency = line.find_map(|t| t.currency).unwrap_or(Currency::USD);
        Grant { tenant: tenant.id, role: Role::Owner, currency }
    }
}

/// Makes an account with this slug, under an agency of its own. Both are named after the slug.
pub async fn create_account(engine: &Engine, database: &Database, slug: &str) -> Result<()> {
    let name = capitalized(slug);
    let agency = format!("{slug}-agency");
    let tree = Tree::read(database).await?;
    let above = match tree.within("import", &agency)? {
        Some(actor) => actor,
        None => {
            let actor = tree.everywhere("import")?;
            let data =
                json!({ "name": format!("{name} agency"), "slug": agency, "kind": "agency" });
            engine.create(&actor, "tenants", document(data)?, &Shape::flat()).await?;
            let tree = Tree::read(database).await?;
            tree.within("import", &agency)?.context("the agency was not made")?
        }
    };
    let data = json!({ "name": name, "slug": slug, "kind": "account" });
    engine.create(&above, "tenants", document(data)?, &Shape::flat()).await?;
    Ok(())
}

fn document(value: Value) -> Result<Doc> {
    match value {
        Value::Object(doc) => Ok(doc),
        _ => bail!("not a document"),
    }
}

/// `north-shore` → `North shore`.
fn capitalized(slug: &str) -> String {
    let mut letters = slug.chars().map(|c| if c == '-' { ' ' } else { c });
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
