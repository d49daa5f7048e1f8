//! The table at the end.

use std::fmt;
use std::time::Duration;

use crate::drill::{Figure, Priority};

#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<(String, Figure)>,
}

impl Report {
    pub(crate) fn add(&mut self, drill: &str, rows: &[u8], figures: Vec<Figure>, took: Duration) {
        let rows: Vec<String> = rows.iter().map(|row| format!("#{row}")).collect();
        let name = format!("{drill} ({})", rows.join(" "));
        for figure in &figures {
            println!("   {}", line(&name, figure));
        }
        println!("   {drill} took {:.0} s", took.as_secs_f64());
        self.lines.extend(figures.into_iter().map(|figure| (name.clone(), figure)));
    }

    /// Whether a figure was missed that blocks a release.
    pub fn blocks(&self) -> bool {
        self.lines.iter().any(|(_, f)| !f.passed && f.priority == Priority::P0)
    }

    /// Whether any figure was missed.
    pub fn missed(&self) -> bool {
        self.lines.iter().any(|(_, f)| !f.passed)
    }
}

fn line(name: &str, figure: &Figure) -> String {
    let verdict = match (figure.wanted.is_empty(), figure.passed) {
        (true, _) => "",
        (false, true) => "passed",
        (false, false) => "MISSED",
    };
    let Figure { what, got, wanted, .. } = figure;
    format!("{name:<18} {what:<58} {got:>12} {wanted:>10}  {verdict}").trim_end().to_owned()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, what, got, wanted) = ("drill", "figure", "got", "wanted");
        writeln!(f, "\n{name:<18} {what:<58} {got:>12} {wanted:>10}")?;
        for (name, figure) in &self.lines {
            writeln!(f, "{}", line(name, figure))?;
        }
        let asked: Vec<&Figure> =
            self.lines.iter().map(|(_, f)| f).filter(|f| !f.wanted.is_empty()).collect();
        let passed = asked.iter().filter(|f| f.passed).count();
        writeln!(f, "\n{passed} of {} figures passed", asked.len())
    }
}
