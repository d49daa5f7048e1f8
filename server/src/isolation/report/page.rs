//! The report as one page that needs nothing else: to be read, printed and handed on.

use anyhow::Result;
use minijinja::value::Serde;
use minijinja::{Environment, Value, context};

use super::{Report, grouped};

const PAGE: &str = include_str!("page.html");

pub(super) fn of(report: &Report) -> Result<String> {
    let mut environment = Environment::new();
    environment.add_filter("grouped", |n: usize| grouped(n));
    environment.add_template("page.html", PAGE)?;
    let at = report.at.to_zoned(jiff::tz::TimeZone::UTC);
    let page = environment.get_template("page.html")?.render(context! {
        report => Value::from(Serde(report)),
        passed => report.passed(),
        attempts => report.attempts(),
        failed => report.failures().count() + report.coverage.left_out.len(),
        date => at.strftime("%-d %B %Y, %H:%M UTC").to_string(),
        seconds => format!("{:.0}", report.seconds.max(1.0)),
        asked => report.coverage.routes - report.coverage.left_out.len(),
    })?;
    Ok(page)
}
