//! schemathesis (from PyPI) walks the OpenAPI document as an owner, as a viewer and as nobody: what it
//! makes up never meets a fault of ours, every answer is one that the document announces, and no refusal
//! says a word of our inside (`schemathesis/discreet.py`).
//!
//! `MAINSTAY_API_CASES=10000` asks for that many cases at least; `make soak` does.

use std::path::{Path, PathBuf};

use kernel::Role;
use serde_json::json;
use tokio::process::Command;

use crate::support::app::TestApp;

/// Not among them: `unsupported_method` (the wire contract answers 404, not 405), and the two that
/// judge by the schema alone what is right to accept. The contract is lenient (`depth=99` is the deepest,
/// "5" is a number), and a relation's id or a filter's path is not right for its form.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,use_after_free,\
    ensure_resource_availability,tells_nothing";

/// Routes that may end the session that asks, or take from its person what the others need.
const ENDING: &str = "/api/users|/api/auth|/api/memberships|/api/tenants";

/// Cases that a long run is asked for.
fn wanted() -> Option<u64> {
    std::env::var("MAINSTAY_API_CASES").ok()?.parse().ok()
}

struct Walk<'a> {
    name: &'a str,
    token: Option<&'a str>,
    routes: [&'a str; 2],
    /// Cases of each operation in a short run.
    each: u64,
    seed: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_it_makes_up_breaks_the_api() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "harbor").await;
    for (email, tenant, role) in [
        ("owner@harbor.example", agency, Role::Owner),
        ("viewer@harbor.example", account, Role::Viewer),
        ("doomed@harbor.example", agency, Role::Owner),
    ] {
        app.user(tenant, email, role).await;
    }
    let company = app.create(account, "companies", json!({ "name": "Anchor" })).await;
    app.create(account, "contacts", json!({ "firstName": "Ann", "company": company })).await;
    let owner = app.sign_in("owner@harbor.example").await.token().to_owned();
    let viewer = app.sign_in("viewer@harbor.example").await.token().to_owned();
    let doomed = app.sign_in("doomed@harbor.example").await.token().to_owned();
    let (keeping, all) = (["--exclude-path-regex", ENDING], ["--include-path-regex", "/"]);
    let walks = [
        Walk { name: "owner", token: Some(&owner), routes: keeping, each: 2, seed: 1 },
        Walk { name: "viewer", token: Some(&viewer), routes: keeping, each: 1, seed: 2 },
        Walk { name: "nobody", token: None, routes: all, each: 1, seed: 3 },
        Walk {
            name: "owner, routes that end sessions",
            token: Some(&doomed),
            routes: ["--include-path-regex", ENDING],
            each: 2,
            seed: 4,
        },
    ];
    for walk in walks {
        let cases = run(&app, &walk).await;
        println!("schemathesis: {cases} as {}", walk.name);
    }
}

async fn run(app: &TestApp, walk: &Walk<'_>) -> u64 {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(schemathesis());
    command.current_dir(folder.path()).kill_on_drop(true);
    command.args(["run", &format!("{}/api/openapi.json", app.url), "--checks", CHECKS]);
    command.args(["--workers", "1", "--continue-on-failure", "--no-shrink", "--warnings", "off"]);
    command.args(["--suppress-health-check", "all", "--seed", &walk.seed.to_string()]);
    let check = "tests/it/schemathesis/discreet.py";
    command.env("SCHEMATHESIS_HOOKS", Path::new(env!("CARGO_MANIFEST_DIR")).join(check));
    command.args(walk.routes);
    match wanted() {
        None => {
            let each = walk.each.to_string();
            command.args(["--phases", "fuzzing,stateful", "--max-examples", &each])
        }
        Some(cases) => {
            let each = cases.div_ceil(4 * 150).max(2).to_string();
            command.args(["--phases", "examples,coverage,fuzzing,stateful"]);
            command.args(["--max-examples", &each, "--max-time", "900"])
        }
    };
    if let Some(token) = walk.token {
        command.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    let output = command.output().await.expect("schemathesis runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "as {}:\n{said}\n{complaints}", walk.name);
    let cases = said.split(" generated").next().and_then(|text| text.split_whitespace().last());
    cases.and_then(|n| n.parse().ok()).unwrap_or_else(|| panic!("no cases in {said}"))
}

fn schemathesis() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/proof-venv/bin/schemathesis");
    assert!(root.exists(), "schemathesis is not installed. Run `make proof-venv`.");
    root.canonicalize().unwrap()
}
