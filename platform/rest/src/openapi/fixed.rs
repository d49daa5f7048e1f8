//! The routes that are there whatever the definitions say.

use serde_json::{Value, json};

use super::operation::Operation;
use super::schemas::reference;

pub(super) const DEFINITIONS: &str = "Definitions";
const SEARCH: &str = "Search";
const SERVER: &str = "Server";

pub(super) fn tags() -> Vec<Value> {
    vec![
        json!({
            "name": DEFINITIONS,
            "description": "What there is, and what the caller may do with it.",
            "x-slug": "definitions",
        }),
        json!({
            "name": SEARCH,
            "description": "Records of any kind by the words they hold.",
            "x-slug": "search",
        }),
        json!({
            "name": SERVER,
            "description": "Health, and this reference itself.",
            "x-slug": "server",
        }),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let mut out = definitions();
    out.push(search());
    out.extend(health());
    out.extend(pages());
    out
}

fn definitions() -> Vec<Operation> {
    let access = json!({
        "type": "object",
        "properties": {
            "collections": {"type": "object", "additionalProperties": reference("Access")},
            "globals": {"type": "object"},
            "canAccessAdmin": {"type": "boolean"},
        },
    });
    let access_example = json!({
        "collections": {"deals": {"fields": true, "create": true, "read": true, "update": true}},
        "globals": {}, "canAccessAdmin": true,
    });
    let schema = json!({
        "type": "object",
        "properties": {
            "collections": {"type": "array", "items": {"type": "object"}},
            "role": {"type": ["string", "null"]},
        },
    });
    let schema_example = json!({
        "collections": [{
            "slug": "tags", "labels": {"singular": "Tag", "plural": "Tags"},
            "fields": [{"name": "name", "type": "text", "label": "Name", "required": true,
                "writable": true, "operators": ["equals", "like"]}],
            "permissions": {"read": true, "create": true, "update": true, "delete": false},
        }],
        "role": "member",
    });
    vec![
        Operation::new("get", "/api/access", DEFINITIONS, "access")
            .summary("What the caller may do")
            .describe("By collection; what is not granted is left out.")
            .public()
            .parameters(&["tenant"])
            .answer(200, "What is granted.", access, access_example)
            .errors(&[403, 500, 503]),
        Operation::new("get", "/api/schema", DEFINITIONS, "schema")
            .summary("The collections' definitions")
            .describe("Cut to what the caller may see, with permissions and operators.")
            .parameters(&["tenant"])
            .answer(200, "The definitions.", schema, schema_example)
            .errors(&[403, 500, 503]),
    ]
}

fn search() -> Operation {
    let query = |name: &str, schema: Value, text: &str| json!({"name": name, "in": "query", "schema": schema, "description": text});
    let (default, most) = (define::Search::DEFAULT_LIMIT, define::Search::MAX_LIMIT);
    let limit = json!({"type": "integer", "minimum": 1, "maximum": most, "default": default});
    let hit = json!({
        "type": "object",
        "required": ["collection", "id", "tenant", "title", "updatedAt"],
        "properties": {
            "collection": {"type": "string"},
            "id": {"type": "string", "format": "uuid"},
            "tenant": {"type": "string", "format": "uuid"},
            "title": {"type": "string"},
            "detail": {"type": ["string", "null"], "description": "Another searched field."},
            "updatedAt": {"type": "string", "format": "date-time"},
        },
    });
    let schema = json!({
        "type": "object",
        "required": ["results"],
        "properties": {"results": {"type": "array", "items": hit}},
    });
    let example = json!({"results": [{
        "collection": "contacts", "id": super::example::ID, "tenant": super::example::ID,
        "title": "Ana Ruiz", "detail": "ana@harbour.example",
        "updatedAt": "2026-11-21T09:30:00.000Z"}]});
    Operation::new("get", "/api/search", SEARCH, "search")
        .summary("Find records of any kind")
        .describe(
            "Best first: whole words of a title, then beginnings of its words, then other fields; newer \
             records first. Covers the collections whose `search` (see `/api/schema`) names fields and \
             that the caller may read. Of words that very many records share, the newest records and \
             the alphabetically first words are looked at.",
        )
        .parameters(&["q"])
        .parameter(query("limit", limit, "Most results of each collection."))
        .parameter(query("collections", json!({"type": "string"}),
            "Comma list of collections to look in."))
        .parameters(&["tenant"])
        .answer(200, "The results.", schema, example)
        .errors(&[400, 403, 500, 503])
}

fn health() -> Vec<Operation> {
    let status = json!({"type": "object", "properties": {"status": {"type": "string"}}});
    let checks = json!({
        "type": "object",
        "properties": {
            "status": {"type": "string", "enum": ["ok", "unavailable"]},
            "checks": {"type": "object", "additionalProperties": {"enum": ["ok", "failed"]}},
        },
    });
    let ready = json!({
        "status": "ok", "checks": {"database": "ok", "migrations": "ok", "roles": "ok"}});
    let unready = json!({
        "status": "unavailable", "checks": {"database": "ok", "migrations": "failed", "roles": "ok"}});
    vec![
        Operation::new("get", "/api/healthz", SERVER, "healthz")
            .summary("Whether the process runs")
            .public()
            .answer(200, "It runs.", status, json!({"status": "ok"}))
            .errors(&[500]),
        Operation::new("get", "/api/readyz", SERVER, "readyz")
            .summary("Whether it can serve")
            .describe(
                "The database answers, every migration has run, the serving role is harmless.",
            )
            .public()
            .answer(200, "It can.", checks.clone(), ready)
            .answer(503, "It cannot; the checks say why.", checks, unready),
    ]
}

fn pages() -> Vec<Operation> {
    let page = |path: &str, id: &str, summary: &str, media: &str| {
        Operation::new("get", path, SERVER, id)
            .summary(summary)
            .public()
            .file(200, summary, media)
            .file(304, "Unchanged.", "")
    };
    vec![
        page(
            "/api/openapi.json",
            "openapi",
            "This interface as an OpenAPI document",
            "application/json",
        ),
        page("/api/docs", "reference", "This reference, first page", "text/html"),
        page("/api/docs/style.css", "referenceStyle", "Its style sheet", "text/css"),
        page("/api/docs/{page}", "referencePage", "Its other pages", "text/html").errors(&[404]),
    ]
}
