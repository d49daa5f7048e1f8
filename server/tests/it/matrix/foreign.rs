//! Ids and words of other tenants in every place where a request can name one: never accepted, never
//! found, never touched, never shown.

use std::collections::BTreeSet;

use define::Tenancy;
use futures_util::{StreamExt, stream};
use kernel::{Role, new_id};
use reqwest::Method;
use serde_json::{Value, json};

use super::digest::Witness;
use super::generate::{Relation, pointed, relations};
use super::world::{Level, Place, World, is_reached};
use crate::support::app::{Person, TestApp, read};

const FOREIGN: [Place; 4] =
    [Place::Sibling, Place::Parent, Place::OtherAgency, Place::AccountOfOther];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_relation_leads_to_another_tenant() {
    let app = TestApp::start().await;
    let mut world = World::new(&app).await;
    let witness = Witness::of(&app).await;
    let level = Level::Account;
    let own = world.tenant(level, Place::Own);
    let mut tried = 0;
    for collection in world.collections() {
        let slug = collection.slug.as_str();
        for relation in relations(&collection) {
            let mut data = world.maker.data(own, slug).await;
            let derived = relation.field.derived.as_ref();
            if let Some(through) = derived.map(|d| d.through.as_str())
                && collection.field(through).is_some_and(|f| !f.required)
            {
                data[through] = Value::Null;
            }
            let person = world.person(level, Some(Role::Owner));
            let doc = world.doc(level, Place::Own, slug);
            let (_, first) = person.get(&format!("/api/{slug}/{doc}?depth=0")).await;
            let before = witness.look().await;
            for place in FOREIGN {
                let id = world.doc(level, place, &relation.to).to_string();
                let point = |id: &str| pointed(&data, &relation, &collection, id);
                for (method, path) in [
                    (Method::POST, format!("/api/{slug}?depth=3")),
                    (Method::PATCH, format!("/api/{slug}/{doc}?depth=3")),
                ] {
                    let foreign = person.send(method.clone(), &path, Some(point(&id))).await;
                    let name = format!("{method} {slug} {:?} → {place:?}", relation.path);
                    tried += 1;
                    if is_ignored(&relation, &method) {
                        let (_, now) = person.get(&format!("/api/{slug}/{doc}?depth=0")).await;
                        let key = relation.path[0].as_str();
                        let kept = method == Method::POST || now[key] == first[key];
                        assert!(kept, "{name}: {now}");
                        assert!(method == Method::PATCH || !foreign.1.to_string().contains(&id));
                        continue;
                    }
                    assert_eq!(foreign.0.as_u16(), 400, "{name}: {}", foreign.1);
                    let absent = new_id().to_string();
                    let (status, body) = person.send(method, &path, Some(point(&absent))).await;
                    let same = body.to_string().replace(&absent, &id);
                    assert_eq!((foreign.0, foreign.1.to_string()), (status, same), "{name}");
                }
            }
            let ignored = [Method::POST, Method::PATCH].iter().any(|m| is_ignored(&relation, m));
            let changed = witness.changed_since(&before).await;
            assert!(
                ignored || changed.is_empty(),
                "{slug} {:?} changed {changed:?}",
                relation.path
            );
        }
    }
    assert!(tried > 100, "only {tried} requests; are there no relations?");
}

/// What the product writes itself; a derived one only follows when its source is set.
fn is_ignored(relation: &Relation, method: &Method) -> bool {
    let field = &relation.field;
    field.read_only || (field.create_only && *method == Method::PATCH)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_query_finds_or_shows_what_is_another_tenants() {
    let app = TestApp::start().await;
    let world = World::new(&app).await;
    let witness = Witness::of(&app).await;
    for level in [Level::Account, Level::Agency] {
        let reached: BTreeSet<_> = level
            .places()
            .iter()
            .filter(|p| is_reached(**p))
            .map(|p| world.tenant(level, *p))
            .collect();
        let canaries: Vec<&str> = world
            .tenants
            .iter()
            // The agency's people see its other account as well.
            .filter(|(name, id)| {
                !reached.contains(id) && (level == Level::Account || **name != "south")
            })
            .map(|(_, id)| world.maker.canary(*id))
            .collect();
        for role in [Role::Viewer, Role::Owner] {
            let person = world.person(level, Some(role));
            let queries = queries(&world, level, role);
            let count = queries.len();
            let before = witness.look().await;
            let asked = queries.into_iter().map(|q| silent(person, q, &canaries));
            stream::iter(asked).buffer_unordered(8).collect::<Vec<()>>().await;
            assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
            assert!(count > 200, "{count}");
        }
    }
}

/// A request and, if it must find an exact number of documents, that.
struct Query {
    method: Method,
    path: String,
    found: Option<i64>,
}

fn queries(world: &World<'_>, level: Level, role: Role) -> Vec<Query> {
    let mut out = Vec::new();
    let readable = |c: &define::Collection| c.access.read.possible(Some(role));
    for collection in world.collections().into_iter().filter(readable) {
        let slug = &collection.slug;
        let own = world.doc(level, Place::Own, slug);
        let mut send = |method: &Method, tail: String, found: Option<i64>| {
            out.push(Query { method: method.clone(), path: format!("/api/{slug}{tail}"), found });
        };
        let get = &Method::GET;
        send(get, "?limit=0&depth=3&trash=true".into(), None);
        send(get, "?limit=0&depth=10&pagination=false".into(), None);
        send(get, format!("/{own}?depth=3"), None);
        send(get, format!("/aggregate?group=id,{}&trash=true", collection.title), None);
        for place in level.places().iter().filter(|p| !is_reached(**p)) {
            let tenant = world.tenant(level, *place);
            let word = world.maker.canary(tenant);
            let id = world.doc(level, *place, slug);
            send(get, format!("?where[id][in]={own},{id}&depth=3"), Some(1));
            send(
                get,
                format!("?where[or][0][id][equals]={id}&where[or][1][id][equals]={own}"),
                Some(1),
            );
            send(get, format!("/count?where[id][equals]={id}"), Some(0));
            send(get, format!("/aggregate?group=id&where[id][in]={own},{id}"), Some(1));
            if !collection.search.is_empty() {
                send(get, format!("?q={word}&depth=3&trash=true"), Some(0));
                send(get, format!("/count?q={word}&where[tenant][in]={tenant}"), Some(0));
                send(get, format!("/aggregate?q={word}&group=tenant"), Some(0));
                send(&Method::PATCH, format!("?q={word}&where[id][exists]=true&limit=0"), Some(0));
            }
            if collection.tenancy == Tenancy::Tenant {
                send(get, format!("?where[tenant][equals]={tenant}"), Some(0));
                send(get, format!("?where[tenant.name][like]={word}"), Some(0));
                send(get, format!("/count?where[tenant][in]={tenant}"), Some(0));
                send(
                    get,
                    format!("/aggregate?group=tenant.name&where[tenant][in]={tenant}"),
                    Some(0),
                );
            }
            for relation in relations(&collection) {
                let path = relation.path.join(".");
                let target = world.doc(level, *place, &relation.to);
                let title = &world.app.engine().collection(&relation.to).unwrap().title;
                // One's own tenant does stand under its parent.
                let found = (collection.tenancy != Tenancy::Tree).then_some(0);
                send(get, format!("?where[{path}][equals]={target}&depth=3"), found);
                send(get, format!("?where[{path}.id][in]={target}"), found);
                send(get, format!("?where[{path}.{title}][like]={word}"), None);
                send(get, format!("?sort=-{path}.{title}&limit=0&depth=3"), None);
                send(get, format!("/aggregate?group={path},{path}.{title}"), None);
            }
            for method in [Method::PATCH, Method::DELETE] {
                for filter in [format!("[id][in]={id}"), format!("[tenant][equals]={tenant}")] {
                    let known = collection.tenancy == Tenancy::Tenant || filter.starts_with("[id]");
                    if known {
                        send(&method, format!("?where{filter}&limit=0"), Some(0));
                    }
                }
            }
            send(get, format!("?limit=0&depth=1&sort=tenant&where[id][not_equals]={id}"), None);
        }
    }
    out
}

/// The answer holds no word of anybody else, and finds what it should.
async fn silent(person: &Person<'_>, query: Query, canaries: &[&str]) {
    let Query { method, path, found } = query;
    let writes = method != Method::GET;
    let mut request = person.request(method.clone(), &path);
    if method == Method::PATCH {
        request = request.json(&json!({}));
    }
    let (status, body) = read(request.send().await.unwrap()).await;
    if status.as_u16() == 403 && writes {
        return;
    }
    // A title need not be a text, and what cannot be asked is refused.
    let refused =
        status.as_u16() == 400 && body["errors"][0]["name"] == "QueryError" && found.is_none();
    assert!(status.as_u16() == 200 || refused, "{method} {path}: {status} {body}");
    let text = body.to_string();
    for canary in canaries {
        // The path itself may be repeated in a refusal.
        assert!(refused || !text.contains(canary), "{method} {path} shows {canary}: {text}");
    }
    let number = match &body {
        Value::Object(map) if map.contains_key("totalDocs") => map["totalDocs"].as_i64(),
        Value::Object(map) if map.contains_key("total") => map["total"]["count"].as_i64(),
        _ => body["docs"].as_array().map(|docs| docs.len() as i64),
    };
    if let Some(found) = found {
        assert_eq!(number, Some(found), "{method} {path}: {text}");
    }
}

/// Somebody who was a colleague and is elsewhere now: what names them keeps their id and tells no more.
#[tokio::test]
async fn a_person_who_left_is_a_bare_id() {
    let app = TestApp::start().await;
    let (north, south) = (app.account("north").await, app.account("south").await);
    app.user(north, "ann@north.example", Role::Owner).await;
    let left = app.user(north, "left@secret.example", Role::Viewer).await;
    let contact = json!({ "firstName": "Cleo", "owner": left });
    let contact = app.create(north, "contacts", contact).await;
    let ann = app.sign_in("ann@north.example").await;
    let path = format!("/api/contacts/{contact}");
    assert_eq!(
        ann.get(&format!("{path}?depth=1")).await.1["owner"]["email"],
        "left@secret.example"
    );

    let (_, found) = ann.get(&format!("/api/memberships?where[user][equals]={left}&depth=0")).await;
    app.create(south, "memberships", json!({ "user": left, "role": "viewer" })).await;
    let membership = found["docs"][0]["id"].as_str().unwrap();
    let (status, body) = ann.delete(&format!("/api/memberships/{membership}?depth=0")).await;
    assert_eq!(status.as_u16(), 200, "{body}");

    for depth in [0, 1, 2, 10] {
        let (_, seen) = ann.get(&format!("{path}?depth={depth}")).await;
        assert_eq!(seen["owner"], json!(left), "depth {depth}");
    }
    for (filter, found) in [
        (format!("where[owner][equals]={left}"), 1),
        ("where[owner.email][equals]=left@secret.example".to_owned(), 0),
        ("where[owner.email][like]=secret".to_owned(), 0),
        ("where[owner.email][exists]=true".to_owned(), 0),
    ] {
        let (_, seen) = ann.get(&format!("/api/contacts?{filter}&sort=owner.email")).await;
        assert_eq!(seen["totalDocs"], found, "{filter}: {seen}");
        assert!(!seen.to_string().contains("secret"), "{seen}");
    }
    assert_eq!(ann.get(&format!("/api/users/{left}")).await.0.as_u16(), 404);
    // A new reference to them is refused like one to nobody.
    let (status, body) =
        ann.post("/api/contacts", json!({ "firstName": "Dan", "owner": left })).await;
    assert_eq!(status.as_u16(), 400, "{body}");
}
