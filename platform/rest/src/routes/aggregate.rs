//! GET groups, counted and added up.

use axum::extract::State;

use crate::caller::Caller;
use crate::error::Reply;
use crate::request::{Query, Target};
use crate::state::AppState;
use crate::{find, reply};

pub(super) async fn groups(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let asked = find::aggregate(&params)?;
    let groups = state.engine.aggregate(&caller.actor, &target.slug, &asked).await?;
    Ok(reply::ok(groups.to_json()))
}
