//! Row 30: PostgreSQL is stopped as by a power cut, again and again, while the server runs on. It says
//! so meanwhile, comes back by itself, and nothing that was acknowledged is lost.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use rand::RngExt;
use reqwest::StatusCode;
use serde_json::json;
use testbed::{Database, Instance, Setup};

use super::kill::told;
use crate::drill::{Drill, Figure, Priority, Site, seconds};
use crate::load::World;

const CRASHES: usize = 20;
/// Fewer than a server takes in two minutes before it gives up.
const OWN_CRASHES: usize = 10;
/// From when the database accepts connections until a write through the server succeeds.
const BACK: Duration = Duration::from_secs(5);
/// An answer of "ready" may stand this long after the database has gone.
const TRUTH: Duration = Duration::from_secs(1);

pub(crate) struct Crash;

#[async_trait]
impl Drill for Crash {
    fn name(&self) -> &'static str {
        "crash"
    }

    fn about(&self) -> &'static str {
        "an immediate stop of PostgreSQL under 200 writes a second, 20 times of the operator's, 10 of its own"
    }

    fn rows(&self) -> &'static [u8] {
        &[30]
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let mut database = Database::start().await?;
        let mut instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let process = instance.process()?;
        let world = World::prepare(&instance, "soak").await?;
        let running = world.start()?;
        let mut seen = Seen::default();
        for _ in 0..site.times(CRASHES) {
            let moment = rand::rng().random_range(100..1_000);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            once(&mut database, &instance, &world, &mut seen).await?;
        }
        let ledger = running.stop().await?;
        let verdict = ledger.verify(&database.client().await?).await?;
        ensure!(instance.is_running()? && process == instance.process()?, "the server ended");
        let mut figures = told(site, &verdict, "database crashed");
        let (p0, lies) = (Priority::P0, seen.lies);
        figures.push(Figure::within(
            p0,
            "a write succeeds after the database is up, worst",
            seen.back,
            site.allowed(BACK),
        ));
        figures.push(Figure::within(
            p0,
            "health says so after the crash, worst",
            seen.told,
            site.allowed(TRUTH),
        ));
        figures.push(Figure::none(p0, "health said ready once it had said unavailable", lies));
        figures.push(Figure::none(p0, "liveness failed", seen.dead));
        drop(instance);
        drop(database);
        figures.extend(own(site).await?);
        Ok(figures)
    }
}

/// The private PostgreSQL, which the server itself starts again.
async fn own(site: &Site) -> Result<Vec<Figure>> {
    let mut instance = Instance::start(&site.binary).await?;
    let world = World::prepare(&instance, "soak").await?;
    let running = world.start()?;
    let (mut worst, mut longest) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..site.times(OWN_CRASHES) {
        let moment = rand::rng().random_range(500..1_500);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        instance.crash_database()?;
        let down = Instant::now();
        // Its last sessions may still answer in this moment.
        tokio::time::sleep(Duration::from_millis(50)).await;
        while instance.superuser().await.is_err() {
            ensure!(down.elapsed() < BACK * 12, "PostgreSQL is not started again");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let up = Instant::now();
        back(&instance, &world, up).await?;
        worst = worst.max(up.elapsed());
        longest = longest.max(down.elapsed());
    }
    let ledger = running.stop().await?;
    let verdict = ledger.verify(&instance.superuser().await?).await?;
    ensure!(instance.is_running()?, "the server ended");
    let mut figures = told(site, &verdict, "own database crashed");
    let what = "own database: a write succeeds after it is up again, worst";
    figures.push(Figure::within(Priority::P0, what, worst, site.allowed(BACK)));
    let what = "own database: a write succeeds after the crash, worst";
    figures.push(Figure::told(what, seconds(longest)));
    instance.stop()?;
    Ok(figures)
}

#[derive(Default)]
struct Seen {
    back: Duration,
    told: Duration,
    lies: usize,
    dead: usize,
}

async fn once(
    database: &mut Database,
    instance: &Instance,
    world: &World,
    seen: &mut Seen,
) -> Result<()> {
    let down = database.crash().await?;
    let mut unavailable = false;
    // Down for long enough that every answer kept from before has grown old.
    while down.at.elapsed() < TRUTH * 2 {
        let ready = reqwest::get(instance.url("/api/readyz")).await?.status();
        let alive = reqwest::get(instance.url("/api/healthz")).await?.status();
        seen.dead += usize::from(alive != StatusCode::OK);
        match (unavailable, ready == StatusCode::SERVICE_UNAVAILABLE) {
            (false, true) => {
                unavailable = true;
                seen.told = seen.told.max(down.at.elapsed());
            }
            (true, false) => seen.lies += 1,
            _ => {}
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if !unavailable {
        seen.told = seen.told.max(Duration::MAX);
    }
    database.start_again().await?;
    let up = Instant::now();
    back(instance, world, up).await?;
    seen.back = seen.back.max(up.elapsed());
    Ok(())
}

/// Returns when a write succeeds and the server says that it is ready.
async fn back(instance: &Instance, world: &World, since: Instant) -> Result<()> {
    let body = json!({"name": "Back again"});
    while !world.api.post("/api/companies", &body).await?.status.is_success()
        || reqwest::get(instance.url("/api/readyz")).await?.status() != StatusCode::OK
    {
        ensure!(since.elapsed() < BACK * 6, "the server does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}
