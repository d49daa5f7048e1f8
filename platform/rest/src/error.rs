//! The one table from an error's kind to a status and a body.
//!
//! A handler returns [`Reply`]; `?` on anything that yields a [`kernel::Error`] does the rest.
//! **Invariant:** of an internal fault a client learns the request id and nothing else; the frame
//! writes both that body and the log line, since it alone knows the id.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::{Error, Kind};
use serde_json::{Map, Value, json};

use crate::reply;

pub type Reply<T = Response> = std::result::Result<T, Failure>;

/// An error on its way to the client.
#[derive(Debug)]
pub struct Failure(pub Error);

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure(error)
    }
}

/// Rides on the response of a fault of ours, for the frame to log.
#[derive(Clone)]
pub(crate) struct Fault(pub(crate) Arc<Error>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = status(error.kind);
        let retry = error.retry_after.map(|after| after.as_secs().max(1));
        let retry = retry.or(status.is_server_error().then_some(2));
        let mut response = match error.kind {
            Kind::Internal => status.into_response(),
            _ => reply::json(status, body(&error).to_string()),
        };
        if let Some(seconds) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if status.is_server_error() {
            response.extensions_mut().insert(Fault(Arc::new(error)));
        }
        response
    }
}

pub fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::BadRequest | Kind::Validation | Kind::Query => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::Late => StatusCode::REQUEST_TIMEOUT,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The contract's error body. Of an internal error it shows the general sentence only.
pub fn body(error: &Error) -> Value {
    let mut entry = Map::new();
    match error.kind {
        Kind::Validation => {
            entry.insert("name".into(), "ValidationError".into());
            entry.insert("data".into(), validation_data(error));
        }
        Kind::Query => {
            let paths: Vec<Value> = error.fields.iter().map(|f| json!({"path": f.path})).collect();
            entry.insert("name".into(), "QueryError".into());
            entry.insert("data".into(), paths.into());
        }
        Kind::Conflict => {
            if let Some(id) = &error.document {
                entry.insert("name".into(), "ConflictError".into());
                let collection = error.collection.as_deref();
                entry.insert("data".into(), json!({"id": id, "collection": collection}));
            }
        }
        _ => {}
    }
    let message = match error.kind {
        Kind::Internal => "Something went wrong.",
        _ => &error.message,
    };
    entry.insert("message".into(), message.into());
    json!({"errors": [entry]})
}

fn validation_data(error: &Error) -> Value {
    let mut data = Map::new();
    if let Some(id) = &error.document {
        data.insert("id".into(), id.as_str().into());
    }
    if let Some(collection) = &error.collection {
        data.insert("collection".into(), collection.as_str().into());
    }
    let fields = error.fields.iter().map(|field| {
        let mut entry = Map::new();
        if let Some(label) = &field.label {
            entry.insert("label".into(), label.as_str().into());
        }
        entry.insert("message".into(), field.message.as_str().into());
        entry.insert("path".into(), field.path.as_str().into());
        Value::Object(entry)
    });
    data.insert("errors".into(), fields.collect());
    Value::Object(data)
}

/// `{"message":"Route not found \"/api/x\""}`: no such route, or no such collection.
pub(crate) fn route_not_found(path: &str) -> Response {
    let message = format!("Route not found \"{path}\"");
    reply::json(StatusCode::NOT_FOUND, json!({"message": message}).to_string())
}

#[cfg(test)]
mod tests {
    use kernel::FieldError;

    use super::*;

    #[test]
    fn bodies_are_those_of_the_contract() {
        let rating = FieldError::new("rating", "99 is greater than the max allowed Value of 5.")
            .labeled("Rating");
        let when = FieldError::new("when", "\"nope\" is not a valid date.").labeled("When");
        let cases = [
            (
                Error::validation("posts", vec![rating]).for_document("1"),
                r#"{"errors":[{"name":"ValidationError","data":{"id":"1","collection":"posts","errors":[{"label":"Rating","message":"99 is greater than the max allowed Value of 5.","path":"rating"}]},"message":"The following field is invalid: Rating"}]}"#,
            ),
            (
                Error::validation(
                    "posts",
                    vec![when, FieldError::new("slug", "Value must be unique")],
                ),
                r#"{"errors":[{"name":"ValidationError","data":{"collection":"posts","errors":[{"label":"When","message":"\"nope\" is not a valid date.","path":"when"},{"message":"Value must be unique","path":"slug"}]},"message":"The following fields are invalid: When, slug"}]}"#,
            ),
            (
                Error::query(vec!["title.bogus".into()]),
                r#"{"errors":[{"name":"QueryError","data":[{"path":"title.bogus"}],"message":"The following path cannot be queried: title.bogus"}]}"#,
            ),
            (
                Error::forbidden(),
                r#"{"errors":[{"message":"You are not allowed to perform this action."}]}"#,
            ),
            (Error::not_found(), r#"{"errors":[{"message":"Not Found"}]}"#),
            (
                Error::internal("the secret reason"),
                r#"{"errors":[{"message":"Something went wrong."}]}"#,
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(body(&error).to_string(), expected);
        }
    }

    #[test]
    fn every_kind_has_its_status() {
        let table = [
            (Kind::BadRequest, 400),
            (Kind::Validation, 400),
            (Kind::Query, 400),
            (Kind::Unauthenticated, 401),
            (Kind::Forbidden, 403),
            (Kind::NotFound, 404),
            (Kind::Conflict, 409),
            (Kind::TooLarge, 413),
            (Kind::Late, 408),
            (Kind::TooMany, 429),
            (Kind::Unavailable, 503),
            (Kind::Internal, 500),
        ];
        for (kind, code) in table {
            assert_eq!(status(kind).as_u16(), code);
        }
    }
}
