//! DELETE one document, or whatever `where` finds. A body is not read.

use axum::extract::State;
use axum::http::StatusCode;
use define::Condition;

use super::bulk::{self, Verb};
use crate::caller::Caller;
use crate::error::Reply;
use crate::request::{IfMatch, NoCondition, Query, Target};
use crate::state::AppState;
use crate::{find, reply};

pub(super) async fn one(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
    IfMatch(versions): IfMatch,
) -> Reply {
    let shape = find::shape(&params)?;
    let condition = Condition { trash: find::trash(&params), versions };
    let Target { slug, id } = &target;
    let doc = state.engine.delete(&caller.actor, slug, id, &shape, &condition).await?;
    Ok(reply::doc(StatusCode::OK, &doc, "Deleted successfully."))
}

pub(super) async fn found(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
    NoCondition: NoCondition,
) -> Reply {
    let find = find::bulk(&params, Verb::Delete.infinitive())?;
    let done = state.engine.delete_where(&caller.actor, &target.slug, &find).await?;
    Ok(bulk::answer(target.collection(&state)?, &done, Verb::Delete))
}
