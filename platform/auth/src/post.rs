//! Letters written after the answer, so that neither it nor its timing waits for them.
//!
//! Hooks exist before the service does: they share a [`Post`] with it, which it opens.

use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use engine::Engine;
use kernel::{Id, Result};
use mail::Mailer;
use store::Param;
use tokio::sync::Semaphore;

use crate::actors::column;
use crate::{letters, token};

/// Letters being made at the same time.
const ERRANDS: usize = 64;
/// Least time between two letters to the same person.
pub(crate) const INTERVAL: Duration = Duration::from_secs(15);

/// Clones share the same errands.
#[derive(Clone)]
pub struct Post {
    errands: Arc<Semaphore>,
    courier: Arc<OnceLock<Courier>>,
}

#[derive(Clone)]
struct Courier {
    /// The engine holds the hooks, which hold this.
    engine: Weak<Engine>,
    mailer: Arc<dyn Mailer>,
    url: String,
}

impl Default for Post {
    fn default() -> Post {
        Post::new()
    }
}

impl Post {
    pub fn new() -> Post {
        Post { errands: Arc::new(Semaphore::new(ERRANDS)), courier: Arc::default() }
    }

    /// From here on letters are sent.
    pub(crate) fn open(&self, engine: &Arc<Engine>, mailer: &Arc<dyn Mailer>, url: &str) {
        let (engine, mailer) = (Arc::downgrade(engine), mailer.clone());
        let _ = self.courier.set(Courier { engine, mailer, url: url.to_owned() });
    }

    /// Runs `job` after the answer. With too many under way it is dropped: the person asks again.
    pub(crate) fn background(&self, job: impl Future<Output = Result<()>> + Send + 'static) {
        let Ok(place) = self.errands.clone().try_acquire_owned() else {
            tracing::warn!("too much mail under way; a letter was not sent");
            return;
        };
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = job.await {
                tracing::error!(?error, "a letter was not sent");
            }
        });
    }

    /// Mails a new link for an invitation, in place of the former one; nothing when it does not hold or
    /// its last letter is a moment old.
    pub(crate) fn invite(&self, invitation: Id, tenant: Id) {
        let Some(courier) = self.courier.get().cloned() else { return };
        self.background(async move { courier.invite(invitation, tenant).await });
    }
}

impl Courier {
    async fn invite(&self, invitation: Id, tenant: Id) -> Result<()> {
        let Some(engine) = self.engine.upgrade() else { return Ok(()) };
        let token = token::mailed();
        let sql = "SELECT address, name, inviter, tenant_name, locale \
                   FROM app.issue_invitation($1, $2, $3, $4)";
        let params = [
            Param::Uuid(invitation),
            Param::Uuid(tenant),
            Param::text(token::digest(&token)),
            seconds(INTERVAL),
        ];
        let rows = engine.store().call(sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let (address, inviter): (String, String) =
            (column(row, "address")?, column(row, "inviter")?);
        let (name, locale): (Option<String>, Option<String>) =
            (column(row, "name")?, column(row, "locale")?);
        let tenant: String = column(row, "tenant_name")?;
        self.mailer
            .send(letters::invitation(&letters::Invitation {
                locale: locale.as_deref().unwrap_or_default(),
                to: &address,
                name: name.as_deref().unwrap_or_default(),
                inviter: &inviter,
                tenant: &tenant,
                link: &format!("{}/accept-invitation#{token}", self.url),
            }))
            .await
    }
}

pub(crate) fn seconds(span: Duration) -> Param {
    Param::Int(i64::try_from(span.as_secs()).unwrap_or(i64::MAX))
}
