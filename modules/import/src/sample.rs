//! The sample mapping, planned against an empty account: the excerpt kept here, and the whole
//! data set where it is at hand.

use std::path::{Path, PathBuf};

use define::{Collection, Field, Tenancy};
use kernel::Currency;

use crate::doubts::{Doubt, Severity};
use crate::library::{Library, at};
use crate::resolve::{Resolved, resolve};
use crate::rows::State;
use crate::{mapping, plan};

fn collections() -> Vec<Collection> {
    let mut all = crm::collections();
    let roles = ["owner", "admin", "member", "viewer"];
    all.push(Collection::new("users", "User", "Users").tenancy(Tenancy::Global).fields(vec![
        Field::text("name").required(),
        Field::email("email").required(),
        Field::select("role", &roles).write_only().create_only(),
    ]));
    all.push(Collection::new("memberships", "Membership", "Memberships").title("id").fields(vec![
        Field::relation("user", "users").required(),
        Field::select("role", &roles).required(),
        Field::relation("manager", "users"),
        Field::text("team"),
    ]));
    all
}

fn excerpt() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample")
}

struct Outcome {
    steps: Vec<Resolved>,
    doubts: Vec<Doubt>,
}

impl Outcome {
    fn count(&self, step: usize, state: State) -> usize {
        self.steps[step].rows.iter().filter(|r| r.state == state).count()
    }

    fn doubt(&self, value: &str) -> &Doubt {
        self.doubts.iter().find(|d| d.value == value).unwrap()
    }
}

/// Plans the mapping after `edit`.
async fn planned(data: &Path, edit: impl Fn(String) -> String) -> Result<Outcome, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("mappings/sample.toml");
    let text = edit(std::fs::read_to_string(path).unwrap());
    let mapping = mapping::parse(&text).map_err(|e| e.to_string())?;
    let all = collections();
    let find = |slug: &str| all.iter().find(|c| c.slug == slug);
    let mut plans =
        plan::prepare(&mapping, data, Currency::USD, find).map_err(|e| e.message.clone())?;
    let mut steps = resolve(&Library::Empty, &mut plans).await.unwrap();
    let empty = || crate::doubts::Doubts::new("", "");
    let doubts = steps
        .iter_mut()
        .flat_map(|s| std::mem::replace(&mut s.doubts, empty()).into_groups())
        .collect();
    Ok(Outcome { steps, doubts })
}

#[tokio::test]
async fn the_excerpt_is_sound_and_its_doubts_are_named() {
    let made = planned(&excerpt(), |text| text).await.unwrap();
    let created: Vec<usize> = (0..made.steps.len()).map(|s| made.count(s, State::Create)).collect();
    assert_eq!(created, [6, 21, 6, 21, 30, 7, 1, 4, 40]);
    assert!(made.doubts.iter().all(|d| d.severity == Severity::Note), "{:#?}", made.doubts);
    assert_eq!(made.doubt("GTXPro").lines.len(), 10);
    assert_eq!(made.doubt("technolgy").lines.len(), 3);
    let unnamed = made.doubts.iter().find(|d| d.value.is_empty() && d.column == "account");
    assert_eq!(unnamed.unwrap().lines.len(), 6);

    let company = made.steps[4].rows.iter().find(|r| at(&r.doc, "name") == "Codehow").unwrap();
    let text = |doc, name| at(doc, name).to_string();
    assert_eq!(text(&company.doc, "annualRevenue"), r#"{"amount":271490000000,"currency":"USD"}"#);
    assert_eq!(text(&company.doc, "address"), r#"{"country":"United States"}"#);
    assert_eq!(company.links.len(), 1);
    let deal = &made.steps[8].rows[0];
    assert_eq!(text(&deal.doc, "createdAt"), "\"2016-10-20T00:00:00.000Z\"");
    assert_eq!(text(&deal.doc, "closedAt"), "\"2017-03-01T00:00:00.000Z\"");
}

#[tokio::test]
async fn without_aliases_the_rows_are_refused_with_the_cure() {
    let bare = |text: String| {
        let keep = |line: &&str| !line.starts_with("alias.");
        text.lines().filter(keep).collect::<Vec<_>>().join("\n")
    };
    let made = planned(&excerpt(), bare).await.unwrap();
    for (value, count, cure) in [
        ("GTXPro", 10, r#"alias.product = { "GTXPro" = "GTX Pro" }"#),
        ("technolgy", 3, r#"alias.sector = { "technolgy" = "technology" }"#),
    ] {
        let doubt = made.doubt(value);
        assert_eq!((doubt.severity, doubt.lines.len()), (Severity::Refused, count));
        assert!(doubt.fix.contains(cure), "{}", doubt.fix);
    }
}

#[tokio::test]
async fn faults_of_the_mapping_are_named_together() {
    let wrong = |text: String| {
        text.replace("industry = \"sector\"", "industri = \"sector\"")
            .replace("\"close_value\"", "\"closing\"")
    };
    let faults = planned(&excerpt(), wrong).await.err().unwrap();
    assert!(
        faults.contains("step accounts: field industri: companies has no such field"),
        "{faults}"
    );
    assert!(faults.contains("sales_pipeline.csv has no column \"closing\""), "{faults}");
}

#[tokio::test]
async fn the_whole_set_has_its_known_totals() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/crm");
    if !data.exists() {
        return;
    }
    let made = planned(&data, |text| text).await.unwrap();
    let created: Vec<usize> = (0..made.steps.len()).map(|s| made.count(s, State::Create)).collect();
    assert_eq!(created, [6, 35, 6, 35, 85, 7, 1, 4, 8_800]);
    assert_eq!(made.doubt("GTXPro").lines.len(), 1_480);
    assert_eq!(made.doubt("technolgy").lines.len(), 12);
    let unnamed = made.doubts.iter().find(|d| d.value.is_empty() && d.column == "account");
    assert_eq!(unnamed.unwrap().lines.len(), 1_425);
    let subsidiaries = made.steps[4].rows.iter().filter(|r| !r.links.is_empty()).count();
    assert_eq!(subsidiaries, 15);
    let cents: i64 =
        made.steps[8].rows.iter().filter_map(|r| at(&r.doc, "value.amount").as_i64()).sum();
    assert_eq!(cents, 1_000_553_400);
}
