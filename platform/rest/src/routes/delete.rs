//! DELETE one document, or whatever `where` finds. A body is not read.

use axum::extract::State;
use axum::http::StatusCode;

use super::bulk::{self, Verb};
use crate::caller::Caller;
use crate::error::Reply;
use crate::request::{Query, Target};
use crate::state::AppState;
use crate::{find, reply};

pub(super) async fn one(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let (shape, trash) = (find::shape(&params)?, find::trash(&params));
    let doc = state.engine.delete(&caller.actor, &target.slug, &target.id, &shape, trash).await?;
    Ok(reply::doc(StatusCode::OK, &doc, "Deleted successfully."))
}

pub(super) async fn found(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let find = find::bulk(&params, Verb::Delete.infinitive())?;
    let done = state.engine.delete_where(&caller.actor, &target.slug, &find).await?;
    Ok(bulk::answer(target.collection(&state)?, &done, Verb::Delete))
}
