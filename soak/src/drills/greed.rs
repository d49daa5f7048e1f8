//! Row 51: requests that ask for more than anybody needs. They are refused, and the process does not grow.

use std::fmt::Write as _;

use anyhow::Result;
use async_trait::async_trait;
use futures_util::future::join_all;
use reqwest::Method;
use testbed::{Api, Database, Instance, Setup};

use crate::drill::{Drill, Figure, Priority, Site};

/// What the process may grow by, in MB, while each is asked four times at once.
const GROWTH: f64 = 64.0 * 1.048_576;

pub(crate) struct Greed;

struct Ask {
    what: &'static str,
    method: Method,
    path: String,
    header: Option<String>,
    body: Option<Vec<u8>>,
    /// A filter that came as a form.
    form: bool,
    refused: bool,
}

impl Ask {
    fn get(what: &'static str, path: impl Into<String>) -> Ask {
        let path = path.into();
        Ask {
            what,
            method: Method::GET,
            path,
            header: None,
            body: None,
            form: false,
            refused: true,
        }
    }
}

#[async_trait]
impl Drill for Greed {
    fn name(&self) -> &'static str {
        "greed"
    }

    fn about(&self) -> &'static str {
        "limits, depths, bodies, headers, filters and answers beyond measure"
    }

    fn rows(&self) -> &'static [u8] {
        &[51]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let database = Database::start().await?;
        let instance = Instance::start_with(Setup::new(&site.binary).on(&database)).await?;
        let api = Api::sign_in(&instance).await?;
        let tenant = api.account("greedy").await?;
        let sql = include_str!("../../sql/greed.sql").replace(":tenant", &tenant);
        database.client().await?.batch_execute(&sql).await?;
        let api = api.within(&tenant);
        for _ in 0..20 {
            api.get("/api/notes?limit=1").await?;
        }
        let mut figures = Vec::new();
        for ask in asks() {
            figures.extend(one(&instance, &api, &ask).await?);
        }
        Ok(figures)
    }
}

async fn one(instance: &Instance, api: &Api, ask: &Ask) -> Result<[Figure; 2]> {
    instance.forget_peak()?;
    let before = instance.resident_mb()?;
    let answers = join_all((0..4).map(|_| send(api, ask))).await;
    let grown = instance.peak_mb()? - before;
    let statuses: Vec<u16> = answers.into_iter().collect::<Result<_>>()?;
    let right = |s: &&u16| (400..500).contains(*s) == ask.refused && **s < 500;
    let wrong = statuses.iter().filter(|s| !right(s)).count();
    let what = ask.what;
    let p1 = Priority::P1;
    Ok([
        Figure::none(p1, format!("{what}: wrong answers ({statuses:?})"), wrong),
        Figure::at_most(p1, format!("{what}: peak of memory, four at once"), grown, GROWTH, " MB"),
    ])
}

async fn send(api: &Api, ask: &Ask) -> Result<u16> {
    let mut request = api.request(ask.method.clone(), &ask.path);
    if let Some(header) = &ask.header {
        request = request.header("X-Filler", header);
    }
    if let Some(body) = &ask.body {
        let media = if ask.form { "application/x-www-form-urlencoded" } else { "application/json" };
        request = request.header("Content-Type", media).body(body.clone());
    }
    if ask.form {
        request = request.header("X-HTTP-Method-Override", "GET");
    }
    let response = request.send().await?;
    let status = response.status().as_u16();
    let _ = response.bytes().await;
    Ok(status)
}

fn asks() -> Vec<Ask> {
    let mut nested = "{\"name\":{\"equals\":\"x\"}}".to_owned();
    for _ in 0..1_000 {
        nested = format!("{{\"and\":[{nested}]}}");
    }
    let mut wide = String::new();
    for n in 0..1_000 {
        let _ = write!(wide, "where[or][{n}][company.name][contains]=x{n}&");
    }
    vec![
        Ask::get("limit=1e9", "/api/contacts?limit=1000000000"),
        Ask::get("limit=1e9 on paper", "/api/contacts?limit=1e9"),
        Ask { refused: false, ..Ask::get("depth=10", "/api/contacts?depth=10&limit=100") },
        Ask { refused: false, ..Ask::get("depth=1000", "/api/contacts?depth=1000&limit=100") },
        Ask {
            method: Method::POST,
            body: Some(vec![b' '; 10 << 20]),
            ..Ask::get("a body of 10 MB", "/api/contacts")
        },
        Ask { header: Some("h".repeat(64 << 10)), ..Ask::get("headers of 64 kB", "/api/contacts") },
        Ask {
            method: Method::POST,
            form: true,
            body: Some(format!("where={nested}").into_bytes()),
            ..Ask::get("1,000 nested filters", "/api/contacts")
        },
        Ask {
            method: Method::POST,
            form: true,
            body: Some(wide.into_bytes()),
            ..Ask::get("1,000 filters side by side", "/api/contacts")
        },
        Ask::get("200 MB of notes", "/api/notes?limit=1000&depth=0"),
        Ask::get("200 MB of groups", "/api/notes/aggregate?group=body&limit=1000"),
    ]
}
