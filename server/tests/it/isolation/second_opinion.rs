//! Row-level security as others judge it: pgTAP says per table what is there, pgrls looks for known mistakes.

use std::path::PathBuf;
use std::process::Command;

use define::Rule;
use serde_json::Value;
use server::database::{self, Database};
use server::postgres::SUPERUSER;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::support::{cluster, database as databases};

async fn superuser(fresh: &Database) -> (Client, String) {
    let owner: tokio_postgres::Config = fresh.url.expose().parse().unwrap();
    let url = cluster::shared().await.url(SUPERUSER, owner.get_dbname().unwrap());
    (database::connect(&url).await.unwrap(), url)
}

/// What the serving role may do with tables that no definition describes.
const OTHER_RIGHTS: [(&str, &str); 11] = [
    ("app_migrations", ""),
    ("audit_chain", "SELECT"),
    ("credentials", ""),
    ("idempotency_keys", "SELECT,INSERT,UPDATE,DELETE"),
    ("invitation_tokens", ""),
    ("letters", ""),
    ("outbox", "SELECT,INSERT"),
    ("preferences", "SELECT,INSERT,UPDATE"),
    ("search_words", "SELECT,INSERT,DELETE"),
    ("sessions", "SELECT,DELETE"),
    ("sign_in_attempts", ""),
];

fn rights(table: &str) -> Option<String> {
    let registry = server::app::registry().unwrap();
    let main = table.split("__").next().unwrap_or(table);
    let layout = registry.schema().iter().find(|l| l.table == main).cloned();
    if let Some((_, rights)) = OTHER_RIGHTS.iter().find(|(name, _)| *name == table) {
        return Some((*rights).to_owned());
    }
    let layout = layout?;
    // Nobody changes a ledger; what nobody may read is never shown.
    assert!(layout.collection.access.read != Rule::Never, "{table}");
    Some(
        if layout.collection.ledger { "SELECT,INSERT" } else { "SELECT,INSERT,UPDATE,DELETE" }
            .into(),
    )
}

#[tokio::test]
async fn pgtap_finds_every_table_walled() {
    let fresh = databases::fresh().await;
    let (client, _) = superuser(&fresh).await;
    let made = client.batch_execute("CREATE SCHEMA tap; CREATE EXTENSION pgtap SCHEMA tap").await;
    made.expect("pgTAP is installed; make test installs it");
    client.batch_execute("SET search_path = tap, public; SELECT no_plan()").await.unwrap();
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1";
    let tables: Vec<String> =
        client.query(tables, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let mut sql = String::new();
    for table in &tables {
        let Some(rights) = rights(table) else {
            panic!("{table} is described nowhere: give its rights in OTHER_RIGHTS")
        };
        let list = rights.split(',').filter(|r| !r.is_empty()).map(|r| format!("'{r}'"));
        let list = list.collect::<Vec<_>>().join(",");
        sql.push_str(&format!(
            "SELECT table_owner_is('public', '{table}', 'mainstay_owner', '{table} is mainstay_owner''s');
             SELECT table_privs_are('public', '{table}', 'app_user', ARRAY[{list}]::text[]);
             SELECT ok(relrowsecurity AND relforcerowsecurity, '{table} forces row-level security')
               FROM pg_class WHERE oid = 'public.{table}'::regclass;
             SELECT ok(EXISTS (SELECT FROM pg_policies WHERE tablename = '{table}'), '{table} has policies');
             SELECT is(array_to_string(roles, ','), CASE WHEN 'app_user' = ANY (roles) THEN 'app_user' ELSE 'mainstay_owner' END,
                       policyname || ' is for one role') FROM pg_policies WHERE tablename = '{table}';"
        ));
        for command in rights.split(',').filter(|r| !r.is_empty()) {
            sql.push_str(&format!(
                "SELECT ok(EXISTS (SELECT FROM pg_policies WHERE tablename = '{table}' AND cmd = '{command}'
                    AND permissive = 'PERMISSIVE' AND roles = '{{app_user}}'), '{table} has a policy for {command}');"
            ));
        }
    }
    sql.push_str(
        "SELECT isnt_superuser(r, r || ' is no superuser') FROM unnest(ARRAY['app_user', 'mainstay_owner']) r;
         SELECT * FROM finish();",
    );
    let messages = client.simple_query(&sql).await.unwrap();
    let said = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    let said: Vec<String> = said.collect();
    let wrong: Vec<&String> = said.iter().filter(|line| line.starts_with("not ok")).collect();
    assert_eq!(wrong, Vec::<&String>::new());
    let passed = said.iter().filter(|line| line.starts_with("ok")).count();
    println!("pgTAP: {passed} of {passed} assertions on {} tables", tables.len());
    assert!(passed > 6 * tables.len(), "{passed}: {said:?}");
}

/// Whether a finding is about what the isolation check holds to rules of its own: policies of the tables'
/// owner, as whom only our functions act, and these functions, each with a fixed path, an owner without
/// powers and named callers (`store::isolation::walls`). New people are members of nothing yet, so the policy
/// that lets administrators add them can ask for no row of theirs.
fn is_answered(finding: &Value, owned: &[String]) -> bool {
    let (rule, at) = (text(finding, "rule_id"), text(finding, "location"));
    match rule {
        "SEC013" | "SEC014" => true,
        "SEC005" | "SEC008" | "SEC028" | "SEC038" => {
            owned.iter().any(|policy| policy == at)
                || at == "public.users.users_insert" && rule == "SEC005"
        }
        _ => false,
    }
}

fn text<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or_default()
}

#[tokio::test]
async fn pgrls_finds_no_mistake() {
    let fresh = databases::fresh().await;
    let (client, url) = superuser(&fresh).await;
    let owned = "SELECT schemaname || '.' || tablename || '.' || policyname FROM pg_policies WHERE roles = '{mainstay_owner}'";
    let owned: Vec<String> =
        client.query(owned, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    let target = std::env::current_exe().unwrap();
    let target: PathBuf = target.ancestors().nth(3).unwrap().to_owned();
    let output = Command::new(target.join("pgrls-venv/bin/pgrls"))
        .args(["lint", "--schemas", "public,app", "--format", "json", "--database-url", &url])
        .current_dir(&target)
        .output()
        .expect("pgrls runs; make test installs it");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!(
            "{e}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let findings = report["violations"].as_array().unwrap();
    let grave = |f: &&Value| {
        let security = ["SEC", "VIEW"].iter().any(|kind| text(f, "rule_id").starts_with(kind));
        text(f, "severity") == "error" || security && text(f, "severity") == "warning"
    };
    let (answered, open): (Vec<&Value>, Vec<&Value>) =
        findings.iter().filter(grave).partition(|f| is_answered(f, &owned));
    let open: Vec<_> = open.iter().map(|f| (text(f, "rule_id"), text(f, "location"))).collect();
    println!(
        "pgrls: {} findings, {} about the owner's policies and gates, {} errors or security warnings besides",
        findings.len(),
        answered.len(),
        open.len()
    );
    assert_eq!(open, Vec::<(&str, &str)>::new());
    // It did look: the owner's policies are there to be found.
    assert!(answered.len() >= owned.len(), "{report}");
}
