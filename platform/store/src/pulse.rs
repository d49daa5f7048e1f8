//! Whether the database answers at all: asked on a connection of its own.
//!
//! A slow statement has its own time limit; this is for a database that hangs, or a network that swallows what
//! it is sent. Then every connection is closed, so that whoever waits is told at once, nobody new begins to
//! wait, and nothing has piled up when it comes back. One that nobody waits on is closed when it would be used
//! next: losses are counted, and a connection that was made before the last of them serves no more.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use crate::pool::dial;

/// How often others' answers are looked at while one's own is waited for.
const LOOK: Duration = Duration::from_millis(100);
/// Between two questions.
const INTERVAL: Duration = Duration::from_millis(500);
/// Without any answer for so long the database counts as lost.
const PATIENCE: Duration = Duration::from_millis(3300);
/// Granted after that: had this process itself been stopped, the answer would be here already.
const GRACE: Duration = Duration::from_millis(200);

pub(crate) struct Pulse {
    state: watch::Sender<State>,
    /// Answers that statements got so far. While there are any, the database lives.
    answers: AtomicU64,
}

#[derive(Default)]
struct State {
    lost: bool,
    losses: u64,
}

impl Pulse {
    pub(crate) fn new() -> Pulse {
        Pulse { state: watch::Sender::default(), answers: AtomicU64::new(0) }
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.state.borrow().lost
    }

    /// How often the database was lost so far.
    pub(crate) fn losses(&self) -> u64 {
        self.state.borrow().losses
    }

    /// Returns when the database was lost once more than so often, be it back or not.
    pub(crate) async fn lost_since(&self, losses: u64) {
        let mut state = self.state.subscribe();
        if state.wait_for(|state| state.losses > losses).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(crate) fn answered(&self) {
        self.answers.fetch_add(1, Ordering::Relaxed);
    }

    fn set(&self, lost: bool) {
        let turned = self.state.send_if_modified(|state| {
            let turned = state.lost != lost;
            state.lost = lost;
            state.losses += u64::from(turned && lost);
            turned
        });
        if turned {
            match lost {
                true => tracing::error!("the database hangs; its connections are closed"),
                false => tracing::info!("the database answers again"),
            }
        }
    }
}

/// Asks for as long as it is polled.
pub(crate) async fn feel(pulse: Arc<Pulse>, url: String) {
    let mut client: Option<Client> = None;
    let mut heard = Heard::now(&pulse);
    loop {
        let asking = ask(&url, client.take());
        let mut asking = std::pin::pin!(asking);
        let began = Instant::now();
        let answered = loop {
            let mut answer = timeout(LOOK, &mut asking).await;
            heard.listen(&pulse);
            if answer.is_err() && heard.at.elapsed() > PATIENCE {
                answer = timeout(GRACE, &mut asking).await;
                heard.listen(&pulse);
                if answer.is_err() && heard.at.elapsed() > PATIENCE {
                    pulse.set(true);
                }
            }
            // A connection made while the database hung may never answer, nor one that was cut without a word;
            // another one will.
            let patience = if pulse.is_lost() { INTERVAL } else { PATIENCE };
            match answer {
                Ok(answered) => break answered,
                Err(_) if began.elapsed() > patience => break None,
                Err(_) => {}
            }
        };
        if answered.is_some() {
            heard = Heard::now(&pulse);
        }
        if heard.at.elapsed() < PATIENCE {
            pulse.set(false);
        }
        client = answered.flatten();
        sleep(INTERVAL).await;
    }
}

/// When the database was last heard of, be it by the answer to anybody's statement.
struct Heard {
    answers: u64,
    at: Instant,
}

impl Heard {
    fn now(pulse: &Pulse) -> Heard {
        Heard { answers: pulse.answers.load(Ordering::Relaxed), at: Instant::now() }
    }

    fn listen(&mut self, pulse: &Pulse) {
        let now = Heard::now(pulse);
        if now.answers != self.answers {
            *self = now;
        }
    }
}

/// `Some` when anything answers, be it a refusal; with the connection, if it is good for another question.
async fn ask(url: &str, client: Option<Client>) -> Option<Option<Client>> {
    let client = match client.filter(|client| !client.is_closed()) {
        Some(client) => client,
        None => match dial(url, |_| {}).await {
            Ok((client, _)) => client,
            // Nobody takes the connections that wait already: that is no answer.
            Err(error) if is_crowded(&error) => std::future::pending().await,
            Err(_) => return Some(None),
        },
    };
    let asked = client.batch_execute("SELECT 1").await;
    Some(asked.is_ok().then_some(client))
}

/// What the kernel says of a local socket with a full queue.
fn is_crowded(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::WouldBlock)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_loss_is_known_after_it_is_over() {
        let pulse = Pulse::new();
        let since = pulse.losses();
        pulse.set(false);
        assert!(timeout(Duration::from_millis(20), pulse.lost_since(since)).await.is_err());
        pulse.set(true);
        pulse.set(true);
        pulse.set(false);
        assert!(!pulse.is_lost());
        assert_eq!(pulse.losses(), 1);
        timeout(Duration::from_secs(1), pulse.lost_since(since)).await.unwrap();
        let anew = timeout(Duration::from_millis(20), pulse.lost_since(pulse.losses())).await;
        assert!(anew.is_err(), "made since, it has nothing to do with it");
    }
}
