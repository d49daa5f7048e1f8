//! A recorded request as this server is to be asked it: who asks, which ids, and what the record does not
//! hold (headers, bodies that are no JSON).

use reqwest::Method;
use serde_json::{Value, json};

use super::Exchange;
use super::ids::Ids;
use super::world::World;

/// Collections that were open to whoever came. Here a member of the account asks.
const OPEN: [&str; 4] = ["posts", "authors", "closed", "media"];
/// Asked with a token the record does not name: not the first user's.
const BY_TENANT_USER: [&str; 17] = [
    "deal.member",
    "deal.member.cookie",
    "deal.member.own",
    "deal.member.foreign",
    "deal.list.member",
    "deal.foreign.get",
    "deal.foreign.get2",
    "deal.foreign.patch",
    "deal.foreign.delete",
    "deal.own.move",
    "deal.bulk.foreign",
    "tenants.member",
    "users.member",
    "deal.where.foreign",
    "tenant.options",
    "me.tenants",
    "tenant.count",
];
/// The second of two who work on the same document.
const BY_VISITOR: [&str; 4] =
    ["lk.patch.other", "lk.patch.override", "lk.delete.other", "lk.bulk.other"];
const BY_SECOND_USER: [&str; 2] = ["logout.all", "me.reset.oldtoken"];
/// Asked with a token of another collection that signs in: here one that nobody signed.
const BY_MEMBER: [&str; 5] =
    ["members.me", "me.crosscollection", "logout.crosscollection", "logout.ok", "me.afterlogout"];
const API_KEY: &str = "11111111-2222-3333-4444-555555555555";
const BOUNDARY: &str = "recorded";

/// A request, ready to be sent.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Option<String>,
}

/// Ours are at least eight characters long.
pub(super) fn password(recorded: &str) -> String {
    format!("{recorded} is long enough")
}

/// Whom an exchange signs in.
pub(super) fn signs_in(name: &str) -> Option<&'static str> {
    match name {
        "first.ok" | "login.ok" | "refresh.ok" | "lk.login" => Some("root"),
        "login.afterunlock" | "reset.ok" | "login.t2" => Some("second"),
        "tuser.login" | "lk.login2" => Some("tenant user"),
        _ => None,
    }
}

impl Asked {
    pub(super) fn json(method: Method, path: &str, token: &str, body: &Value) -> Asked {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        if !token.is_empty() {
            headers.push(("authorization", format!("JWT {token}")));
        }
        Asked { method, path: path.to_owned(), headers, body: Some(body.to_string()) }
    }

    pub(super) async fn of(exchange: &Exchange, world: &World) -> Asked {
        let ids = &world.ids;
        let mut asked = Asked {
            method: exchange.method.parse().unwrap(),
            path: path(&exchange.path, ids),
            headers: Vec::new(),
            body: None,
        };
        if let Some(body) = &exchange.body {
            let body = input(exchange.collection(), body, ids);
            asked.body = Some(body.to_string());
            asked.headers.push(("content-type", "application/json".to_owned()));
        }
        if let Some(credentials) = credentials(exchange, world) {
            asked.headers.push(("authorization", credentials));
        }
        // Nothing is locked here: what would be deleted is one that is not asked for again.
        if exchange.name == "lk.delete.other" {
            asked.path = format!("/authors/{}", ids.of("authors", 8));
        }
        unrecorded(&mut asked, &exchange.name, world);
        tokens(&mut asked, &exchange.name, world).await;
        asked
    }
}

fn credentials(exchange: &Exchange, world: &World) -> Option<String> {
    let name = exchange.name.as_str();
    let scheme = exchange.auth.as_deref().map(|auth| auth.split(' ').next().unwrap_or_default());
    match scheme {
        _ if name == "me.garbage" => exchange.auth.clone(),
        _ if BY_MEMBER.contains(&name) => Some("JWT some.other.token".to_owned()),
        None if OPEN.contains(&exchange.collection()) => {
            Some(format!("JWT {}", world.token("visitor")))
        }
        None => None,
        Some("users" | "Users") => {
            let key = if name == "me.apikey.bad" { "wrong" } else { API_KEY };
            Some(format!("{} API-Key {key}", scheme.unwrap_or_default()))
        }
        Some(scheme) => {
            let person = match name {
                _ if BY_TENANT_USER.contains(&name) => "tenant user",
                _ if BY_VISITOR.contains(&name) => "visitor",
                _ if BY_SECOND_USER.contains(&name) => "second",
                _ => "root",
            };
            Some(format!("{scheme} {}", world.token(person)))
        }
    }
}

/// Headers, and bodies that are no JSON.
fn unrecorded(asked: &mut Asked, name: &str, world: &World) {
    let mut header = |name, value: &str| asked.headers.push((name, value.to_owned()));
    let form = "application/x-www-form-urlencoded";
    let tenant = || format!("payload-tenant={}", world.ids.of("tenants", 1));
    match name {
        "me.cookie" => header("cookie", &format!("crm_token={}", world.token("root"))),
        "deal.member.cookie" | "deal.list.super.cookie" => header("cookie", &tenant()),
        "origin" => header("origin", "http://elsewhere.test"),
        "lang.de" => header("accept-language", "de"),
        "override.form" => {
            header("x-payload-http-method-override", "GET");
            header("content-type", form);
            asked.body = Some("depth=0&limit=1&sort=id&select[title]=true".to_owned());
        }
        "override.json" => header("x-payload-http-method-override", "GET"),
        "override.delete" => header("x-payload-http-method-override", "DELETE"),
        "form.urlenc" => {
            header("content-type", form);
            asked.body = Some("name=Form".to_owned());
        }
        "create.syntax" => {
            header("content-type", "application/json");
            asked.body = Some("{bad".to_owned());
        }
        "create.null" => {
            header("content-type", "application/json");
            asked.body = Some("null".to_owned());
        }
        "multi.payload" => multipart(asked, &[part("_payload", None, r#"{"name":"Mp"}"#)]),
        "upload.ok" => {
            let file = part("file", Some(("note one.txt", "text/plain")), "hello file");
            multipart(asked, &[file, part("_payload", None, r#"{"alt":"hi"}"#)]);
        }
        "upload.same" => {
            multipart(asked, &[part("file", Some(("note one.txt", "text/plain")), "hello again!")]);
        }
        "upload.nofile" => multipart(asked, &[part("_payload", None, r#"{"alt":"none"}"#)]),
        "upload.badmime" => {
            multipart(asked, &[part("file", Some(("a.html", "text/html")), "<p>no</p>")]);
        }
        _ => {}
    }
}

fn part(name: &str, file: Option<(&str, &str)>, content: &str) -> String {
    let file = file.map_or_else(String::new, |(file, media)| {
        format!("; filename=\"{file}\"\r\nContent-Type: {media}")
    });
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
    )
}

fn multipart(asked: &mut Asked, parts: &[String]) {
    asked.headers.push(("content-type", format!("multipart/form-data; boundary={BOUNDARY}")));
    asked.body = Some(format!("{}--{BOUNDARY}--\r\n", parts.concat()));
}

/// Tokens that were mailed.
async fn tokens(asked: &mut Asked, name: &str, world: &World) {
    if matches!(name, "reset.ok" | "reset.reuse") {
        let token = world.mailed_token("u2@probe.test", "reset-password").await;
        let mut body: Value = serde_json::from_str(asked.body.as_deref().unwrap()).unwrap();
        body["token"] = token.into();
        asked.body = Some(body.to_string());
    }
}

/// `/posts/1?where[author][in]=1,2` with our ids.
fn path(recorded: &str, ids: &Ids) -> String {
    let (path, query) = recorded.split_once('?').unwrap_or((recorded, ""));
    let slug = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let segments = path.split('/').map(|segment| match segment.parse() {
        Ok(number) => ids.of(slug, number),
        Err(_) => segment.to_owned(),
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let pairs: Vec<String> = query.split('&').map(|pair| parameter(slug, pair, ids)).collect();
    if query.is_empty() { path } else { format!("{path}?{}", pairs.join("&")) }
}

fn parameter(slug: &str, pair: &str, ids: &Ids) -> String {
    let Some((key, value)) = pair.split_once('=') else { return pair.to_owned() };
    let field = key.strip_prefix("where[").and_then(|rest| rest.split(']').next());
    let Some(target) = field.and_then(|field| related(slug, field)) else { return pair.to_owned() };
    if key.contains("[exists]") {
        return pair.to_owned();
    }
    let values = value.split(',').map(|one| match one.parse() {
        Ok(number) => ids.of(target, number),
        Err(_) => one.to_owned(),
    });
    format!("{key}={}", values.collect::<Vec<_>>().join(","))
}

/// The collection whose ids a field holds.
fn related<'a>(slug: &'a str, field: &str) -> Option<&'a str> {
    match field {
        "id" => Some(slug),
        "author" | "author.id" | "coAuthors" | "ref" | "ref.value" => Some("authors"),
        "tenant" => Some("tenants"),
        _ => None,
    }
}

fn input(slug: &str, recorded: &Value, ids: &Ids) -> Value {
    let mut body = recorded.clone();
    let Value::Object(map) = &mut body else { return body };
    for (key, value) in map.iter_mut() {
        if let Some(target) = related(slug, key).filter(|_| key != "id") {
            *value = references(value, target, ids);
        }
        if key == "password" && value.as_str().is_some_and(|text| text.starts_with("secret")) {
            *value = password(value.as_str().unwrap_or_default()).into();
        }
    }
    if slug == "users" {
        membership(map, ids);
    }
    body
}

fn references(value: &Value, target: &str, ids: &Ids) -> Value {
    match value {
        Value::Number(number) => ids.of(target, number.as_u64().unwrap()).into(),
        Value::Array(items) => items.iter().map(|v| references(v, target, ids)).collect(),
        Value::Object(map) => {
            let member =
                |(key, value): (&String, &Value)| (key.clone(), references(value, target, ids));
            Value::Object(map.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

/// What a person may do is said by a membership: `roles` and `tenants` become its role and its tenant.
fn membership(user: &mut serde_json::Map<String, Value>, ids: &Ids) {
    if let Some(roles) = user.get("roles").cloned()
        && roles[0] == "member"
    {
        user.insert("role".to_owned(), "member".into());
    }
    if let Some(tenant) = user.get("tenants").and_then(|list| list[0]["tenant"].as_u64()) {
        user.insert("tenant".to_owned(), ids.of("tenants", tenant).into());
    }
}

/// What has to be there before an exchange, and is not because it was made by what is not built, or
/// because a limit is another one.
pub(super) async fn before(world: &mut World, exchange: &Exchange) {
    if OPEN.contains(&exchange.collection()) && !world.knows("visitor") {
        world.settle().await;
    }
    // The recorder signed in once more by itself.
    if exchange.name == "lk.login" {
        let body = json!({ "email": "root@probe.test", "password": password("secret1") });
        world.make("nobody", Method::POST, "/users/login", body).await;
    }
    // Five wrong passwords lock an account here, three did there.
    if exchange.name == "lock.try1" {
        for _ in 0..2 {
            let asked = Asked::of(exchange, world).await;
            world.send(asked).await;
        }
    }
}

/// Brings the documents to where the recorded exchange left them, when ours did not.
pub(super) async fn after(world: &mut World, exchange: &Exchange, ours: &Value) {
    let post = |n| format!("/posts/{}", n);
    match exchange.name.as_str() {
        // A draft may lack what is required.
        "create.draft" => {
            let body = json!({ "title": "draft", "slug": "p3" });
            let made = world.make("visitor", Method::POST, "/posts?depth=0", body).await;
            let id = made["doc"]["id"].as_str().unwrap().to_owned();
            world.ids.bind("posts", 4, id.parse().unwrap());
            let sql = format!(
                "ALTER TABLE posts ALTER COLUMN title DROP NOT NULL; \
                 UPDATE posts SET title = NULL WHERE id = '{id}'"
            );
            world.sql(&sql).await;
        }
        "patch.draft" => {
            let path = post(world.ids.of("posts", 1));
            world.make("visitor", Method::PATCH, &path, json!({ "title": "First post" })).await;
        }
        "locale.pt" => {
            let path = post(world.ids.of("posts", 1));
            world.make("visitor", Method::PATCH, &path, json!({ "summary": "hello" })).await;
        }
        // The new password ends the other sessions.
        "user.selfemail" => {
            let path = format!("/users/{}", world.ids.of("users", 1));
            let password = password("secret1");
            let body = json!({ "password": password, "currentPassword": password });
            world.make("root", Method::PATCH, &path, body).await;
        }
        "multi.payload" => {
            let made =
                world.make("visitor", Method::POST, "/authors", json!({ "name": "Mp" })).await;
            world.ids.bind("authors", 8, made["doc"]["id"].as_str().unwrap().parse().unwrap());
        }
        "gql.create" => {
            let made =
                world.make("visitor", Method::POST, "/authors", json!({ "name": "G" })).await;
            world.ids.bind("authors", 9, made["doc"]["id"].as_str().unwrap().parse().unwrap());
        }
        "gql.update" => {
            let path = format!("/authors/{}", world.ids.of("authors", 1));
            world.make("visitor", Method::PATCH, &path, json!({ "name": "Ann2" })).await;
        }
        "gql.delete" => {
            let path = format!("/authors/{}", world.ids.of("authors", 3));
            world.make("visitor", Method::DELETE, &path, Value::Null).await;
        }
        // What the reference refused, and is done here.
        "create.emptygroup" => {
            let id = ours["doc"]["id"].as_str().unwrap();
            world.make("visitor", Method::DELETE, &format!("/posts/{id}"), Value::Null).await;
        }
        "deal.notenant.super" | "deal.member" => {
            let id = ours["doc"]["id"].as_str().unwrap();
            world.make("root", Method::DELETE, &format!("/deals/{id}"), Value::Null).await;
        }
        _ => {}
    }
}
