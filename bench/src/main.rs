//! `make bench`: what a release build does on this machine, beside pgbench with the same SQL.
//!
//! Everything is measured in one run against an instance of its own: requests per second and
//! latencies (wrk), the same statements through pgbench, plans as the serving role at a million rows,
//! import, memory, start time. Figures are printed with the aims of the product beside them; nothing
//! is asserted.

mod cost;
mod data;
mod growth;
mod load;
mod plans;
mod small;
mod statements;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use testbed::Instance;

/// Contacts, and as many deals, of the tenant that the speed rows read and write.
const RECORDS: u32 = 10_000;
/// Contacts, and as many deals, that the plans are explained over.
const MANY: u32 = 1_000_000;

const USAGE: &str = "usage: bench BINARY [--seconds N] [--rows N] [--only NAME] [--growth [--sizes N,N,…] [--requests N]]";

struct Options {
    binary: PathBuf,
    seconds: u64,
    many: u32,
    /// Measure only the speed rows whose name contains this.
    only: Option<String>,
    /// Only the growth table.
    growth: bool,
    sizes: growth::Options,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let sizes = growth::Options { sizes: growth::SIZES.to_vec(), requests: 200 };
    let binary = PathBuf::new();
    let mut options = Options { binary, seconds: 8, many: MANY, only: None, growth: false, sizes };
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => options.seconds = value()?.parse()?,
            "--rows" => options.many = value()?.parse()?,
            "--only" => options.only = Some(value()?),
            "--growth" => options.growth = true,
            "--sizes" => {
                let sizes = value()?;
                options.sizes.sizes = sizes.split(',').map(str::parse).collect::<Result<_, _>>()?;
            }
            "--requests" => options.sizes.requests = value()?.parse()?,
            _ if options.binary.as_os_str().is_empty() => options.binary = arg.into(),
            _ => bail!(USAGE),
        }
    }
    if options.binary.as_os_str().is_empty() {
        bail!(USAGE);
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = options()?;
    if options.growth {
        return growth::run(&options.binary, &options.sizes).await;
    }
    let duration = Duration::from_secs(options.seconds);
    let mut instance = Instance::start(&options.binary).await?;
    small::starts(&mut instance, &options.binary).await?;

    let world = data::prepare(&instance, RECORDS).await?;
    load::speed(&instance, &world, duration, options.only.as_deref()).await?;
    if options.only.is_some() {
        return instance.stop();
    }
    small::memory(&instance, &world, duration)?;
    if let Some(folder) = data::sample_folder() {
        data::import(&instance, &folder)?;
    }
    data::grow(&instance, &world, options.many)?;
    plans::explain(&instance, &world)?;
    instance.stop()
}
