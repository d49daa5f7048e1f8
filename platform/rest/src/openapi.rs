//! The OpenAPI 3.1 document: a pure function of the definitions, complete for every route.

mod actions;
mod example;
mod fixed;
mod operation;
mod paths;
mod schemas;
mod sign_in;

use define::Collection;
use engine::Action;
use serde_json::{Map, Value, json};

use operation::Operation;

/// The whole document. `url` is where the server is reached.
pub fn document(collections: &[Collection], actions: &[Action], url: &str) -> Value {
    let mut operations = Vec::new();
    let mut tags = Vec::new();
    for collection in collections {
        tags.push(tag_of(collection));
        operations.extend(paths::of(collection));
        let on = actions.iter().filter(|a| a.on == Some(collection.slug.as_str()));
        operations.extend(on.map(|a| actions::of(a, collections)));
    }
    let free = actions.iter().filter(|a| a.on.is_none());
    operations.extend(free.map(|a| actions::of(a, collections)));
    tags.extend(sign_in::tags());
    tags.extend(fixed::tags());
    operations.extend(sign_in::operations());
    operations.extend(fixed::operations());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Mainstay",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "REST interface of the customer relationship system.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": url}],
        "security": [{"token": []}, {"cookie": []}],
        "tags": tags,
        "paths": by_path(operations),
        "components": {
            "schemas": schemas::all(collections),
            "parameters": operation::parameters(),
            "responses": operation::responses(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The token that sign-in answers: `Authorization: Bearer TOKEN`. \
                                    `Authorization: JWT TOKEN` means the same.",
                },
                "cookie": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": "crm_token",
                    "description": "Set by sign-in. Counts only for requests of our own pages.",
                },
            },
        },
    })
}

/// Every (method, path template) of the document, methods in capitals.
pub fn routes_of(collections: &[Collection], actions: &[Action]) -> Vec<(String, String)> {
    let document = document(collections, actions, "");
    let mut routes = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in item.as_object().into_iter().flat_map(Map::keys) {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes
}

fn tag_of(collection: &Collection) -> Value {
    json!({
        "name": collection.labels.plural,
        "description": collection.description.as_deref().unwrap_or_default(),
        "x-slug": collection.slug,
        "x-schema": schemas::name(collection),
    })
}

fn by_path(operations: Vec<Operation>) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        let method = operation.method;
        item[method] = operation.into_value();
    }
    Value::Object(paths)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use define::{Access, Field, Rule};
    use kernel::Role;

    use super::*;

    pub(super) fn collections() -> Vec<Collection> {
        vec![
            Collection::new("companies", "Company", "Companies")
                .describe("Organizations.")
                .access(Access { read: Rule::Member, ..Access::settings() })
                .fields(vec![Field::text("name").required().max(200), Field::address("address")]),
            Collection::new("deals", "Deal", "Deals").trash().fields(vec![
                Field::text("name").required(),
                Field::money("value"),
                Field::select("status", &["open", "won"]).default("open"),
                Field::relation("company", "companies"),
                Field::relation("partners", "companies").many(),
                Field::array("lines", vec![Field::text("label"), Field::number("price")]),
                Field::datetime("closedAt").read_only(),
                Field::text("secret").write_only().write(Rule::Role(Role::Admin)),
                Field::json("extra"),
                Field::checkbox("hot"),
                Field::date("due"),
            ]),
        ]
    }

    fn walk(value: &Value, visit: &mut dyn FnMut(&str, &Value)) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, inner)| {
                visit(key, inner);
                walk(inner, visit);
            }),
            Value::Array(items) => items.iter().for_each(|item| walk(item, visit)),
            _ => {}
        }
    }

    #[test]
    fn every_reference_leads_somewhere_and_every_id_is_unique() {
        let document = document(&collections(), &[], "http://localhost:3000");
        let (mut references, mut ids, mut count) = (0, HashSet::new(), 0);
        walk(&document, &mut |key, value| match (key, value.as_str()) {
            ("$ref", Some(path)) => {
                references += 1;
                assert!(document.pointer(path.trim_start_matches('#')).is_some(), "{path}");
            }
            ("operationId", Some(id)) => {
                count += 1;
                assert!(ids.insert(id.to_owned()), "{id} is there twice");
            }
            _ => {}
        });
        assert!(references > 50, "{references}");
        assert_eq!(count, routes_of(&collections(), &[]).len());
    }

    #[test]
    fn every_placeholder_is_a_parameter_and_every_operation_has_a_tag() {
        let document = document(&collections(), &[], "");
        let tags: Vec<&str> = document["tags"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|t| t["name"].as_str())
            .collect();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let tag = operation["tags"][0].as_str().unwrap();
                assert!(tags.contains(&tag), "{method} {path}: {tag}");
                let declared: Vec<&Value> =
                    operation["parameters"].as_array().unwrap().iter().collect();
                for name in path.split(['{', '}']).skip(1).step_by(2) {
                    let found = declared.iter().any(|p| p["in"] == "path" && p["name"] == name);
                    assert!(found, "{method} {path}: {name}");
                }
                assert!(
                    operation["responses"].as_object().unwrap().len() > 1 || path == "/",
                    "{path}"
                );
            }
        }
    }

    #[test]
    fn schemas_follow_the_definitions() {
        let document = document(&collections(), &[], "");
        let schemas = &document["components"]["schemas"];
        let deal = &schemas["Deal"]["properties"];
        assert_eq!(deal.as_object().unwrap().keys().next().unwrap(), "id");
        assert!(deal["deletedAt"].is_object() && deal.get("secret").is_none());
        assert_eq!(deal["status"]["anyOf"][0]["enum"], json!(["open", "won"]));
        let create = &schemas["DealCreate"];
        assert_eq!(create["required"], json!(["name"]));
        assert!(create["properties"].get("closedAt").is_none());
        assert_eq!(create["properties"]["secret"]["writeOnly"], true);
        assert!(schemas["DealUpdate"].get("required").is_none());
        let post = &document["paths"]["/api/companies"]["post"];
        assert!(post["description"].as_str().unwrap().contains("admin or stronger"));
    }
}
