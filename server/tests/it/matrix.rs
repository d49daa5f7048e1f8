//! Who may do what where: every collection × verb × role × place, as a loop over the definitions.
//!
//! What is expected is computed from a collection's access rules and from reach alone. Nobody: 403.
//! In reach, not permitted: 403. Out of reach: exactly what an id that does not exist gets. And
//! whatever was refused has changed no row of any table.

pub(crate) mod digest;
mod foreign;
pub(crate) mod generate;
mod routes;
pub(crate) mod world;

use std::collections::BTreeSet;

use define::{Collection, Field, Rule, Tenancy};
use futures_util::{StreamExt, stream};
use kernel::{Id, Role, new_id};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Answer, OWNER, Person, TestApp, read};
use digest::Witness;
use generate::amendment;
use world::{Level, Place, ROLES, World, is_reached};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    List,
    Count,
    Aggregate,
    ById,
    Access,
    AccessById,
    Create,
    Update,
    BulkUpdate,
    Duplicate,
    Delete,
    BulkDelete,
}

const VERBS: [Verb; 12] = [
    Verb::List,
    Verb::Count,
    Verb::Aggregate,
    Verb::ById,
    Verb::Access,
    Verb::AccessById,
    Verb::Create,
    Verb::Update,
    Verb::BulkUpdate,
    Verb::Duplicate,
    Verb::Delete,
    Verb::BulkDelete,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expected {
    Done,
    /// Fine, and nothing found.
    Nothing,
    /// Found, and none of it may be changed.
    NoneOfThem,
    Forbidden,
    NotFound,
    Invalid,
}

impl Expected {
    fn status(self, verb: Verb) -> u16 {
        match self {
            Expected::Done if verb == Verb::Create => 201,
            Expected::Done | Expected::Nothing => 200,
            Expected::NoneOfThem | Expected::Invalid => 400,
            Expected::Forbidden => 403,
            Expected::NotFound => 404,
        }
    }
}

/// One cell of the matrix.
#[derive(Clone)]
struct Cell<'c> {
    level: Level,
    role: Option<Role>,
    place: Place,
    collection: &'c Collection,
    verb: Verb,
}

impl Cell<'_> {
    fn name(&self) -> String {
        let role = self.role.map_or("nobody", Role::as_str);
        format!(
            "{role} of the {:?} → {:?} {} in {:?}",
            self.level, self.verb, self.collection.slug, self.place
        )
    }

    fn rule(&self) -> &Rule {
        let access = &self.collection.access;
        match self.verb {
            Verb::Create | Verb::Duplicate => &access.create,
            Verb::Update | Verb::BulkUpdate => &access.update,
            Verb::Delete | Verb::BulkDelete => &access.delete,
            _ => &access.read,
        }
    }

    fn expected(&self) -> Expected {
        if self.role.is_none() {
            // Asking what one may do is for everyone; the answer is: nothing.
            return if self.verb == Verb::Access { Expected::Done } else { Expected::Forbidden };
        }
        if self.verb == Verb::Access && is_reached(self.place) {
            return Expected::Done;
        }
        let possible = self.rule().possible(self.role);
        // Whoever may read nothing of it need not be told that it is not there.
        let unread = !self.collection.access.read.possible(self.role);
        if unread && self.verb != Verb::Access && (self.verb != Verb::Create || possible) {
            return Expected::Forbidden;
        }
        let bulk = matches!(self.verb, Verb::BulkUpdate | Verb::BulkDelete);
        if !is_reached(self.place) {
            return match self.verb {
                Verb::Access => Expected::Forbidden,
                Verb::List | Verb::Count | Verb::Aggregate => Expected::Nothing,
                Verb::Create => Expected::Invalid,
                _ if bulk && possible => Expected::Nothing,
                _ if bulk => Expected::Forbidden,
                _ => Expected::NotFound,
            };
        }
        if self.is_copy_beside() {
            return Expected::Invalid;
        }
        if self.rule().allows(self.role, &of_the_matrix) {
            return self.excepted().unwrap_or(Expected::Done);
        }
        if bulk && possible { Expected::NoneOfThem } else { Expected::Forbidden }
    }

    /// A copy of one's own tenant would stand beside it, under a tenant out of reach.
    fn is_copy_beside(&self) -> bool {
        self.collection.tenancy == Tenancy::Tree
            && (self.verb, self.place) == (Verb::Duplicate, Place::Own)
    }

    /// What hooks refuse to those who may.
    fn excepted(&self) -> Option<Expected> {
        let creates = matches!(self.verb, Verb::Create | Verb::Duplicate);
        match (self.collection.slug.as_str(), self.level, self.place) {
            // A tenant is deleted from above, where that is recorded.
            ("tenants", _, Place::Own) if self.verb == Verb::Delete => Some(Expected::Forbidden),
            ("tenants", _, Place::Own) if self.verb == Verb::BulkDelete => {
                Some(Expected::NoneOfThem)
            }
            // An account has no tenants below it.
            ("tenants", Level::Account, _) if creates => Some(Expected::Invalid),
            ("tenants", _, Place::Below) if self.verb == Verb::Create => Some(Expected::Invalid),
            // Whom an account's people see is a member already.
            ("memberships", Level::Account, _) if creates => Some(Expected::Invalid),
            _ => None,
        }
    }

    /// Method, path and body of the request for this document or tenant.
    fn call(&self, id: &str, tenant: &str, data: &Value) -> (Method, String, Option<Value>) {
        let base = format!("/api/{}", self.collection.slug);
        let found = format!("{base}?where[id][equals]={id}&depth=0");
        let changed = || Some(amendment(self.collection, "another-word"));
        match self.verb {
            Verb::List => (Method::GET, found, None),
            Verb::Count => (Method::GET, format!("{base}/count?where[id][equals]={id}"), None),
            Verb::Aggregate => {
                let day = if self.collection.ledger { "at" } else { "createdAt" };
                let query = format!("where[id][equals]={id}&group=id,{day}:day");
                (Method::GET, format!("{base}/aggregate?{query}"), None)
            }
            Verb::ById => (Method::GET, format!("{base}/{id}?depth=0"), None),
            Verb::Access => (Method::POST, format!("{base}/access"), None),
            Verb::AccessById => (Method::POST, format!("{base}/access/{id}"), None),
            Verb::Create => {
                let key =
                    if self.collection.tenancy == Tenancy::Tree { "parent" } else { "tenant" };
                let mut data = data.clone();
                data[key] = tenant.into();
                (Method::POST, format!("{base}?depth=0"), Some(data))
            }
            Verb::Update => (Method::PATCH, format!("{base}/{id}"), changed()),
            Verb::BulkUpdate => (Method::PATCH, found, changed()),
            Verb::Duplicate => {
                (Method::POST, format!("{base}/{id}/duplicate?depth=0"), Some(self.over(data)))
            }
            Verb::Delete => (Method::DELETE, format!("{base}/{id}"), None),
            Verb::BulkDelete => (Method::DELETE, found, None),
        }
    }

    /// The parts of new data that a copy cannot share with its original.
    fn over(&self, data: &Value) -> Value {
        let unique = self.collection.indexes.iter().filter(|i| i.unique).flat_map(|i| &i.fields);
        // A copy of a tenant stands where the tenant stands.
        let unique = unique.filter(|name| *name != "parent");
        // Nobody is invited twice.
        let invites = |f: &Field| self.collection.slug == "invitations" && f.name == "email";
        let single = self
            .collection
            .fields
            .iter()
            .filter(|f| f.unique || f.write_only || invites(f))
            .map(|f| &f.name);
        unique.chain(single).map(|name| (name.clone(), data[name.as_str()].clone())).collect()
    }

    fn route(&self) -> (String, String) {
        let (method, path, _) = self.call("{id}", "", &json!({}));
        let path = path.split('?').next().unwrap_or_default().to_owned();
        (method.to_string(), path)
    }
}

/// The documents of the matrix are nobody's own; their checkboxes are ticked.
fn of_the_matrix(rule: &Rule) -> bool {
    matches!(rule, Rule::Is(_))
}

/// Standing in a tenant is asked for `Access` only, which names none otherwise.
async fn send(
    person: &Person<'_>,
    cell: &Cell<'_>,
    id: &str,
    tenant: &str,
    data: &Value,
) -> Answer {
    let (method, path, body) = cell.call(id, tenant, data);
    let mut request = person.request(method, &path);
    if cell.verb == Verb::Access {
        request = request.header("X-Tenant", tenant);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    read(request.send().await.unwrap()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_may_do_what_the_definitions_say_and_no_more() {
    let app = TestApp::start().await;
    let mut world = World::new(&app).await;
    let collections = world.collections();
    let witness = Witness::of(&app).await;
    let mut visited = BTreeSet::new();
    for level in [Level::Account, Level::Agency] {
        for role in ROLES {
            for place in level.places() {
                let cells: Vec<Cell<'_>> = collections
                    .iter()
                    .flat_map(|c| {
                        VERBS.map(|verb| Cell { level, role, place: *place, collection: c, verb })
                    })
                    .collect();
                let offered = cells.iter().filter(|cell| *cell.rule() != Rule::Never);
                visited.extend(offered.map(Cell::route));
                let (done, refused): (Vec<_>, Vec<_>) =
                    cells.into_iter().partition(|cell| cell.expected() == Expected::Done);
                refuse(&mut world, &witness, &refused).await;
                for cell in done {
                    permit(&mut world, &cell).await;
                }
            }
        }
    }
    routes::ask(&app, "viewer@north.example.test").await;
    for route in routes::others() {
        assert!(visited.insert((route.method.to_string(), route.template.to_owned())));
    }
    let routes: BTreeSet<_> =
        rest::openapi::routes_of(&collections, app.engine().actions()).into_iter().collect();
    let missing: Vec<_> = routes.difference(&visited).collect();
    assert!(missing.is_empty(), "routes that no test visits: {missing:?}");
    let gone: Vec<_> = visited.difference(&routes).collect();
    assert!(gone.is_empty(), "tested routes that are not documented: {gone:?}");
}

/// All of them refused, as something absent is, and without a trace.
async fn refuse(world: &mut World<'_>, witness: &Witness, cells: &[Cell<'_>]) {
    let mut data = Vec::with_capacity(cells.len());
    for cell in cells {
        let tenant = world.tenant(cell.level, cell.place);
        data.push(match cell.verb {
            Verb::Create | Verb::Duplicate => world.maker.data(tenant, &cell.collection.slug).await,
            _ => Value::Null,
        });
    }
    let before = witness.look().await;
    let world = &*world;
    let checks = cells.iter().zip(&data).map(|(cell, data)| check_refused(world, cell, data));
    stream::iter(checks).buffer_unordered(8).collect::<Vec<()>>().await;
    let changed = witness.changed_since(&before).await;
    let first = cells.first().map(Cell::name);
    assert!(changed.is_empty(), "refused requests like {first:?} changed {changed:?}");
}

async fn check_refused(world: &World<'_>, cell: &Cell<'_>, data: &Value) {
    let person = world.person(cell.level, cell.role);
    let id = world.doc(cell.level, cell.place, &cell.collection.slug).to_string();
    let tenant = world.tenant(cell.level, cell.place).to_string();
    let (status, body) = send(person, cell, &id, &tenant, data).await;
    let expected = cell.expected();
    assert_eq!(status.as_u16(), expected.status(cell.verb), "{}: {body}", cell.name());
    match expected {
        Expected::Forbidden => assert_eq!(body, forbidden(), "{}", cell.name()),
        Expected::NotFound => assert_eq!(body, json!({"errors": [{"message": "Not Found"}]})),
        Expected::Nothing => {
            let found = body.get("totalDocs").or(body.pointer("/total/count"));
            assert_eq!(found.cloned().unwrap_or(json!(0)), 0, "{}", cell.name());
            for list in ["docs", "groups"] {
                let shown = body.get(list).cloned().unwrap_or(json!([]));
                assert_eq!(shown, json!([]), "{}", cell.name());
            }
        }
        Expected::NoneOfThem => {
            assert_eq!(body["docs"], json!([]), "{}", cell.name());
            assert_eq!(body["errors"].as_array().map(Vec::len), Some(1), "{}", cell.name());
        }
        Expected::Invalid => assert_eq!(body["errors"][0]["name"], "ValidationError"),
        Expected::Done => {}
    }
    if is_reached(cell.place) && cell.role.is_some() {
        return;
    }
    let (nothing, nowhere) = (new_id().to_string(), new_id().to_string());
    let absent = send(person, cell, &nothing, &nowhere, data).await;
    assert_eq!(absent, (status, body), "{}: an absent one is answered otherwise", cell.name());
}

fn forbidden() -> Value {
    json!({"errors": [{"message": "You are not allowed to perform this action."}]})
}

/// Permitted, and done to a document of its own.
async fn permit(world: &mut World<'_>, cell: &Cell<'_>) {
    let slug = cell.collection.slug.as_str();
    let tenant = world.tenant(cell.level, cell.place);
    let destroys = matches!(cell.verb, Verb::Delete | Verb::BulkDelete);
    let id = match (cell.verb, destroys) {
        (_, true) => fresh(world, cell, tenant).await,
        _ => world.doc(cell.level, cell.place, slug),
    };
    let data = match cell.verb {
        Verb::Create | Verb::Duplicate => acceptable(world, cell, tenant).await,
        _ => Value::Null,
    };
    let person = world.person(cell.level, cell.role);
    let (status, body) = send(person, cell, &id.to_string(), &tenant.to_string(), &data).await;
    let name = cell.name();
    assert_eq!(status.as_u16(), Expected::Done.status(cell.verb), "{name}: {body} {data}");
    let id = json!(id);
    match cell.verb {
        Verb::List => {
            assert_eq!((&body["totalDocs"], &body["docs"][0]["id"]), (&json!(1), &id), "{name}");
        }
        Verb::Count => assert_eq!(body, json!({"totalDocs": 1}), "{name}"),
        Verb::Aggregate => {
            assert_eq!(body["total"]["count"], 1, "{name}");
            assert_eq!(body["groups"][0]["key"]["id"], id, "{name}");
        }
        Verb::ById => assert_eq!(body["id"], id, "{name}"),
        Verb::Access if cell.role.is_none() => assert_eq!(body, json!({}), "{name}"),
        Verb::Access | Verb::AccessById => check_access(cell, &body),
        Verb::Create | Verb::Duplicate => {
            assert_ne!(body["doc"]["id"], id, "{name}");
            if cell.collection.tenancy == Tenancy::Tenant {
                assert_eq!(body["doc"]["tenant"], json!(tenant), "{name}");
            }
        }
        Verb::Update | Verb::Delete => assert_eq!(body["doc"]["id"], id, "{name}"),
        Verb::BulkUpdate | Verb::BulkDelete => {
            assert_eq!(body["docs"].as_array().map(Vec::len), Some(1), "{name}: {body}");
            assert_eq!(body["docs"][0]["id"], id, "{name}");
        }
    }
    if destroys {
        let (status, _) =
            person.get(&format!("/api/{slug}/{}?trash=true", id.as_str().unwrap())).await;
        assert_eq!(status.as_u16(), 404, "{name}: still there");
    }
}

/// The answer to "what may I do" is what the rules say.
fn check_access(cell: &Cell<'_>, body: &Value) {
    let access = &cell.collection.access;
    for (key, rule) in [
        ("create", &access.create),
        ("read", &access.read),
        ("update", &access.update),
        ("delete", &access.delete),
    ] {
        let is_own_tenant = cell.collection.tenancy == Tenancy::Tree && cell.place == Place::Own;
        let may = match (cell.verb, key) {
            // A tenant goes from above only.
            (Verb::AccessById, "delete") if is_own_tenant => false,
            (Verb::AccessById, "update" | "delete") => rule.allows(cell.role, &of_the_matrix),
            _ => rule.possible(cell.role),
        };
        assert_eq!(
            body.get(key) == Some(&Value::Bool(true)),
            may,
            "{}, {key}: {body}",
            cell.name()
        );
    }
}

/// A document that nothing else needs.
async fn fresh(world: &mut World<'_>, cell: &Cell<'_>, tenant: Id) -> Id {
    if cell.collection.tenancy == Tenancy::Tree {
        // Not the tenant itself, in which others still live, but another under the same agency.
        let agency = world.tenants["agency"];
        let data = world.maker.data(agency, "tenants").await;
        return world.maker.write(agency, "tenants", data).await;
    }
    world.maker.make(tenant, &cell.collection.slug).await
}

async fn acceptable(world: &mut World<'_>, cell: &Cell<'_>, tenant: Id) -> Value {
    let mut data = world.maker.data(tenant, &cell.collection.slug).await;
    if cell.collection.slug == "memberships" {
        // Somebody who can be seen and is no member here yet.
        let elsewhere = if cell.place == Place::Own { "south" } else { "agency" };
        let user = world.maker.make(world.tenants[elsewhere], "users").await;
        data["user"] = json!(user);
        data["role"] = json!("viewer");
    }
    data
}

const STILL_NEEDED: &str = "Other records (tenants) still refer to this one.";

#[tokio::test]
async fn a_tenant_is_deleted_from_above_with_all_it_has() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let (mine, other) = (app.tenant(agency, "mine").await, app.tenant(agency, "other").await);
    app.user(mine, "owner@mine.example", Role::Owner).await;
    app.user(agency, "owner@agency.example", Role::Owner).await;
    app.create(mine, "companies", json!({ "name": "Gone" })).await;
    let kept = app.create(other, "companies", json!({ "name": "Kept" })).await;
    let path = format!("/api/tenants/{mine}");
    let owner = app.sign_in("owner@mine.example").await;
    assert_eq!(owner.delete(&path).await.0.as_u16(), 403);
    let above = app.sign_in("owner@agency.example").await;
    let top = app.sign_in(OWNER).await;
    let (status, body) = top.delete(&format!("/api/tenants/{agency}")).await;
    assert_eq!((status.as_u16(), &body["errors"][0]["message"]), (409, &json!(STILL_NEEDED)));
    let (status, body) = above.delete(&path).await;
    assert_eq!(status.as_u16(), 200, "{body}");
    let witness = Witness::of(&app).await;
    for table in ["companies", "activities", "memberships", "audit"] {
        let left = format!("SELECT count(*) FROM {table} WHERE tenant_id = '{mine}'");
        assert_eq!(witness.number(&left).await, 0, "{table}");
    }
    let told = format!(
        "SELECT count(*) FROM audit WHERE tenant_id = '{agency}' AND document_id = '{mine}' AND verb = 'delete'"
    );
    assert_eq!(witness.number(&told).await, 1);
    assert_eq!(owner.get("/api/companies").await.0.as_u16(), 403);
    assert_eq!(above.get(&format!("/api/companies/{kept}")).await.0.as_u16(), 200);
    assert_eq!(above.get(&path).await.0.as_u16(), 404);
}
