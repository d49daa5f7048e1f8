//! Who sends a request.

use std::sync::atomic::Ordering;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use kernel::{Actor, Claim, RequestInfo};

use crate::auth::extract::{self, Presented};
use crate::error::Failure;
use crate::held::Holder;
use crate::state::AppState;
use crate::{request, unread};

/// The authenticated actor, anonymous when no good token came.
pub struct Caller {
    pub actor: Actor,
    pub presented: Presented,
    pub(crate) holder: Holder,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Caller, Failure> {
        let trace = request::trace(parts);
        let info = &state.info;
        let presented = extract::presented(&parts.headers, &info.url, &info.trusted_origins);
        let claim = parts.extensions.get::<Claim>().cloned();
        let origin = RequestInfo { claim, ..trace.info.clone() };
        let actor = extract::actor(&state.auth, &presented, origin).await?;
        if let Some(user) = actor.user() {
            let _ = trace.user.set(user);
        }
        // It may be asked for again, by what surrounds a handler and by the handler.
        if !trace.is_counted.swap(true, Ordering::Relaxed) {
            info.throttle.request(trace.client, &actor, &parts.method)?;
            if !matches!(parts.method, Method::GET | Method::HEAD) {
                unread::check(trace.holder())?;
            }
        }
        Ok(Caller { actor, presented, holder: trace.holder() })
    }
}
