//! The routes every collection has, one file per family.
//!
//! `POST /api/{collection}/{id}` does not exist: it answers "route not found" unless its method is
//! overridden, which the frame has done before routing.

mod access;
mod aggregate;
mod bulk;
mod create;
mod delete;
mod duplicate;
mod read;
mod search;
mod update;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/access", get(access::everything))
        .route("/api/search", get(search::everywhere))
        .route(
            "/api/{collection}",
            get(read::list).post(create::one).patch(update::found).delete(delete::found),
        )
        .route("/api/{collection}/count", get(read::count))
        .route("/api/{collection}/aggregate", get(aggregate::groups))
        .route("/api/{collection}/access", post(access::collection))
        .route("/api/{collection}/access/{id}", post(access::document))
        .route("/api/{collection}/{id}", get(read::one).patch(update::one).delete(delete::one))
        .route("/api/{collection}/{id}/duplicate", post(duplicate::one))
}
