//! Reading a request's body, within limits.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::BytesMut;
use futures_util::stream;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::{Body as _, Frame};
use kernel::{Doc, Error, Kind, Result, Value};
use multer::Multipart;

use crate::error::Failure;
use crate::held::Allowance;
use crate::{json, request};

/// Largest body accepted, in bytes.
pub const MAX_BODY: usize = 1024 * 1024;
/// Bodies that are still arriving may take this much together, in bytes; one client's at most a ninth of it.
static ARRIVING: Allowance = Allowance::new(64 << 20, 8);
/// How long a body may pause.
const PATIENCE: Duration = Duration::from_secs(10);

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
    let bytes = read(&parts, body).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if media_type(&parts.headers) == "multipart/form-data" {
        return read_form(&parts.headers, bytes).await.map(Some);
    }
    if !is_json(&parts.headers) {
        return Err(Error::bad_request(
            "Send the body as JSON, with the header Content-Type: application/json.",
        ));
    }
    object(&bytes).map(Some)
}

fn object(bytes: &[u8]) -> Result<Doc> {
    match json::parse(bytes)? {
        Value::Object(doc) => Ok(doc),
        _ => Err(Error::bad_request("The body must be a JSON object.")),
    }
}

/// The document in the part `_payload` of a form, as the contract's clients send it beside a file.
async fn read_form(headers: &HeaderMap, bytes: Bytes) -> Result<Doc> {
    let broken =
        |error: multer::Error| Error::bad_request("The form cannot be read.").with_source(error);
    let media = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let boundary = multer::parse_boundary(media).map_err(broken)?;
    let whole = stream::iter([Ok::<_, Infallible>(bytes)]);
    let mut form = Multipart::new(whole, boundary);
    let mut found = None;
    while let Some(part) = form.next_field().await.map_err(broken)? {
        if part.file_name().is_some() {
            return Err(Error::bad_request(
                "This collection takes no files. Send its document as JSON in the part _payload.",
            ));
        }
        if part.name() == Some("_payload") {
            if found.is_some() {
                return Err(Error::bad_request("The form has the part _payload twice."));
            }
            found = Some(object(&part.bytes().await.map_err(broken)?)?);
        }
    }
    found.ok_or_else(|| Error::bad_request("Send the document as JSON in the part _payload."))
}

/// All of the body. Errors when it exceeds [`MAX_BODY`], stops coming, or the connection breaks.
pub async fn read(parts: &Parts, body: Body) -> Result<Bytes> {
    read_within(parts, body, PATIENCE).await
}

pub(crate) async fn read_within(parts: &Parts, body: Body, patience: Duration) -> Result<Bytes> {
    let length =
        parts.headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
    if length.is_some_and(|n: u64| n > MAX_BODY as u64) {
        return Err(too_large());
    }
    let mut body = Limited::new(body, MAX_BODY);
    let mut held = ARRIVING.held_by(request::trace(parts).holder());
    let mut first = Bytes::new();
    let mut whole = BytesMut::new();
    while let Some(frame) = next(&mut body, patience).await? {
        let Ok(data) = frame.into_data() else { continue };
        // One that came at once, as most do, is never in anybody's way.
        if !body.is_end_stream() && held.more(data.len()).is_err() {
            return Err(Error::unavailable("Too much is being sent at once. Try again."));
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
            continue;
        }
        whole.extend_from_slice(&std::mem::take(&mut first));
        whole.extend_from_slice(&data);
    }
    // Most bodies arrive at once and are not copied.
    Ok(if whole.is_empty() { first } else { whole.freeze() })
}

async fn next(body: &mut Limited<Body>, patience: Duration) -> Result<Option<Frame<Bytes>>> {
    match tokio::time::timeout(patience, body.frame()).await {
        Err(_) => Err(Error::new(Kind::Late, "The body did not arrive in time.")),
        Ok(None) => Ok(None),
        Ok(Some(Ok(frame))) => Ok(Some(frame)),
        Ok(Some(Err(error))) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Some(Err(error))) => {
            Err(Error::bad_request("The body did not arrive whole.").with_source(error))
        }
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
        let form = Some("multipart/form-data; boundary=xx");
        let part = |head: &str, text: &str| {
            format!("--xx\r\nContent-Disposition: form-data; {head}\r\n\r\n{text}\r\n")
        };
        let document = part("name=\"_payload\"", r#"{"a":[1]}"#);
        let whole = format!("{document}--xx--\r\n");
        assert_eq!(read_as(form, whole).await.unwrap().unwrap()["a"][0], 1);
        let file = part("name=\"file\"; filename=\"a.svg\"", "<svg/>");
        for (wrong, says) in [
            (format!("{document}{file}--xx--\r\n"), "takes no files"),
            (format!("{document}{document}--xx--\r\n"), "twice"),
            (format!("{}--xx--\r\n", part("name=\"x\"", "1")), "_payload"),
            (format!("{}--xx--\r\n", part("name=\"_payload\"", "{bad")), "Invalid JSON"),
            (document.clone(), "cannot be read"),
            ("{}".to_owned(), "cannot be read"),
        ] {
            let said = message(form, &wrong).await.message;
            assert!(said.contains(says), "{wrong}: {said}");
        }
        let bare = Some("multipart/form-data");
        assert!(message(bare, &document).await.message.contains("cannot be read"));
        let huge = " ".repeat(MAX_BODY + 1);
        assert_eq!(message(json, &huge).await.kind, Kind::TooLarge);
    }
}
