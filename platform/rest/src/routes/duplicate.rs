//! POST a copy of a document; the body lies over it.

use axum::extract::State;
use axum::http::StatusCode;

use crate::body::OptionalBody;
use crate::caller::Caller;
use crate::error::Reply;
use crate::request::{NoCondition, Query, Target};
use crate::state::AppState;
use crate::{find, reply};

pub(super) async fn one(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
    NoCondition: NoCondition,
    OptionalBody(data): OptionalBody,
) -> Reply {
    let shape = find::shape(&params)?;
    let Target { slug, id } = &target;
    let doc = state.engine.duplicate(&caller.actor, slug, id, data, &shape).await?;
    let singular = &target.collection(&state)?.labels.singular;
    Ok(reply::doc(StatusCode::OK, &doc, &format!("{singular} successfully duplicated.")))
}
