//! `make bench`: what a release build does on this machine, beside pgbench with the same SQL.
//!
//! Everything is measured in one run against an instance of its own: requests per second and
//! latencies (wrk), the same statements through pgbench, plans as the serving role at a million rows,
//! import, memory, start time. Figures are printed with the aims of the product beside them; nothing
//! is asserted.

mod data;
mod load;
mod plans;
mod statements;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use testbed::Instance;

/// Contacts, and as many deals, of the tenant that the speed rows read and write.
const RECORDS: u32 = 10_000;
/// Contacts, and as many deals, that the plans are explained over.
const MANY: u32 = 1_000_000;

struct Options {
    binary: PathBuf,
    seconds: u64,
    many: u32,
}

fn options() -> Result<Options> {
    let mut args = std::env::args().skip(1);
    let mut options = Options { binary: PathBuf::new(), seconds: 8, many: MANY };
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--seconds" => options.seconds = value()?.parse()?,
            "--rows" => options.many = value()?.parse()?,
            _ if options.binary.as_os_str().is_empty() => options.binary = arg.into(),
            _ => bail!("usage: bench BINARY [--seconds N] [--rows N]"),
        }
    }
    if options.binary.as_os_str().is_empty() {
        bail!("usage: bench BINARY [--seconds N] [--rows N]");
    }
    Ok(options)
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = options()?;
    let duration = Duration::from_secs(options.seconds);
    let mut instance = Instance::start(&options.binary).await?;
    println!("Ready from nothing (initdb, migrations) in {} ms", instance.ready.as_millis());
    let again = instance.restart().await?;
    println!("Ready on an initialized database in {} ms (aim: under 300)", again.as_millis());
    println!("Idle memory: {:.1} MB (aim: under 60)", instance.resident_mb()?);
    let size = std::fs::metadata(&options.binary)?.len();
    println!("Binary: {:.1} MB", size as f64 / 1e6);

    let world = data::prepare(&instance, RECORDS).await?;
    load::speed(&instance, &world, duration).await?;
    println!("Memory after the load: {:.1} MB", instance.resident_mb()?);
    if let Some(folder) = data::sample_folder() {
        data::import(&instance, &folder)?;
    }
    data::grow(&instance, &world, options.many)?;
    plans::explain(&instance, &world)?;
    instance.stop()
}
