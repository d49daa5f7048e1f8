//! A person's own sessions: list, revoke, sign out, prolong.

use kernel::{Actor, Error, Id, Result, Timestamp, now};
use store::{Authority, Param, Tx};

use crate::actors::{column, instant};
use crate::{Auth, Claims, SESSION_LIFE, SignedIn, later};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: Id,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub ip: String,
    pub user_agent: String,
}

impl Auth {
    /// What a token says, if we signed it and it has not run out; whether its session lives is
    /// another question.
    pub fn claims(&self, token: &str) -> Option<Claims> {
        self.tokens.read(token, now())
    }

    /// The actor's live sessions, oldest first. Empty for whoever is no user.
    pub async fn sessions(&self, actor: &Actor) -> Result<Vec<Session>> {
        let Some(user) = actor.user() else { return Ok(Vec::new()) };
        let sql = "SELECT id, (extract(epoch FROM created_at) * 1000)::bigint AS created, \
                   (extract(epoch FROM expires_at) * 1000)::bigint AS expires, ip, user_agent \
                   FROM sessions WHERE user_id = $1 AND expires_at > clock_timestamp() \
                   ORDER BY created_at, id";
        let mut tx = self.engine.store().read(&own(user)).await?;
        let rows = tx.query(sql, &[Param::Uuid(user)]).await?;
        tx.commit().await?;
        rows.iter()
            .map(|row| {
                Ok(Session {
                    id: column(row, "id")?,
                    created: instant(column(row, "created")?),
                    expires: instant(column(row, "expires")?),
                    ip: column(row, "ip")?,
                    user_agent: column(row, "user_agent")?,
                })
            })
            .collect()
    }

    /// Ends one of the actor's own sessions. NotFound for any other id.
    pub async fn revoke(&self, actor: &Actor, session: Id) -> Result<()> {
        let user = actor.user().ok_or_else(Error::forbidden)?;
        let gone = self.close(user, session).await?;
        if gone { Ok(()) } else { Err(Error::not_found()) }
    }

    /// Ends the session of the request.
    pub async fn sign_out(&self, actor: &Actor) -> Result<()> {
        let (user, session) = signed_in(actor)?;
        self.close(user, session).await.map(|_| ())
    }

    /// Ends every session of the actor.
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Result<()> {
        let (user, _) = signed_in(actor)?;
        let mut tx = self.as_user(user).await?;
        tx.query("SELECT app.revoke_sessions($1)", &[Param::Uuid(user)]).await?;
        tx.commit().await?;
        self.engine.raise_security_epoch();
        Ok(())
    }

    /// A new token for the same session, which lasts its full life again. Forbidden without one.
    pub async fn refresh(&self, actor: &Actor) -> Result<SignedIn> {
        let (user, session) = signed_in(actor).map_err(|_| Error::forbidden())?;
        let issued = now();
        let expires = later(issued, SESSION_LIFE);
        let mut tx = self.as_user(user).await?;
        let params = [Param::Uuid(session), Param::Time(expires)];
        let sql = "SELECT app.refresh_session($1, $2) AS live";
        let rows = tx.query(sql, &params).await?;
        let live: bool = match rows.first() {
            Some(row) => column(row, "live")?,
            None => false,
        };
        tx.commit().await?;
        if !live {
            return Err(Error::forbidden());
        }
        // A remembered actor would still end at the former time.
        self.engine.raise_security_epoch();
        let token = self.tokens.sign(user, &actor.email, session, issued, expires)?;
        Ok(SignedIn { token, expires, actor: actor.clone() })
    }

    /// Whether there was such a session of that user.
    pub(crate) async fn close(&self, user: Id, session: Id) -> Result<bool> {
        let mut tx = self.as_user(user).await?;
        let sql = "SELECT app.revoke_session($1) AS gone";
        let rows = tx.query(sql, &[Param::Uuid(session)]).await?;
        let gone: bool = match rows.first() {
            Some(row) => column(row, "gone")?,
            None => false,
        };
        tx.commit().await?;
        self.engine.raise_security_epoch();
        Ok(gone)
    }

    /// A transaction in which the person reaches what is theirs and no tenant.
    pub(crate) async fn as_user(&self, user: Id) -> Result<Tx> {
        self.engine.store().write(&own(user)).await
    }
}

fn own(user: Id) -> Authority {
    Authority { user: Some(user), ..Authority::default() }
}

fn signed_in(actor: &Actor) -> Result<(Id, Id)> {
    match (actor.user(), actor.session) {
        (Some(user), Some(session)) => Ok((user, session)),
        _ => Err(Error::bad_request("No User")),
    }
}
