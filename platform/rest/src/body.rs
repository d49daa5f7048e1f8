//! Reading a request's body, within limits.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kernel::{Doc, Error, Kind, Result, Value};

use crate::error::Failure;
use crate::json;

/// Largest body accepted, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;

/// A JSON object that must be there.
pub struct JsonBody(pub Doc);

/// A JSON object, or an empty one when nothing was sent.
pub struct OptionalBody(pub Doc);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> std::result::Result<JsonBody, Failure> {
        match read_object(request).await? {
            Some(doc) => Ok(JsonBody(doc)),
            None => Err(Error::bad_request("Send a JSON object as the body.").into()),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for OptionalBody {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> std::result::Result<OptionalBody, Failure> {
        Ok(OptionalBody(read_object(request).await?.unwrap_or_default()))
    }
}

async fn read_object(request: Request) -> Result<Option<Doc>> {
    let (parts, body) = request.into_parts();
    let bytes = read(&parts.headers, body).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if !is_json(&parts.headers) {
        return Err(Error::bad_request(
            "Send the body as JSON, with the header Content-Type: application/json.",
        ));
    }
    match json::parse(&bytes)? {
        Value::Object(doc) => Ok(Some(doc)),
        _ => Err(Error::bad_request("The body must be a JSON object.")),
    }
}

/// All of the body. Errors when it exceeds [`MAX_BODY`] or the connection breaks.
pub async fn read(headers: &HeaderMap, body: Body) -> Result<bytes::Bytes> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if length.is_some_and(|n: u64| n > MAX_BODY as u64) {
        return Err(too_large());
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(error) => Err(Error::bad_request("The body did not arrive whole.").with_source(error)),
    }
}

fn too_large() -> Error {
    Error::new(Kind::TooLarge, format!("The body is larger than {MAX_BODY} bytes."))
}

/// The media type without its parameters, in lower case.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = media_type(headers);
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read_as(media: Option<&str>, body: impl Into<Body>) -> Result<Option<Doc>> {
        let mut request = Request::post("/");
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        read_object(request.body(body.into()).unwrap()).await
    }

    #[tokio::test]
    async fn bodies_that_cannot_be_read_say_why() {
        let json = Some("application/json; charset=utf-8");
        assert_eq!(read_as(json, r#"{"a":1}"#).await.unwrap().unwrap().len(), 1);
        assert!(read_as(None, "").await.unwrap().is_none());
        assert!(read_as(Some("application/merge-patch+json"), "{}").await.unwrap().is_some());
        let message = async |media, body: &str| read_as(media, body.to_owned()).await.unwrap_err();
        assert_eq!(message(json, "{bad").await.message, "Invalid JSON");
        assert_eq!(message(json, "[1]").await.message, "The body must be a JSON object.");
        assert!(message(Some("text/plain"), "{}").await.message.contains("application/json"));
        assert!(message(None, "{}").await.message.contains("application/json"));
        let huge = " ".repeat(MAX_BODY + 1);
        assert_eq!(message(json, &huge).await.kind, Kind::TooLarge);
    }
}
