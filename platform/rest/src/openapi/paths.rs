//! The routes of one collection.

use define::{Collection, Rule};
use serde_json::{Value, json};

use super::example;
use super::operation::Operation;
use super::schemas::{self, pascal, reference};

const READING: [&str; 4] = ["depth", "select", "populate", "tenant"];

pub(super) fn of(collection: &Collection) -> Vec<Operation> {
    let build = Build {
        collection,
        base: format!("/api/{}", collection.slug),
        one: schemas::name(collection),
        many: pascal(&collection.slug),
    };
    let access = &collection.access;
    let operations = [
        (&access.read, build.list()),
        (&access.create, build.create()),
        (&access.update, build.update_found()),
        (&access.delete, build.delete_found()),
        (&access.read, build.count()),
        (&access.read, build.aggregate()),
        (&access.read, build.by_id()),
        (&access.update, build.update()),
        (&access.delete, build.delete()),
        (&access.create, build.duplicate()),
        (&access.read, build.access()),
        (&access.read, build.access_by_id()),
    ];
    // What nobody may ever do is no part of the interface.
    let offered = operations.into_iter().filter(|(rule, _)| **rule != Rule::Never);
    offered.map(|(_, operation)| operation).collect()
}

struct Build<'a> {
    collection: &'a Collection,
    base: String,
    /// `Deal`
    one: String,
    /// `Deals`
    many: String,
}

impl Build<'_> {
    fn operation(&self, method: &'static str, tail: &str, id: String) -> Operation {
        let tag = &self.collection.labels.plural;
        Operation::new(method, format!("{}{tail}", self.base), tag, id)
    }

    fn singular(&self) -> String {
        self.collection.labels.singular.to_lowercase()
    }

    fn plural(&self) -> String {
        self.collection.labels.plural.to_lowercase()
    }

    fn typed(&self) -> &'static [&'static str] {
        if self.collection.search.is_empty() { &[] } else { &["q"] }
    }

    fn trash(&self) -> &'static [&'static str] {
        if self.collection.trash { &["trash"] } else { &[] }
    }

    fn list(&self) -> Operation {
        let page = json!({
            "docs": [example::document(self.collection)], "hasNextPage": false,
            "hasPrevPage": false, "limit": 10, "nextPage": null, "page": 1, "pagingCounter": 1,
            "prevPage": null, "totalDocs": 1, "totalPages": 1,
        });
        let text = "A query too long for an address goes as the form-encoded body of a POST with the \
                    header `X-HTTP-Method-Override: GET`.";
        self.operation("get", "", format!("find{}", self.many))
            .summary(format!("List {}", self.plural()))
            .describe(format!("{} {text}", allowed("Read", &self.collection.access.read)))
            .parameters(self.typed())
            .parameters(&["where", "sort", "limit", "page", "pagination"])
            .parameters(&READING)
            .parameters(self.trash())
            .answer(200, "One page.", reference(&format!("{}List", self.one)), page)
            .errors(&[400, 403, 414, 500, 503])
    }

    fn count(&self) -> Operation {
        let schema = json!({"type": "object", "properties": {"totalDocs": {"type": "integer"}}});
        self.operation("get", "/count", format!("count{}", self.many))
            .summary(format!("Count {}", self.plural()))
            .describe(allowed("Read", &self.collection.access.read))
            .parameters(self.typed())
            .parameters(&["where", "tenant"])
            .parameters(self.trash())
            .answer(200, "How many match.", schema, json!({"totalDocs": 128}))
            .errors(&[400, 403, 414, 500, 503])
    }

    fn aggregate(&self) -> Operation {
        let text = "Counts what `where` finds, in groups, and computes `values` for each of them. \
                    Money is a list of amounts, one a currency, largest first: currencies are never \
                    added up. `total` covers everything that matches.";
        self.operation("get", "/aggregate", format!("aggregate{}", self.many))
            .summary(format!("Count and add up {}", self.plural()))
            .describe(format!("{} {text}", allowed("Read", &self.collection.access.read)))
            .parameters(self.typed())
            .parameters(&["where", "group", "values", "zone", "groupSort", "groupLimit", "tenant"])
            .parameters(self.trash())
            .answer(200, "The groups.", reference("Groups"), example::groups())
            .errors(&[400, 403, 414, 500, 503])
    }

    fn by_id(&self) -> Operation {
        self.operation("get", "/{id}", format!("find{}ById", self.one))
            .summary(format!("Read one {}", self.singular()))
            .describe(allowed("Read", &self.collection.access.read))
            .parameters(&READING)
            .parameters(self.trash())
            .answer(200, "The document.", reference(&self.one), example::document(self.collection))
            .errors(&[400, 403, 404, 500, 503])
    }

    fn create(&self) -> Operation {
        let message = format!("{} successfully created.", self.collection.labels.singular);
        let body = reference(&format!("{}Create", self.one));
        let operation = self
            .operation("post", "", format!("create{}", self.one))
            .summary(format!("Create a {}", self.singular()))
            .describe(format!(
                "{} Unknown keys are dropped.",
                allowed("Create", &self.collection.access.create)
            ))
            .parameters(&READING)
            .body(body, example::create(self.collection), true);
        self.written(operation, 201, &message).errors(&[400, 403, 413, 500, 503]).once()
    }

    fn update(&self) -> Operation {
        let body = reference(&format!("{}Update", self.one));
        let operation = self
            .operation("patch", "/{id}", format!("update{}ById", self.one))
            .summary(format!("Change one {}", self.singular()))
            .describe(format!(
                "{} Only the keys sent change; groups merge, lists are replaced.",
                allowed("Update", &self.collection.access.update)
            ))
            .parameters(&READING)
            .parameters(&["ifMatch"])
            .parameters(self.trash())
            .body(body, example::update(self.collection), true);
        self.written(operation, 200, "Updated successfully.")
            .errors(&[400, 403, 404, 409, 413, 500, 503])
    }

    fn delete(&self) -> Operation {
        let how = if self.collection.trash {
            " Deletes for good; to move it to the trash, PATCH `deletedAt`."
        } else {
            ""
        };
        let operation = self
            .operation("delete", "/{id}", format!("delete{}ById", self.one))
            .summary(format!("Delete one {}", self.singular()))
            .describe(format!("{}{how}", allowed("Delete", &self.collection.access.delete)))
            .parameters(&READING)
            .parameters(&["ifMatch"])
            .parameters(self.trash());
        self.written(operation, 200, "Deleted successfully.")
            .errors(&[400, 403, 404, 409, 500, 503])
    }

    fn duplicate(&self) -> Operation {
        let message = format!("{} successfully duplicated.", self.collection.labels.singular);
        let operation = self
            .operation("post", "/{id}/duplicate", format!("duplicate{}ById", self.one))
            .summary(format!("Copy one {}", self.singular()))
            .describe(format!(
                "{} The body's keys lie over the copy; unique texts get \" - Copy\".",
                allowed("Create", &self.collection.access.create)
            ))
            .parameters(&READING)
            .body(reference(&format!("{}Update", self.one)), json!({}), false);
        self.written(operation, 200, &message).errors(&[400, 403, 404, 409, 413, 500, 503]).once()
    }

    fn update_found(&self) -> Operation {
        let body = reference(&format!("{}Update", self.one));
        let operation = self
            .operation("patch", "", format!("update{}", self.many))
            .summary(format!("Change many {}", self.plural()))
            .describe(format!(
                "{} Changes whatever `where` finds; without a test in it the request is refused.",
                allowed("Update", &self.collection.access.update)
            ))
            .body(body, example::update(self.collection), true);
        self.bulk(operation, "Updated", "update").errors(&[403, 413, 414, 500, 503])
    }

    fn delete_found(&self) -> Operation {
        let operation = self
            .operation("delete", "", format!("delete{}", self.many))
            .summary(format!("Delete many {}", self.plural()))
            .describe(format!(
                "{} Deletes whatever `where` finds; without a test in it the request is refused.",
                allowed("Delete", &self.collection.access.delete)
            ));
        self.bulk(operation, "Deleted", "delete").errors(&[403, 414, 500, 503])
    }

    fn access(&self) -> Operation {
        self.operation("post", "/access", format!("access{}", self.many))
            .summary(format!("What the caller may do with {}", self.plural()))
            .describe("For anyone; what is not granted is left out.")
            .parameters(&["tenant"])
            .answer(200, "What is granted.", reference("Access"), granted())
            .errors(&[403, 500, 503])
    }

    fn access_by_id(&self) -> Operation {
        self.operation("post", "/access/{id}", format!("access{}ById", self.one))
            .summary(format!("What the caller may do with one {}", self.singular()))
            .describe(allowed("Read", &self.collection.access.read))
            .parameters(&["tenant"])
            .answer(200, "What is granted.", reference("Access"), granted())
            .errors(&[403, 404, 500, 503])
    }

    fn written(&self, operation: Operation, status: u16, message: &str) -> Operation {
        let schema = json!({
            "type": "object",
            "properties": {"doc": reference(&self.one), "message": {"type": "string"}},
        });
        let example = json!({"doc": example::document(self.collection), "message": message});
        operation.answer(status, "The document.", schema, example)
    }

    fn bulk(&self, operation: Operation, done: &str, verb: &str) -> Operation {
        let labels = &self.collection.labels;
        let failure = json!({
            "type": "object",
            "properties": {
                "id": {"type": "string"}, "isPublic": {"type": "boolean"},
                "message": {"type": "string"},
            },
        });
        let schema = json!({
            "type": "object",
            "properties": {
                "docs": {"type": "array", "items": reference(&self.one)},
                "errors": {"type": "array", "items": failure},
                "message": {"type": "string"},
            },
        });
        let all = json!({
            "docs": [example::document(self.collection)], "errors": [],
            "message": format!("{done} 1 {} successfully.", labels.singular),
        });
        let some = json!({
            "docs": [],
            "errors": [{"id": example::ID, "isPublic": true, "message": "The following field is invalid: Name"}],
            "message": format!("Unable to {verb} 1 out of 1 {}.", labels.singular),
        });
        operation
            .parameters(self.typed())
            .parameters(&["where", "sort", "limit"])
            .parameters(&READING)
            .parameters(self.trash())
            .answer(200, "All of them.", schema.clone(), all)
            .answer(
                400,
                "Some could not be written; the others were. Or the query is wrong.",
                schema,
                some,
            )
    }
}

fn granted() -> Value {
    json!({"fields": true, "create": true, "read": true, "update": true, "delete": true})
}

fn allowed(verb: &str, rule: &Rule) -> String {
    format!("{verb} access: {}.", rule.describe())
}
