//! What an import did, or would do.

use std::fmt;

use crate::doubts::{Doubt, Severity};

/// Lines shown of one doubt; [`Doubt::lines`] has all.
const SHOWN: usize = 12;

#[derive(Debug, Default, Clone)]
pub struct StepReport {
    pub name: String,
    pub file: String,
    pub collection: String,
    /// Rows of the file; of a distinct step, rows that differ.
    pub rows: usize,
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    pub refused: usize,
    pub seconds: f64,
}

#[derive(Debug, Default)]
pub struct Report {
    pub mapping: String,
    pub dry_run: bool,
    /// Rows were written. False for a dry run, and when doubts stopped the import.
    pub loaded: bool,
    pub steps: Vec<StepReport>,
    /// Refused rows first, large groups first.
    pub doubts: Vec<Doubt>,
    /// Reading, checking and resolving.
    pub planning_seconds: f64,
    pub seconds: f64,
}

impl Report {
    pub fn rows(&self) -> usize {
        self.steps.iter().map(|s| s.rows).sum()
    }

    pub fn refused(&self) -> usize {
        self.steps.iter().map(|s| s.refused).sum()
    }

    pub fn rows_per_second(&self) -> f64 {
        if self.seconds > 0.0 { self.rows() as f64 / self.seconds } else { 0.0 }
    }

    /// Every doubtful row by itself, as CSV: severity, file, line, column, value, what, fix.
    pub fn doubts_csv(&self) -> String {
        let mut out = String::from("severity,file,line,column,value,what,fix\n");
        for doubt in &self.doubts {
            for line in &doubt.lines {
                let cells = [
                    word(doubt.severity),
                    &doubt.file,
                    &line.to_string(),
                    &doubt.column,
                    &doubt.value,
                    &doubt.what,
                    &doubt.fix,
                ];
                out.push_str(&cells.map(quoted).join(","));
                out.push('\n');
            }
        }
        out
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Refused => "refused",
        Severity::Note => "note",
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// 1234567 → 1,234,567.
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = match (self.dry_run, self.loaded) {
            (true, _) => "Dry run: nothing is written.",
            (false, true) if self.refused() > 0 => "Loaded, but for the refused rows.",
            (false, true) => "Loaded.",
            (false, false) => "Nothing is loaded: rows are in doubt.",
        };
        writeln!(f, "{}: {done}\n", self.mapping)?;
        writeln!(
            f,
            "{:<20} {:<14} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "step", "collection", "rows", "created", "updated", "unchanged", "refused"
        )?;
        for step in &self.steps {
            writeln!(
                f,
                "{:<20} {:<14} {:>9} {:>9} {:>9} {:>9} {:>9}",
                step.name,
                step.collection,
                grouped(step.rows),
                grouped(step.created),
                grouped(step.updated),
                grouped(step.unchanged),
                grouped(step.refused)
            )?;
        }
        let rate = grouped(self.rows_per_second() as usize);
        writeln!(
            f,
            "\n{} rows in {:.2} s ({rate} rows/s), {:.2} s of it reading and checking",
            grouped(self.rows()),
            self.seconds,
            self.planning_seconds
        )?;
        for (severity, title) in [
            (Severity::Refused, "Refused rows: correct the files or the mapping"),
            (Severity::Note, "Loaded, but look at them"),
        ] {
            write_doubts(f, title, self.doubts.iter().filter(|d| d.severity == severity))?;
        }
        Ok(())
    }
}

fn write_doubts<'a>(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    doubts: impl Iterator<Item = &'a Doubt>,
) -> fmt::Result {
    let mut doubts = doubts.peekable();
    if doubts.peek().is_some() {
        writeln!(f, "\n{title}")?;
    }
    for doubt in doubts {
        let Doubt { file, column, value, what, fix, lines, .. } = doubt;
        let rows = if lines.len() == 1 { "row" } else { "rows" };
        let value = if value.is_empty() { "(empty)".to_owned() } else { format!("{value:?}") };
        writeln!(f, "  {file}, column {column}: {value} {what} ({} {rows})", grouped(lines.len()))?;
        let shown: Vec<String> = lines.iter().take(SHOWN).map(u64::to_string).collect();
        let more = lines.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
        writeln!(f, "    line {}{more}", shown.join(", "))?;
        if !fix.is_empty() {
            writeln!(f, "    {fix}")?;
        }
    }
    Ok(())
}
