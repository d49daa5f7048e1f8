//! Some two hundred writes a second whose clients write down what they were promised, and what of it
//! is there afterwards.

mod verify;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use rand::RngExt;
use reqwest::Method;
use serde_json::{Value, json};
use testbed::{Api, Instance};
use tokio::task::JoinHandle;

pub(crate) use verify::Verdict;

const WRITERS: usize = 16;
/// Writes a second of all writers together while the server answers.
const PER_SECOND: u32 = 200;
/// Longer than any answer may take, so that one that takes too long is seen and not cut.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tenant with stages and tags, and a deal for each writer.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) api: Api,
    pub(crate) tenant: String,
    pub(crate) stages: Vec<String>,
    tags: Vec<String>,
    deals: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    Create,
    Update,
    Move,
}

/// What became of a request, as its client saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    Acknowledged,
    Refused(u16),
    /// Sent, and never answered.
    Cut(String),
    /// Nobody listened.
    Unreachable,
}

/// One write as its client remembers it. The token is in the document it wrote and nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) what: What,
    pub(crate) document: Option<String>,
    pub(crate) token: String,
    pub(crate) stage: Option<String>,
    pub(crate) began: Instant,
    pub(crate) took: Duration,
    pub(crate) fate: Fate,
}

pub(crate) struct Running {
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<Vec<Entry>>>,
    tenant: String,
}

/// What all clients remember, each writer's entries in the order they were made.
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Vec<Entry>>,
    tenant: String,
}

impl World {
    pub(crate) async fn prepare(instance: &Instance, slug: &str) -> Result<World> {
        let owner = Api::sign_in(instance).await?;
        let tenant = owner.account(slug).await?;
        let api = owner.within(&tenant);
        let stages = api.stages(&["open", "open", "won", "lost"]).await?;
        let mut tags = Vec::new();
        for name in ["red", "blue"] {
            tags.push(api.made("tags", json!({ "name": name })).await?);
        }
        let mut deals = Vec::new();
        for n in 0..WRITERS {
            deals.push(api.made("deals", json!({"name": format!("Deal of writer {n}")})).await?);
        }
        Ok(World { api, tenant, stages, tags, deals })
    }

    /// Writes until told to stop.
    pub(crate) fn start(&self) -> Result<Running> {
        let client = reqwest::Client::builder().timeout(PATIENCE).build()?;
        let stop = Arc::new(AtomicBool::new(false));
        let run = fresh_run();
        let writers = (0..WRITERS)
            .map(|number| {
                let world = World { api: self.api.through(client.clone()), ..self.clone() };
                let writer = Writer { world, number, run: run.clone(), entries: Vec::new() };
                tokio::spawn(writer.work(stop.clone()))
            })
            .collect();
        Ok(Running { stop, writers, tenant: self.tenant.clone() })
    }
}

/// Tells the tokens of one run from those of another in the same tenant.
fn fresh_run() -> String {
    format!("{:08x}", rand::rng().random::<u32>())
}

impl Running {
    /// Lets every request under way come to its end.
    pub(crate) async fn stop(self) -> Result<Ledger> {
        self.stop.store(true, Ordering::Relaxed);
        let mut entries = Vec::with_capacity(self.writers.len());
        for writer in self.writers {
            entries.push(writer.await.map_err(|e| anyhow!("a writer: {e}"))?);
        }
        Ok(Ledger { entries, tenant: self.tenant })
    }
}

struct Writer {
    world: World,
    number: usize,
    run: String,
    entries: Vec<Entry>,
}

impl Writer {
    async fn work(mut self, stop: Arc<AtomicBool>) -> Vec<Entry> {
        let pause = Duration::from_secs(1) * u32::try_from(WRITERS).unwrap_or(1) / PER_SECOND;
        // Not all in the same moment.
        tokio::time::sleep(pause * u32::try_from(self.number).unwrap_or(0) / 16).await;
        while !stop.load(Ordering::Relaxed) {
            let began = Instant::now();
            self.write().await;
            tokio::time::sleep(pause.saturating_sub(began.elapsed()).max(Duration::from_millis(5)))
                .await;
        }
        self.entries
    }

    async fn write(&mut self) {
        let token = format!("t{}x{}x{}", self.run, self.number, self.entries.len());
        let contact = self.own_contact();
        let what = match (rand::rng().random_range(0..3), &contact) {
            (0, _) | (1, None) => What::Create,
            (1, Some(_)) => What::Update,
            _ => What::Move,
        };
        let stage = self.world.stages[rand::rng().random_range(0..self.world.stages.len())].clone();
        let (method, path, body, document) = match what {
            What::Create => (Method::POST, "/api/contacts".to_owned(), self.person(&token), None),
            What::Update => {
                let id = contact.unwrap_or_default();
                (Method::PATCH, format!("/api/contacts/{id}"), json!({"jobTitle": token}), Some(id))
            }
            What::Move => {
                let id = self.world.deals[self.number].clone();
                let body = json!({"stage": stage, "source": token});
                (Method::PATCH, format!("/api/deals/{id}"), body, Some(id))
            }
        };
        let began = Instant::now();
        let (fate, made) = self.send(method, &format!("{path}?depth=0"), &body).await;
        self.entries.push(Entry {
            what,
            document: document.or(made),
            token,
            stage: (what == What::Move).then_some(stage),
            began,
            took: began.elapsed(),
            fate,
        });
    }

    /// The last contact that was acknowledged, so that each is changed a few times.
    fn own_contact(&self) -> Option<String> {
        let mut made = self.entries.iter().rev().filter(|e| e.what == What::Create);
        made.find(|e| e.fate == Fate::Acknowledged).and_then(|e| e.document.clone())
    }

    fn person(&self, token: &str) -> Value {
        json!({
            "firstName": "Soak", "lastName": token, "email": format!("{token}@soak.example"),
            "tags": self.world.tags,
        })
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> (Fate, Option<String>) {
        let request = self.world.api.request(method, path).json(body);
        match request.send().await {
            // The status says that it is committed, whether or not the rest arrives.
            Ok(answer) if answer.status().is_success() => {
                let body: Value = answer.json().await.unwrap_or_default();
                (Fate::Acknowledged, body["doc"]["id"].as_str().map(str::to_owned))
            }
            Ok(answer) => (Fate::Refused(answer.status().as_u16()), None),
            Err(error) if error.is_connect() => (Fate::Unreachable, None),
            Err(error) => (Fate::Cut(format!("{:#}", anyhow!(error))), None),
        }
    }
}

impl Ledger {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().flatten()
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.all().filter(|e| e.fate == Fate::Acknowledged).count()
    }

    /// Looks in the database itself.
    pub(crate) async fn verify(&self, client: &tokio_postgres::Client) -> Result<Verdict> {
        verify::verify(self, client, &self.tenant).await
    }
}
