//! Row 54: one tenant asks as much as it can; the others' requests must not take much longer.

use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;
use testbed::{Api, Database, Instance, Setup};

use crate::drill::{Drill, Figure, Priority, Site};
use crate::wrk::{Measured, Wrk};

const SPAN: Duration = Duration::from_secs(10);
const PATH: &str = "/api/contacts?limit=25&depth=1&sort=-createdAt";
/// Every row is looked at, none is found.
const SLOW: &str = "/api/contacts?limit=10&where[jobTitle][contains]=zzz&depth=0";

pub(crate) struct Neighbors;

#[async_trait]
impl Drill for Neighbors {
    fn name(&self) -> &'static str {
        "neighbors"
    }

    fn about(&self) -> &'static str {
        "one tenant with 64 connections beside another with 2"
    }

    fn rows(&self) -> &'static [u8] {
        &[54]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let api = Api::sign_in(&instance).await?;
        let (loud, quiet) = (api.account("loud").await?, api.account("quiet").await?);
        let client = database.client().await?;
        let sql = include_str!("../../sql/neighbors.sql");
        for (tenant, count) in [(&loud, "20000"), (&quiet, "2000")] {
            let sql = sql.replace(":tenant", tenant).replace(":count", count);
            client.batch_execute(&sql).await?;
        }
        let start = |tenant: &str, path, connections, span| {
            Wrk::start(&instance, &api, tenant, path, connections, span)
        };
        start(&quiet, PATH, 2, SPAN)?.end().await?;
        let alone = start(&quiet, PATH, 2, SPAN)?.end().await?;
        let mut figures = vec![told("alone", &alone)];
        for (what, path) in [("quick reads", PATH), ("slow reads", SLOW)] {
            let noise = start(&loud, path, 64, SPAN + Duration::from_secs(4))?;
            tokio::time::sleep(Duration::from_secs(2)).await;
            let beside = start(&quiet, PATH, 2, SPAN)?.end().await?;
            let noise = noise.end().await?;
            let ratio = beside.p99.as_secs_f64() / alone.p99.as_secs_f64();
            figures.push(told(&format!("beside 64 connections of {what}"), &beside));
            let rate = format!("{:.0}/s", noise.per_second);
            figures.push(Figure::told(format!("meanwhile the loud one's {what}"), rate));
            let p1 = Priority::P1;
            figures.push(Figure::at_most(p1, format!("p99 beside {what}"), ratio, 2.0, " times"));
            figures.push(Figure::none(p1, "requests of the quiet one that failed", beside.failed));
        }
        Ok(figures)
    }
}

fn told(when: &str, measured: &Measured) -> Figure {
    let got = format!("p99 {:.2?}, {:.0}/s", measured.p99, measured.per_second);
    Figure::told(format!("the quiet tenant {when}"), got)
}
