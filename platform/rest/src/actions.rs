//! The routes of what modules offer besides the verbs: `/api/tenants/{id}/setup`, `/api/business-types`.

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use engine::{Action, Call, Manner};
use kernel::{Doc, Error, Id};

use crate::body::OptionalBody;
use crate::caller::Caller;
use crate::error::Reply;
use crate::reply;
use crate::request::Query;
use crate::state::AppState;

pub(crate) fn router(actions: &[Action]) -> Router<AppState> {
    let mut router = Router::new();
    for (at, action) in actions.iter().enumerate() {
        let route = match action.manner {
            Manner::Ask => get(move |State(state), path, caller, Query(input)| {
                perform(state, at, path, caller, input)
            }),
            Manner::Do => post(move |State(state), path, caller, OptionalBody(input)| {
                perform(state, at, path, caller, input)
            }),
            Manner::Undo => delete(move |State(state), path, caller| {
                perform(state, at, path, caller, Doc::new())
            }),
        };
        router = router.route(&path(action), route);
    }
    router
}

/// `/api/tenants/{id}/setup`, or `/api/business-types` for what concerns no document.
pub(crate) fn path(action: &Action) -> String {
    match action.on {
        Some(slug) => format!("/api/{slug}/{{id}}/{}", action.name),
        None => format!("/api/{}", action.name),
    }
}

async fn perform(
    state: AppState,
    at: usize,
    path: Result<Path<String>, PathRejection>,
    caller: Caller,
    input: Doc,
) -> Reply {
    if caller.actor.is_anonymous() {
        return Err(Error::forbidden().into());
    }
    let action = state.engine.actions().get(at).ok_or_else(Error::not_found)?;
    let document = match action.on {
        None => Id::nil(),
        Some(_) => {
            let named = path.ok().and_then(|Path(text)| text.parse().ok());
            named.ok_or_else(Error::not_found)?
        }
    };
    let call = Call { document, input };
    let done = action.run.perform(&state.engine, &caller.actor, call).await?;
    let status = if done.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok(reply::json(status, done.answer.to_string()))
}
