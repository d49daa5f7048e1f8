//! The app in a real browser on a real server: journeys of `web/e2e`, walked by playwright-core in
//! Chromium. Each journey gets a server and a database of its own, and says on its standard output what it saw.

use std::path::Path;
use std::process::Stdio;

use kernel::{Id, Role};
use serde_json::json;
use tokio::process::Command;

use crate::support::app::{PASSWORD, TestApp};

const ANA: &str = "ana@harbor.example";
const BEN: &str = "ben@harbor.example";
const VERA: &str = "vera@harbor.example";
const SIBLING: &str = "sol@lagoon.example";

/// Two accounts side by side, people in both, and enough records to walk among.
async fn world() -> TestApp {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency-coast").await;
    let harbor = app.tenant(agency, "harbor").await;
    let lagoon = app.tenant(agency, "lagoon").await;
    app.user(harbor, ANA, Role::Admin).await;
    app.user(harbor, BEN, Role::Member).await;
    app.user(harbor, VERA, Role::Viewer).await;
    app.user(lagoon, SIBLING, Role::Admin).await;
    for (tenant, name) in [(harbor, "Harbor"), (lagoon, "Lagoon")] {
        furnish(&app, tenant, name).await;
    }
    app
}

async fn furnish(app: &TestApp, tenant: Id, name: &str) {
    let pipeline =
        app.create(tenant, "pipelines", json!({"name": "Sales", "isDefault": true})).await;
    let mut stages = Vec::new();
    for (order, (stage, kind)) in [
        ("New", "open"),
        ("Qualified", "open"),
        ("Proposal", "open"),
        ("Won", "won"),
        ("Lost", "lost"),
    ]
    .into_iter()
    .enumerate()
    {
        let data = json!({"pipeline": pipeline, "name": stage, "kind": kind, "order": order});
        stages.push(app.create(tenant, "stages", data).await);
    }
    for at in 0..12 {
        let company = app
            .create(tenant, "companies", json!({"name": format!("{name} Company {at:02}")}))
            .await;
        let contact = json!({
            "firstName": format!("{name}{at:02}"), "lastName": "Person", "company": company,
            "email": format!("person{at:02}@{}.example", name.to_lowercase()),
            "lifecycle": if at % 2 == 0 { "lead" } else { "customer" },
        });
        let contact = app.create(tenant, "contacts", contact).await;
        let deal = json!({
            "name": format!("{name} Deal {at:02}"), "stage": stages[at % 3],
            "value": {"amount": 100_000 * (at + 1), "currency": "EUR"}, "primaryContact": contact,
        });
        app.create(tenant, "deals", deal).await;
    }
}

/// Runs one file of `web/e2e`, perhaps with an argument; what it prints is shown when it fails.
async fn walk(app: &TestApp, journey: &str) {
    let (file, argument) = journey.split_once(' ').unzip();
    let file = file.unwrap_or(journey);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web");
    assert!(
        folder.join("node_modules/playwright-core").exists()
            && folder.join("dist/index.html").exists(),
        "The app is not built. Run `make web` first."
    );
    let mut node = Command::new("node");
    node.arg(format!("e2e/{file}.mjs")).args(argument).current_dir(folder);
    node.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    node.env("BASE_URL", &app.url).env("PASSWORD", PASSWORD);
    node.env("ANA", ANA).env("BEN", BEN).env("VERA", VERA).env("SIBLING", SIBLING);
    let output = node.output().await.expect("node runs; install nodejs");
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
}

macro_rules! journeys {
    ($($name:ident => $file:literal),+ $(,)?) => {
        $(#[tokio::test]
        async fn $name() {
            walk(&world().await, $file).await;
        })+
    };
}

journeys! {
    sign_in_filter_edit_and_undo => "list",
    a_deal_is_dragged_by_mouse_and_by_keyboard => "board",
    a_contact_is_made_with_a_company_on_the_fly => "create",
    a_saved_view_is_opened_by_another => "views",
    a_sibling_is_never_seen => "isolation",
    a_revoked_session_ends_at_the_door => "session",
    every_fault_has_a_face => "faces",
    what_is_written_is_text_everywhere => "payloads",
    a_stale_tab_reloads_itself_once_and_keeps_drafts => "stale",
    everything_is_reached_without_a_mouse => "keyboard",
    a_phone_has_its_own_ways => "phone",
    every_page_passes_axe_in_the_light => "axe light",
    every_page_passes_axe_in_the_dark => "axe dark",
    every_page_passes_axe_on_a_phone => "axe phone",
}
