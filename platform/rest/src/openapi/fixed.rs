//! The routes that are there whatever the definitions say.

use serde_json::{Value, json};

use super::operation::Operation;
use super::schemas::reference;

const ACCESS: &str = "Definitions";
const SERVER: &str = "Server";

pub(super) fn tags() -> Vec<Value> {
    vec![
        json!({
            "name": ACCESS,
            "description": "What there is, and what the caller may do with it.",
            "x-slug": "definitions",
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
        Operation::new("get", "/api/access", ACCESS, "access")
            .summary("What the caller may do")
            .describe("By collection; what is not granted is left out.")
            .public()
            .parameters(&["tenant"])
            .answer(200, "What is granted.", access, access_example)
            .errors(&[403, 500, 503]),
        Operation::new("get", "/api/schema", ACCESS, "schema")
            .summary("The collections' definitions")
            .describe("Cut to what the caller may see, with permissions and operators.")
            .parameters(&["tenant"])
            .answer(200, "The definitions.", schema, schema_example)
            .errors(&[403, 500, 503]),
    ]
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
            .other(200, summary, media)
            .other(304, "Unchanged.", "")
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
        Operation::new("get", "/", SERVER, "start")
            .summary("Leads to the reference")
            .public()
            .other(307, "Leads to /api/docs.", ""),
    ]
}
