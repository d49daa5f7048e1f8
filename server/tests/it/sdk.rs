//! The official client of the wire contract, `@payloadcms/sdk` from npm, against a running server.
//! `tests/sdk/walk.mjs` makes the calls; what they gave is judged here.

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
    let seen = walk(&app.url).await;

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
    refused(&seen["noRoute"], 404, "Route not found \"/api/nowhere\"");
}

/// The client turned the answer into its own error class.
fn refused(seen: &Value, status: u16, message: &str) {
    assert_eq!(seen["isSdkError"], true, "{seen}");
    assert_eq!(seen["name"], "PayloadSDKError");
    assert_eq!((&seen["status"], &seen["message"]), (&json!(status), &json!(message)));
}

async fn walk(url: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    assert!(
        folder.join("node_modules/@payloadcms/sdk").exists(),
        "The client from npm is not installed. Run `make sdk`, or `npm ci` in {}.",
        folder.display()
    );
    let mut node = Command::new("node");
    node.arg("walk.mjs").current_dir(folder).stderr(Stdio::piped()).kill_on_drop(true);
    node.env("BASE_URL", url).env("EMAIL", EMAIL).env("PASSWORD", PASSWORD);
    let output = node.output().await.expect("node runs; install nodejs");
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaints}");
    serde_json::from_slice(&output.stdout).unwrap()
}
