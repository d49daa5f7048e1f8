//! Processes on one database tell each other what they must forget, and wait until it is forgotten.
//!
//! Triggers notify the channel when sessions, users, memberships or tenants change. A notification takes
//! milliseconds, in which another process would still serve a session that is over. So whoever has made
//! such a change asks, before answering its own client, whether all have heard: messages of one channel
//! arrive in order, and who answers the question has forgotten before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kernel::{Error, Id, Result, new_id};
use store::Notifications;
use tokio::sync::oneshot;

use crate::Auth;

const CHANNEL: &str = "mainstay_auth";
const RETRY: Duration = Duration::from_secs(1);
/// A message that changes nothing: whoever sent it must hear it, or is deaf.
const BEAT: &str = "beat";
const ASK: &str = "ask:";
const HEARD: &str = "heard:";
/// After so long a silence a beat is sent, and waited for.
const SILENCE: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(5);
/// A process that does not answer for so long is not waited for: it hangs, or has just ended.
const ANSWER: Duration = Duration::from_secs(1);
const DEAF: &str = "no notification arrives; behind a pooler every request reads its actor anew";

/// Questions on their way.
#[derive(Default)]
pub(crate) struct Peers(Mutex<HashMap<Id, Question>>);

struct Question {
    /// Processes that have not answered.
    left: i64,
    done: oneshot::Sender<()>,
}

impl Peers {
    fn ask(&self, question: Id, left: i64) -> oneshot::Receiver<()> {
        let (done, answered) = oneshot::channel();
        self.questions().insert(question, Question { left, done });
        answered
    }

    fn heard(&self, question: Id) {
        let mut questions = self.questions();
        let Some(asked) = questions.get_mut(&question) else { return };
        asked.left -= 1;
        if asked.left <= 0
            && let Some(asked) = questions.remove(&question)
        {
            let _ = asked.done.send(());
        }
    }

    fn questions(&self) -> std::sync::MutexGuard<'_, HashMap<Id, Question>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Auth {
    /// Hears of changes made by other processes, for as long as the process lives. Until it listens,
    /// and whenever the connection is lost, actors are read anew for every request.
    pub async fn listen(self: Arc<Self>) {
        loop {
            match self.engine.store().listen(CHANNEL).await {
                Ok(notifications) => {
                    if let Err(error) = self.hear(notifications).await {
                        tracing::warn!(?error, "changed memberships are not heard of");
                    }
                }
                Err(error) => tracing::warn!(?error, "cannot listen for changed memberships"),
            }
            self.actors.trust(false);
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Ends when the connection is lost, or turns out to bring nothing: a pooler accepts LISTEN and
    /// delivers no message, and a connection that a firewall dropped stays silent.
    async fn hear(self: &Arc<Self>, mut notifications: Notifications) -> Result<()> {
        let mut wait = PATIENCE;
        self.engine.store().notify(CHANNEL, BEAT).await?;
        loop {
            match tokio::time::timeout(wait, notifications.recv()).await {
                Ok(Some(message)) => {
                    wait = SILENCE;
                    if !self.actors.is_trusted() {
                        self.actors.trust(true);
                    }
                    self.take(&message);
                }
                Ok(None) => return Err(Error::unavailable("the connection is lost")),
                Err(_) if wait == SILENCE => {
                    wait = PATIENCE;
                    self.engine.store().notify(CHANNEL, BEAT).await?;
                }
                Err(_) => return Err(Error::unavailable(DEAF)),
            }
        }
    }

    /// Never waits: what comes next may have to be forgotten too.
    fn take(self: &Arc<Self>, message: &str) {
        if let Some(question) = message.strip_prefix(ASK) {
            let (auth, answer) = (self.clone(), format!("{HEARD}{question}"));
            tokio::spawn(async move {
                if let Err(error) = auth.engine.store().notify(CHANNEL, &answer).await {
                    tracing::warn!(?error, "another process is not told that its change was heard");
                }
            });
        } else if let Some(question) = message.strip_prefix(HEARD) {
            if let Ok(question) = question.parse() {
                self.peers.heard(question);
            }
        } else if message != BEAT {
            self.actors.forget();
        }
    }

    /// Returns when every process has forgotten what was committed before this was called.
    pub async fn heard_by_all(&self) {
        if let Err(error) = self.asked_all().await {
            tracing::warn!(?error, "a change may be unknown to another process for a moment");
        }
    }

    async fn asked_all(&self) -> Result<()> {
        // Who hears nothing remembers nothing, and alone there is nobody to ask.
        if !self.actors.is_trusted() {
            return Ok(());
        }
        let store = self.engine.store();
        let listening = store.listeners(CHANNEL).await?;
        if listening < 2 {
            return Ok(());
        }
        let question = new_id();
        let answered = self.peers.ask(question, listening);
        let asked = store.notify(CHANNEL, &format!("{ASK}{question}")).await;
        let in_time = match asked {
            Ok(()) => tokio::time::timeout(ANSWER, answered).await.is_ok(),
            Err(error) => {
                self.peers.questions().remove(&question);
                return Err(error);
            }
        };
        self.peers.questions().remove(&question);
        if in_time { Ok(()) } else { Err(Error::unavailable("not all processes answer")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_is_answered_when_all_have_answered() {
        let (peers, question) = (Peers::default(), new_id());
        let mut answered = peers.ask(question, 2);
        peers.heard(question);
        assert!(answered.try_recv().is_err());
        peers.heard(new_id());
        assert!(answered.try_recv().is_err());
        peers.heard(question);
        assert!(answered.try_recv().is_ok());
        assert!(peers.questions().is_empty());
    }
}
