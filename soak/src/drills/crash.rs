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
use crate::drill::{Drill, Figure, Priority, Site};
use crate::load::World;

const CRASHES: usize = 20;
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
        "20 times an immediate stop of the operator's PostgreSQL under 200 writes a second"
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
        for _ in 0..CRASHES {
            let moment = rand::rng().random_range(100..1_000);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            once(&mut database, &instance, &world, &mut seen).await?;
        }
        let ledger = running.stop().await?;
        let verdict = ledger.verify(&database.client().await?).await?;
        ensure!(instance.is_running()? && process == instance.process()?, "the server ended");
        let mut figures = told(&verdict, "database crashed");
        let (p0, lies) = (Priority::P0, seen.lies);
        figures.push(Figure::within(
            p0,
            "a write succeeds after the database is up, worst",
            seen.back,
            BACK,
        ));
        figures.push(Figure::within(p0, "health says so after the crash, worst", seen.told, TRUTH));
        figures.push(Figure::none(p0, "health said ready once it had said unavailable", lies));
        figures.push(Figure::none(p0, "liveness failed", seen.dead));
        Ok(figures)
    }
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
    let body = json!({"name": "Back again"});
    while !world.api.post("/api/companies", &body).await?.status.is_success()
        || reqwest::get(instance.url("/api/readyz")).await?.status() != StatusCode::OK
    {
        ensure!(up.elapsed() < BACK * 6, "the server does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    seen.back = seen.back.max(up.elapsed());
    Ok(())
}
