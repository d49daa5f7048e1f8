//! What was tried and what came of it, for a person, a program or a client of the agency.

mod page;
mod text;

use std::collections::BTreeMap;

use kernel::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::isolation::Tally;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Where people reach the installation.
    pub url: String,
    pub at: Timestamp,
    pub version: &'static str,
    /// The first digits of the SHA-256 of the program that checked.
    pub build: String,
    pub postgres: String,
    pub seconds: f64,
    pub sections: Vec<Section>,
    pub coverage: Coverage,
}

#[derive(Debug, Serialize)]
pub struct Section {
    pub title: &'static str,
    pub about: String,
    pub checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
pub struct Check {
    pub title: String,
    /// What was tried, where the section does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tried: Option<&'static str>,
    pub attempts: usize,
    /// A sentence each; none when it passed.
    pub failures: Vec<String>,
}

/// How much of the installation was attacked.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    pub tables: usize,
    /// Attacked, and nobody may use them at all.
    pub closed: Vec<String>,
    pub routes: usize,
    /// Routes that were asked by nobody; a failure.
    pub left_out: Vec<String>,
}

impl Section {
    pub fn new(title: &'static str, about: impl Into<String>) -> Section {
        Section { title, about: about.into(), checks: Vec::new() }
    }

    pub fn attempts(&self) -> usize {
        self.checks.iter().map(|check| check.attempts).sum()
    }

    fn passed(&self) -> bool {
        self.checks.iter().all(Check::passed)
    }
}

impl Check {
    pub fn new(title: impl Into<String>, tally: Tally) -> Check {
        let Tally { attempts, failures } = tally;
        Check { title: title.into(), tried: None, attempts, failures }
    }

    pub fn tried(self, tried: &'static str) -> Check {
        Check { tried: Some(tried), ..self }
    }

    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
    Html,
}

impl Report {
    pub fn new(url: String) -> Report {
        Report {
            url,
            at: kernel::now(),
            version: env!("CARGO_PKG_VERSION"),
            build: build(),
            postgres: String::new(),
            seconds: 0.0,
            sections: Vec::new(),
            coverage: Coverage::default(),
        }
    }

    pub fn passed(&self) -> bool {
        self.coverage.left_out.is_empty() && self.sections.iter().all(Section::passed)
    }

    pub fn attempts(&self) -> usize {
        self.sections.iter().map(Section::attempts).sum()
    }

    pub fn failures(&self) -> impl Iterator<Item = &String> {
        self.sections.iter().flat_map(|s| &s.checks).flat_map(|check| &check.failures)
    }

    /// In one line.
    pub fn verdict(&self) -> String {
        let attempts = grouped(self.attempts());
        match self.failures().count() + self.coverage.left_out.len() {
            0 => format!("Every attempt was held off: {attempts} in {:.1} s.", self.seconds),
            n => format!("{} of {attempts} attempts got through.", grouped(n)),
        }
    }

    /// `colored` is for a terminal.
    pub fn written(&self, format: Format, colored: bool) -> anyhow::Result<String> {
        Ok(match format {
            Format::Text => text::of(self, colored),
            Format::Html => page::of(self)?,
            Format::Json => {
                let mut value = serde_json::to_value(self)?;
                value["passed"] = self.passed().into();
                value["attempts"] = self.attempts().into();
                serde_json::to_string_pretty(&value)? + "\n"
            }
        })
    }

    /// By section, for tests and whoever wants figures.
    pub fn totals(&self) -> BTreeMap<&'static str, usize> {
        self.sections.iter().map(|section| (section.title, section.attempts())).collect()
    }
}

fn build() -> String {
    let program = std::env::current_exe().and_then(std::fs::read).unwrap_or_default();
    let hash = Sha256::digest(&program);
    kernel::hex(&hash[..6])
}

/// 12045 → `12,045`.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
