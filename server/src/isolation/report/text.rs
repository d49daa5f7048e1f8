//! The report for a terminal.

use std::fmt::Write as _;

use super::{Check, Report, grouped};

/// Failures of one check that are shown; the JSON has all.
const MOST: usize = 12;

pub(super) fn of(report: &Report, colored: bool) -> String {
    let paint = |code: &str, text: &str| match colored {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    };
    let (green, red, bold) = ("32", "1;31", "1");
    let mut out = String::new();
    let _ = writeln!(out, "{}  {}", paint(bold, "Isolation of"), paint(bold, &report.url));
    let _ = writeln!(
        out,
        "Mainstay {} (build {}), PostgreSQL {}, {}",
        report.version, report.build, report.postgres, report.at
    );
    for section in &report.sections {
        let attempts = grouped(section.attempts());
        let _ = writeln!(out, "\n{}  {attempts} attempts", paint(bold, section.title));
        for check in &section.checks {
            let mark = if check.passed() { paint(green, "ok  ") } else { paint(red, "FAIL") };
            let _ = writeln!(out, "  {mark} {:>6}  {}", grouped(check.attempts), check.title);
            failures(&mut out, check);
        }
    }
    let coverage = &report.coverage;
    let _ = writeln!(
        out,
        "\n{}  {} of {} tables, {} of {} routes",
        paint(bold, "Coverage"),
        coverage.tables,
        coverage.tables,
        coverage.routes - coverage.left_out.len(),
        coverage.routes
    );
    for route in &coverage.left_out {
        let _ = writeln!(out, "  {} nobody asked {route}", paint(red, "FAIL"));
    }
    let color = if report.passed() { "1;32" } else { red };
    let _ = writeln!(out, "\n{}", paint(color, &report.verdict()));
    out
}

fn failures(out: &mut String, check: &Check) {
    for failure in check.failures.iter().take(MOST) {
        let _ = writeln!(out, "              {failure}");
    }
    if check.failures.len() > MOST {
        let _ = writeln!(out, "              and {} more", check.failures.len() - MOST);
    }
}
