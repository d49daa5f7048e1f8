//! Demo data: an agency with three client accounts and two months of work in them, or one account as
//! full as the three. The same on every machine but for ids, dated relative to a given moment, and gone
//! again by one command.

mod account;
mod offer;
mod random;
mod story;
mod trades;
mod words;

use define::{Condition, Find, Op, Shape, Where};
use engine::Engine;
use kernel::{Actor, Currency, Doc, Error, Grant, Id, Reach, Result, Role, Timestamp, Value};
use serde_json::{Value as Json, json};
use store::Turn;

use account::Account;
pub(crate) use offer::actions;
use trades::{TRADES, Trade};

const AGENCY: &str = "demo-agency";
/// What the agency is called until everything is in it.
const UNFINISHED: &str = "demo-agency-unfinished";
/// A demo account that stands alone under somebody's agency.
const ACCOUNT: &str = "mainstay-demo";
const UNFINISHED_ACCOUNT: &str = "mainstay-demo-unfinished";
/// Name, start of the address, role.
const LEADERS: [(&str, &str, &str); 2] =
    [("Grace Harborne", "demo-owner", "owner"), ("Theo Lindqvist", "demo-admin", "admin")];
/// What a [`Trade`]'s people are, in their order.
const STAFF: [(&str, &str); 4] =
    [("manager", "admin"), ("sales", "member"), ("office", "member"), ("guest", "viewer")];

/// The demo agency's owner, who reaches all of it.
pub const OWNER_EMAIL: &str = "demo-owner@mainstay.example";

/// Makes the demo agency under the platform where `actor` is owner; `actor` reaches the whole
/// platform. The demo's people can sign in when a `password` is given. False, and nothing is done,
/// when the agency is there already. What a seed that was cut left behind is made anew.
///
/// Whoever calls this, or [`remove`], holds the [`turn`].
pub async fn seed(
    engine: &Engine,
    actor: &Actor,
    now: Timestamp,
    password: Option<&str>,
) -> Result<bool> {
    let actor = Actor::system("seed", Reach::clone(&actor.reach));
    if !tenants(engine, &actor, "slug", AGENCY).await?.is_empty() {
        return Ok(false);
    }
    take_down(engine, &actor, UNFINISHED, &emails().collect::<Vec<_>>()).await?;
    let platform = actor.reach.home().ok_or_else(Error::forbidden)?;
    let data = json!({ "name": "Harbor & Co", "slug": UNFINISHED, "kind": "agency", "parent": platform.to_string() });
    let agency = id_in(&engine.create(&actor, "tenants", doc(data), &Shape::flat()).await?)?;
    let actor = reaching(&actor, agency, "USD")?;
    let leaders = LEADERS.iter().map(|(name, start, role)| user(name, start, role, password));
    create(engine, &actor, "users", leaders.collect()).await?;
    for trade in &TRADES {
        let account = open_account(engine, &actor, agency, trade, (trade.name, trade.slug)).await?;
        let staff = trade.people.iter().zip(STAFF).map(|(name, (post, role))| {
            user(name, &format!("demo-{}-{post}", trade.short), role, password)
        });
        let people = create(engine, &account, "users", staff.collect()).await?;
        Account::new(engine, &account, trade, people, now).fill().await?;
    }
    finish(engine, &actor, agency, AGENCY).await?;
    Ok(true)
}

/// Demos are made and removed by one process at a time: what is unfinished would look abandoned to
/// another, which would take it down.
pub async fn turn(engine: &Engine) -> Result<Turn> {
    engine.store().turn("demo").await
}

/// From here on the demo counts as whole.
async fn finish(engine: &Engine, actor: &Actor, tenant: Id, slug: &str) -> Result<()> {
    let (id, done) = (tenant.to_string(), doc(json!({ "slug": slug })));
    engine
        .update(actor, "tenants", &id, done, &Shape::flat(), &Condition::default())
        .await
        .map(|_| ())
}

/// Makes one account under the agency where `actor` is at home, as [`seed`] does. Nobody can sign in
/// as its people: their addresses carry a mark of the agency, for there may be others.
async fn seed_account(
    engine: &Engine,
    actor: &Actor,
    business: &str,
    now: Timestamp,
) -> Result<bool> {
    if !tenants(engine, actor, "slug", ACCOUNT).await?.is_empty() {
        return Ok(false);
    }
    let agency = actor.reach.home().ok_or_else(Error::forbidden)?;
    let mark = mark(agency);
    take_down(engine, actor, UNFINISHED_ACCOUNT, &marked(&mark)).await?;
    let trade = Trade::of(business).alone();
    let name = format!("Demo {}", trade.short);
    let account = open_account(engine, actor, agency, &trade, (&name, UNFINISHED_ACCOUNT)).await?;
    let staff = trade
        .people
        .iter()
        .zip(STAFF)
        .map(|(name, (post, role))| user(name, &marked_start(post, &mark), role, None));
    let people = create(engine, &account, "users", staff.collect()).await?;
    Account::new(engine, &account, &trade, people, now).fill().await?;
    let id = account.current().ok_or_else(Error::forbidden)?;
    finish(engine, &account, id, ACCOUNT).await?;
    Ok(true)
}

/// Removes that account with everything in it, and its people.
async fn remove_account(engine: &Engine, actor: &Actor) -> Result<bool> {
    let agency = actor.reach.home().ok_or_else(Error::forbidden)?;
    let emails = marked(&mark(agency));
    let whole = take_down(engine, actor, ACCOUNT, &emails).await?;
    Ok(take_down(engine, actor, UNFINISHED_ACCOUNT, &emails).await? || whole)
}

/// The end of an id is random; its start is a time.
fn mark(agency: Id) -> String {
    let text = agency.simple().to_string();
    text.chars().skip(text.len() - 12).collect()
}

fn marked_start(post: &str, mark: &str) -> String {
    format!("demo-{post}-{mark}")
}

fn marked(mark: &str) -> Vec<String> {
    STAFF.iter().map(|(post, _)| address(&marked_start(post, mark))).collect()
}

/// Removes the demo agency, its accounts with everything in them, and the demo's people. False
/// when there is no demo agency.
pub async fn remove(engine: &Engine, actor: &Actor) -> Result<bool> {
    let actor = Actor::system("seed", Reach::clone(&actor.reach));
    let emails: Vec<String> = emails().collect();
    let whole = take_down(engine, &actor, AGENCY, &emails).await?;
    Ok(take_down(engine, &actor, UNFINISHED, &emails).await? || whole)
}

/// Repeated after it was cut it goes on where it was: people first, the top last.
async fn take_down(engine: &Engine, actor: &Actor, slug: &str, people: &[String]) -> Result<bool> {
    let Some(agency) = tenants(engine, actor, "slug", slug).await?.pop() else {
        return Ok(false);
    };
    let mut going = tenants(engine, actor, "parent", &agency.to_string()).await?;
    going.push(agency);
    for tenant in going {
        let standing = actor.select(tenant).ok_or_else(Error::forbidden)?;
        dismiss(engine, &standing, people).await?;
        engine
            .delete(
                &standing,
                "tenants",
                &tenant.to_string(),
                &Shape::flat(),
                &Condition::default(),
            )
            .await?;
    }
    Ok(true)
}

/// Deletes the demo's people where the actor stands.
async fn dismiss(engine: &Engine, actor: &Actor, people: &[String]) -> Result<()> {
    let everyone = people.iter().map(|email| Value::from(email.as_str())).collect();
    let people = Find {
        filter: Where::test("email", Op::In, Value::Array(everyone)),
        limit: 0,
        shape: Shape::flat(),
        ..Find::default()
    };
    let bulk = engine.delete_where(actor, "users", &people).await?;
    bulk.errors.into_iter().next().map_or(Ok(()), |(_, error)| Err(error))
}

async fn open_account(
    engine: &Engine,
    actor: &Actor,
    agency: Id,
    trade: &Trade,
    (name, slug): (&str, &str),
) -> Result<Actor> {
    let data = json!({
        "name": name,
        "slug": slug,
        "kind": "account",
        "parent": agency.to_string(),
        "currency": trade.currency,
        "timezone": trade.timezone,
    });
    let id = id_in(&engine.create(actor, "tenants", doc(data), &Shape::flat()).await?)?;
    reaching(actor, id, trade.currency)
}

/// The actor standing in a tenant that was just made.
fn reaching(actor: &Actor, tenant: Id, currency: &str) -> Result<Actor> {
    let currency = Currency::parse(currency).unwrap_or(Currency::USD);
    let mut grants = actor.reach.grants().to_vec();
    grants.push(Grant { tenant, role: Role::Owner, currency });
    let reach = Reach::new(grants, actor.reach.home());
    Actor::system("seed", reach).select(tenant).ok_or_else(Error::forbidden)
}

/// Ids of the tenants with this value.
async fn tenants(engine: &Engine, actor: &Actor, field: &str, value: &str) -> Result<Vec<Id>> {
    let find = Find {
        filter: Where::test(field, Op::Equals, value),
        limit: 0,
        shape: Shape::flat(),
        ..Find::default()
    };
    engine.find(actor, "tenants", &find).await?.docs.iter().map(|text| id_in(text)).collect()
}

fn emails() -> impl Iterator<Item = String> {
    let leaders = LEADERS.iter().map(|(_, start, _)| (*start).to_owned());
    let staff = TRADES
        .iter()
        .flat_map(|t| STAFF.iter().map(|(post, _)| format!("demo-{}-{post}", t.short)));
    leaders.chain(staff).map(|start| address(&start))
}

fn address(start: &str) -> String {
    format!("{start}@mainstay.example")
}

fn user(name: &str, start: &str, role: &str, password: Option<&str>) -> Doc {
    let mut doc = doc(json!({ "name": name, "email": address(start), "role": role }));
    if let Some(password) = password {
        doc.insert("password".into(), password.into());
    }
    doc
}

fn doc(json: Json) -> Doc {
    match json {
        Json::Object(doc) => doc,
        _ => Doc::new(),
    }
}

fn id_in(text: &str) -> Result<Id> {
    let wrong = || Error::internal("a document without an id");
    let doc: Doc = serde_json::from_str(text).map_err(|e| wrong().with_source(e))?;
    let id = doc.get("id").and_then(crate::value::id_of);
    id.ok_or_else(wrong)
}

/// Creates all or says what is wrong with the first that was refused.
async fn create(engine: &Engine, actor: &Actor, slug: &str, docs: Vec<Doc>) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(docs.len());
    for outcome in engine.create_many(actor, slug, docs).await? {
        ids.push(outcome?);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_is_large_enough_and_says_its_owner() {
        let sum = |count: fn(&Trade) -> usize| TRADES.iter().map(count).sum::<usize>();
        assert!(sum(|t| t.companies) >= 60);
        assert!(sum(|t| t.contacts) >= 500);
        assert!(sum(|t| t.deals) >= 50);
        let alone = TRADES.iter().map(Trade::alone);
        assert!(alone.clone().all(|t| t.companies >= 60 && t.contacts >= 500 && t.deals >= 50));
        let all = TRADES.iter().copied().chain(alone);
        assert!(all.into_iter().all(|t| t.heads.len() * t.tails.len() >= t.companies));
        assert!(emails().any(|email| email == OWNER_EMAIL));
    }
}
