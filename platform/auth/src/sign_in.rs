//! Signing in, and the very first person.

use std::hash::BuildHasher;

use kernel::{Actor, Error, FieldError, Id, Kind, RequestInfo, Result, Timestamp, new_id, now};
use store::Param;
use tokio::sync::Mutex;

use crate::actors::column;
use crate::{Auth, SESSION_LIFE, later, normalize_email, password};

const INCORRECT: &str = "The email or password provided is incorrect.";
const LOCKED: &str = "This user is locked due to having too many failed login attempts.";
const UNVERIFIED: &str = "Please verify your email before logging in.";

/// The outcome of proving who one is.
#[derive(Debug, Clone)]
pub struct SignedIn {
    pub token: String,
    pub expires: Timestamp,
    pub actor: Actor,
}

/// The owner of a new installation.
#[derive(Debug, Clone)]
pub struct FirstUser {
    pub name: String,
    pub email: String,
    pub password: String,
    /// What the platform is called.
    pub platform: String,
}

/// Whose password was right.
pub(crate) struct Proven {
    pub(crate) user: Id,
    /// What it was checked against.
    pub(crate) hash: String,
    verified: bool,
}

impl Auth {
    /// Opens a session. Unauthenticated with one message for an unknown address and a wrong
    /// password, another once the address is locked: try number `max_tries` is still answered,
    /// later ones are not even looked at. Forbidden when the account reaches no live tenant.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        let email = normalize_email(email);
        let _waiting = self.passwords.queue()?;
        let _lane = self.lane(&email).lock().await;
        let proven = self.prove(&email, password).await?;
        if self.config.verify_emails && !proven.verified {
            self.send_verification(proven.user);
            return Err(Error::new(Kind::Forbidden, UNVERIFIED));
        }
        self.open(proven.user, &email, &proven.hash, request).await
    }

    /// Counts a try and checks the password. To be asked by one at a time for an address.
    pub(crate) async fn prove(&self, email: &str, password: &str) -> Result<Proven> {
        let sql =
            "SELECT locked, user_id, password_hash, verified FROM app.sign_in_begin($1, $2, $3)";
        let params = [
            Param::text(email),
            Param::Int(i64::from(self.config.max_tries)),
            Param::Int(i64::try_from(self.config.lock.as_secs()).unwrap_or(i64::MAX)),
        ];
        let rows = self.engine.store().call(sql, &params).await?;
        let Some(row) = rows.first() else {
            self.passwords.verify(password.to_owned(), None).await?;
            return Err(Error::unauthenticated(INCORRECT));
        };
        if column(row, "locked")? {
            return Err(Error::unauthenticated(LOCKED));
        }
        let (user, hash): (Id, String) = (column(row, "user_id")?, column(row, "password_hash")?);
        if !self.passwords.verify(password.to_owned(), Some(hash.clone())).await? {
            return Err(Error::unauthenticated(INCORRECT));
        }
        Ok(Proven { user, hash, verified: column(row, "verified")? })
    }

    /// Opens a session for a person whose password made `proof`, and reads what they reach.
    pub(crate) async fn open(
        &self,
        user: Id,
        email: &str,
        proof: &str,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        let (session, issued) = (new_id(), now());
        let expires = later(issued, SESSION_LIFE);
        let sql = "SELECT app.sign_in_finish($1, $2, $3, $4, $5, $6, $7) AS opened";
        let params = [
            Param::Uuid(user),
            Param::text(proof),
            Param::Uuid(session),
            Param::Time(issued),
            Param::Time(expires),
            Param::text(printable(&request.ip)),
            Param::text(printable(&request.user_agent)),
        ];
        let rows = self.engine.store().call(sql, &params).await?;
        let opened: bool = match rows.first() {
            Some(row) => column(row, "opened")?,
            None => false,
        };
        if !opened {
            return Err(Error::unauthenticated(INCORRECT));
        }
        let Some(known) = self.known(session).await? else {
            self.close(user, session).await?;
            return Err(Error::forbidden());
        };
        let token = self.tokens.sign(user, email, session, issued, expires)?;
        Ok(SignedIn { token, expires, actor: known.actor(session, request.clone()) })
    }

    /// Whether anybody is registered yet.
    pub async fn is_initialized(&self) -> Result<bool> {
        let rows = self.engine.store().call("SELECT app.is_initialized() AS done", &[]).await?;
        rows.first().map_or(Ok(false), |row| column(row, "done"))
    }

    /// Makes the platform and its owner, and signs that person in. Forbidden once a user exists; of
    /// several at the same moment one succeeds.
    pub async fn first_register(
        &self,
        first: FirstUser,
        request: &RequestInfo,
    ) -> Result<SignedIn> {
        if self.is_initialized().await? {
            return Err(Error::forbidden());
        }
        let email = normalize_email(&first.email);
        let faults: Vec<FieldError> =
            email_fault(&email).into_iter().chain(password::fault(&first.password)).collect();
        if !faults.is_empty() {
            return Err(Error::validation("users", faults));
        }
        let name = match first.name.trim() {
            "" => email.split('@').next().unwrap_or_default(),
            name => name,
        };
        let hash = self.passwords.hash(first.password).await?;
        let user = new_id();
        let params = [
            Param::Uuid(user),
            Param::text(email.as_str()),
            Param::text(name),
            Param::text(hash.as_str()),
            Param::Uuid(new_id()),
            Param::text(first.platform),
            Param::Uuid(new_id()),
        ];
        let sql = "SELECT app.first_register($1, $2, $3, $4, $5, $6, $7) AS made";
        let rows = self.engine.store().call(sql, &params).await?;
        let made: bool = match rows.first() {
            Some(row) => column(row, "made")?,
            None => false,
        };
        if !made {
            return Err(Error::forbidden());
        }
        self.engine.raise_security_epoch();
        self.open(user, &email, &hash, request).await
    }

    pub(crate) fn lane(&self, email: &str) -> &Mutex<()> {
        let hash = self.lane_keys.hash_one(email);
        let at = usize::try_from(hash % crate::LANES as u64).unwrap_or(0);
        &self.lanes[at]
    }
}

/// What is wrong with a normalised address, as a complaint about the field `email`.
fn email_fault(email: &str) -> Option<FieldError> {
    let sound = email.len() <= 254
        && email.bytes().all(|b| b.is_ascii_graphic() || b >= 0x80)
        && email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains('@')
        });
    let message = match email {
        "" => "This field is required.",
        _ if !sound => "Please enter a valid email address.",
        _ => return None,
    };
    Some(FieldError::new("email", message).labeled("Email"))
}

/// Header text that PostgreSQL can keep.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in ["a@b.co", "first.last+tag@mail.example.org", "ü@exämple.de"] {
            assert_eq!(email_fault(good), None, "{good}");
        }
        for bad in ["nope", "@b.co", "a@", "a@b", "a@b.", "a b@c.de", "a@b@c.de", "a\0@b.co"] {
            let fault = email_fault(bad).unwrap();
            assert_eq!(fault.message, "Please enter a valid email address.", "{bad}");
        }
        assert_eq!(normalize_email(" ROOT@Probe.test"), "root@probe.test");
    }
}
