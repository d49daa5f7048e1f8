//! From the OpenAPI document to pages: what each shows, then the template.

use kernel::{Error, Result};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use serde_json::Value;

use super::highlight;

#[derive(Serialize)]
struct Link {
    name: String,
    slug: String,
}

#[derive(Serialize)]
struct Page {
    title: String,
    slug: String,
    description: String,
    operations: Vec<Entry>,
    fields: Vec<FieldRow>,
}

#[derive(Serialize)]
struct Entry {
    id: String,
    method: String,
    path: String,
    /// The path with its placeholders marked.
    path_html: String,
    summary: String,
    description: String,
    public: bool,
    parameters: Vec<ParameterRow>,
    curl: String,
    body: Option<String>,
    answers: Vec<Answer>,
}

#[derive(Serialize)]
struct ParameterRow {
    name: String,
    place: String,
    kind: String,
    required: bool,
    description: String,
}

#[derive(Serialize)]
struct Answer {
    status: String,
    class: &'static str,
    description: String,
    example: Option<String>,
}

#[derive(Serialize)]
struct FieldRow {
    name: String,
    label: String,
    kind: String,
    description: String,
    required: bool,
    read_only: bool,
    write_only: bool,
    options: Vec<String>,
    operators: Vec<String>,
}

/// Pages by name; the first page has the empty name.
pub(super) fn render(document: &Value) -> Result<Vec<(String, String)>> {
    let failed = |e: minijinja::Error| Error::internal("the API reference").with_source(e);
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template("layout", include_str!("layout.html")).map_err(failed)?;
    environment.add_template("page", include_str!("page.html")).map_err(failed)?;
    environment.add_template("start", include_str!("start.html")).map_err(failed)?;
    let template = environment.get_template("page").map_err(failed)?;
    let pages = pages(document);
    let is_collection = |page: &&Page| !page.fields.is_empty();
    let links = |wanted: bool| {
        let chosen = pages.iter().filter(|p| is_collection(p) == wanted);
        let link = |p: &Page| Link { name: p.title.clone(), slug: p.slug.clone() };
        minijinja::Value::from(Serde(chosen.map(link).collect::<Vec<_>>()))
    };
    let site = minijinja::context! {
        version => text(&document["info"]["version"]),
        url => text(&document["servers"][0]["url"]),
        collections => links(true),
        others => links(false),
    };
    let mut out = Vec::with_capacity(pages.len() + 1);
    let start = environment.get_template("start").map_err(failed)?;
    let context = minijinja::context! { current => "", ..site.clone() };
    out.push((String::new(), start.render(context).map_err(failed)?));
    for shown in &pages {
        let current = shown.slug.as_str();
        let page = minijinja::Value::from(Serde(shown));
        let context = minijinja::context! { page, current, ..site.clone() };
        out.push((shown.slug.clone(), template.render(context).map_err(failed)?));
    }
    Ok(out)
}

fn pages(document: &Value) -> Vec<Page> {
    let page = |tag: &Value| {
        let name = text(&tag["name"]);
        Page {
            operations: operations(document, &name),
            fields: fields(document, tag["x-schema"].as_str()),
            title: name,
            slug: text(&tag["x-slug"]),
            description: highlight::prose(&text(&tag["description"])),
        }
    };
    list(&document["tags"]).iter().map(page).collect()
}

fn operations(document: &Value, tag: &str) -> Vec<Entry> {
    let mut out = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if operation["tags"][0] == tag {
                out.push(entry(document, path, method, operation));
            }
        }
    }
    out
}

fn entry(document: &Value, path: &str, method: &str, operation: &Value) -> Entry {
    let body = operation.pointer("/requestBody/content/application~1json/example");
    Entry {
        id: text(&operation["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        path_html: highlight_path(path),
        summary: text(&operation["summary"]),
        description: highlight::prose(&text(&operation["description"])),
        public: operation["security"].as_array().is_some_and(Vec::is_empty),
        parameters: list(&operation["parameters"])
            .iter()
            .map(|p| parameter(resolve(document, p)))
            .collect(),
        curl: curl(document, path, method, operation, body),
        body: body.map(pretty),
        answers: answers(document, operation),
    }
}

fn parameter(value: &Value) -> ParameterRow {
    let schema = &value["schema"];
    ParameterRow {
        name: text(&value["name"]),
        place: text(&value["in"]),
        kind: schema["format"].as_str().or(schema["type"].as_str()).unwrap_or("any").to_owned(),
        required: value["required"] == true,
        description: highlight::prose(&text(&value["description"])),
    }
}

fn answers(document: &Value, operation: &Value) -> Vec<Answer> {
    let answer = |(status, response): (&String, &Value)| {
        let response = resolve(document, response);
        let example = response.pointer("/content/application~1json/example");
        Answer {
            class: match status.as_bytes().first() {
                Some(b'2') => "good",
                Some(b'4' | b'5') => "bad",
                _ => "plain",
            },
            status: status.clone(),
            description: highlight::prose(&text(&response["description"])),
            example: example.map(pretty),
        }
    };
    let mut found: Vec<Answer> =
        operation["responses"].as_object().into_iter().flatten().map(answer).collect();
    found.sort_by(|a, b| a.status.cmp(&b.status));
    found
}

fn fields(document: &Value, schema: Option<&str>) -> Vec<FieldRow> {
    let Some(schema) = schema else { return Vec::new() };
    let schemas = &document["components"]["schemas"];
    let create = &schemas[format!("{schema}Create")];
    let required = list(&create["required"]);
    let read = schemas[schema]["properties"].as_object().into_iter().flatten();
    let secret = create["properties"].as_object().into_iter().flatten();
    let secret = secret.filter(|(_, field)| field["writeOnly"] == true);
    read.chain(secret)
        .map(|(name, field)| FieldRow {
            name: name.clone(),
            label: text(&field["title"]),
            kind: text(&field["x-kind"]),
            description: highlight::prose(&text(&field["description"])),
            required: required.iter().any(|r| r == name),
            read_only: field["readOnly"] == true,
            write_only: field["writeOnly"] == true,
            options: options(field),
            operators: list(&field["x-operators"]).iter().map(text).collect(),
        })
        .collect()
}

fn options(field: &Value) -> Vec<String> {
    let places = ["/enum", "/anyOf/0/enum", "/items/enum"];
    let found = places.iter().find_map(|place| field.pointer(place));
    found.map(|options| list(options).iter().map(text).collect()).unwrap_or_default()
}

fn curl(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    body: Option<&Value>,
) -> String {
    let has = |name: &str| {
        let parameters = list(&operation["parameters"]);
        parameters.iter().any(|p| resolve(document, p)["name"] == name)
    };
    let path = path.replace("{id}", "$ID").replace("{token}", "$TOKEN").replace("{page}", "deals");
    let verb =
        if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let stamp = stamp(document, operation);
    let mut out = match (has("where"), method) {
        (true, "get") => {
            format!("curl -G \"$URL{path}\" \\\n  -d \"where[{stamp}][greater_than]=2026-01-01\"")
        }
        (true, _) => {
            format!("curl -g{verb} \"$URL{path}?where[{stamp}][less_than]=2020-01-01\"")
        }
        _ => format!("curl{verb} \"$URL{path}\""),
    };
    if has("page") {
        out.push_str(&format!(" \\\n  -d sort=-{stamp} -d limit=25"));
    }
    if !operation["security"].is_array() {
        out.push_str(" \\\n  -H \"Authorization: Bearer $TOKEN\"");
    }
    if let Some(body) = body {
        let body = body.to_string().replace('\'', "'\\''");
        out.push_str(&format!(" \\\n  -H \"Content-Type: application/json\" \\\n  -d '{body}'"));
    }
    out
}

/// When a document of the operation's collection came to be: entries of a ledger have a time of their own.
fn stamp(document: &Value, operation: &Value) -> &'static str {
    let tag = list(&document["tags"]).iter().find(|tag| tag["name"] == operation["tags"][0]);
    let schema = tag.and_then(|tag| tag["x-schema"].as_str()).unwrap_or_default();
    let properties = &document["components"]["schemas"][schema]["properties"];
    if properties.get("at").is_some() && properties.get("createdAt").is_none() {
        "at"
    } else {
        "createdAt"
    }
}

fn highlight_path(path: &str) -> String {
    let marked = path.replace('{', "<em>{").replace('}', "}</em>");
    marked.replace("/<em>", "/<wbr><em>")
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().map(|r| r.trim_start_matches('#'));
    target.and_then(|path| document.pointer(path)).unwrap_or(value)
}

fn pretty(value: &Value) -> String {
    highlight::json(&serde_json::to_string_pretty(value).unwrap_or_default())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use define::{Collection, Field};

    use super::*;

    #[test]
    fn pages_name_every_route_and_run_nothing() {
        let tags = Collection::new("tags", "Tag", "Tags")
            .fields(vec![Field::text("name").required().describe("Not <b>bold</b>.")]);
        let document = crate::openapi::document(&[tags], &[], "http://localhost:3000");
        let pages = render(&document).unwrap();
        let all: String = pages.iter().map(|(_, html)| html.as_str()).collect();
        for path in document["paths"].as_object().unwrap().keys() {
            assert!(all.contains(&highlight_path(path)), "{path}");
        }
        for forbidden in ["<script", "style=", "onclick", "src=\"http", "href=\"http", "<b>bold"] {
            assert!(!all.contains(forbidden), "{forbidden}");
        }
        assert_eq!(pages[0].0, "");
        assert!(pages.iter().any(|(name, _)| name == "tags"));
    }
}
