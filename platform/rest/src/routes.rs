//! The routes every collection has, one file per family.
//!
//! `POST /api/{collection}/{id}` does not exist: it answers "route not found" unless its method is
//! overridden, which the frame has done before routing.

mod access;
mod create;
mod delete;
mod duplicate;
mod read;
mod update;

use axum::Router;
use axum::routing::{get, post};

use crate::state::AppState;

pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/api/access", get(access::everything))
        .route(
            "/api/{collection}",
            get(read::list).post(create::one).patch(update::found).delete(delete::found),
        )
        .route("/api/{collection}/count", get(read::count))
        .route("/api/{collection}/access", post(access::collection))
        .route("/api/{collection}/access/{id}", post(access::document))
        .route("/api/{collection}/{id}", get(read::one).patch(update::one).delete(delete::one))
        .route("/api/{collection}/{id}/duplicate", post(duplicate::one))
}

/// `Deal` for exactly one, `Deals` otherwise.
fn label(collection: &define::Collection, count: usize) -> &str {
    if count == 1 { &collection.labels.singular } else { &collection.labels.plural }
}

/// The answer to a filtered write.
fn bulk(collection: &define::Collection, done: &engine::Bulk, verb: Bulk) -> axum::response::Response {
    use axum::http::StatusCode;

    let (written, failed) = (done.docs.len(), done.errors.len());
    let total = written + failed;
    let (status, message) = if failed == 0 {
        let text = format!("{} {written} {} successfully.", verb.done(), label(collection, written));
        (StatusCode::OK, text)
    } else {
        let label = label(collection, total);
        let text = format!("Unable to {} {failed} out of {total} {label}.", verb.infinitive());
        (StatusCode::BAD_REQUEST, text)
    };
    crate::reply::json(status, bulk_text(done, &message))
}

fn bulk_text(done: &engine::Bulk, message: &str) -> String {
    let size: usize = done.docs.iter().map(|d| d.len() + 1).sum();
    let mut text = String::with_capacity(size + done.errors.len() * 120 + 96);
    text.push_str("{\"docs\":[");
    text.push_str(&done.docs.join(","));
    text.push_str("],\"errors\":[");
    for (at, (id, error)) in done.errors.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(&format!("{{\"id\":\"{id}\",\"isPublic\":true,\"message\":"));
        let internal = error.kind == kernel::Kind::Internal;
        let shown = if internal { "Something went wrong." } else { &error.message };
        crate::reply::push_text(&mut text, shown);
        text.push('}');
    }
    text.push_str("],\"message\":");
    crate::reply::push_text(&mut text, message);
    text.push('}');
    text
}

#[derive(Clone, Copy)]
enum Bulk {
    Update,
    Delete,
}

impl Bulk {
    fn infinitive(self) -> &'static str {
        match self {
            Bulk::Update => "update",
            Bulk::Delete => "delete",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Bulk::Update => "Updated",
            Bulk::Delete => "Deleted",
        }
    }
}
