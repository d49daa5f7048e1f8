//! POST a new document.

use axum::extract::State;
use axum::http::StatusCode;

use crate::body::JsonBody;
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
    JsonBody(data): JsonBody,
) -> Reply {
    let shape = find::shape(&params)?;
    let doc = state.engine.create(&caller.actor, &target.slug, data, &shape).await?;
    let singular = &target.collection(&state)?.labels.singular;
    Ok(reply::doc(StatusCode::CREATED, &doc, &format!("{singular} successfully created.")))
}
