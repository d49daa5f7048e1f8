//! How small it is: memory, binary, start. A line each, with its aim.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use testbed::Instance;

use crate::data::World;
use crate::load;

/// Starts of which the median is told.
const STARTS: usize = 5;
const CONNECTIONS: u32 = 64;
/// What is freed and given back to the system after a burst is so by then.
const SETTLED: Duration = Duration::from_secs(3);

/// Prints a figure beside what it should stay under.
pub(crate) fn under(what: &str, figure: f64, unit: &str, aim: Option<f64>) {
    let shown = format!("{figure:.*} {unit}", usize::from(figure < 100.0));
    match aim {
        Some(aim) => {
            let verdict = if figure < aim { "ok" } else { "missed" };
            println!("{what:<44} {shown:>12}   aim: under {aim} {unit:<3} {verdict}");
        }
        None => println!("{what:<44} {shown:>12}"),
    }
}

/// Starts it again and again.
pub(crate) async fn starts(instance: &mut Instance, binary: &Path) -> Result<()> {
    under("ready from nothing (initdb, migrations)", millis(instance.ready), "ms", None);
    let mut times = Vec::with_capacity(STARTS);
    for _ in 0..STARTS {
        times.push(instance.restart().await?);
    }
    times.sort_unstable();
    let what = format!("ready on an initialized database, median of {STARTS}");
    under(&what, millis(times[STARTS / 2]), "ms", Some(300.0));
    under("memory, idle", instance.resident_mb()?, "MB", Some(60.0));
    let size = std::fs::metadata(binary)?.len();
    under("binary, the app inside", size as f64 / 1e6, "MB", None);
    Ok(())
}

/// Memory while many read at once, and when they have gone.
pub(crate) fn memory(instance: &Instance, world: &World, duration: Duration) -> Result<()> {
    let highest = std::thread::scope(|scope| -> Result<f64> {
        let load = scope.spawn(|| load::reads(instance, world, CONNECTIONS, duration));
        let mut highest = 0.0_f64;
        while !load.is_finished() {
            highest = highest.max(instance.resident_mb()?);
            std::thread::sleep(Duration::from_millis(50));
        }
        load.join().map_err(|_| anyhow::anyhow!("the load failed"))??;
        Ok(highest)
    })?;
    println!();
    under(&format!("memory under {CONNECTIONS} connections"), highest, "MB", None);
    std::thread::sleep(SETTLED);
    under("memory when they have gone", instance.resident_mb()?, "MB", None);
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
