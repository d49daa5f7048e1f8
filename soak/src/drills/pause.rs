//! Row 64: PostgreSQL stands still for half a minute with its connections open. Everybody is told within
//! seconds, nothing piles up, and when it goes on so does the service.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use async_trait::async_trait;
use testbed::{Database, Instance, Setup};

use super::kill::told;
use crate::drill::{Drill, Figure, Priority, Site};
use crate::load::{Entry, Fate, Ledger, World};

const PAUSE: Duration = Duration::from_secs(30);
const BRIEFLY: Duration = Duration::from_secs(8);
const ERROR: Duration = Duration::from_secs(5);
const RECOVERY: Duration = Duration::from_secs(2);
/// The pool of the server, and what it has besides: one session listens, one feels the pulse, one or two are of
/// work that is no request.
const POOL: usize = 10;
const BESIDES: usize = 4;

pub(crate) struct Pause;

#[async_trait]
impl Drill for Pause {
    fn name(&self) -> &'static str {
        "pause"
    }

    fn about(&self) -> &'static str {
        "PostgreSQL held still for 30 s under 200 writes a second"
    }

    fn rows(&self) -> &'static [u8] {
        &[64]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let mut database = Database::start().await?;
        let setup = Setup::new(&site.binary).on(&database).env("MAINSTAY_POOL", &POOL.to_string());
        let mut instance = Instance::start_with(setup).await?;
        let world = World::prepare(&instance, "soak").await?;
        let running = world.start()?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let before = instance.resident_mb()?;
        let held = Instant::now();
        database.hold()?;
        tokio::time::sleep(if site.brief { BRIEFLY } else { PAUSE }).await;
        let during = instance.resident_mb()?;
        database.release();
        let released = Instant::now();
        tokio::time::sleep(Duration::from_secs(5)).await;
        let ledger = running.stop().await?;
        let client = database.client().await?;
        let verdict = ledger.verify(&client).await?;
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'app_user'";
        let sessions: i64 = client.query_one(sql, &[]).await?.get(0);
        ensure!(instance.is_running()?, "the server ended");

        let p1 = Priority::P1;
        let mut figures = told(site, &verdict, "database held");
        figures.extend(times(&ledger, held, released));
        let more = usize::try_from(sessions)?.saturating_sub(POOL + BESIDES);
        figures.push(Figure::none(p1, "sessions beyond the pool afterwards", more));
        figures.push(Figure::told("memory grew while held", format!("{:.1} MB", during - before)));
        Ok(figures)
    }
}

fn times(ledger: &Ledger, held: Instant, released: Instant) -> Vec<Figure> {
    let meanwhile: Vec<&Entry> = ledger
        .all()
        .filter(|e| e.began > held && e.began < released && e.fate != Fate::Acknowledged)
        .collect();
    let slowest = meanwhile.iter().map(|e| e.took).max().unwrap_or_default();
    let done = |e: &&Entry| e.fate == Fate::Acknowledged && e.began + e.took > released;
    let first = ledger.all().filter(done).map(|e| e.began + e.took).min();
    let recovery = first.map_or(Duration::MAX, |at| at.duration_since(released));
    let later = ledger.all().filter(|e| e.began > released + RECOVERY);
    let (fine, failed): (Vec<&Entry>, Vec<&Entry>) =
        later.partition(|e| e.fate == Fate::Acknowledged);
    let slow = fine.iter().map(|e| e.took).max().unwrap_or_default();
    let p1 = Priority::P1;
    vec![
        Figure::at_least(p1, "requests refused while held", meanwhile.len(), 20),
        Figure::within(p1, "an answer while held, slowest", slowest, ERROR),
        Figure::within(p1, "first write after it goes on", recovery, RECOVERY),
        Figure::none(p1, "writes refused later than 2 s after it goes on", failed.len()),
        Figure::within(p1, "answers later than that, slowest", slow, Duration::from_secs(1)),
    ]
}
