//! Sign-in and what belongs to it, under the wire contract's paths and under `/api/auth`.

mod account;
mod cookie;
pub(crate) mod extract;

use std::sync::Arc;

use auth::{FirstUser, SignedIn};
use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{delete, get, post};
use kernel::{Doc, Error, FieldError, Id, Result, Value};
use serde_json::{Map, json};

use crate::body::{JsonBody, OptionalBody};
use crate::caller::Caller;
use crate::error::Reply;
use crate::reply;
use crate::state::AppState;
use crate::throttle::{self, Throttle};

const STRATEGY: &str = "local-jwt";

pub(crate) fn routes(throttle: &Arc<Throttle>) -> Router<AppState> {
    Router::new()
        .route("/api/users/logout", post(sign_out))
        .route("/api/users/me", get(me))
        .route("/api/users/refresh-token", post(refresh))
        .route("/api/users/unlock", post(unlock))
        .route("/api/users/init", get(init))
        .route("/api/users/sessions", get(sessions))
        .route("/api/users/sessions/{id}", delete(revoke))
        .route("/api/tenants/populate-tenant-options", get(tenant_options))
        .route("/api/auth/signout", post(sign_out))
        .route("/api/auth/session", get(me))
        .merge(proving(throttle.clone()))
}

/// Where strangers prove or change who they are, or have letters sent: not as often as they like.
fn proving(throttle: Arc<Throttle>) -> Router<AppState> {
    Router::new()
        .route("/api/users/login", post(sign_in))
        .route("/api/users/forgot-password", post(forgot))
        .route("/api/users/reset-password", post(reset))
        .route("/api/users/verify/{token}", post(verify))
        .route("/api/users/invitation", post(invitation))
        .route("/api/users/accept-invitation", post(accept_invitation))
        .route("/api/users/first-register", post(first_register))
        .route("/api/auth/signin", post(sign_in))
        .route_layer(from_fn(move |request, next| {
            throttle::sign_in(throttle.clone(), request, next)
        }))
}

async fn sign_in(State(app): State<AppState>, caller: Caller, JsonBody(body): JsonBody) -> Reply {
    let required = |key: &str| {
        text(&body, key).ok_or_else(|| {
            Error::validation("users", vec![FieldError::new(key, "This field is required.")])
        })
    };
    let (email, password) = (required("email")?, required("password")?);
    let signed = app.auth.sign_in(email, password, &caller.actor.request).await?;
    let mut answer = Map::new();
    answer.insert("message".into(), "Authentication Passed".into());
    answer.insert("exp".into(), signed.expires.as_second().into());
    welcome(&app, &caller, &signed, answer).await
}

async fn sign_out(State(app): State<AppState>, caller: Caller, uri: Uri) -> Reply {
    if parameter(&uri, "allSessions") == Some("true") {
        app.auth.sign_out_everywhere(&caller.actor).await?;
    } else {
        app.auth.sign_out(&caller.actor).await?;
    }
    let mut response = answer(&json!({"message": "Logout successful."}));
    let forget = cookie::clear(app.info.secure_cookies)?;
    response.headers_mut().insert(header::SET_COOKIE, forget);
    Ok(response)
}

async fn me(State(app): State<AppState>, caller: Caller, uri: Uri) -> Reply {
    let token = caller.presented.token.as_deref();
    let claims = token.and_then(|t| app.auth.claims(t));
    let (Some(token), Some(claims), Some(_)) = (token, claims, caller.actor.user()) else {
        return Ok(answer(&json!({"user": null, "message": "Account"})));
    };
    let user = account::document(&app, &caller.actor, account::depth(&uri)).await?;
    Ok(answer(&json!({
        "user": user,
        "collection": "users",
        "strategy": STRATEGY,
        "exp": claims.exp,
        "token": token,
        "message": "Account",
    })))
}

async fn refresh(State(app): State<AppState>, caller: Caller, _: OptionalBody) -> Reply {
    let signed = app.auth.refresh(&caller.actor).await?;
    let user = account::document(&app, &signed.actor, account::DEPTH).await?;
    let response = answer(&json!({
        "message": "Token refresh successful.",
        "exp": signed.expires.as_second(),
        "refreshedToken": signed.token,
        "setCookie": true,
        "strategy": STRATEGY,
        "user": user,
    }));
    Ok(with_cookie(&app, &caller, &signed, response)?)
}

async fn forgot(State(app): State<AppState>, JsonBody(body): JsonBody) -> Reply {
    let email = text(&body, "email").ok_or_else(|| Error::bad_request("Missing email."))?;
    app.auth.forgot(email);
    Ok(answer(&json!({"message": "Success"})))
}

async fn reset(State(app): State<AppState>, caller: Caller, JsonBody(body): JsonBody) -> Reply {
    let token = text(&body, "token").unwrap_or_default();
    let password = text(&body, "password").unwrap_or_default();
    let signed = app.auth.reset_password(token, password, &caller.actor.request).await?;
    let mut answer = Map::new();
    answer.insert("message".into(), "Password reset successfully.".into());
    welcome(&app, &caller, &signed, answer).await
}

/// What a mailed token invites to, for the page that asks for a password.
async fn invitation(State(app): State<AppState>, JsonBody(body): JsonBody) -> Reply {
    let invited = app.auth.invitation(text(&body, "token").unwrap_or_default()).await?;
    Ok(answer(&json!({
        "email": invited.email,
        "name": invited.name,
        "role": invited.role,
        "tenant": {
            "name": invited.tenant_name,
            "logo": invited.logo,
            "brandColor": invited.brand_color,
        },
        "exists": invited.who.is_some(),
    })))
}

async fn accept_invitation(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Reply {
    let given = |key: &str| text(&body, key).unwrap_or_default();
    let (token, name, password) = (given("token"), given("name"), given("password"));
    let request = &caller.actor.request;
    let signed = app.auth.accept_invitation(token, name, password, request).await?;
    let mut answer = Map::new();
    answer.insert("message".into(), "Invitation accepted.".into());
    answer.insert("exp".into(), signed.expires.as_second().into());
    welcome(&app, &caller, &signed, answer).await
}

async fn verify(State(app): State<AppState>, token: PathText) -> Reply {
    app.auth.verify(&path_text(token)).await?;
    Ok(answer(&json!({"message": "Account verified successfully."})))
}

async fn unlock(State(app): State<AppState>, caller: Caller, JsonBody(body): JsonBody) -> Reply {
    if caller.actor.is_anonymous() {
        return Err(Error::forbidden().into());
    }
    let email = text(&body, "email").ok_or_else(|| Error::bad_request("Missing email."))?;
    app.auth.unlock(&caller.actor, email).await?;
    Ok(answer(&json!({"message": "Success"})))
}

async fn init(State(app): State<AppState>) -> Reply {
    Ok(answer(&json!({"initialized": app.auth.is_initialized().await?})))
}

async fn first_register(
    State(app): State<AppState>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Reply {
    let given = |key: &str| text(&body, key).unwrap_or_default().to_owned();
    let first = FirstUser {
        name: given("name"),
        email: given("email"),
        password: given("password"),
        platform: text(&body, "platform").unwrap_or("Platform").to_owned(),
    };
    let signed = app.auth.first_register(first, &caller.actor.request).await?;
    let mut answer = Map::new();
    answer.insert("exp".into(), signed.expires.as_second().into());
    answer.insert("message".into(), "Successfully registered first user.".into());
    welcome(&app, &caller, &signed, answer).await
}

/// The caller's own sessions, so that a lost device can be signed out.
async fn sessions(State(app): State<AppState>, caller: Caller) -> Reply {
    if caller.actor.user().is_none() {
        return Err(Error::forbidden().into());
    }
    let docs: Vec<Value> = app
        .auth
        .sessions(&caller.actor)
        .await?
        .iter()
        .map(|session| {
            json!({
                "id": session.id,
                "createdAt": kernel::iso(session.created),
                "expiresAt": kernel::iso(session.expires),
                "ip": session.ip,
                "userAgent": session.user_agent,
                "current": caller.actor.session == Some(session.id),
            })
        })
        .collect();
    Ok(answer(&json!({"docs": docs})))
}

async fn revoke(State(app): State<AppState>, caller: Caller, id: PathText) -> Reply {
    let id: Option<Id> = path_text(id).parse().ok();
    if caller.actor.user().is_none() {
        return Err(Error::forbidden().into());
    }
    app.auth.revoke(&caller.actor, id.ok_or_else(Error::not_found)?).await?;
    Ok(answer(&json!({"message": "Session revoked."})))
}

async fn tenant_options(State(app): State<AppState>, caller: Caller) -> Reply {
    if caller.actor.is_anonymous() {
        return Err(Error::unauthenticated("Unauthorized").into());
    }
    let options = account::tenant_options(&app, &caller.actor).await?;
    Ok(answer(&json!({"tenantOptions": options})))
}

/// `start`, then token and user, with the session cookie.
async fn welcome(
    app: &AppState,
    caller: &Caller,
    signed: &SignedIn,
    mut start: Map<String, Value>,
) -> Reply {
    let user = account::document(app, &signed.actor, account::DEPTH).await?;
    start.insert("token".into(), signed.token.as_str().into());
    start.insert("user".into(), user.into());
    Ok(with_cookie(app, caller, signed, answer(&Value::Object(start)))?)
}

/// A page of another site can make the browser post a sign-in, but not plant its session.
fn with_cookie(
    app: &AppState,
    caller: &Caller,
    signed: &SignedIn,
    mut response: Response,
) -> Result<Response> {
    if caller.presented.cookies {
        let secure = app.info.secure_cookies;
        let cookie = cookie::set(&signed.token, signed.expires, secure)?;
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Nothing here is for a cache to keep.
fn answer(body: &Value) -> Response {
    let mut response = reply::ok(body.to_string());
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    response
}

/// What a path names, which may be no text at all.
type PathText = std::result::Result<Path<String>, PathRejection>;

fn path_text(path: PathText) -> String {
    path.map(|Path(text)| text).unwrap_or_default()
}

/// A text of the body that is not empty.
fn text<'a>(body: &'a Doc, key: &str) -> Option<&'a str> {
    body.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn parameter<'a>(uri: &'a Uri, name: &str) -> Option<&'a str> {
    let pairs = uri.query()?.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next_back()
}
