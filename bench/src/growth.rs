//! `make bench-growth`: what each kind of read costs as a tenant grows, and as the same contacts are
//! spread over a thousand tenants: through HTTP, and as PostgreSQL explains it to the serving role.

mod cases;
mod ground;
mod measure;

use std::path::Path;

use anyhow::Result;
use testbed::Instance;

use cases::Case;
use ground::Ground;
use measure::Figures;

/// How much dearer the largest may be than the smallest.
const FLAT: f64 = 3.0;

/// Tenants that a thousand-tenant agency spreads its contacts over.
const MANY: u64 = 1_000;

/// Contacts at which everything is measured.
pub(crate) const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 5_000_000];

pub(crate) struct Options {
    /// Contacts, each a multiple of ten times the tenants, rising.
    pub(crate) sizes: Vec<u64>,
    /// Requests a figure is taken of.
    pub(crate) requests: usize,
}

/// One line of the table.
struct Line {
    place: &'static str,
    case: Case,
    figures: Vec<Figures>,
}

pub(crate) async fn run(binary: &Path, options: &Options) -> Result<()> {
    let mut lines = grown(binary, options, 1).await?;
    lines.extend(grown(binary, options, MANY).await?);
    for lines in lines.chunk_by(|a, b| a.place == b.place) {
        print_latencies(options, lines);
        print_plans(options, lines);
    }
    Ok(())
}

/// Everything measured at every size, on an instance that is removed afterwards.
async fn grown(binary: &Path, options: &Options, tenants: u64) -> Result<Vec<Line>> {
    let instance = Instance::start(binary).await?;
    let mut ground = Ground::prepare(&instance, tenants).await?;
    let mut lines = Vec::new();
    let places: &[(&str, bool)] = match tenants {
        1 => &[("one tenant", true)],
        _ => &[("1 of 1,000 tenants", true), ("all 1,000 tenants", false)],
    };
    for (place, selects) in places {
        let cases = cases::of(*selects).into_iter();
        lines.extend(cases.map(|case| Line { place, case, figures: Vec::new() }));
    }
    for size in &options.sizes {
        let took = ground.grow(&instance, *size)?;
        println!(
            "{size} contacts in {tenants} tenants: written in {:.0} s, {:.1} GB",
            took.as_secs_f64(),
            ground::disk_gb(&instance)?
        );
        for line in &mut lines {
            let figures = measure::case(&instance, &ground, &line.case, options.requests).await?;
            println!("  {}", figures.said(line.case.name));
            line.figures.push(figures);
        }
    }
    instance.stop()?;
    Ok(lines)
}

fn print_latencies(options: &Options, lines: &[Line]) {
    heading(options, lines, "through HTTP, one connection, median / p99 in ms");
    println!(" {:>7}  aim: {FLAT} times", "growth");
    for line in lines {
        print!("{:<36}", line.case.name);
        for figures in &line.figures {
            print!(" {:>15}", format!("{:.2} / {:.2}", figures.p50, figures.p99));
        }
        println!("{}", verdict(line, |f| f.p50));
    }
}

fn print_plans(options: &Options, lines: &[Line]) {
    heading(options, lines, "EXPLAIN (ANALYZE, BUFFERS) as app_user, ms and 8 KB pages");
    println!("  reached by, at the largest");
    for line in lines {
        print!("{:<36}", line.case.name);
        for figures in &line.figures {
            print!(" {:>15}", format!("{:.2}  {}", figures.run, figures.pages));
        }
        println!("  {}", line.figures.last().map_or("", |f| f.reached.as_str()));
    }
}

fn heading(options: &Options, lines: &[Line], what: &str) {
    println!("\n{}: {what}", lines.first().map_or("", |line| line.place));
    print!("{:<36}", "contacts (half as many deals)");
    for size in &options.sizes {
        print!(" {:>15}", short(*size));
    }
}

/// The ratio of the last figure to the first, and whether that is flat.
fn verdict(line: &Line, of: impl Fn(&Figures) -> f64) -> String {
    let (Some(first), Some(last)) = (line.figures.first(), line.figures.last()) else {
        return String::new();
    };
    let ratio = of(last) / of(first);
    let said = match line.case.counts {
        Some(why) => why,
        None if ratio <= FLAT => "ok",
        None => "missed",
    };
    format!(" {ratio:>7.1}  {said}")
}

fn short(size: u64) -> String {
    match size {
        n if n % 1_000_000 == 0 => format!("{} M", n / 1_000_000),
        n => format!("{} k", n / 1_000),
    }
}
