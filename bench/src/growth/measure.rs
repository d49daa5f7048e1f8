//! One case at one size: through HTTP on one connection, and its statements explained.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use kernel::Id;
use store::Statement;
use testbed::Instance;

use super::cases::Case;
use super::ground::Ground;
use crate::statements;

/// A dear case is measured less often, but never less often than this.
const LEAST: usize = 15;
const LIMIT: Duration = Duration::from_secs(3);
const WARM: usize = 10;

pub(super) struct Figures {
    /// Milliseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
    /// Milliseconds and pages of the statements together.
    pub(super) run: f64,
    pub(super) pages: u64,
    pub(super) reached: String,
}

impl Figures {
    pub(super) fn said(&self, name: &str) -> String {
        let Figures { p50, p99, run, pages, reached } = self;
        format!("{name:<40} {p50:>9.2} {p99:>9.2}   {run:>9.2} ms {pages:>7} pages  {reached}")
    }
}

pub(super) async fn case(
    instance: &Instance,
    ground: &Ground,
    case: &Case,
    requests: usize,
) -> Result<Figures> {
    let mut times = requested(instance, ground, case, requests).await?;
    times.sort_unstable();
    let at = |share: f64| {
        let rank = ((times.len() as f64 * share).ceil() as usize).clamp(1, times.len());
        times[rank - 1].as_secs_f64() * 1e3
    };
    let mut figures =
        Figures { p50: at(0.5), p99: at(0.99), run: 0.0, pages: 0, reached: String::new() };
    for statement in (case.statements)(ground)? {
        let text = explained(instance, &ground.reach, &statement)?;
        figures.run += millis(&text, "Execution Time");
        figures.pages += pages(&text);
        let scans = scans(&text);
        if !figures.reached.is_empty() {
            figures.reached.push_str(" | ");
        }
        figures.reached.push_str(&scans);
    }
    Ok(figures)
}

async fn requested(
    instance: &Instance,
    ground: &Ground,
    case: &Case,
    requests: usize,
) -> Result<Vec<Duration>> {
    let client = reqwest::Client::builder().pool_max_idle_per_host(1).build()?;
    let mut times = Vec::with_capacity(requests);
    let began = Instant::now();
    for at in 0..requests + WARM {
        let n = ground.some_contact(at as u64);
        let mut request = client
            .get(instance.url(&(case.path)(n)))
            .header("Authorization", format!("JWT {}", ground.token));
        if case.selects {
            request = request.header("X-Tenant", ground.tenant(n).to_string());
        }
        let sent = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        let took = sent.elapsed();
        // Ten contacts of a tenant need not have what a filter asks for; a hundred have.
        let is_shown = ground.contacts < 100 * ground.tenants || body.contains(case.shows);
        if !status.is_success() || !is_shown {
            bail!("{}: {status} {}", case.name, body.chars().take(300).collect::<String>());
        }
        if at >= WARM.min(requests / 2) {
            times.push(took);
        }
        if times.len() >= LEAST && began.elapsed() > LIMIT {
            break;
        }
    }
    Ok(times)
}

/// Prepared and executed as often as a server that has run for a minute has done it, so that a plan
/// PostgreSQL has settled on is the one that is shown.
fn explained(instance: &Instance, reach: &[Id], statement: &Statement) -> Result<String> {
    let reach: Vec<String> = reach.iter().map(Id::to_string).collect();
    let values = statements::values(statement);
    let mut script = format!(
        "BEGIN READ ONLY; SET LOCAL app.rank = '4'; SET LOCAL app.visible = '{{{}}}';\n\
         PREPARE asked AS {};\n\\o /dev/null\n",
        reach.join(","),
        statement.sql
    );
    for _ in 0..7 {
        script.push_str(&format!("EXECUTE asked{values};\n"));
    }
    script.push_str(&format!(
        "\\o\nEXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) EXECUTE asked{values};\nCOMMIT;\n"
    ));
    instance.psql(&script)
}

fn millis(text: &str, what: &str) -> f64 {
    let line = text.lines().find(|l| l.contains(what));
    line.and_then(|l| l.split_whitespace().nth(2)).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN)
}

/// Of the whole statement: its first line of buffers.
fn pages(text: &str) -> u64 {
    let line = text.lines().find(|l| l.trim_start().starts_with("Buffers:")).unwrap_or_default();
    let of = |word: &str| {
        let part = line.split_whitespace().find_map(|part| part.strip_prefix(word));
        part.and_then(|n| n.parse::<u64>().ok()).unwrap_or(0)
    };
    of("hit=") + of("read=")
}

/// How tables are reached and what is sorted, each once, in order; lists of a record's own left out.
fn scans(text: &str) -> String {
    let mut found: Vec<&str> = Vec::new();
    for line in text.lines().map(|l| l.trim().trim_start_matches("->").trim()) {
        let name = line.split(" (").next().unwrap_or(line);
        let is_node =
            name.contains(" Scan") || name.starts_with("Incremental Sort") || name == "Sort";
        if is_node && !found.contains(&name) {
            found.push(name);
        }
    }
    found.join("; ")
}
