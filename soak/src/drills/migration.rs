//! Row 72: a release's migration over a million rows while the release before it serves. It is killed
//! half-way, goes on where it was, holds nobody up for long, and nobody is refused.

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use store::migrate::{self, Migration, Patience};
use testbed::{Api, Database, Instance, Setup};

use super::kill::told;
use crate::drill::{Drill, Figure, Priority, Site, seconds};
use crate::load::{Entry, Fate, World};

const MANY: i64 = 1_000_000;
const CHUNK: i64 = 100_000;
/// The last of the release that is to come.
const EXPAND: Migration =
    Migration { name: "9999_score", sql: include_str!("../../sql/expand.sql") };
const FILL: &str = include_str!("../../sql/many_contacts.sql");
const WAIT: &str = include_str!("../../sql/longest_wait.sql");
/// How far the backfill has come when it is killed.
const HALF_WAY: i64 = MANY / 4;
/// Who waits for a lock waits at most as long as a migration may: two seconds, and a little.
const LONGEST_WAIT: Duration = Duration::from_millis(2_500);

pub(crate) struct Upgrade;

#[async_trait]
impl Drill for Upgrade {
    fn name(&self) -> &'static str {
        "migration"
    }

    fn about(&self) -> &'static str {
        "a migration over 1,000,000 rows while the release before serves, killed half-way"
    }

    fn rows(&self) -> &'static [u8] {
        &[72]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let world = World::prepare(&instance, "soak").await?;
        let other = Api::sign_in(&instance).await?.account("many").await?;
        let client = database.client().await?;
        for from in (1..=MANY).step_by(usize::try_from(CHUNK)?) {
            client.execute(FILL, &[&other, &from, &(from + CHUNK - 1)]).await?;
        }
        // This release knows nothing of what comes, and would not touch a database that is ahead of it.
        let reindexed = reindexed(&instance, &client, &other).await?;
        let running = world.start()?;
        let began = Instant::now();
        let watch = Watch::start(&database).await?;
        let cut = cut_half_way(&database).await?;
        let cut_at = began.elapsed();
        let again = Command::new(std::env::current_exe()?)
            .args(["--migrate", &database.superuser_url()])
            .status()?;
        ensure!(again.success(), "the second run of the migration failed");
        let took = began.elapsed();
        let ready = reqwest::get(instance.url("/api/readyz")).await?.status();
        tokio::time::sleep(Duration::from_millis(500)).await;
        let longest = watch.stop().await;
        let ledger = running.stop().await?;
        let failed: Vec<&Entry> = ledger.all().filter(|e| e.fate != Fate::Acknowledged).collect();
        failed.iter().take(5).for_each(|e| println!("   failed: {:?}", e.fate));
        let slowest = ledger.all().map(|e| e.took).max().unwrap_or_default();
        let verdict = ledger.verify(&client).await?;
        let sql =
            "SELECT count(*) FROM contacts WHERE score IS NULL AND tenant_id = $1::text::uuid";
        let left: i64 = client.query_one(sql, &[&other]).await?.get(0);

        let p1 = Priority::P1;
        let mut figures = told(site, &verdict, "while migrating");
        figures.push(Figure::at_least(
            p1,
            "rows done when it was killed",
            usize::try_from(cut)?,
            1,
        ));
        figures.push(Figure::none(p1, "rows left without their value", usize::try_from(left)?));
        figures.push(Figure::none(p1, "requests that failed meanwhile", failed.len()));
        figures.push(Figure::none(
            p1,
            "release before not ready afterwards",
            usize::from(!ready.is_success()),
        ));
        figures.push(Figure::within(p1, "longest wait for a lock", longest, LONGEST_WAIT));
        figures.push(Figure::told("slowest request meanwhile", seconds(slowest)));
        figures.push(Figure::told("killed after", seconds(cut_at)));
        figures.push(Figure::told("the whole of it", seconds(took)));
        figures.extend(reindexed);
        Ok(figures)
    }
}

/// The rows were written by nobody who knows of search words, as by a release before those.
async fn reindexed(
    instance: &Instance,
    client: &tokio_postgres::Client,
    tenant: &str,
) -> Result<Vec<Figure>> {
    let began = Instant::now();
    let status = instance.command(&["reindex", "--collection", "contacts"]).status()?;
    let took = began.elapsed();
    ensure!(status.success(), "reindex failed");
    let sql =
        "SELECT count(*) FROM search_words WHERE tenant_id = $1::text::uuid AND word = 'many'";
    let found: i64 = client.query_one(sql, &[&tenant]).await?.get(0);
    let missing = usize::try_from(MANY.abs_diff(found))?;
    Ok(vec![
        Figure::none(Priority::P1, "records without words after reindex", missing),
        Figure::told("reindex of them", seconds(took)),
    ])
}

/// What `soak --migrate URL` does: the migrations of the release to come.
pub async fn migrate(url: &str) -> Result<()> {
    let mut files = migrate::all();
    files.push(EXPAND);
    migrate::run_files(url, files, &Patience::default()).await?;
    Ok(())
}

/// Runs the migration in a process of its own and kills it in the middle of the backfill; how many
/// rows were done.
async fn cut_half_way(database: &Database) -> Result<i64> {
    let mut child: Child = Command::new(std::env::current_exe()?)
        .args(["--migrate", &database.superuser_url()])
        .stdout(Stdio::null())
        .spawn()
        .context("the migration does not start")?;
    let client = database.client().await?;
    let done = "SELECT count(*) FROM contacts WHERE score IS NOT NULL";
    let added = "SELECT count(*) FROM pg_attribute \
                 WHERE attrelid = 'contacts'::regclass AND attname = 'score' AND NOT attisdropped";
    loop {
        ensure!(child.try_wait()?.is_none(), "the migration ended before it could be killed");
        let there: i64 = client.query_one(added, &[]).await?.get(0);
        let rows: i64 = match there {
            0 => 0,
            _ => client.query_one(done, &[]).await?.get(0),
        };
        if rows > HALF_WAY {
            child.kill()?;
            child.wait()?;
            return Ok(rows);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Looks all the time who waits longest for a lock.
struct Watch {
    stop: Arc<AtomicBool>,
    micros: Arc<AtomicU64>,
    task: tokio::task::JoinHandle<()>,
}

impl Watch {
    async fn start(database: &Database) -> Result<Watch> {
        let client = database.client().await?;
        let (stop, micros) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (ended, longest) = (stop.clone(), micros.clone());
        let task = tokio::spawn(async move {
            while !ended.load(Ordering::Relaxed) {
                if let Ok(row) = client.query_one(WAIT, &[]).await {
                    let waited = Duration::from_secs_f64(row.get::<_, f64>(0).max(0.0));
                    let micros = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
                    longest.fetch_max(micros, Ordering::Relaxed);
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        Ok(Watch { stop, micros, task })
    }

    async fn stop(self) -> Duration {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.task.await;
        Duration::from_micros(self.micros.load(Ordering::Relaxed))
    }
}
