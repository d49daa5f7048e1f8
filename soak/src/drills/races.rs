//! Row 70: many people change the same few records at once, through two servers over one database. The
//! history they leave is one that could have happened one after the other: no update is lost, counters
//! add up, and what follows another record (a deal's company and status, its place on the board) is
//! what that record says.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use async_trait::async_trait;
use rand::RngExt;
use reqwest::{Method, StatusCode};
use serde_json::json;
use testbed::{Answer, Api, Database, Instance, Setup};

use crate::drill::{Drill, Figure, Priority, Site};

const LASTS: Duration = Duration::from_secs(60);
const BRIEFLY: Duration = Duration::from_secs(5);
const WRITERS: usize = 16;
/// What must not be is counted here.
const ANOMALIES: &str = include_str!("../../sql/anomalies.sql");
/// Both servers know a session by the same secret.
const SECRET: &str = "soak-soak-soak-soak-soak-soak-soak-soak-soak-soak-soak";

pub(crate) struct Races;

/// The few records everybody changes.
struct Ring {
    servers: [Api; 2],
    tenant: String,
    stages: Vec<String>,
    pipelines: Vec<String>,
    companies: Vec<String>,
    contacts: Vec<String>,
    deals: Vec<String>,
    counter: String,
    counted: AtomicI64,
    done: AtomicUsize,
    conflicts: AtomicUsize,
    failed: AtomicUsize,
}

#[async_trait]
impl Drill for Races {
    fn name(&self) -> &'static str {
        "races"
    }

    fn about(&self) -> &'static str {
        "60 s of concurrent changes to the same records through two servers"
    }

    fn rows(&self) -> &'static [u8] {
        &[70]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let setup = Setup::new(&site.binary).on(&database).env("MAINSTAY_SECRET", SECRET);
        let one = Instance::start_with(setup.clone()).await?;
        let two = Instance::start_with(setup).await?;
        let ring = Arc::new(Ring::prepare(&one, &two).await?);
        let until = Instant::now() + if site.brief { BRIEFLY } else { LASTS };
        let writers: Vec<_> =
            (0..WRITERS).map(|number| tokio::spawn(ring.clone().write(number, until))).collect();
        for writer in writers {
            writer.await.map_err(|e| anyhow!("a writer: {e}"))??;
        }
        ring.figures(&database, site).await
    }
}

impl Ring {
    async fn prepare(one: &Instance, two: &Instance) -> Result<Ring> {
        let owner = Api::sign_in(one).await?;
        let tenant = owner.account("soak").await?;
        let api = owner.within(&tenant);
        let stages = api.stages(&["open", "open", "won", "lost"]).await?;
        let (mut pipelines, mut companies) = (Vec::new(), Vec::new());
        let (mut contacts, mut deals) = (Vec::new(), Vec::new());
        for n in 0..3 {
            let name = json!({"name": format!("Other {n}"), "order": 10 + n});
            pipelines.push(api.made("pipelines", name).await?);
            companies.push(api.made("companies", json!({"name": format!("Company {n}")})).await?);
        }
        for n in 0..4 {
            let person = json!({"firstName": format!("Ring {n}"), "company": companies[n % 3],
                                "jobTitle": format!("first {n}")});
            contacts.push(api.made("contacts", person).await?);
        }
        for n in 0..6 {
            let deal = json!({"name": format!("Deal {n}"), "primaryContact": contacts[n % 4],
                              "value": {"amount": 0, "currency": "USD"}});
            deals.push(api.made("deals", deal).await?);
        }
        let counter = json!({"name": "Counter", "value": {"amount": 0, "currency": "USD"}});
        let counter = api.made("deals", counter).await?;
        Ok(Ring {
            servers: [api.clone(), api.at(two)],
            tenant,
            stages,
            pipelines,
            companies,
            contacts,
            deals,
            counter,
            counted: AtomicI64::new(0),
            done: AtomicUsize::new(0),
            conflicts: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
        })
    }

    async fn write(self: Arc<Ring>, number: usize, until: Instant) -> Result<()> {
        let api = &self.servers[number % 2];
        let mut turn = 0;
        while Instant::now() < until {
            let token = format!("w{number}n{turn}");
            turn += 1;
            match number {
                0..=2 => self.count(api).await?,
                // Rare, and everybody who follows is carried along.
                3 if turn % 20 == 0 => self.bend_stage(api).await?,
                3 if turn % 20 == 10 => self.choose_default(api).await?,
                15 if turn % 20 == 10 => self.choose_default(api).await?,
                _ => self.change(api, &token).await?,
            }
        }
        Ok(())
    }

    /// One more, on what was read; whoever comes second is told and reads again.
    async fn count(&self, api: &Api) -> Result<()> {
        let path = format!("/api/deals/{}?depth=0", self.counter);
        let read = api.get(&path).await?;
        let amount = read.body["value"]["amount"].as_i64().context("no amount")?;
        let version = read.body["updatedAt"].as_str().context("no updatedAt")?;
        let body = json!({"value": {"amount": amount + 1, "currency": "USD"}});
        let request =
            api.request(Method::PATCH, &path).header("If-Match", format!("\"{version}\""));
        let status = request.json(&body).send().await?.status();
        self.note(status);
        if status.is_success() {
            self.counted.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Fields of one record by different writers, stages, companies, contacts, new deals.
    async fn change(&self, api: &Api, token: &str) -> Result<()> {
        let any = |list: &[String]| list[rand::rng().random_range(0..list.len())].clone();
        let deal = format!("/api/deals/{}?depth=0", any(&self.deals));
        let contact = format!("/api/contacts/{}?depth=0", any(&self.contacts));
        let which = rand::rng().random_range(0..8);
        let answer = match which {
            0 => api.patch(&deal, &json!({"lostReason": token})).await?,
            1 => api.patch(&deal, &json!({"reference": token})).await?,
            2 => {
                let body = json!({"stage": any(&self.stages), "source": token});
                api.patch(&deal, &body).await?
            }
            3 => api.patch(&contact, &json!({"jobTitle": token})).await?,
            4 => api.patch(&contact, &json!({"company": any(&self.companies)})).await?,
            5 => api.patch(&deal, &json!({"primaryContact": any(&self.contacts)})).await?,
            6 => {
                let contact = any(&self.contacts);
                let body =
                    json!({"name": token, "stage": self.stages[0], "primaryContact": contact});
                api.post("/api/deals?depth=0", &body).await?
            }
            _ => {
                api.post("/api/deals?depth=0", &json!({"name": token, "stage": self.stages[1]}))
                    .await?
            }
        };
        self.told(&answer);
        Ok(())
    }

    async fn bend_stage(&self, api: &Api) -> Result<()> {
        let kind = ["open", "won", "lost"][rand::rng().random_range(0..3)];
        let path = format!("/api/stages/{}?depth=0", self.stages[3]);
        let answer = api.patch(&path, &json!({"kind": kind, "probability": null})).await?;
        self.told(&answer);
        Ok(())
    }

    async fn choose_default(&self, api: &Api) -> Result<()> {
        let chosen = &self.pipelines[rand::rng().random_range(0..self.pipelines.len())];
        let path = format!("/api/pipelines/{chosen}?depth=0");
        let answer = api.patch(&path, &json!({"isDefault": true})).await?;
        self.told(&answer);
        Ok(())
    }

    fn told(&self, answer: &Answer) {
        if self.note(answer.status) == Noted::Failed {
            println!("   failed: {} {}", answer.status, answer.body);
        }
    }

    fn note(&self, status: StatusCode) -> Noted {
        let (noted, count) = match status {
            StatusCode::CONFLICT => (Noted::Conflict, &self.conflicts),
            status if status.is_success() => (Noted::Done, &self.done),
            _ => (Noted::Failed, &self.failed),
        };
        count.fetch_add(1, Ordering::Relaxed);
        noted
    }

    async fn figures(&self, database: &Database, site: &Site) -> Result<Vec<Figure>> {
        let p1 = Priority::P1;
        let read = self.servers[0].get(&format!("/api/deals/{}?depth=0", self.counter)).await?;
        let counted = read.body["value"]["amount"].as_i64().context("no amount")?;
        let wrong = counted.abs_diff(self.counted.load(Ordering::Relaxed));
        let mut anomalies = 0;
        for row in database.client().await?.query(ANOMALIES, &[&self.tenant]).await? {
            let (what, count): (String, i64) = (row.get(0), row.get(1));
            if count > 0 {
                println!("   anomaly: {count} × {what}");
                anomalies += usize::try_from(count)?;
            }
        }
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        Ok(vec![
            Figure::at_least(p1, "changes made", of(&self.done), site.least(1_000)),
            Figure::none(p1, "anomalies in their history", anomalies),
            Figure::none(p1, "increments lost or counted twice", usize::try_from(wrong)?),
            Figure::none(p1, "requests that failed", of(&self.failed)),
            Figure::told("told that somebody else came first", of(&self.conflicts).to_string()),
        ])
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noted {
    Done,
    Conflict,
    Failed,
}
