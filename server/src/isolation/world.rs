//! The scratch tree: an agency with two accounts, a rival agency with one, their people, and a document of
//! every collection in each account, made by the product as it makes everything.

use std::collections::HashMap;

use anyhow::{Context, Result};
use axum::http::Method;
use define::Shape;
use engine::Engine;
use kernel::{Actor, Currency, Doc, Grant, Id, Reach, Role};
use serde_json::{Value, json};
use store::isolation::Ground;
use store::isolation::scratch::{self, DOMAIN};

use super::client::{Ask, Client};
use super::generate::Maker;
use crate::secrets;

/// What the tenants are called, and the words only they hold.
const HOME: &str = "canary-home";
const SIBLING: &str = "canary-sibling";
const OTHER: &str = "canary-other";

pub struct World<'a> {
    pub ground: Ground,
    pub agency: Id,
    pub sibling: Id,
    pub rival: Id,
    pub maker: Maker<'a>,
    /// By collection, in the account that is reached for.
    pub docs: HashMap<String, Id>,
    pub anonymous: Client,
    pub people: People,
}

/// Who is signed in.
pub struct People {
    pub viewer: Client,
    /// The owner of the account beside.
    pub sibling: Client,
    /// The owner of the other agency.
    pub stranger: Client,
}

/// Makes the tree below a top that was planted.
pub async fn make<'a>(
    engine: &'a Engine,
    owner: &tokio_postgres::Client,
    door: &Client,
    claims: &dyn Fn(&str) -> Option<Id>,
) -> Result<World<'a>> {
    let root = scratch::plant(owner).await?;
    let mut reach = Planting { engine, grants: Vec::new() };
    reach.enter(root);
    let agency = reach.tenant(root, "canary-agency").await?;
    let rival = reach.tenant(root, "canary-rival").await?;
    let home = reach.tenant(agency, HOME).await?;
    let sibling = reach.tenant(agency, SIBLING).await?;
    let other = reach.tenant(rival, OTHER).await?;
    // From here on the top, which sees more than a tenant does, is out of reach.
    reach.leave(root);

    let password = secrets::password();
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push(reach.person(home, role.as_str(), role, password.expose()).await?);
    }
    let stranger = reach.person(rival, "stranger", Role::Owner, password.expose()).await?;
    reach.person(sibling, "sibling", Role::Owner, password.expose()).await?;
    let astray = scratch::stray(owner).await?;

    let canaries = [(home, HOME), (sibling, SIBLING), (other, OTHER)];
    let canaries = canaries.map(|(id, word)| (id, word.to_owned())).into();
    let mut maker = Maker::new(engine, reach.actor(), canaries);
    let mut docs = HashMap::new();
    for tenant in [home, sibling, other] {
        for collection in engine.collections() {
            let id = match collection.tenancy {
                define::Tenancy::Tree => tenant,
                _ => maker.make(tenant, &collection.slug).await?,
            };
            if tenant == home {
                docs.insert(collection.slug.clone(), id);
            }
        }
    }
    let enter =
        async |name: &str| door.sign_in(&format!("{name}@{DOMAIN}"), password.expose()).await;
    let host = enter("owner").await?;
    let session = host.token().and_then(claims).context("a token without a session")?;
    let invitation = invite(&host, home, "invited").await?;
    let stranger_signed_in = enter("stranger").await?;
    invite(&stranger_signed_in, other, "also-invited").await?;
    prefer(&host, person(&people, 3)?, HOME).await?;
    prefer(&stranger_signed_in, stranger, "their-own").await?;
    let ground = Ground {
        root,
        home,
        other,
        people: [
            person(&people, 0)?,
            person(&people, 1)?,
            person(&people, 2)?,
            person(&people, 3)?,
        ],
        stranger,
        astray,
        email: format!("owner@{DOMAIN}"),
        session,
        invitation,
    };
    let people = People {
        viewer: enter("viewer").await?,
        sibling: enter("sibling").await?,
        stranger: stranger_signed_in,
    };
    let anonymous = door.clone();
    Ok(World { ground, agency, sibling, rival, maker, docs, anonymous, people })
}

fn person(people: &[Id], at: usize) -> Result<Id> {
    people.get(at).copied().context("a person is missing")
}

/// A letter's invitation by a person, so that it holds.
async fn invite(host: &Client, tenant: Id, name: &str) -> Result<Id> {
    let email = format!("{name}@{DOMAIN}");
    let body =
        json!({ "tenant": tenant.to_string(), "email": email, "role": "viewer", "name": name });
    // Kept as a person's own, which is attacked as well.
    let ask = Ask {
        tenant: Some(tenant.to_string()),
        key: Some(kernel::new_id().to_string()),
        ..Ask::new(Method::POST, "/api/invitations?depth=0").with(body)
    };
    let made = wanted(host, ask).await?;
    Ok(made["doc"]["id"].as_str().context("an invitation without an id")?.parse()?)
}

/// Something of a person's own.
async fn prefer(client: &Client, person: Id, word: &str) -> Result<()> {
    let body = json!({ "preferences": { "word": word } });
    let ask = Ask::new(Method::PATCH, format!("/api/users/{person}")).with(body);
    wanted(client, ask).await.map(|_| ())
}

async fn wanted(client: &Client, ask: Ask) -> Result<Value> {
    let answer = client.send(&ask).await?;
    anyhow::ensure!(answer.status < 300, "{}: {} {}", ask.path, answer.status, answer.body);
    Ok(serde_json::from_str(&answer.body)?)
}

/// The product, reaching what it has planted and nothing else.
struct Planting<'a> {
    engine: &'a Engine,
    grants: Vec<Grant>,
}

impl Planting<'_> {
    fn enter(&mut self, tenant: Id) {
        self.grants.push(Grant { tenant, role: Role::Owner, currency: Currency::USD });
    }

    fn leave(&mut self, tenant: Id) {
        self.grants.retain(|grant| grant.tenant != tenant);
    }

    fn actor(&self) -> Actor {
        let home = self.grants.first().map(|grant| grant.tenant);
        Actor::system("isolation", Reach::new(self.grants.clone(), home))
    }

    async fn create(&self, tenant: Id, slug: &str, data: Value) -> Result<Id> {
        let actor = self.actor().select(tenant).context("a tenant out of reach")?;
        let Value::Object(data) = data else { anyhow::bail!("no document") };
        let made: Doc =
            serde_json::from_str(&self.engine.create(&actor, slug, data, &Shape::flat()).await?)?;
        Ok(made.get("id").and_then(Value::as_str).context("a document without an id")?.parse()?)
    }

    async fn tenant(&mut self, parent: Id, name: &str) -> Result<Id> {
        let data = json!({ "name": name, "slug": name, "parent": parent.to_string() });
        let id = self.create(parent, "tenants", data).await?;
        self.enter(id);
        Ok(id)
    }

    async fn person(&self, tenant: Id, name: &str, role: Role, password: &str) -> Result<Id> {
        let email = format!("{name}@{DOMAIN}");
        let data =
            json!({ "name": name, "email": email, "password": password, "role": role.as_str() });
        self.create(tenant, "users", data).await
    }
}
