//! Requests that are carried out once however often they are sent: the claim of whoever carries one
//! out, and the answer that the others are given.
//!
//! A claim is made before the request is carried out, and every write of the request notes in its own
//! transaction what it wrote. So after a crash it is known whether anything was done; a claim that
//! was taken over in the meantime writes nothing any more.

use kernel::{Actor, Claim, Error, Id, Result, new_id};
use store::{Authority, Param, Statement, Then, get};

use crate::Engine;

/// How long an answer is kept, in seconds.
const KEPT: i64 = 24 * 60 * 60;
/// A claim older than this is not worked on any more: no request takes as long. In seconds.
const ABANDONED: i64 = 60;

/// What is known of a request that came with a key.
#[derive(Debug)]
pub enum Claimed {
    /// Nobody has carried it out.
    New(Claim),
    /// Somebody is carrying it out now.
    Running,
    /// It was carried out and answered.
    Answered { status: u16, answer: String },
    /// It was carried out, but its answer was never kept; this was the first document it wrote.
    Written { collection: String, document: Id },
    /// The key came with another request before.
    Other,
}

const FORGET: &str = "DELETE FROM idempotency_keys \
     WHERE tenant_id = $1 AND user_id = $2 \
       AND at < clock_timestamp() - make_interval(secs => $3::bigint)";

const CLAIM: &str = "INSERT INTO idempotency_keys AS k (tenant_id, user_id, key, request, claim, at) \
     VALUES ($1, $2, $3, $4, $5, clock_timestamp()) \
     ON CONFLICT (tenant_id, user_id, key) DO UPDATE SET claim = excluded.claim, at = excluded.at \
     WHERE k.request = excluded.request AND k.status IS NULL AND k.document_id IS NULL \
       AND k.at < clock_timestamp() - make_interval(secs => $6::bigint) \
     RETURNING k.key";

const FOUND: &str = "SELECT request = $4, status::bigint, answer, collection, document_id, \
            at < clock_timestamp() - make_interval(secs => $5::bigint) \
     FROM idempotency_keys WHERE tenant_id = $1 AND user_id = $2 AND key = $3";

const KEEP: &str = "UPDATE idempotency_keys SET status = $5::bigint, answer = $6 \
     WHERE tenant_id = $1 AND user_id = $2 AND key = $3 AND claim = $4";

const RELEASE: &str = "DELETE FROM idempotency_keys \
     WHERE tenant_id = $1 AND user_id = $2 AND key = $3 AND claim = $4 AND document_id IS NULL";

impl Engine {
    /// Claims the request for the actor, where the actor stands, or says what is known of it. `request`
    /// is the same for the same request. Forbidden to whoever is no person or stands nowhere.
    pub async fn claim(&self, actor: &Actor, key: &str, request: &str) -> Result<Claimed> {
        let (user, tenant) = standing(actor)?;
        let claim = Claim { id: new_id(), tenant, key: key.to_owned() };
        let mut tx = self.store().write(&authority(actor, tenant)).await?;
        let place =
            [Param::Uuid(tenant), Param::Uuid(user), Param::text(key), Param::text(request)];
        let with = |more: &[Param]| place.iter().chain(more).cloned().collect::<Vec<_>>();
        let claiming = [
            Statement::new(FORGET, vec![Param::Uuid(tenant), Param::Uuid(user), Param::Int(KEPT)]),
            Statement::new(CLAIM, with(&[Param::Uuid(claim.id), Param::Int(ABANDONED)])),
            Statement::new(FOUND, with(&[Param::Int(ABANDONED)])),
        ];
        let mut results = tx.batch(&claiming, Then::Commit).await?;
        let found = results.pop().unwrap_or_default();
        if results.pop().is_some_and(|claimed| !claimed.is_empty()) {
            return Ok(Claimed::New(claim));
        }
        // Gone in between: whoever had it has released it this moment.
        let Some(row) = found.first() else { return Ok(Claimed::Running) };
        let is_same: bool = get(row, 0)?;
        let (status, answer): (Option<i64>, Option<String>) = (get(row, 1)?, get(row, 2)?);
        let written: (Option<String>, Option<Id>) = (get(row, 3)?, get(row, 4)?);
        let abandoned: bool = get(row, 5)?;
        Ok(match (status, answer, written) {
            _ if !is_same => Claimed::Other,
            (Some(status), Some(answer), _) => {
                Claimed::Answered { status: u16::try_from(status).unwrap_or(200), answer }
            }
            (status, None, (Some(collection), Some(document))) if abandoned || status.is_some() => {
                Claimed::Written { collection, document }
            }
            _ => Claimed::Running,
        })
    }

    /// Keeps the answer of a claimed request. Without a text only that it is over is kept, and what it
    /// wrote answers from then on: for a claim that [`Engine::release`] has refused to give back.
    pub async fn keep_answer(
        &self,
        actor: &Actor,
        claim: &Claim,
        status: u16,
        answer: Option<String>,
    ) -> Result<()> {
        let kept = [Param::Int(i64::from(status)), answer.into()];
        self.settle_claim(actor, claim, KEEP, &kept).await.map(|_| ())
    }

    /// Gives a claim back, so that the request may be tried again. False when it has written
    /// something: then it is carried out.
    pub async fn release(&self, actor: &Actor, claim: &Claim) -> Result<bool> {
        self.settle_claim(actor, claim, RELEASE, &[]).await
    }

    async fn settle_claim(
        &self,
        actor: &Actor,
        claim: &Claim,
        sql: &str,
        more: &[Param],
    ) -> Result<bool> {
        let (user, _) = standing(actor)?;
        let mut params = vec![
            Param::Uuid(claim.tenant),
            Param::Uuid(user),
            Param::text(&claim.key),
            Param::Uuid(claim.id),
        ];
        params.extend_from_slice(more);
        let mut tx = self.store().write(&authority(actor, claim.tenant)).await?;
        let touched = tx.execute(sql, &params).await?;
        tx.commit().await?;
        Ok(touched > 0)
    }
}

/// The statement by which a write of a claimed request notes what it wrote.
pub(crate) fn used(claim: &Claim, slug: &str, document: Id) -> Statement {
    let params = vec![
        Param::Uuid(claim.id),
        Param::Uuid(claim.tenant),
        Param::text(&claim.key),
        Param::text(slug),
        Param::Uuid(document),
    ];
    Statement::new("SELECT app.claim_used($1, $2, $3, $4, $5)", params)
}

fn standing(actor: &Actor) -> Result<(Id, Id)> {
    actor.user().zip(actor.current()).ok_or_else(Error::forbidden)
}

/// What a person may know of their own claims: that they are theirs.
fn authority(actor: &Actor, tenant: Id) -> Authority {
    Authority { user: actor.user(), visible: vec![tenant], ..Authority::default() }
}
