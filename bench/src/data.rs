//! The world the measurements run in: a tenant with records of known ids, and twenty with a million.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use kernel::Id;
use serde_json::{Value, json};

use testbed::{EMAIL, Instance, PASSWORD};

pub(crate) struct World {
    pub(crate) token: String,
    pub(crate) tenant: Id,
    pub(crate) records: u32,
    pub(crate) stage: Id,
    pub(crate) other_stage: Id,
    /// Twenty tenants; the first owns half of the million.
    pub(crate) crowd: Vec<Id>,
}

/// The id of the n-th contact or deal: `kind` tells the two apart.
pub(crate) fn id_sql(kind: u8, n: &str) -> String {
    format!("('00000000-000{kind}-7000-8000-' || lpad(to_hex(({n})::bigint), 12, '0'))::uuid")
}

pub(crate) const CONTACT: u8 = 1;
pub(crate) const DEAL: u8 = 2;
pub(crate) const COMPANY: u8 = 3;

/// Signs in, makes the tenants and fills the first with `records` contacts and deals.
pub(crate) async fn prepare(instance: &Instance, records: u32) -> Result<World> {
    let client = reqwest::Client::new();
    let login: Value = client
        .post(instance.url("/api/users/login"))
        .json(&json!({ "email": EMAIL, "password": PASSWORD }))
        .send()
        .await?
        .json()
        .await?;
    let token = login["token"].as_str().context("no token")?.to_owned();
    let post = |path: &str, tenant: Option<Id>, body: Value| {
        let request = client
            .post(instance.url(path))
            .header("Authorization", format!("JWT {token}"))
            .json(&body);
        match tenant {
            Some(tenant) => request.header("X-Tenant", tenant.to_string()),
            None => request,
        }
    };
    let agency = made(
        post("/api/tenants", None, json!({"name": "Bench", "slug": "bench", "kind": "agency"}))
            .send()
            .await?,
    )
    .await?;
    let mut crowd = Vec::new();
    for n in 0..20 {
        let body = json!({"name": format!("Bench {n}"), "slug": format!("bench-{n}"), "kind": "account", "parent": agency});
        crowd.push(made(post("/api/tenants", None, body).send().await?).await?);
    }
    let body = json!({"name": "Records", "slug": "records", "kind": "account", "parent": agency});
    let tenant = made(post("/api/tenants", None, body).send().await?).await?;
    let mut stages = Vec::new();
    for one in crowd.iter().chain([&tenant]) {
        let pipeline =
            made(post("/api/pipelines", Some(*one), json!({"name": "Sales"})).send().await?)
                .await?;
        for (order, kind) in [(1, "open"), (2, "open"), (3, "open"), (4, "won"), (5, "lost")] {
            let body = json!({"name": format!("Stage {order}"), "order": order, "kind": kind, "pipeline": pipeline});
            stages.push(made(post("/api/stages", Some(*one), body).send().await?).await?);
        }
    }
    let [.., stage, other_stage, _, _, _] = stages.as_slice() else { bail!("no stages") };
    let world = World { token, tenant, records, stage: *stage, other_stage: *other_stage, crowd };
    instance.psql(&fill(tenant, 0, records))?;
    analyze(instance)?;
    Ok(world)
}

async fn made(answer: reqwest::Response) -> Result<Id> {
    let status = answer.status();
    let body: Value = answer.json().await?;
    let id = body["doc"]["id"].as_str().with_context(|| format!("{status}: {body}"))?;
    Ok(id.parse()?)
}

/// SQL that adds `count` contacts and deals to a tenant as the serving role, numbered from `from`, one
/// company for each ten.
fn fill(tenant: Id, from: u32, count: u32) -> String {
    let (first, last) = (from + 1, from + count);
    let contact = id_sql(CONTACT, "n");
    let deal = id_sql(DEAL, "n");
    let company = id_sql(COMPANY, &format!("{from} + (n - {first}) / 10 + 1"));
    let born = "timestamptz '2024-01-01' + n * interval '41 seconds'";
    format!(
        "BEGIN; SET LOCAL app.visible = '{{{tenant}}}'; SET LOCAL app.tenant = '{tenant}'; SET LOCAL app.rank = '4';
         INSERT INTO companies (tenant_id, id, name, lifecycle, updated_at, created_at)
           SELECT '{tenant}', {}, 'Company ' || n, 'lead', now(), {born}
             FROM generate_series({first}, {}) n;
         INSERT INTO contacts (tenant_id, id, name, first_name, last_name, email, company_id, lifecycle, updated_at, created_at)
           SELECT '{tenant}', {contact}, p.first || ' ' || p.last, p.first, p.last,
                  'person' || n || '@example.com', {company}, 'lead', now(), {born}
             FROM generate_series({first}, {last}) n,
                  LATERAL (SELECT ({FIRST_NAMES})[1 + n % 30] AS first, 'Last' || (n::bigint * 7919) % 100003 AS last) p;
         INSERT INTO deals (tenant_id, id, name, pipeline_id, stage_id, status, value_amount, value_currency,
                            primary_contact_id, company_id, position, updated_at, created_at)
           SELECT '{tenant}', {deal}, 'Deal ' || n, s.pipeline_id, s.id, s.kind, (n::bigint * 7919) % 5000000, 'USD',
                  {contact}, {company}, n, now(), {born}
             FROM generate_series({first}, {last}) n
             JOIN stages s ON s.tenant_id = '{tenant}' AND s.order_ = 1 + n % 5;
         {}{}{}
         COMMIT;",
        id_sql(COMPANY, "n"),
        from + count.div_ceil(10),
        words("companies", "''", tenant),
        words("contacts", "t.email", tenant),
        words("deals", "''", tenant),
    )
}

/// Thirty, each the name of every thirtieth person: frequent words to a search.
const FIRST_NAMES: &str = "ARRAY['Maria','Ana','Luis','Carmen','Jose','Lucia','Pedro','Sofia','Juan','Elena','John',\
    'Mary','Anna','Peter','Julia','Paul','Laura','Mark','Emma','David','Marta','Olga','Ivan','Nina','Omar',\
    'Lena','Hugo','Iris','Noah','Ruth']";

/// SQL that writes the words of a tenant's records.
fn words(table: &str, others: &str, tenant: Id) -> String {
    format!(
        "INSERT INTO search_words (tenant_id, collection, word, weight, document_id)
           SELECT t.tenant_id, '{table}', w.word, w.weight, t.id
             FROM {table} t CROSS JOIN LATERAL app.weighted_words(t.name, {others}) w
            WHERE t.tenant_id = '{tenant}';"
    )
}

/// Spreads `count` more records over twenty tenants, half of them in the first.
pub(crate) fn grow(instance: &Instance, world: &World, count: u32) -> Result<()> {
    let mut from = world.records;
    let began = Instant::now();
    for (n, tenant) in world.crowd.iter().enumerate() {
        let share = if n == 0 { count / 2 } else { count / 2 / 19 };
        instance.psql(&fill(*tenant, from, share))?;
        from += share;
    }
    analyze(instance)?;
    println!("\nGrew to {from} contacts and deals in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// What autovacuum would do in a minute.
fn analyze(instance: &Instance) -> Result<()> {
    let tables =
        "companies, contacts, deals, stages, deals__service_interest, contacts__tags, search_words";
    let sql = format!("VACUUM (ANALYZE) {tables}");
    let status = instance.command(&["psql", "--owner", "--", "-qc", &sql]).status()?;
    if !status.success() {
        bail!("VACUUM failed");
    }
    Ok(())
}

/// The real sales data set, when it is there.
pub(crate) fn sample_folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("SAMPLE").map_or_else(|| "../shared/data/crm".into(), PathBuf::from);
    folder.join("sales_pipeline.csv").is_file().then_some(folder)
}

/// Imports it into an account of its own, and prints what the command says.
pub(crate) fn import(instance: &Instance, folder: &std::path::Path) -> Result<()> {
    println!("\nImport of the sample data ({})", instance.data().display());
    let folder = folder.to_string_lossy();
    let mapping = "modules/import/mappings/sample.toml";
    let status = instance
        .command(&["import", mapping, "--data", &folder, "--account", "sample", "--create"])
        .status()?;
    if !status.success() {
        bail!("the import failed");
    }
    Ok(())
}
