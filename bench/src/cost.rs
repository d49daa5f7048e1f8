//! What one request costs, as the kernel counts it: CPU time and context switches of the server and of
//! its PostgreSQL. Other programs on the machine slow a request down but hardly change these.

use std::fmt;
use std::fs;

use anyhow::{Context, Result};

use testbed::Instance;

/// Ticks a second of the CPU times in `/proc`, the same on every Linux.
const TICKS: f64 = 100.0;

pub(crate) struct Meter {
    own: Vec<u32>,
    database: Vec<u32>,
    before: [Spent; 2],
}

#[derive(Clone, Copy, Default)]
struct Spent {
    microseconds: f64,
    switches: f64,
}

/// Of one request: ours, the database's.
pub(crate) struct Cost([Spent; 2]);

impl Meter {
    pub(crate) fn start(instance: &Instance) -> Result<Meter> {
        let pid = fs::read_to_string(instance.data().join("postgres/postmaster.pid"))?;
        let postmaster: u32 = pid.lines().next().context("no postmaster")?.trim().parse()?;
        let own = vec![u32::try_from(instance.process()?)?];
        let database = vec![postmaster];
        let before = [spent(&own)?, spent_below(&database)?];
        Ok(Meter { own, database, before })
    }

    pub(crate) fn per_request(&self, requests: f64) -> Result<Cost> {
        let after = [spent(&self.own)?, spent_below(&self.database)?];
        let mut each = [Spent::default(); 2];
        for (one, (after, before)) in each.iter_mut().zip(after.iter().zip(&self.before)) {
            one.microseconds = (after.microseconds - before.microseconds) / requests;
            one.switches = (after.switches - before.switches) / requests;
        }
        Ok(Cost(each))
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost([own, database]) = self;
        write!(
            f,
            "{:>6.0} {:>6.0} {:>6.2} {:>6.2}",
            own.microseconds, database.microseconds, own.switches, database.switches
        )
    }
}

/// Of processes with all their threads.
fn spent(processes: &[u32]) -> Result<Spent> {
    let mut sum = Spent::default();
    for process in processes {
        // A process, or a thread, may end while we look.
        let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { continue };
        for task in tasks {
            let Some(one) = of_task(&task?.path()) else { continue };
            sum.microseconds += one.microseconds;
            sum.switches += one.switches;
        }
    }
    Ok(sum)
}

/// Of processes, of those they started, and of those among them that have ended: of these the kernel keeps
/// the time but not the switches.
fn spent_below(parents: &[u32]) -> Result<Spent> {
    let mut all = parents.to_vec();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(process) = name.to_str().and_then(|n| n.parse().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else { continue };
        let parent = fields(&stat).nth(1).and_then(|n| n.parse().ok());
        if parent.is_some_and(|parent| parents.contains(&parent)) {
            all.push(process);
        }
    }
    let mut sum = spent(&all)?;
    for parent in parents {
        let stat = fs::read_to_string(format!("/proc/{parent}/stat"))?;
        sum.microseconds += microseconds(&stat, ENDED);
    }
    Ok(sum)
}

/// Where the time of a process stands among [`fields`], and that of its children that have ended.
const ALIVE: usize = 11;
const ENDED: usize = 13;

/// User's and system's time.
fn microseconds(stat: &str, at: usize) -> f64 {
    let ticks: f64 = fields(stat).skip(at).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks / TICKS * 1e6
}

/// What follows the name in parentheses: state, parent, …
fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace()
}

fn of_task(path: &std::path::Path) -> Option<Spent> {
    let stat = fs::read_to_string(path.join("stat")).ok()?;
    let status = fs::read_to_string(path.join("status")).ok()?;
    let switches = status
        .lines()
        .filter(|line| line.contains("ctxt_switches"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .sum();
    Some(Spent { microseconds: microseconds(&stat, ALIVE), switches })
}
