//! What the actor may do: everywhere, with one collection, with one document. Bodies are not read.

use axum::extract::State;

use crate::caller::Caller;
use crate::error::Reply;
use crate::reply;
use crate::request::Target;
use crate::state::AppState;

pub(super) async fn everything(State(state): State<AppState>, caller: Caller) -> Reply {
    Ok(reply::ok(state.engine.access(&caller.actor).to_string()))
}

pub(super) async fn collection(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
) -> Reply {
    let granted = state.engine.access_to(&caller.actor, &target.slug, None).await?;
    Ok(reply::ok(granted.to_string()))
}

pub(super) async fn document(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
) -> Reply {
    let granted = state.engine.access_to(&caller.actor, &target.slug, Some(&target.id)).await?;
    Ok(reply::ok(granted.to_string()))
}
