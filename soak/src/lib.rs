//! Drills that take minutes: a release build is killed, its database crashed, held still and migrated,
//! its records fought over, and what was promised is looked for afterwards.
//!
//! A drill is a module in `drills/` and a line in `drills::all`. It starts its own servers and
//! databases (crate `testbed`), ends by itself and answers figures.

mod drill;
mod drills;
mod load;
mod report;
mod wrk;

use std::time::Instant;

use anyhow::{Result, bail};

use drill::{Drill, Figure};

pub use drill::Site;
pub use drills::migration::migrate;
pub use report::Report;

/// Name and purpose of every drill.
pub fn list() -> Vec<(&'static str, &'static str)> {
    drills::all().iter().map(|drill| (drill.name(), drill.about())).collect()
}

/// Runs the named drills, all of them when none is named, and prints their figures as they come.
pub async fn run(site: &Site, only: &[String]) -> Result<Report> {
    let mut drills = drills::all();
    if let Some(unknown) = only.iter().find(|n| drills.iter().all(|d| d.name() != *n)) {
        bail!("there is no drill {unknown}; --list names them");
    }
    drills.retain(|drill| only.is_empty() || only.iter().any(|n| n == drill.name()));
    let mut report = Report::default();
    for drill in &drills {
        println!("── {}: {}", drill.name(), drill.about());
        let began = Instant::now();
        let figures = conduct(drill.as_ref(), site).await;
        report.add(drill.name(), drill.rows(), figures, began.elapsed());
    }
    Ok(report)
}

/// A drill that fails or does not end has missed whatever it was to show.
async fn conduct(drill: &dyn Drill, site: &Site) -> Vec<Figure> {
    match tokio::time::timeout(drill.limit(), drill.run(site)).await {
        Ok(Ok(figures)) => figures,
        Ok(Err(error)) => vec![Figure::broken(drill.priority(), &format!("{error:#}"))],
        Err(_) => {
            let minutes = drill.limit().as_secs() / 60;
            vec![Figure::broken(drill.priority(), &format!("not over in {minutes} minutes"))]
        }
    }
}
