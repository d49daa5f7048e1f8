//! Whether the process runs, and whether it can serve.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use engine::Engine;
use kernel::{Error, Result};
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::reply;
use crate::state::AppState;

/// How long an answer stands: anyone may ask, and asking costs the database three queries.
const FRESH: Duration = Duration::from_millis(100);
const TIME_LIMIT: Duration = Duration::from_secs(3);

/// The last answer; its lock lets one caller at a time ask the database.
#[derive(Default)]
pub(crate) struct Readiness(Mutex<Option<(Instant, bool, Value)>>);

pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/api/healthz", get(alive)).route("/api/readyz", get(ready))
}

async fn alive() -> Response {
    reply::ok(r#"{"status":"ok"}"#)
}

async fn ready(State(state): State<AppState>) -> Response {
    let mut last = state.info.readiness.0.lock().await;
    let fresh = last.as_ref().filter(|(at, _, _)| at.elapsed() < FRESH);
    let (ok, body) = match fresh {
        Some((_, ok, body)) => (*ok, body.clone()),
        None => {
            let (ok, body) = examine(&state.engine).await;
            *last = Some((Instant::now(), ok, body.clone()));
            (ok, body)
        }
    };
    let status = if ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    reply::json(status, body.to_string())
}

async fn examine(engine: &Engine) -> (bool, Value) {
    let store = engine.store();
    let migrations = async {
        let missing = store::migrate::missing(store).await?;
        if missing.is_empty() {
            return Ok(());
        }
        Err(Error::unavailable(format!("{} migrations have not run", missing.len())))
    };
    let (database, migrations, roles) = futures_util::join!(
        limited(store.ping()),
        limited(migrations),
        limited(store::guard::check(store))
    );
    let results = [("database", database), ("migrations", migrations), ("roles", roles)];
    let ok = results.iter().all(|(_, result)| result.is_ok());
    let mut checks = serde_json::Map::new();
    for (name, result) in results {
        if let Err(error) = &result {
            tracing::warn!(check = name, reason = error.message, "not ready");
        }
        checks.insert(name.into(), if result.is_ok() { "ok" } else { "failed" }.into());
    }
    (ok, json!({"status": if ok { "ok" } else { "unavailable" }, "checks": checks}))
}

async fn limited(check: impl Future<Output = Result<()>>) -> Result<()> {
    match tokio::time::timeout(TIME_LIMIT, check).await {
        Ok(result) => result,
        Err(_) => Err(Error::unavailable("no answer in time")),
    }
}
