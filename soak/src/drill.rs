//! The shape of a drill and of what it answers.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use async_trait::async_trait;

/// What every drill is given.
#[derive(Debug, Clone)]
pub struct Site {
    /// The build under test.
    pub binary: PathBuf,
    /// A few seconds of each, for the test suite: nothing may be lost then either, but a debug build on
    /// a busy machine is not asked to be quick.
    pub brief: bool,
}

impl Site {
    /// How often something is done.
    pub(crate) fn times(&self, many: usize) -> usize {
        if self.brief { (many / 15).max(2) } else { many }
    }

    /// What a count must reach.
    pub(crate) fn least(&self, count: usize) -> usize {
        if self.brief { count / 100 } else { count }
    }

    /// What is asked of a time.
    pub(crate) fn allowed(&self, most: Duration) -> Duration {
        if self.brief { most * 8 } else { most }
    }
}

#[async_trait]
pub(crate) trait Drill: Send + Sync {
    /// One word: what `ONLY=` takes.
    fn name(&self) -> &'static str;

    fn about(&self) -> &'static str;

    /// Rows of the test catalogue that it measures.
    fn rows(&self) -> &'static [u8];

    /// Of a figure that could not even be taken.
    fn priority(&self) -> Priority {
        Priority::P0
    }

    /// After this it is cut, and counts as missed.
    fn limit(&self) -> Duration {
        Duration::from_secs(15 * 60)
    }

    /// Starts what it needs, ends what it started, answers what it measured.
    async fn run(&self, site: &Site) -> Result<Vec<Figure>>;
}

/// Whether a missed figure blocks a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    P0,
    P1,
    P2,
}

#[derive(Debug, Clone)]
pub(crate) struct Figure {
    pub(crate) priority: Priority,
    pub(crate) what: String,
    pub(crate) got: String,
    pub(crate) wanted: String,
    pub(crate) passed: bool,
}

impl Figure {
    /// Something that must not happen, counted.
    pub(crate) fn none(priority: Priority, what: impl Into<String>, count: usize) -> Figure {
        let (got, wanted) = (count.to_string(), "0".to_owned());
        Figure { priority, what: what.into(), got, wanted, passed: count == 0 }
    }

    pub(crate) fn within(
        priority: Priority,
        what: impl Into<String>,
        took: Duration,
        most: Duration,
    ) -> Figure {
        let (got, wanted) = (seconds(took), format!("≤ {}", seconds(most)));
        Figure { priority, what: what.into(), got, wanted, passed: took <= most }
    }

    /// A count that must reach something, or the drill has shown nothing.
    pub(crate) fn at_least(
        priority: Priority,
        what: impl Into<String>,
        count: usize,
        least: usize,
    ) -> Figure {
        let (got, wanted) = (count.to_string(), format!("≥ {least}"));
        Figure { priority, what: what.into(), got, wanted, passed: count >= least }
    }

    /// A number that must stay below something.
    pub(crate) fn at_most(
        priority: Priority,
        what: impl Into<String>,
        got: f64,
        most: f64,
        unit: &str,
    ) -> Figure {
        let (shown, wanted) = (format!("{got:.2}{unit}"), format!("≤ {most}{unit}"));
        Figure { priority, what: what.into(), got: shown, wanted, passed: got <= most }
    }

    /// Worth knowing; nothing is asked of it.
    pub(crate) fn told(what: impl Into<String>, got: impl Into<String>) -> Figure {
        let (what, got) = (what.into(), got.into());
        Figure { priority: Priority::P2, what, got, wanted: String::new(), passed: true }
    }

    pub(crate) fn broken(priority: Priority, reason: &str) -> Figure {
        let (what, wanted) = ("the drill itself".to_owned(), "ends".to_owned());
        Figure { priority, what, got: reason.to_owned(), wanted, passed: false }
    }
}

pub(crate) fn seconds(took: Duration) -> String {
    format!("{:.2} s", took.as_secs_f64())
}
