//! A forgotten password, an unverified address, a locked account.

use std::sync::Arc;
use std::time::Duration;

use kernel::{Actor, Error, Id, Kind, RequestInfo, Result};
use store::Param;

use crate::actors::column;
use crate::post::{INTERVAL, seconds};
use crate::{Auth, SignedIn, letters, normalize_email, password, token};

const RESET_LIFE: Duration = Duration::from_secs(60 * 60);
const INVALID_RESET: &str = "Token is either invalid or has expired.";
const INVALID_VERIFICATION: &str = "Verification token is invalid.";

impl Auth {
    /// Mails a reset link to `email` if an active account has it. All the work happens after the
    /// answer, so that neither the answer nor its timing tells whether there is one.
    pub fn forgot(self: &Arc<Self>, email: &str) {
        let email = normalize_email(email);
        let auth = self.clone();
        self.post.background(async move { auth.mail_reset(&email).await });
    }

    async fn mail_reset(&self, email: &str) -> Result<()> {
        let token = token::mailed();
        let sql = "SELECT address, name FROM app.create_reset($1, $2, $3, $4)";
        let params = [
            Param::text(email),
            Param::text(token::digest(&token)),
            seconds(RESET_LIFE),
            seconds(INTERVAL),
        ];
        let rows = self.engine.store().call(sql, &params).await?;
        let Some(row) = rows.first() else { return Ok(()) };
        let (to, name): (String, String) = (column(row, "address")?, column(row, "name")?);
        self.mailer.send(letters::reset(&self.config.public_url, &to, &name, &token)).await
    }

    /// Sets a new password with a mailed token, ends every session, lifts a lock and signs in.
    /// Forbidden when the token is unknown, spent or too old.
    pub async fn reset_password(
        &self,
        token: &str,
        password: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        let invalid = || Error::new(Kind::Forbidden, INVALID_RESET);
        let digest = token::digest(token);
        let store = self.engine.store();
        let sql = "SELECT app.reset_is_valid($1) AS valid";
        let rows = store.call(sql, &[Param::text(digest.as_str())]).await?;
        let valid: bool = match rows.first() {
            Some(row) => column(row, "valid")?,
            None => false,
        };
        if !valid {
            return Err(invalid());
        }
        if let Some(fault) = password::fault(password) {
            return Err(Error::validation("users", vec![fault]));
        }
        let hash = self.passwords.hash(password.to_owned()).await?;
        let sql = "SELECT user_id, email FROM app.reset_password($1, $2)";
        let rows = store.call(sql, &[Param::text(digest), Param::text(hash.as_str())]).await?;
        let row = rows.first().ok_or_else(invalid)?;
        let (user, email): (Id, String) = (column(row, "user_id")?, column(row, "email")?);
        self.engine.raise_security_epoch();
        self.open(user, &email, &hash, request).await
    }

    /// Marks the address a mailed token belongs to as verified. Forbidden for any other token.
    pub async fn verify(&self, token: &str) -> Result<()> {
        let sql = "SELECT app.verify($1) AS done";
        let params = [Param::text(token::digest(token))];
        let rows = self.engine.store().call(sql, &params).await?;
        let done: bool = match rows.first() {
            Some(row) => column(row, "done")?,
            None => false,
        };
        if done { Ok(()) } else { Err(Error::new(Kind::Forbidden, INVALID_VERIFICATION)) }
    }

    /// Mails a verification link, unless one was sent a moment ago.
    pub(crate) fn send_verification(&self, user: Id) {
        let (engine, mailer) = (self.engine.clone(), self.mailer.clone());
        let url = self.config.public_url.clone();
        self.post.background(async move {
            let token = token::mailed();
            let sql = "SELECT address, name FROM app.create_verification($1, $2, $3)";
            let params = [Param::Uuid(user), Param::text(token::digest(&token)), seconds(INTERVAL)];
            let rows = engine.store().call(sql, &params).await?;
            let Some(row) = rows.first() else { return Ok(()) };
            let (to, name): (String, String) = (column(row, "address")?, column(row, "name")?);
            mailer.send(letters::verification(&url, &to, &name, &token)).await
        });
    }

    /// Lifts the lock of an account the actor manages. Forbidden for every other address, known or not.
    pub async fn unlock(&self, actor: &Actor, email: &str) -> Result<()> {
        let user = actor.user().ok_or_else(Error::forbidden)?;
        let mut tx = self.as_user(user).await?;
        let params = [Param::text(normalize_email(email))];
        let rows = tx.query("SELECT app.unlock($1) AS done", &params).await?;
        let done: bool = match rows.first() {
            Some(row) => column(row, "done")?,
            None => false,
        };
        tx.commit().await?;
        if done { Ok(()) } else { Err(Error::forbidden()) }
    }
}
