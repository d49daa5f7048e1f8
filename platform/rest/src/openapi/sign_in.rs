//! Signing in and what belongs to it.

use serde_json::{Value, json};

use super::example;
use super::operation::Operation;
use super::schemas::reference;

const TAG: &str = "Sign-in";

pub(super) fn tags() -> Vec<Value> {
    vec![json!({
        "name": TAG,
        "description": "Sessions, passwords and the signed-in person. Sign-in answers a token and sets \
            the cookie `crm_token`; either proves who is calling.",
        "x-slug": "sign-in",
    })]
}

pub(super) fn operations() -> Vec<Operation> {
    let mut out = sessions();
    out.extend(passwords());
    out.extend(first_steps());
    out.extend(invitations());
    out
}

fn operation(method: &'static str, path: &str, id: &str, summary: &str) -> Operation {
    Operation::new(method, path, TAG, id).summary(summary)
}

fn sessions() -> Vec<Operation> {
    let sign_in = |path: &str, id: &str| {
        let body = fields(&[("email", "email"), ("password", "password")]);
        let example = json!({"email": "ana@harbour.example", "password": "a long passphrase"});
        operation("post", path, id, "Sign in")
            .describe("After five wrong passwords the address is locked for ten minutes.")
            .public()
            .body(body, example, true)
            .answer(200, "A session.", signed_in(), signed_in_example("Authentication Passed"))
            .errors(&[400, 401, 403, 413, 500, 503])
    };
    let sign_out = |path: &str, id: &str| {
        message(operation("post", path, id, "Sign out"), "Logout successful.")
            .describe("Ends the session of the request.")
            .parameter(json!({
                "name": "allSessions", "in": "query", "schema": {"type": "boolean"},
                "description": "`true` ends all the person's sessions.",
            }))
            .errors(&[400, 500, 503])
    };
    let me = |path: &str, id: &str| {
        let example = json!({
            "user": user(), "collection": "users", "strategy": "local-jwt", "exp": 1_795_945_800,
            "token": "eyJ…", "message": "Account",
        });
        operation("get", path, id, "The signed-in person")
            .describe("With `user: null` when nobody is signed in.")
            .public()
            .parameters(&["depth"])
            .answer(200, "Who is calling.", json!({"type": "object"}), example)
            .errors(&[403, 500, 503])
    };
    let refreshed = json!({
        "message": "Token refresh successful.", "exp": 1_795_945_800, "refreshedToken": "eyJ…",
        "setCookie": true, "strategy": "local-jwt", "user": user(),
    });
    let list = json!({"docs": [{
        "id": example::ID, "createdAt": "2026-11-21T09:30:00.000Z",
        "expiresAt": "2026-11-28T09:30:00.000Z", "ip": "203.0.113.7",
        "userAgent": "Mozilla/5.0", "current": true,
    }]});
    vec![
        sign_in("/api/users/login", "login"),
        sign_out("/api/users/logout", "logout"),
        me("/api/users/me", "me"),
        operation("post", "/api/users/refresh-token", "refreshToken", "Prolong the session")
            .answer(200, "A new token of the same session.", json!({"type": "object"}), refreshed)
            .errors(&[400, 403, 500, 503]),
        operation("get", "/api/users/sessions", "findSessions", "List one's own sessions")
            .answer(200, "The live sessions.", json!({"type": "object"}), list)
            .errors(&[403, 500, 503]),
        message(
            operation("delete", "/api/users/sessions/{id}", "revokeSession", "End one of them"),
            "Session revoked.",
        )
        .errors(&[403, 404, 500, 503]),
        sign_in("/api/auth/signin", "signIn"),
        sign_out("/api/auth/signout", "signOut"),
        me("/api/auth/session", "session"),
    ]
}

fn passwords() -> Vec<Operation> {
    let email = || (fields(&[("email", "email")]), json!({"email": "ana@harbour.example"}));
    let (forgot, forgot_example) = email();
    let (unlock, unlock_example) = email();
    vec![
        message(
            operation(
                "post",
                "/api/users/forgot-password",
                "forgotPassword",
                "Ask for a reset link",
            ),
            "Success",
        )
        .describe("Answers the same whether or not the address is known.")
        .public()
        .body(forgot, forgot_example, true)
        .errors(&[400, 413, 500, 503]),
        operation("post", "/api/users/reset-password", "resetPassword", "Set a new password")
            .describe("With the token of the mailed link. Ends all sessions and opens a new one.")
            .public()
            .body(
                fields(&[("token", "string"), ("password", "password")]),
                json!({"token": "948e…", "password": "a long passphrase"}),
                true,
            )
            .answer(
                200,
                "A session.",
                signed_in(),
                signed_in_example("Password reset successfully."),
            )
            .errors(&[400, 403, 413, 500, 503]),
        message(
            operation(
                "post",
                "/api/users/verify/{token}",
                "verifyEmail",
                "Confirm an e-mail address",
            ),
            "Account verified successfully.",
        )
        .public()
        .errors(&[403, 500, 503]),
        message(
            operation("post", "/api/users/unlock", "unlock", "Lift the lock of an address"),
            "Success",
        )
        .body(unlock, unlock_example, true)
        .errors(&[400, 403, 413, 500, 503]),
    ]
}

fn first_steps() -> Vec<Operation> {
    let initialized = json!({"type": "object", "properties": {"initialized": {"type": "boolean"}}});
    let first = fields(&[("name", "string"), ("email", "email"), ("password", "password")]);
    let first_example = json!({
        "name": "Ana Ruiz", "email": "ana@harbour.example", "password": "a long passphrase",
        "platform": "Harbour",
    });
    let options = json!({"tenantOptions": [{"label": "Harbour", "value": example::ID}]});
    vec![
        operation("get", "/api/users/init", "isInitialized", "Whether anybody is registered yet")
            .public()
            .answer(200, "Yes or no.", initialized, json!({"initialized": true}))
            .errors(&[500, 503]),
        operation(
            "post",
            "/api/users/first-register",
            "firstRegister",
            "Register the first person",
        )
        .describe("The owner of the platform. Refused once anybody is registered.")
        .public()
        .body(first, first_example, true)
        .answer(
            200,
            "A session.",
            signed_in(),
            signed_in_example("Successfully registered first user."),
        )
        .errors(&[400, 403, 413, 500, 503]),
        operation(
            "get",
            "/api/tenants/populate-tenant-options",
            "findTenantOptions",
            "The tenants one can stand in",
        )
        .answer(200, "Names and ids.", json!({"type": "object"}), options)
        .errors(&[401, 500, 503]),
    ]
}

fn invitations() -> Vec<Operation> {
    let invited = json!({
        "type": "object",
        "properties": {
            "email": {"type": "string"}, "name": {"type": ["string", "null"]},
            "role": {"type": "string"},
            "tenant": {"type": "object", "properties": {
                "name": {"type": "string"}, "logo": {"type": ["string", "null"]},
                "brandColor": {"type": ["string", "null"]},
            }},
            "exists": {"type": "boolean", "description": "Whether the address has an account already."},
        },
    });
    let invited_example = json!({
        "email": "ana@harbour.example", "name": "Ana Ruiz", "role": "member", "exists": false,
        "tenant": {"name": "Harbour", "logo": null, "brandColor": "#0e7490"},
    });
    let mut answer = fields(&[("token", "string"), ("password", "password")]);
    answer["properties"]["name"] = json!({"type": "string"});
    vec![
        operation("post", "/api/users/invitation", "findInvitationByToken", "Look at an invitation")
            .describe(
                "With the token of the mailed link. 403 when it was accepted, revoked or is too old, or \
                 whoever invited may no longer give that role.",
            )
            .public()
            .body(fields(&[("token", "string")]), json!({"token": "948e…"}), true)
            .answer(200, "What it invites to.", invited, invited_example)
            .errors(&[400, 403, 413, 500, 503]),
        operation("post", "/api/users/accept-invitation", "acceptInvitation", "Accept an invitation")
            .describe(
                "Makes the account (with `name` and `password`) and the membership, and opens a session. An \
                 address that has an account takes that account's own password, and a wrong one counts \
                 like a sign-in.",
            )
            .public()
            .body(
                answer,
                json!({"token": "948e…", "name": "Ana Ruiz", "password": "a long passphrase"}),
                true,
            )
            .answer(200, "A session.", signed_in(), signed_in_example("Invitation accepted."))
            .errors(&[400, 401, 403, 409, 413, 500, 503]),
    ]
}

fn message(operation: Operation, text: &str) -> Operation {
    operation.answer(200, text, reference("Message"), json!({"message": text}))
}

fn fields(fields: &[(&str, &str)]) -> Value {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let schema = |format: &str| match format {
        "string" => json!({"type": "string"}),
        format => json!({"type": "string", "format": format}),
    };
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|(name, format)| ((*name).to_owned(), schema(format))).collect();
    json!({"type": "object", "required": names, "properties": properties})
}

fn signed_in() -> Value {
    json!({
        "type": "object",
        "properties": {
            "message": {"type": "string"},
            "exp": {"type": "integer", "description": "When the token runs out, in Unix seconds."},
            "token": {"type": "string"},
            "user": {"type": "object"},
        },
    })
}

fn signed_in_example(message: &str) -> Value {
    json!({"message": message, "exp": 1_795_945_800, "token": "eyJ…", "user": user()})
}

fn user() -> Value {
    json!({
        "id": example::ID, "name": "Ana Ruiz", "email": "ana@harbour.example", "status": "active",
        "collection": "users",
    })
}
