//! Row 29: the server is killed outright, again and again, under writes. What was acknowledged is there
//! and whole; what was not is there whole or not at all; the next start is ready at once.

use std::process::Stdio;
use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use rand::RngExt;
use testbed::{Database, Instance, Setup};

use crate::drill::{Drill, Figure, Priority, Site};
use crate::load::{Verdict, World};

/// Half of them beside the server's own PostgreSQL, which goes down and up with it.
const KILLS: usize = 50;
const READY: Duration = Duration::from_secs(1);

pub(crate) struct Kill;

#[async_trait]
impl Drill for Kill {
    fn name(&self) -> &'static str {
        "kill"
    }

    fn about(&self) -> &'static str {
        "100 times kill -9 of the server under 200 writes a second"
    }

    fn rows(&self) -> &'static [u8] {
        &[29]
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let mut instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let mut figures = strike(site, &mut instance, "operator's database").await?;
        drop(instance);
        drop(database);
        let mut instance = Instance::start(&site.binary).await?;
        figures.extend(strike(site, &mut instance, "own database").await?);
        instance.stop()?;
        Ok(figures)
    }
}

async fn strike(site: &Site, instance: &mut Instance, place: &str) -> Result<Vec<Figure>> {
    let world = World::prepare(instance, "soak").await?;
    let running = world.start()?;
    let mut readies = Vec::with_capacity(KILLS);
    for _ in 0..site.times(KILLS) {
        let moment = rand::rng().random_range(50..600);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        instance.kill()?;
        readies.push(instance.start_again().await?);
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let ledger = running.stop().await?;
    let verdict = ledger.verify(&instance.superuser().await?).await?;
    let audit = instance.command(&["audit"]).stdout(Stdio::null()).status()?;
    readies.sort();
    let worst = readies.last().copied().unwrap_or_default();
    let median = readies.get(readies.len() / 2).copied().unwrap_or_default();
    let mut figures = told(site, &verdict, place);
    let what = format!("{place}: ready after a kill, worst (median {} ms)", median.as_millis());
    figures.push(Figure::within(Priority::P0, what, worst, site.allowed(READY)));
    let what = format!("{place}: chains of the audit broken");
    figures.push(Figure::none(Priority::P0, what, usize::from(!audit.success())));
    Ok(figures)
}

/// What every drill with writers is asked.
pub(crate) fn told(site: &Site, verdict: &Verdict, place: &str) -> Vec<Figure> {
    verdict.lost.iter().take(10).for_each(|lost| println!("   lost: {lost}"));
    verdict.halves.iter().for_each(|half| println!("   by halves: {half}"));
    let least = site.least(1_000);
    vec![
        Figure::at_least(
            Priority::P0,
            format!("{place}: acknowledged writes"),
            verdict.acknowledged,
            least,
        ),
        Figure::none(
            Priority::P0,
            format!("{place}: acknowledged writes lost"),
            verdict.lost.len(),
        ),
        Figure::none(Priority::P0, format!("{place}: written by halves"), verdict.halves.len()),
        Figure::told(
            format!("{place}: done without an acknowledgement"),
            verdict.unacknowledged_done.to_string(),
        ),
    ]
}
