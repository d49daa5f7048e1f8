//! The demo as people ask for it: a whole agency under the platform, one account under an agency.

use std::sync::Arc;

use async_trait::async_trait;
use define::{Find, Op, Rule, Shape, Where};
use engine::{Action, Call, Done, Engine, Example, Manner, Perform};
use kernel::{Actor, Doc, Error, Grant, Id, Kind, Reach, Result, Role, Value, now};
use serde_json::json;
use store::Turn;
use tokio::sync::{Mutex, MutexGuard, Semaphore, SemaphorePermit};

use super::{ACCOUNT, AGENCY, UNFINISHED, UNFINISHED_ACCOUNT, id_in};

const FROM_THE_AGENCY: &str = "An account has no tenants below it: make the demo from its agency.";
const TOO_MANY: &str = "Several demos are being made or removed. Try again in a minute.";
const IN_THE_WAY: &str = "A tenant with the name of an unfinished demo is in the way, and only who may \
                          delete tenants may have it removed.";

/// Requests of one process that make or remove a demo, or wait to.
const WAITING: usize = 8;

pub(crate) fn actions() -> Vec<Action> {
    let line = Arc::new(Line { places: Semaphore::new(WAITING), first: Mutex::default() });
    let schema = json!({
        "type": "object",
        "properties": {
            "present": {"type": "boolean"}, "tenant": {"type": ["string", "null"], "format": "uuid"}},
    });
    let action = |manner, id, summary, description, present: bool| {
        let tenant = present.then_some("01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3");
        Action {
            manner,
            on: Some("tenants"),
            name: "demo",
            id,
            summary,
            description,
            input: None,
            answer: Example::new(schema.clone(), json!({"present": present, "tenant": tenant})),
            run: Arc::new(Demo { manner, line: line.clone() }),
        }
    };
    vec![
        action(
            Manner::Ask,
            "findDemo",
            "Whether there is demo data below a tenant",
            "And in which tenant it is.",
            true,
        ),
        action(
            Manner::Do,
            "makeDemo",
            "Make demo data below a tenant",
            "For those who may create tenants below it. Under the platform an agency with three accounts, \
             under an agency one account; refused for an account. At least 500 contacts, 60 companies, 50 \
             deals and two months of history. Where it is already, nothing is done.",
            true,
        ),
        action(
            Manner::Undo,
            "removeDemo",
            "Remove the demo data below a tenant",
            "For those who may delete tenants below it. Removes everything in the demo, and its people.",
            false,
        ),
    ]
}

struct Demo {
    manner: Manner,
    line: Arc<Line>,
}

/// Where requests of this process wait for each other. The turn among processes is waited for on a database
/// connection of its own, and of those a process takes one.
struct Line {
    places: Semaphore,
    first: Mutex<()>,
}

/// Let go in this order: the next of this process finds the turn free.
struct InTurn<'a> {
    _turn: Turn,
    _first: MutexGuard<'a, ()>,
    _place: SemaphorePermit<'a>,
}

impl Line {
    /// Unavailable when too many wait already.
    async fn turn(&self, engine: &Engine) -> Result<InTurn<'_>> {
        let place = self.places.try_acquire().map_err(|_| Error::unavailable(TOO_MANY))?;
        let first = self.first.lock().await;
        Ok(InTurn { _turn: super::turn(engine).await?, _first: first, _place: place })
    }
}

#[async_trait]
impl Perform for Demo {
    async fn perform(&self, engine: &Engine, actor: &Actor, call: Call) -> Result<Done> {
        let judged = self.judged(engine, actor, call.document).await?;
        let (_turn, (actor, place)) = match self.manner {
            Manner::Ask => (None, judged),
            // One at a time: the second of two clicks finds what the first has made. Nobody waits who may
            // not do it, and whoever has waited may not any more, perhaps.
            Manner::Do | Manner::Undo => {
                let turn = self.line.turn(engine).await?;
                (Some(turn), self.judged(engine, actor, call.document).await?)
            }
        };
        let is_new = match self.manner {
            Manner::Ask => false,
            Manner::Do => place.make(engine, &actor).await?,
            Manner::Undo => {
                place.clear(engine, &actor).await?;
                false
            }
        };
        // What was just made is in reach only now.
        let actor = auth::as_of_now(engine, &actor).await?;
        let found = place.below(engine, &actor, place.slugs().0).await?;
        let answer = json!({"present": found.is_some(), "tenant": found});
        Ok(Done { answer, is_new })
    }
}

impl Demo {
    /// The actor as of now and the tenant, where that actor may do this.
    async fn judged(&self, engine: &Engine, actor: &Actor, tenant: Id) -> Result<(Actor, Place)> {
        let actor = auth::as_of_now(engine, actor).await?;
        let place = Place::of(engine, &actor, tenant).await?;
        place.permits(engine, &actor, self.manner).await?;
        Ok((actor, place))
    }
}

/// The tenant below which a demo is asked for.
struct Place {
    tenant: Id,
    kind: String,
    business: String,
}

impl Place {
    /// NotFound when the actor does not reach the tenant.
    async fn of(engine: &Engine, actor: &Actor, tenant: Id) -> Result<Place> {
        let everywhere = Actor { selected: None, ..actor.clone() };
        let shape = Shape::flat();
        let id = tenant.to_string();
        let text = engine.find_by_id(&everywhere, "tenants", &id, &shape, false).await?;
        let doc: Doc = serde_json::from_str(&text)
            .map_err(|e| Error::internal("a tenant that is no JSON").with_source(e))?;
        let text = |key: &str| doc.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Place { tenant, kind: text("kind"), business: text("businessType") })
    }

    /// The product acts with all authority, so the caller's is judged first: by the rules of tenants.
    async fn permits(&self, engine: &Engine, actor: &Actor, manner: Manner) -> Result<()> {
        let access = &engine.collection("tenants").ok_or_else(Error::not_found)?.access;
        let may = |rule: &Rule| rule.allows(actor.role_in(self.tenant), &|_| false);
        let rule = match manner {
            Manner::Ask => &access.read,
            Manner::Do => &access.create,
            Manner::Undo => &access.delete,
        };
        if !may(rule) {
            return Err(Error::forbidden());
        }
        if manner != Manner::Do {
            return Ok(());
        }
        if self.kind == "account" {
            return Err(Error::bad_request(FROM_THE_AGENCY));
        }
        // Making takes down whatever goes by that name, and names are for admins to give.
        if !may(&access.delete) && self.below(engine, actor, self.slugs().1).await?.is_some() {
            return Err(Error::new(Kind::Forbidden, IN_THE_WAY));
        }
        Ok(())
    }

    /// Of what is whole, and of what is on its way.
    fn slugs(&self) -> (&'static str, &'static str) {
        match self.kind.as_str() {
            "platform" => (AGENCY, UNFINISHED),
            _ => (ACCOUNT, UNFINISHED_ACCOUNT),
        }
    }

    async fn make(&self, engine: &Engine, actor: &Actor) -> Result<bool> {
        let product = self.product(engine, actor).await?;
        match self.kind.as_str() {
            "platform" => super::seed(engine, &product, now(), None).await,
            _ => super::seed_account(engine, &product, &self.business, now()).await,
        }
    }

    async fn clear(&self, engine: &Engine, actor: &Actor) -> Result<bool> {
        let product = self.product(engine, actor).await?;
        match self.kind.as_str() {
            "platform" => super::remove(engine, &product).await,
            _ => super::remove_account(engine, &product).await,
        }
    }

    /// The product itself, at home in the tenant, reaching that and the demo below it and nothing else.
    async fn product(&self, engine: &Engine, actor: &Actor) -> Result<Actor> {
        let currency = actor.reach.grant(self.tenant).ok_or_else(Error::forbidden)?.currency;
        let grant = |tenant| Grant { tenant, role: Role::Owner, currency };
        let mut reached = vec![self.tenant];
        let (whole, unfinished) = self.slugs();
        for slug in [whole, unfinished] {
            let Some(top) = self.below(engine, actor, slug).await? else { continue };
            reached.push(top);
            let under = Where::test("parent", Op::Equals, top.to_string());
            reached.extend(found(engine, actor, under).await?);
        }
        let reach = Reach::new(reached.into_iter().map(grant).collect(), Some(self.tenant));
        let product = Actor::system("seed", reach);
        Ok(Actor { request: actor.request.clone(), ..product })
    }

    async fn below(&self, engine: &Engine, actor: &Actor, slug: &str) -> Result<Option<Id>> {
        let both = Where::And(vec![
            Where::test("slug", Op::Equals, slug),
            Where::test("parent", Op::Equals, self.tenant.to_string()),
        ]);
        Ok(found(engine, actor, both).await?.pop())
    }
}

async fn found(engine: &Engine, actor: &Actor, filter: Where) -> Result<Vec<Id>> {
    let everywhere = Actor { selected: None, ..actor.clone() };
    let find = Find { filter, limit: 0, shape: Shape::flat(), ..Find::default() };
    let page = engine.find(&everywhere, "tenants", &find).await?;
    page.docs.iter().map(|text| id_in(text)).collect()
}
