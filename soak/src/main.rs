//! `make soak`: the drills that take minutes, against a release build, and one table of their figures.
//!
//! A drill is a module in `drills/` and a line in `drills::all`. It starts its own servers and
//! databases (crate `testbed`), ends by itself and answers figures. The process fails when a figure
//! that blocks a release was missed.

mod drill;
mod drills;
mod load;
mod report;
mod wrk;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use drill::{Drill, Site};
use report::Report;

const USAGE: &str = "usage: soak BINARY [--only NAME[,NAME…]] [--list]";

struct Options {
    site: Site,
    only: Vec<String>,
    list: bool,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let mut binary = PathBuf::new();
    let (mut only, mut list) = (Vec::new(), false);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--only" => {
                let names = args.next().context(USAGE)?;
                only.extend(names.split(',').filter(|n| !n.is_empty()).map(str::to_owned));
            }
            "--list" => list = true,
            _ if binary.as_os_str().is_empty() => binary = arg.into(),
            _ => bail!(USAGE),
        }
    }
    if !list {
        binary = binary.canonicalize().context(USAGE)?;
    }
    Ok(Options { site: Site { binary }, only, list })
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let options = options()?;
    let mut drills = drills::all();
    if options.list {
        drills.iter().for_each(|drill| println!("{:<12} {}", drill.name(), drill.about()));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = options.only.iter().find(|n| drills.iter().all(|d| d.name() != *n)) {
        bail!("there is no drill {unknown}; --list names them");
    }
    drills
        .retain(|drill| options.only.is_empty() || options.only.iter().any(|n| n == drill.name()));
    let mut report = Report::default();
    for drill in &drills {
        println!("── {}: {}", drill.name(), drill.about());
        let began = Instant::now();
        let figures = run(drill.as_ref(), &options.site).await;
        report.add(drill.name(), drill.rows(), figures, began.elapsed());
    }
    print!("{report}");
    Ok(if report.blocks() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A drill that fails or does not end has missed whatever it was to show.
async fn run(drill: &dyn Drill, site: &Site) -> Vec<drill::Figure> {
    match tokio::time::timeout(drill.limit(), drill.run(site)).await {
        Ok(Ok(figures)) => figures,
        Ok(Err(error)) => vec![drill::Figure::broken(drill.priority(), &format!("{error:#}"))],
        Err(_) => {
            let minutes = drill.limit().as_secs() / 60;
            vec![drill::Figure::broken(drill.priority(), &format!("not over in {minutes} minutes"))]
        }
    }
}
