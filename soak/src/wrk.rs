//! Steady requests of one tenant through wrk, and their latencies.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use testbed::{Api, Instance};
use tokio::process::{Child, Command};

/// Requests on their way; ended when dropped.
pub(crate) struct Wrk(Child);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Measured {
    pub(crate) p99: Duration,
    pub(crate) per_second: f64,
    /// Connections that broke, and answers that were no success.
    pub(crate) failed: usize,
}

impl Wrk {
    /// GETs of `path` in one tenant, for a whole number of seconds.
    pub(crate) fn start(
        instance: &Instance,
        api: &Api,
        tenant: &str,
        path: &str,
        connections: usize,
        span: Duration,
    ) -> Result<Wrk> {
        let child = Command::new("wrk")
            .args(["-t1", "--latency", "--timeout", "30s"])
            .args([format!("-c{connections}"), format!("-d{}s", span.as_secs())])
            .args(["-H", &format!("Authorization: JWT {}", api.token())])
            .args(["-H", &format!("X-Tenant: {tenant}")])
            .arg(instance.url(path))
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("wrk is missing: make wrk")?;
        Ok(Wrk(child))
    }

    pub(crate) async fn end(self) -> Result<Measured> {
        let output = self.0.wait_with_output().await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let after = |name: &str| {
            text.lines()
                .find_map(|l| l.trim().strip_prefix(name))
                .map(|rest| rest.trim().to_owned())
        };
        let p99 = span(&after("99%").with_context(|| format!("wrk said: {text}"))?)?;
        let per_second = after("Requests/sec:").context("no rate")?.parse()?;
        let refused: usize = after("Non-2xx or 3xx responses:").map_or(Ok(0), |n| n.parse())?;
        let broken: usize = after("Socket errors:").map_or(0, |line| {
            line.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse::<usize>().ok()).sum()
        });
        Ok(Measured { p99, per_second, failed: refused + broken })
    }
}

/// `1.23ms`, `870.00us`, `2.01s`.
fn span(text: &str) -> Result<Duration> {
    let at = text.find(|c: char| c.is_ascii_alphabetic()).context("no unit")?;
    let (number, unit) = text.split_at(at);
    let scale = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        _ => bail!("{text} is no span"),
    };
    Ok(Duration::from_secs_f64(number.parse::<f64>()? * scale))
}
