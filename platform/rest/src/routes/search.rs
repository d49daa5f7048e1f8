//! GET records of any kind by the words they hold.

use axum::extract::State;

use crate::caller::Caller;
use crate::error::Reply;
use crate::request::Query;
use crate::state::AppState;
use crate::{find, reply};

pub(super) async fn everywhere(
    State(state): State<AppState>,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let hits = state.engine.search(&caller.actor, &find::search(&params)?).await?;
    Ok(reply::ok(hits.to_json()))
}
