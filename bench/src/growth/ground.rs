//! The data of the growth table: written by the owner in sets, each size on top of the one before.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use kernel::Id;
use serde_json::{Value, json};
use testbed::{EMAIL, Instance, PASSWORD};

const GROUND: &str = include_str!("../../sql/growth_ground.sql");
const LIFT: &str = include_str!("../../sql/growth_lift.sql");
const FILL: &str = include_str!("../../sql/growth_fill.sql");
const RESTORE: &str = include_str!("../../sql/growth_restore.sql");
const CLOSE: &str = include_str!("../../sql/growth_close.sql");

/// From so many new contacts on it is quicker to make the indexes anew.
const LIFTED: u64 = 300_000;

pub(super) struct Ground {
    pub(super) token: String,
    pub(super) tenants: u64,
    pub(super) contacts: u64,
    /// What the owner who asks reaches.
    pub(super) reach: Vec<Id>,
}

impl Ground {
    pub(super) async fn prepare(instance: &Instance, tenants: u64) -> Result<Ground> {
        owner(instance, GROUND, &[("tenants", tenants)])?;
        let token = sign_in(instance).await?;
        let tenants_of = "SELECT id FROM tenants ORDER BY id";
        let reach =
            answer(instance, tenants_of)?.lines().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Ground { token, tenants, contacts: 0, reach })
    }

    /// Adds contacts until there are `to`; answers how long it took.
    pub(super) fn grow(&mut self, instance: &Instance, to: u64) -> Result<Duration> {
        if !to.is_multiple_of(10 * self.tenants) || to <= self.contacts {
            bail!("{to} is no size for {} tenants", self.tenants);
        }
        let began = Instant::now();
        let lifted = to - self.contacts >= LIFTED;
        let script = match lifted {
            true => [LIFT, FILL, RESTORE, CLOSE].concat(),
            false => [FILL, CLOSE].concat(),
        };
        let variables = [("tenants", self.tenants), ("from", self.contacts), ("to", to)];
        owner(instance, &script, &variables)?;
        self.contacts = to;
        Ok(began.elapsed())
    }

    /// Any of the contacts there are whose first name is Maria; each of them has a deal.
    pub(super) fn some_contact(&self, at: u64) -> u64 {
        let n = at.wrapping_mul(2_654_435_761) % self.contacts;
        let within = n / self.tenants;
        (within - within % 30) * self.tenants + n % self.tenants
    }

    /// The tenant of the n-th contact.
    pub(super) fn tenant(&self, n: u64) -> Id {
        id(4, n % self.tenants)
    }
}

/// The n-th contact (1), deal (2), company (3), tenant (4), pipeline (5) or stage (6).
pub(super) fn id(kind: u8, n: u64) -> Id {
    Id::from_u128(u128::from(kind) << 80 | 0x7000_8000_0000_0000_0000 | u128::from(n))
}

fn owner(instance: &Instance, script: &str, variables: &[(&str, u64)]) -> Result<()> {
    let path = instance.data().with_file_name("growth.sql");
    std::fs::write(&path, script)?;
    let mut command = instance.command(&["psql", "--owner", "--", "-qX"]);
    command.args(["-v", "ON_ERROR_STOP=1", "-f"]).arg(&path);
    for (name, value) in variables {
        command.arg("-v").arg(format!("{name}={value}"));
    }
    match command.stdout(Stdio::null()).status()?.success() {
        true => Ok(()),
        false => bail!("the rows could not be written"),
    }
}

fn answer(instance: &Instance, sql: &str) -> Result<String> {
    let output = instance.command(&["psql", "--owner", "--", "-AtqXc", sql]).output()?;
    if !output.status.success() {
        bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

async fn sign_in(instance: &Instance) -> Result<String> {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let login = reqwest::Client::new().post(instance.url("/api/users/login")).json(&body);
    let answer: Value = login.send().await?.json().await?;
    Ok(answer["token"].as_str().context("no token")?.to_owned())
}

pub(super) fn disk_gb(instance: &Instance) -> Result<f64> {
    let bytes = answer(instance, "SELECT pg_database_size(current_database())")?;
    Ok(bytes.trim().parse::<f64>()? / 1e9)
}
