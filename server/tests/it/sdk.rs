//! The official client of the wire contract, `@payloadcms/sdk` from npm, against a running server.
//! The scripts of `tests/sdk` make the calls; what they gave is judged here. Every call of the client is
//! made but those of what is not built: versions, globals, files.

use std::path::Path;
use std::process::Stdio;

use kernel::Role;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::support::app::{PASSWORD, TestApp};

const EMAIL: &str = "ana@harbor.example";

#[tokio::test]
async fn the_official_client_works() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    app.user(account, EMAIL, Role::Admin).await;
    let seen = run(&app, "walk.mjs", &[]).await;

    assert_eq!(seen["login"]["message"], "Authentication Passed");
    assert_eq!(seen["login"]["user"]["email"], EMAIL);
    assert_eq!(seen["login"]["user"]["collection"], "users");
    assert!(seen["login"]["exp"].is_u64());
    assert_eq!(seen["me"]["user"]["id"], seen["login"]["user"]["id"]);
    assert_eq!(seen["me"]["collection"], "users");
    assert_eq!(seen["refreshed"]["setCookie"], true);
    assert!(seen["refreshed"]["refreshedToken"].is_string());

    let (anchor, buoy) = (&seen["created"][0], &seen["created"][1]);
    assert_eq!(anchor["tenant"], account.to_string());
    assert_eq!(seen["contact"]["company"]["name"], "Anchor & Sons");
    assert_eq!(seen["findByID"], *anchor);
    let find = &seen["find"];
    assert_eq!(find["docs"], json!([{ "id": anchor["id"], "name": "Anchor & Sons" }]));
    assert_eq!(
        (&find["totalDocs"], &find["page"], &find["hasPrevPage"]),
        (&json!(2), &json!(2), &json!(true))
    );
    assert_eq!(seen["none"]["docs"], json!([]));
    let names = |page: &Value| -> Vec<String> {
        let docs = page["docs"].as_array().unwrap();
        docs.iter().map(|doc| doc["name"].as_str().unwrap_or("none").to_owned()).collect()
    };
    assert_eq!(names(&seen["everything"]), ["Anchor & Sons", "Buoy", "Capstan, Inc."]);
    assert_eq!(
        (&seen["everything"]["limit"], &seen["everything"]["totalDocs"]),
        (&json!(0), &json!(3))
    );
    assert_eq!(names(&seen["without"]), ["none"]);
    assert_eq!(seen["without"]["docs"][0]["employees"], 3);
    assert_eq!(names(&seen["nested"]), ["Buoy", "Anchor & Sons"], "newest first");
    let through = &seen["throughRelation"]["docs"];
    assert_eq!(through[0]["company"], json!({ "id": anchor["id"], "name": "Anchor & Sons" }));
    assert_eq!(through.as_array().unwrap().len(), 1);
    assert_eq!(seen["count"], json!({ "totalDocs": 2 }));

    assert_eq!(seen["updated"]["employees"], 41);
    assert_eq!(seen["updatedMany"]["docs"].as_array().unwrap().len(), 2);
    assert_eq!(seen["updatedMany"]["message"], "Updated 2 Companies successfully.");
    assert_eq!(seen["deleted"]["id"], buoy["id"]);
    assert_eq!(seen["deletedMany"]["message"], "Deleted 1 Company successfully.");
    assert_eq!(seen["left"], json!({ "totalDocs": 1 }));

    let partly = &seen["partly"];
    refused(partly, 400, "The following field is invalid: Employees");
    assert_eq!(partly["errors"].as_array().unwrap().len(), 3);
    assert_eq!(partly["errors"][0]["isPublic"], true);
    assert_eq!(seen["updatedNone"]["message"], "Updated 0 Companies successfully.");
    assert_eq!(seen["deletedNone"]["message"], "Deleted 0 Companies successfully.");

    assert_eq!(seen["trashed"]["deletedAt"], "2026-03-01T00:00:00.000Z");
    assert_eq!(seen["hidden"], Value::Null);
    assert_eq!(names(&seen["inTrash"]), ["Dinghy"]);
    assert_eq!(seen["restored"]["deletedAt"], Value::Null);
    assert_eq!(seen["duplicated"]["message"], "Company successfully duplicated.");
    assert_eq!(seen["duplicated"]["doc"]["name"], "Dory");
    assert_eq!(seen["access"]["collections"]["companies"]["create"], true);
    assert_eq!(seen["accessTo"]["update"], true);
    assert_eq!(seen["initialized"], json!({ "initialized": true }));
    assert_eq!(seen["aborted"], "AbortError");

    refused(&seen["wrongPassword"], 401, "The email or password provided is incorrect.");
    refused(&seen["gone"], 404, "Not Found");
    assert_eq!(seen["goneQuietly"], Value::Null);
    refused(&seen["invalid"], 400, "The following fields are invalid: Name, Employees");
    let error = &seen["invalid"]["errors"][0];
    assert_eq!(error["name"], "ValidationError");
    assert_eq!(error["data"]["errors"][1]["path"], "employees");
    refused(&seen["badQuery"], 400, "The following path cannot be queried: nonsense");
    assert_eq!(seen["badQuery"]["errors"][0]["name"], "QueryError");
    refused(&seen["forbidden"], 403, "You are not allowed to perform this action.");
    refused(&seen["invalidUpdate"], 400, "The following field is invalid: Employees");
    assert_eq!(seen["invalidUpdate"]["errors"][0]["data"]["id"], anchor["id"]);
    refused(&seen["updatedGone"], 404, "Not Found");
    refused(&seen["deletedGone"], 404, "Not Found");
    refused(&seen["noWhere"], 400, "Missing 'where' query of documents to delete.");
    refused(&seen["missingField"], 400, "The following field is invalid: password");
    assert_eq!(seen["forbiddenQuietly"], Value::Null);
    assert_eq!(seen["stranger"], json!({ "user": null, "message": "Account" }));
    refused(&seen["refreshedByNobody"], 403, "You are not allowed to perform this action.");
    refused(&seen["noRoute"], 404, "Route not found \"/api/nowhere\"");
}

/// The client turned the answer into its own error class.
fn refused(seen: &Value, status: u16, message: &str) {
    assert_eq!(seen["isSdkError"], true, "{seen}");
    assert_eq!(seen["name"], "PayloadSDKError");
    assert_eq!((&seen["status"], &seen["message"]), (&json!(status), &json!(message)));
    assert_eq!(seen["responseStatus"], json!(status), "the answer itself is kept as `response`");
    assert!(seen["errors"].as_array().is_some_and(|errors| !errors.is_empty()));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_through_the_client() {
    let app = TestApp::start().await;
    let account = app.account("harbor").await;
    app.user(account, EMAIL, Role::Member).await;
    let seen = run(&app, "account.mjs", &[("STEP", "forgot")]).await;
    assert_eq!(seen["known"], json!({ "message": "Success" }));
    assert_eq!(seen["unknown"], seen["known"]);
    refused(&seen["missing"], 400, "Missing email.");
    let token = app.mailed_token(EMAIL, "reset-password").await;
    let seen = run(&app, "account.mjs", &[("STEP", "reset"), ("TOKEN", &token)]).await;
    refused(&seen["wrong"], 403, "Token is either invalid or has expired.");
    refused(&seen["short"], 400, "The following field is invalid: password");
    assert_eq!(seen["reset"]["message"], "Password reset successfully.");
    assert_eq!(seen["reset"]["user"]["email"], EMAIL);
    assert!(seen["reset"]["token"].is_string());
    refused(&seen["again"], 403, "Token is either invalid or has expired.");
    assert_eq!(seen["formerSession"]["user"], Value::Null);
    refused(&seen["formerPassword"], 401, "The email or password provided is incorrect.");
    assert_eq!(seen["login"]["message"], "Authentication Passed");
}

#[tokio::test]
async fn an_address_is_verified_through_the_client() {
    let app = TestApp::start_with(&[("MAINSTAY_VERIFY_EMAILS", "1")]).await;
    let account = app.account("harbor").await;
    app.user(account, EMAIL, Role::Member).await;
    let seen = run(&app, "account.mjs", &[("STEP", "unverified")]).await;
    refused(&seen["login"], 403, "Please verify your email before logging in.");
    let token = app.mailed_token(EMAIL, "verify-email").await;
    let seen = run(&app, "account.mjs", &[("STEP", "verify"), ("TOKEN", &token)]).await;
    refused(&seen["wrong"], 403, "Verification token is invalid.");
    assert_eq!(seen["verified"], json!({ "message": "Account verified successfully." }));
    refused(&seen["again"], 403, "Verification token is invalid.");
    assert_eq!(seen["login"]["user"]["email"], EMAIL);
}

async fn run(app: &TestApp, script: &str, settings: &[(&str, &str)]) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    assert!(
        folder.join("node_modules/@payloadcms/sdk").exists(),
        "The client from npm is not installed. Run `make sdk`, or `npm ci` in {}.",
        folder.display()
    );
    let mut node = Command::new("node");
    node.arg(script).current_dir(folder).stderr(Stdio::piped()).kill_on_drop(true);
    node.env("BASE_URL", &app.url).env("EMAIL", EMAIL).env("PASSWORD", PASSWORD);
    node.envs(settings.iter().copied());
    let output = node.output().await.expect("node runs; install nodejs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    serde_json::from_slice(&output.stdout).unwrap()
}
