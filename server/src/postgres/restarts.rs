//! How often, and how soon, a PostgreSQL that ended by itself is started again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Starts within the window; who needs more is broken for good, and the operator has to look.
const MOST: usize = 12;
const WINDOW: Duration = Duration::from_secs(120);

/// The first start follows at once. Sessions of one whose chief was killed may outlive it until their
/// statement ends, half a minute at most, and it cannot start before they are gone: the pauses grow to
/// last longer than that together.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

#[derive(Debug, Default)]
pub struct Restarts {
    recent: VecDeque<Instant>,
    failed: u32,
}

impl Restarts {
    /// How long to wait before the next start; `None` when there were too many.
    pub fn next(&mut self, now: Instant) -> Option<Duration> {
        self.recent.retain(|at| now.duration_since(*at) < WINDOW);
        if self.recent.len() >= MOST {
            return None;
        }
        self.recent.push_back(now);
        match self.failed {
            0 => Some(Duration::ZERO),
            n => Some((FIRST_PAUSE * 2_u32.saturating_pow(n - 1)).min(LONGEST_PAUSE)),
        }
    }

    pub fn failed(&mut self) {
        self.failed = self.failed.saturating_add(1);
    }

    pub fn succeeded(&mut self) {
        self.failed = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_fails_is_tried_for_half_a_minute_and_then_given_up() {
        let (mut restarts, mut now) = (Restarts::default(), Instant::now());
        let began = now;
        while let Some(pause) = restarts.next(now) {
            now += pause;
            restarts.failed();
        }
        let tried = now.duration_since(began);
        assert!(tried > Duration::from_secs(30) && tried < Duration::from_secs(60), "{tried:?}");
    }

    #[test]
    fn one_that_comes_back_is_started_at_once_each_time_but_not_for_ever() {
        let (mut restarts, now) = (Restarts::default(), Instant::now());
        for _ in 0..MOST {
            assert_eq!(restarts.next(now), Some(Duration::ZERO));
            restarts.succeeded();
        }
        assert_eq!(restarts.next(now), None);
        assert_eq!(restarts.next(now + WINDOW), Some(Duration::ZERO));
    }
}
