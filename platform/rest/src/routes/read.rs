//! GET a list, a count, one document.

use axum::extract::State;

use crate::caller::Caller;
use crate::error::Reply;
use crate::request::{Query, Target};
use crate::state::AppState;
use crate::{find, reply, unread};

/// A list of so many documents is long; all there are (0) may be, too.
const LONG: i64 = 100;

pub(super) async fn list(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let find = find::find(&params)?;
    let _turn = match find.limit {
        1..LONG => None,
        _ => Some(unread::turn(caller.holder).await?),
    };
    let page = state.engine.find(&caller.actor, &target.slug, &find).await?;
    Ok(reply::ok(page.to_json()))
}

pub(super) async fn count(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let (filter, trash) = (find::filter(&params)?, find::trash(&params));
    let total = state.engine.count(&caller.actor, &target.slug, &filter, trash).await?;
    Ok(reply::ok(format!("{{\"totalDocs\":{total}}}")))
}

pub(super) async fn one(
    State(state): State<AppState>,
    target: Target,
    caller: Caller,
    Query(params): Query,
) -> Reply {
    let (shape, trash) = (find::shape(&params)?, find::trash(&params));
    let doc =
        state.engine.find_by_id(&caller.actor, &target.slug, &target.id, &shape, trash).await?;
    Ok(reply::ok(doc))
}
