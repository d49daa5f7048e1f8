//! `Idempotency-Key`: a POST that is sent again with its key is answered as it was the first time.
//!
//! Keys belong to a person and the tenant stood in. Answers are kept for a day when the request
//! succeeded or wrote anything; a request that was refused has changed nothing and is simply tried
//! again. A failure of ours is never kept: it does not say whether the write before it stands, so what
//! was written answers instead. Sign-in is left out: its answers hold tokens, and those are never stored.

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use engine::Claimed;
use http_body_util::BodyExt;
use kernel::{Actor, Claim, Error, Id, Kind, Result};
use serde_json::json;
use sha2::{Digest, Sha256};
use tower::ServiceExt;
use tracing::Instrument;

use crate::caller::Caller;
use crate::error::{Failure, Reply};
use crate::request::Query;
use crate::state::AppState;
use crate::{auth, body, find, frame, reply};

pub(crate) const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const MAX_KEY: usize = 255;
/// Larger answers are not kept; the document is read again instead, or the request, which then has
/// written nothing, is carried out again.
const MAX_ANSWER: usize = 1024 * 1024;

/// Whether the request is one to be carried out once.
pub(crate) fn concerns(request: &Request) -> bool {
    request.method() == Method::POST
        && request.headers().contains_key(KEY)
        && !auth::is_sign_in(request.uri().path())
}

/// Carries the request out, or answers it as before.
pub(crate) async fn once(inner: Router, state: AppState, request: Request) -> Response {
    match claimed(&state, request).await {
        Ok(Outcome::Run(request)) => inner.oneshot(request).await.into_response(),
        Ok(Outcome::Claimed(once)) => {
            // Whoever sent it may hang up: it is carried out to its end all the same.
            let work = tokio::spawn(once.run(inner, state).in_current_span());
            let crashed = |e| Failure(Error::internal("a request crashed").with_source(e));
            work.await.unwrap_or_else(|e| crashed(e).into_response())
        }
        Ok(Outcome::Done(response)) => response,
        Err(refusal) => refusal.into_response(),
    }
}

enum Outcome {
    /// By nobody in particular: it is refused further on, or needs no key.
    Run(Request),
    Claimed(Box<Once>),
    Done(Response),
}

struct Once {
    actor: Actor,
    claim: Claim,
    request: Request,
}

async fn claimed(state: &AppState, request: Request) -> Reply<Outcome> {
    let (mut parts, sent) = request.into_parts();
    let key = key(&parts)?;
    let actor = Caller::from_request_parts(&mut parts, state).await?.actor;
    let bytes = body::read(&parts, sent).await?;
    let print = print(&parts, &bytes);
    if actor.user().is_none() || actor.current().is_none() {
        return Ok(Outcome::Run(Request::from_parts(parts, Body::from(bytes))));
    }
    let conflict = |message: &str| Err(Error::new(Kind::Conflict, message).into());
    match state.engine.claim(&actor, &key, &print).await? {
        Claimed::New(claim) => {
            parts.extensions.insert(claim.clone());
            let request = Request::from_parts(parts, Body::from(bytes));
            Ok(Outcome::Claimed(Box::new(Once { actor, claim, request })))
        }
        Claimed::Answered { status, answer } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            Ok(Outcome::Done(replayed(reply::json(status, answer))))
        }
        Claimed::Written { collection, document } => {
            written(state, &mut parts, &actor, &collection, document).await.map(Outcome::Done)
        }
        Claimed::Running => conflict("A request with this Idempotency-Key is being carried out."),
        Claimed::Other => {
            let message = "This Idempotency-Key came with another request before.";
            let text = json!({"errors": [{"message": message}]}).to_string();
            Ok(Outcome::Done(reply::json(StatusCode::UNPROCESSABLE_ENTITY, text)))
        }
    }
}

fn key(parts: &Parts) -> Result<String> {
    let value = parts.headers.get(KEY).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if value.is_empty() || value.len() > MAX_KEY {
        let message = format!("An Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.");
        return Err(Error::bad_request(message));
    }
    Ok(value.to_owned())
}

/// The same for the same request.
fn print(parts: &Parts, bytes: &[u8]) -> String {
    let address = parts.uri.path_and_query().map_or("", |p| p.as_str());
    let mut hash = Sha256::new();
    for part in [address.as_bytes(), body::media_type(&parts.headers).as_bytes(), bytes] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    kernel::hex(hash.finalize())
}

impl Once {
    async fn run(self, inner: Router, state: AppState) -> Response {
        let work = tokio::time::timeout(frame::TIME_LIMIT, inner.oneshot(self.request)).await;
        let response = match work {
            Ok(done) => done.into_response(),
            Err(_) => Failure(Error::unavailable("The request took too long.")).into_response(),
        };
        let (parts, sent) = response.into_parts();
        let Ok(sent) = sent.collect().await else {
            return Failure(Error::internal("an answer that broke off")).into_response();
        };
        let answer = sent.to_bytes();
        let settled = settle(&state, &self.actor, &self.claim, parts.status, &answer).await;
        if let Err(error) = settled {
            // The answer stands; sent again, the request is answered by what it wrote.
            tracing::warn!(%error, "the answer to an idempotent request was not kept");
        }
        Response::from_parts(parts, Body::from(answer))
    }
}

async fn settle(
    state: &AppState,
    actor: &Actor,
    claim: &Claim,
    status: StatusCode,
    answer: &[u8],
) -> Result<()> {
    let text = match std::str::from_utf8(answer) {
        Ok(text) if text.len() <= MAX_ANSWER && !status.is_server_error() => Some(text.to_owned()),
        _ => None,
    };
    let stands = status.is_success() && text.is_some();
    if !stands && state.engine.release(actor, claim).await? {
        return Ok(());
    }
    state.engine.keep_answer(actor, claim, status.as_u16(), text).await
}

/// The answer to a request that wrote `document` and whose own answer is not known: the document as
/// it is now, when making it was what the request asked for.
async fn written(
    state: &AppState,
    parts: &mut Parts,
    actor: &Actor,
    collection: &str,
    document: Id,
) -> Reply {
    let path: Vec<&str> = parts.uri.path().trim_start_matches("/api/").split('/').collect();
    let made = match path.as_slice() {
        [slug] if *slug == collection => Some((StatusCode::CREATED, "created")),
        [slug, _, "duplicate"] if *slug == collection => Some((StatusCode::OK, "duplicated")),
        _ => None,
    };
    let singular = state.engine.collection(collection).map(|c| c.labels.singular.clone());
    let (Some((status, verb)), Some(singular)) = (made, singular) else {
        let message = "This request was carried out already, but its answer was lost.";
        return Err(Error::new(Kind::Conflict, message).into());
    };
    let Query(params) = Query::from_request_parts(parts, state).await?;
    let (shape, id) = (find::shape(&params)?, document.to_string());
    let doc = state.engine.find_by_id(actor, collection, &id, &shape, true).await?;
    Ok(replayed(reply::doc(status, &doc, &format!("{singular} successfully {verb}."))))
}

fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
