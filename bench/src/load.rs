//! Requests per second and latencies through wrk, and the same SQL through pgbench.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use kernel::Scope;
use serde_json::json;

use crate::cost::Meter;
use crate::data::{CONTACT, World, id_sql};
use crate::statements;
use testbed::Instance;

/// Of what pgbench does with the same statements.
const RATIO: f64 = 0.5;
/// The last four columns.
const COST: &str = "a request: µs ours, of PostgreSQL; switches ours, of PostgreSQL";

const BY_ID: &str =
    "return wrk.format('GET', '/api/contacts/' .. contact(n) .. '?depth=1&select[tenant]=false')";

struct Row {
    name: &'static str,
    /// Lua that answers one request; `n` is a record's number.
    request: String,
    /// req/s at 16 connections.
    aim: u32,
    /// The same work as a pgbench script.
    sql: Option<String>,
}

#[derive(Debug)]
struct Figures {
    requests: f64,
    per_second: f64,
    p50: String,
    p99: String,
}

pub(crate) async fn speed(
    instance: &Instance,
    world: &World,
    duration: Duration,
    only: Option<&str>,
) -> Result<()> {
    println!(
        "\n{:<30} {:>5} {:>8} {:>9} {:>9}  {:<16} {:>8} {:>6}  aim: {RATIO:<8} {COST}",
        "req/s, aim at 16 connections", "conns", "ours", "p50", "p99", "aim", "pgbench", "ratio"
    );
    for row in rows(world)?.into_iter().filter(|row| only.is_none_or(|o| row.name.contains(o))) {
        for connections in [1, 16] {
            let meter = Meter::start(instance)?;
            let own = wrk(instance, world, &row.request, connections, duration)?;
            let cost = meter.per_request(own.requests)?;
            let theirs = match &row.sql {
                Some(sql) => Some(pgbench(instance, sql, connections, duration)?),
                None => None,
            };
            let aim = match row.aim {
                aim if connections == 16 && aim > 0 => {
                    format!("{aim} {}", verdict(own.per_second >= f64::from(aim)))
                }
                _ => String::new(),
            };
            let ratio = theirs.map(|t| own.per_second / t);
            println!(
                "{:<30} {connections:>5} {:>8.0} {:>9} {:>9}  {aim:<16} {:>8} {:>6}  {:<13} {cost}",
                row.name,
                own.per_second,
                own.p50,
                own.p99,
                theirs.map_or(String::new(), |t| format!("{t:.0}")),
                ratio.map_or(String::new(), |r| format!("{r:.2}")),
                ratio.map_or("", |r| verdict(r >= RATIO)),
            );
        }
    }
    Ok(())
}

fn verdict(reached: bool) -> &'static str {
    if reached { "ok" } else { "missed" }
}

/// Contacts read by id by many at once.
pub(crate) fn reads(
    instance: &Instance,
    world: &World,
    connections: u32,
    duration: Duration,
) -> Result<()> {
    wrk(instance, world, BY_ID, connections, duration).map(|_| ())
}

fn rows(world: &World) -> Result<Vec<Row>> {
    let registry = server::app::registry()?;
    let schema = registry.schema();
    let scope = Scope::One(world.tenant);
    let stage = world.stage;
    let list = statements::page(
        schema,
        "deals",
        &scope,
        &json!({"stage": {"equals": stage.to_string()}}),
        "",
        true,
    )?;
    let [page, count] = list.as_slice() else { bail!("a list is a page and a count") };
    let number = 0x7f7f_7f7f;
    let placeholder =
        kernel::Id::from_u128((u128::from(CONTACT) << 80) | 0x7000_8000_0000_0000_0000 | number);
    let by_id = |slug: &str, replacement: String| -> Result<String> {
        let statement = statements::by_ids(schema, slug, world.tenant, &[placeholder])?;
        Ok(statements::inlined(&statement).replace(&format!("'{placeholder}'::uuid"), &replacement))
    };
    let contact = by_id("contacts", id_sql(CONTACT, ":n"))?;
    let company = by_id("companies", id_sql(crate::data::COMPANY, "(:n - 1) / 10 + 1"))?;
    let related = by_id("companies", id_sql(crate::data::COMPANY, "(:n - 1) / 10 + 1"))?;
    let many_companies = related.replace(
        &format!("t.id = {}", id_sql(crate::data::COMPANY, "(:n - 1) / 10 + 1")),
        &format!(
            "t.id IN (SELECT {} FROM generate_series(1, 25) n)",
            id_sql(crate::data::COMPANY, "(n * 397) % 1000 + 1")
        ),
    );
    Ok(vec![
        Row {
            name: "contact by id + company",
            request: BY_ID.into(),
            aim: 15_000,
            sql: Some(read_script(world, &[contact.clone(), company])),
        },
        Row {
            name: "25 deals filtered + company",
            request: format!(
                "return wrk.format('GET', '/api/deals?limit=25&depth=1&where[stage][equals]={stage}&select[tenant]=false&select[stage]=false&select[pipeline]=false&select[primaryContact]=false')"
            ),
            aim: 7_500,
            sql: Some(read_script(world, &[statements::inlined(page), statements::inlined(count), many_companies])),
        },
        Row {
            name: "25 deals, everything, depth 2",
            request: format!("return wrk.format('GET', '/api/deals?limit=25&depth=2&where[stage][equals]={stage}')"),
            aim: 0,
            sql: None,
        },
        Row {
            name: "create contact",
            request: "return wrk.format('POST', '/api/contacts?depth=0', nil, '{\"firstName\":\"New\",\"lastName\":\"Person ' .. n .. '\"}')".into(),
            aim: 3_400,
            sql: None,
        },
        Row {
            name: "move deal to a stage",
            request: format!(
                "local s = '{}'; if n % 2 == 0 then s = '{}' end; return wrk.format('PATCH', '/api/deals/' .. deal(n) .. '?depth=0', nil, '{{\"stage\":\"' .. s .. '\"}}')",
                world.stage, world.other_stage
            ),
            aim: 3_400,
            sql: None,
        },
    ])
}

/// One read as the server does it: settings and statements sent in one pipeline.
fn read_script(world: &World, statements: &[String]) -> String {
    let statements: Vec<String> = statements.iter().map(|s| format!("{s};")).collect();
    format!(
        "\\set n random(1, {})\n\\startpipeline\nBEGIN READ ONLY;\nSET LOCAL app.rank = '4';\nSET LOCAL app.visible = '{{{}}}';\n{}\nCOMMIT;\n\\endpipeline\n",
        world.records,
        world.tenant,
        statements.join("\n")
    )
}

fn wrk(
    instance: &Instance,
    world: &World,
    request: &str,
    connections: u32,
    duration: Duration,
) -> Result<Figures> {
    let script = format!(
        "wrk.headers['Authorization'] = 'JWT {}'\nwrk.headers['X-Tenant'] = '{}'\nwrk.headers['Content-Type'] = 'application/json'\n\
         function contact(n) return string.format('00000000-0001-7000-8000-%012x', n) end\n\
         function deal(n) return string.format('00000000-0002-7000-8000-%012x', n) end\n\
         local seeded = false\nlocal seed = 0\n\
         function setup(thread) seed = seed + 1; thread:set('seed', seed) end\n\
         function request()\n if not seeded then math.randomseed(seed); seeded = true end\n local n = math.random(1, {})\n {request}\nend\n\
         function done(summary, latency)\n local e = summary.errors\n\
         print('FIGURES', summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, e.status + e.read + e.write + e.timeout + e.connect)\nend\n",
        world.token, world.tenant, world.records
    );
    let path = instance.data().with_file_name("wrk.lua");
    std::fs::write(&path, script)?;
    let threads = connections.min(2);
    let output = Command::new("wrk")
        .args([
            format!("-t{threads}"),
            format!("-c{connections}"),
            format!("-d{}s", duration.as_secs()),
            "-s".into(),
            path.display().to_string(),
            instance.url("/"),
        ])
        .output()
        .context("wrk is missing: apt-get install wrk")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|l| l.starts_with("FIGURES")).with_context(|| text.to_string())?;
    let figures: Vec<f64> =
        line.split_whitespace().skip(1).map(str::parse).collect::<Result<_, _>>()?;
    let [requests, per_second, p50, p99, errors] = figures.as_slice() else {
        bail!("unexpected: {line}")
    };
    if *errors > 0.0 {
        bail!("{errors} requests failed");
    }
    Ok(Figures {
        requests: *requests,
        per_second: *per_second,
        p50: format!("{p50:.2} ms"),
        p99: format!("{p99:.2} ms"),
    })
}

fn pgbench(instance: &Instance, script: &str, connections: u32, duration: Duration) -> Result<f64> {
    let path = instance.data().with_file_name("pgbench.sql");
    std::fs::write(&path, script)?;
    let place = instance.psql("\\echo :HOST :PORT :DBNAME :SERVER_VERSION_NUM\n")?;
    let fields: Vec<&str> = place.split_whitespace().collect();
    let [folder, port, database, version] = fields.as_slice() else { bail!("unexpected: {place}") };
    let major = &version[..2];
    let beside = PathBuf::from(format!("/usr/lib/postgresql/{major}/bin/pgbench"));
    let program = if beside.is_file() { beside } else { "pgbench".into() };
    let output = Command::new(program)
        .args(["-n", "-M", "prepared", "-h", folder, "-p", port, "-U", "app_user"])
        .args(["-c", &connections.to_string(), "-j", &connections.min(2).to_string()])
        .args(["-T", &duration.as_secs().to_string(), "-f"])
        .arg(&path)
        .arg(database)
        .output()
        .context("pgbench is missing: it comes with the PostgreSQL server package")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text
        .lines()
        .find(|l| l.starts_with("tps"))
        .with_context(|| format!("{text}{}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(line.split_whitespace().nth(2).context("no figure")?.parse()?)
}
