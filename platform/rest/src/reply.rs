//! Answers put together as text: the engine's documents are JSON already and are not read again.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// `text` must be JSON.
pub fn json(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

pub fn ok(text: impl Into<Body>) -> Response {
    json(StatusCode::OK, text)
}

/// `{"doc":…,"message":…}`
pub(crate) fn doc(status: StatusCode, doc: &str, message: &str) -> Response {
    let mut text = String::with_capacity(doc.len() + message.len() + 24);
    text.push_str("{\"doc\":");
    text.push_str(doc);
    text.push_str(",\"message\":");
    push_text(&mut text, message);
    text.push('}');
    json(status, text)
}

/// Appends `value` as a JSON string.
pub(crate) fn push_text(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn messages_are_escaped() {
        let response = doc(StatusCode::CREATED, r#"{"id":"1"}"#, "\"A\" created.");
        assert_eq!(response.status(), 201);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(bytes, r#"{"doc":{"id":"1"},"message":"\"A\" created."}"#);
    }
}
