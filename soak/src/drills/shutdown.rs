//! Row 69: SIGTERM under load. Who was being served is served to the end, the rest is turned away at
//! the door, and the server is gone soon.

use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use rand::RngExt;
use testbed::{Database, Instance, Setup};

use super::kill::told;
use crate::drill::{Drill, Figure, Priority, Site};
use crate::load::{Fate, World};

const STOPS: usize = 20;
const GONE: Duration = Duration::from_secs(10);

pub(crate) struct Shutdown;

#[async_trait]
impl Drill for Shutdown {
    fn name(&self) -> &'static str {
        "shutdown"
    }

    fn about(&self) -> &'static str {
        "20 times SIGTERM under 200 writes a second"
    }

    fn rows(&self) -> &'static [u8] {
        &[69]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let mut instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let world = World::prepare(&instance, "soak").await?;
        let running = world.start()?;
        let (mut slowest, mut failures) = (Duration::ZERO, 0);
        for _ in 0..site.times(STOPS) {
            let moment = rand::rng().random_range(200..1_200);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            let (status, took) = instance.terminate().await?;
            slowest = slowest.max(took);
            failures += usize::from(!status.success());
            instance.start_again().await?;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let ledger = running.stop().await?;
        let verdict = ledger.verify(&database.client().await?).await?;
        // Turned away before a word was sent is no failure; anything else is.
        let failed = ledger.all().filter(|e| matches!(e.fate, Fate::Cut(_) | Fate::Refused(_)));
        let failed: Vec<String> = failed.map(|e| format!("{:?}", e.fate)).collect();
        failed.iter().take(5).for_each(|fate| println!("   failed: {fate}"));
        let p1 = Priority::P1;
        let mut figures = told(site, &verdict, "stopped");
        figures.push(Figure::none(p1, "requests in flight that failed", failed.len()));
        figures.push(Figure::none(p1, "stops with an error", failures));
        figures.push(Figure::within(
            p1,
            "gone after SIGTERM, slowest",
            slowest,
            site.allowed(GONE),
        ));
        Ok(figures)
    }
}
