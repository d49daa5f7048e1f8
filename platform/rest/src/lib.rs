//! HTTP: the wire contract over the engine's verbs.
//!
//! A request passes the [`frame`] (id, limits, log), its route's handler (one file per family) and
//! enters a verb of the engine. **Invariants:** no route reads or writes but through a verb; the table
//! of kinds and statuses in [`error`] is the only one; no query value, body or token reaches a log.

mod actions;
mod app;
mod auth;
pub mod body;
pub mod caller;
mod client_ip;
pub mod error;
pub mod find;
mod frame;
mod health;
mod held;
mod idempotency;
mod json;
pub mod openapi;
mod operators;
mod paced;
pub mod query_string;
mod reference;
pub mod reply;
pub mod request;
mod routes;
mod schema;
pub mod serve;
mod state;
#[cfg(test)]
mod tests;
mod throttle;
mod unread;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{from_fn_with_state, map_response};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

pub use app::{Asset, Assets};
pub use client_ip::{ClientHeader, Network, Proxies};
pub use state::{AppState, Info};
pub use throttle::{Rates, Throttle};

/// The whole server, for a [`serve::Door`] to serve.
pub fn app(state: AppState) -> Router {
    let inside = from_fn_with_state(state.clone(), frame::inside);
    let inner = routed(&state).layer(inside).with_state(state.clone());
    let compress = SizeAbove::new(1024)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("font/"))
        .and(NotForContentType::const_new("text/event-stream"));
    let compression =
        CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(compress);
    Router::new()
        .fallback(move |request: Request| frame::serve(inner.clone(), state.clone(), request))
        .layer(compression)
        .layer(map_response(paced::paced))
}

/// Every route, before anything surrounds it.
fn routed(state: &AppState) -> Router<AppState> {
    Router::new()
        .merge(auth::routes(&state.info.throttle))
        .merge(routes::router())
        .merge(actions::router(state.engine.actions()))
        .merge(health::router())
        .merge(schema::router())
        .merge(reference::router())
        .fallback(app::serve)
        .method_not_allowed_fallback(frame::not_found)
}
