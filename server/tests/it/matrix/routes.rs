//! The routes that no collection has, and what each answers to nobody and to a viewer.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::TestApp;

pub(super) struct Route {
    pub(super) method: Method,
    /// As the OpenAPI document has it.
    pub(super) template: &'static str,
    body: Value,
    /// Status for nobody and for a viewer.
    statuses: (u16, u16),
}

fn route(method: Method, template: &'static str, body: Value, nobody: u16, viewer: u16) -> Route {
    Route { method, template, body, statuses: (nobody, viewer) }
}

/// Signing out comes last.
pub(super) fn others() -> Vec<Route> {
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let none = || json!({});
    vec![
        route(get.clone(), "/api/access", none(), 200, 200),
        route(get.clone(), "/api/schema", none(), 403, 200),
        route(get.clone(), "/api/search", none(), 403, 200),
        route(get.clone(), "/api/healthz", none(), 200, 200),
        route(get.clone(), "/api/readyz", none(), 200, 200),
        route(get.clone(), "/api/openapi.json", none(), 200, 200),
        route(get.clone(), "/api/docs", none(), 200, 200),
        route(get.clone(), "/api/docs/style.css", none(), 200, 200),
        route(get.clone(), "/api/docs/{page}", none(), 404, 404),
        route(get.clone(), "/api/tenants/populate-tenant-options", none(), 401, 200),
        route(get.clone(), "/api/users/init", none(), 200, 200),
        route(get.clone(), "/api/users/me", none(), 200, 200),
        route(get.clone(), "/api/auth/session", none(), 200, 200),
        route(get.clone(), "/api/business-types", none(), 403, 200),
        route(get.clone(), "/api/tenants/{id}/settings", none(), 403, 404),
        route(get.clone(), "/api/tenants/{id}/demo", none(), 403, 404),
        route(post.clone(), "/api/tenants/{id}/demo", none(), 403, 404),
        route(delete.clone(), "/api/tenants/{id}/demo", none(), 403, 404),
        route(post.clone(), "/api/tenants/{id}/setup", none(), 403, 404),
        // A viewer may read no invitation, so that none need be hidden.
        route(post.clone(), "/api/invitations/{id}/resend", none(), 403, 403),
        route(post.clone(), "/api/users/invitation", none(), 403, 403),
        route(post.clone(), "/api/users/accept-invitation", none(), 403, 403),
        route(get, "/api/users/sessions", none(), 403, 200),
        route(delete, "/api/users/sessions/{id}", none(), 403, 404),
        route(post.clone(), "/api/users/first-register", none(), 403, 403),
        route(post.clone(), "/api/users/login", none(), 400, 400),
        route(post.clone(), "/api/auth/signin", none(), 400, 400),
        route(post.clone(), "/api/users/forgot-password", none(), 400, 400),
        route(post.clone(), "/api/users/reset-password", none(), 403, 403),
        route(post.clone(), "/api/users/verify/{token}", none(), 403, 403),
        route(
            post.clone(),
            "/api/users/unlock",
            json!({ "email": "owner@mainstay.local" }),
            403,
            403,
        ),
        route(post.clone(), "/api/users/refresh-token", none(), 403, 200),
        route(post.clone(), "/api/users/logout", none(), 400, 200),
        route(post, "/api/auth/signout", none(), 400, 400),
    ]
}

/// Asks every one of them as nobody and as the person with this address.
pub(super) async fn ask(app: &TestApp, email: &str) {
    let (nobody, viewer) = (app.anonymous(), app.sign_in(email).await);
    let absent = kernel::new_id().to_string();
    for route in others() {
        let path = route.template.split('/').map(|part| match part.starts_with('{') {
            true => absent.as_str(),
            false => part,
        });
        let path = path.collect::<Vec<_>>().join("/");
        let body = (route.method == Method::POST).then_some(&route.body);
        let first = nobody.send(route.method.clone(), &path, body.cloned()).await;
        let second = viewer.send(route.method.clone(), &path, body.cloned()).await;
        let statuses = (first.0.as_u16(), second.0.as_u16());
        assert_eq!(statuses, route.statuses, "{} {path}: {} / {}", route.method, first.1, second.1);
    }
}
