//! One route of the document, and the parameters and answers that routes share.

use serde_json::{Map, Value, json};

pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: String,
    value: Map<String, Value>,
}

impl Operation {
    pub(super) fn new(
        method: &'static str,
        path: impl Into<String>,
        tag: &str,
        id: impl Into<String>,
    ) -> Operation {
        let path = path.into();
        let placeholders = path.split(['{', '}']).skip(1).step_by(2);
        let parameters: Vec<Value> = placeholders.map(placeholder).collect();
        let mut value = Map::new();
        value.insert("tags".into(), json!([tag]));
        value.insert("operationId".into(), id.into().into());
        value.insert("summary".into(), "".into());
        value.insert("parameters".into(), parameters.into());
        value.insert("responses".into(), json!({}));
        Operation { method, path, value }
    }

    pub(super) fn summary(mut self, text: impl Into<String>) -> Operation {
        self.value.insert("summary".into(), text.into().into());
        self
    }

    pub(super) fn describe(mut self, text: impl Into<String>) -> Operation {
        self.value.insert("description".into(), text.into().into());
        self
    }

    /// No sign-in needed.
    pub(super) fn public(mut self) -> Operation {
        self.value.insert("security".into(), json!([]));
        self
    }

    /// Shared parameters by name.
    pub(super) fn parameters(mut self, names: &[&str]) -> Operation {
        if let Some(Value::Array(list)) = self.value.get_mut("parameters") {
            list.extend(
                names.iter().map(|n| json!({"$ref": format!("#/components/parameters/{n}")})),
            );
        }
        self
    }

    pub(super) fn parameter(mut self, parameter: Value) -> Operation {
        if let Some(Value::Array(list)) = self.value.get_mut("parameters") {
            list.push(parameter);
        }
        self
    }

    pub(super) fn body(mut self, schema: Value, example: Value, required: bool) -> Operation {
        let media = json!({"application/json": {"schema": schema, "example": example}});
        self.value.insert("requestBody".into(), json!({"required": required, "content": media}));
        self
    }

    pub(super) fn answer(
        self,
        status: u16,
        text: &str,
        schema: Value,
        example: Value,
    ) -> Operation {
        let content = json!({"application/json": {"schema": schema, "example": example}});
        self.response(status, json!({"description": text, "content": content}))
    }

    /// A file, which is a JSON object or text, or no body at all (`media` empty).
    pub(super) fn file(self, status: u16, text: &str, media: &str) -> Operation {
        let mut response = json!({"description": text});
        let form = if media == "application/json" { "object" } else { "string" };
        if !media.is_empty() {
            response["content"] = json!({media: {"schema": {"type": form}}});
        }
        self.response(status, response)
    }

    /// May be sent again with its `Idempotency-Key`.
    pub(super) fn once(self) -> Operation {
        self.parameters(&["idempotencyKey"]).errors(&[409, 422])
    }

    /// Shared error answers by status. Whatever can fail for want of a database can be asked too often.
    pub(super) fn errors(mut self, statuses: &[u16]) -> Operation {
        let too_many = statuses.contains(&503).then_some(429);
        for status in statuses.iter().chain(&too_many) {
            let name = format!("#/components/responses/{}", response_name(*status));
            self = self.response(*status, json!({"$ref": name}));
        }
        self
    }

    fn response(mut self, status: u16, response: Value) -> Operation {
        if let Some(Value::Object(map)) = self.value.get_mut("responses") {
            map.insert(status.to_string(), response);
        }
        self
    }

    pub(super) fn into_value(self) -> Value {
        Value::Object(self.value)
    }
}

fn placeholder(name: &str) -> Value {
    let schema = match name {
        "id" => json!({"type": "string", "format": "uuid"}),
        _ => json!({"type": "string"}),
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn response_name(status: u16) -> &'static str {
    ERRORS.iter().find(|(code, _, _)| *code == status).map_or("Internal", |(_, name, _)| name)
}

const ERRORS: [(u16, &str, &str); 11] = [
    (400, "BadRequest", "The request, a field or a query path is wrong; the body says which."),
    (401, "Unauthenticated", "Sign-in failed."),
    (403, "Forbidden", "Not signed in, or not permitted."),
    (404, "NotFound", "Absent, or out of the caller's reach: the two look the same."),
    (409, "Conflict", "Other records are in the way, or another change came first."),
    (413, "TooLarge", "The body exceeds 1 MiB."),
    (414, "UriTooLong", "The address exceeds 16 KiB; send the query as a body instead."),
    (422, "Unprocessable", "The Idempotency-Key came with another request before."),
    (
        429,
        "TooMany",
        "Too much in too short a time; `Retry-After` says in how many seconds to go on.",
    ),
    (500, "Internal", "A fault of ours. Name the `id` when you report it."),
    (
        503,
        "Unavailable",
        "The database does not answer, the request took too long, or too much is under way; \
         `Retry-After` says in how many seconds to try again.",
    ),
];

pub(super) fn responses() -> Value {
    let entry = |(status, name, text): &(u16, &str, &str)| {
        let schema = json!({"$ref": "#/components/schemas/Errors"});
        let example = error_example(*status);
        let content = json!({"application/json": {"schema": schema, "example": example}});
        ((*name).to_owned(), json!({"description": text, "content": content}))
    };
    Value::Object(ERRORS.iter().map(entry).collect())
}

fn error_example(status: u16) -> Value {
    let simple = |message: &str| json!({"errors": [{"message": message}]});
    match status {
        400 => json!({"errors": [{
            "name": "ValidationError",
            "data": {"collection": "deals", "errors": [
                {"label": "Name", "message": "This field is required.", "path": "name"}]},
            "message": "The following field is invalid: Name"}]}),
        401 => simple("The email or password provided is incorrect."),
        403 => simple("You are not allowed to perform this action."),
        404 => simple("Not Found"),
        409 => json!({"errors": [{
            "message": "Another change to the same records came first. Try again."}]}),
        413 => simple("The body is larger than 1048576 bytes."),
        414 => simple("The address is longer than 16384 bytes."),
        422 => simple("This Idempotency-Key came with another request before."),
        429 => simple("Too many requests. Try again in 3 seconds."),
        503 => simple("The database does not answer."),
        _ => json!({"errors": [{
            "message": "Something went wrong.", "id": "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3"}]}),
    }
}

/// The query parameters and headers that routes share.
pub(super) fn parameters() -> Value {
    let query = |name: &str, schema: Value, text: &str| json!({"name": name, "in": "query", "schema": schema, "description": text});
    let deep = |name: &str, text: &str| {
        json!({
            "name": name, "in": "query", "style": "deepObject", "explode": true,
            "schema": {"type": "object", "additionalProperties": true}, "description": text,
        })
    };
    let size = |default: i64, most: i64| json!({"type": "integer", "minimum": 0, "maximum": most, "default": default});
    let most = define::Aggregate::MAX_LIMIT;
    let groups = json!({"type": "integer", "minimum": 1, "maximum": most, "default": define::Aggregate::DEFAULT_LIMIT});
    json!({
        "where": deep("where", "Filter: `where[path][operator]=value`. Several tests must all hold; \
            `and` and `or` take lists: `where[or][0][name][like]=acme`. A path may lead through \
            relations: `where[company.name][equals]=Acme`. One URL-encoded JSON object does as well."),
        "sort": query("sort", json!({"type": "string"}),
            "Comma list of fields, `-` for descending: `-createdAt,name`. Dotted paths lead through \
             relations."),
        "limit": query("limit", size(10, crate::find::MAX_LIMIT),
            "Documents per page. 0 asks for all, up to 10,000."),
        "page": query("page", json!({"type": "integer", "minimum": 1, "default": 1}), "Page, from 1."),
        "pagination": query("pagination", json!({"type": "boolean", "default": true}),
            "`false` leaves the count of the whole set out."),
        "depth": query("depth", size(2, 10),
            "Levels of relations sent as documents instead of ids."),
        "select": deep("select", "Fields to send (`select[name]=true`) or to leave out \
            (`select[notes]=false`). `id` is always sent."),
        "populate": deep("populate", "The same for documents inside documents, by collection: \
            `populate[companies][name]=true`."),
        "q": query("q", json!({"type": "string", "maxLength": define::Search::MAX_TEXT}),
            "What a person typed: every word must begin a word of one of the collection's `search` \
             fields. Case and accents do not matter; e-mail addresses may be whole, phone numbers in \
             any grouping. Narrows `where`."),
        "group": query("group", json!({"type": "string"}),
            "Up to three keys of a group: `stage` or `status,closedAt:month`. A key is a stored single \
             field, a relationship, or a list, of which each element counts; paths lead through single \
             relations. Days and instants take `:day`, `:week` (from Monday), `:month`, `:quarter` or \
             `:year`, and show its first day. Without a key there is one group."),
        "values": query("values", json!({"type": "string", "default": "count"}),
            "What to compute besides the count: `sum:value,avg:value,min:closedAt,max:closedAt`. \
             `sum` and `avg` of numbers and money, `min` and `max` of days and instants too."),
        "zone": query("zone", json!({"type": "string", "default": "UTC"}),
            "IANA name of the time zone in which instants fall into buckets: `Europe/Madrid`."),
        "groupSort": query("sort", json!({"type": "string", "default": "-count"}),
            "`count`, `key` or one of `values` such as `sum:value`, `-` for descending. Money counts by \
             its largest amount. The key decides between equals; what has no value comes last."),
        "groupLimit": query("limit", groups, "Groups to show, the first ones in order; `hasMore` says \
            whether there are others."),
        "trash": query("trash", json!({"type": "boolean", "default": false}),
            "Includes documents in the trash."),
        "idempotencyKey": {
            "name": "Idempotency-Key", "in": "header",
            "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            "description": "Makes the request safe to send again: for 24 hours the same key with the \
                same request is answered as the first time (`Idempotent-Replayed: true`) and nothing is \
                done twice. Any unique text, such as a UUID.",
        },
        "ifMatch": {
            "name": "If-Match", "in": "header", "schema": {"type": "string"},
            "description": "The document's `updatedAt` as you read it. If someone has changed it since, \
                the answer is 409 and nothing is written.",
        },
        "tenant": {
            "name": "X-Tenant", "in": "header", "schema": {"type": "string", "format": "uuid"},
            "description": "The tenant to stand in. Without it lists cover every tenant within \
                reach, and writes go to the caller's home.",
        },
    })
}
