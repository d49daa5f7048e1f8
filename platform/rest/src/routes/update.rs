//! PATCH one document, or whatever `where` finds.

use axum::extract::State;
use axum::http::StatusCode;
use define::Condition;

use super::bulk::{self, Verb};
use crate::body::JsonBody;
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
    JsonBody(data): JsonBody,
) -> Reply {
    let shape = find::shape(&params)?;
    let condition = Condition { trash: find::trash(&params), versions };
    let Target { slug, id } = &target;
    let doc = state.engine.update(&caller.actor, slug, id, data, &shape, &condition).await?;
    Ok(reply::doc(StatusCode::OK, &doc, "Updated successfully."))
}

pub(super) async fn found(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
    NoCondition: NoCondition,
    JsonBody(data): JsonBody,
) -> Reply {
    let find = find::bulk(&params, Verb::Update.infinitive())?;
    let done = state.engine.update_where(&caller.actor, &target.slug, &find, data).await?;
    Ok(bulk::answer(target.collection(&state)?, &done, Verb::Update))
}
