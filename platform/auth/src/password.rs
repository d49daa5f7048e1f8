//! Passwords: argon2id, a bounded number at a time, the same work whether or not the user exists.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, FieldError, Result};
use tokio::sync::Semaphore;

/// Shortest password of a new account or a new password.
pub const MIN_LENGTH: usize = 8;
/// Longest, in characters; past this a "password" is an attack on the hash.
pub const MAX_LENGTH: usize = 1024;

/// OWASP's second choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Hashes at work at the same moment: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn before the rest are sent away.
const MAX_WAITING: usize = 64;

/// Hashes and checks passwords off the async threads. Clones share the same turns.
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    queued: Arc<AtomicUsize>,
}

impl Default for Passwords {
    fn default() -> Passwords {
        Passwords::new()
    }
}

impl Passwords {
    pub fn new() -> Passwords {
        Passwords {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::default(),
            queued: Arc::default(),
        }
    }

    /// The PHC string to keep.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.work(move || hash(&password)).await?
    }

    /// Whether `password` made `hash`. Without a hash the answer is no, after the same work.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.work(move || verify(&password, hash.as_deref())).await?
    }

    /// A place among those who wait for password work, held from before any other queue; Unavailable
    /// when there are too many.
    pub(crate) fn queue(&self) -> Result<Place<'_>> {
        Place::take(&self.queued)
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _place = Place::take(&self.waiting)?;
        let turn = self.turns.clone().acquire_owned().await;
        let turn = turn.map_err(|e| Error::internal("password turns closed").with_source(e))?;
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            job()
        })
        .await
        .map_err(|e| Error::internal("password work was stopped").with_source(e))
    }
}

/// A place in the queue, given up when dropped.
pub(crate) struct Place<'a>(&'a AtomicUsize);

impl Place<'_> {
    fn take(waiting: &AtomicUsize) -> Result<Place<'_>> {
        let place = Place(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
            return Err(Error::unavailable("Too many sign-ins at once. Try again in a moment."));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is wrong with a chosen password, as a complaint about the field `password`.
pub fn fault(password: &str) -> Option<FieldError> {
    let length = password.chars().count();
    let message = if length == 0 {
        "This field is required.".to_owned()
    } else if length < MIN_LENGTH {
        format!("This value must be longer than the minimum length of {MIN_LENGTH} characters.")
    } else if length > MAX_LENGTH {
        format!("This value must be shorter than the max length of {MAX_LENGTH} characters.")
    } else {
        return None;
    };
    Some(FieldError::new("password", message))
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|e| Error::internal(format!("argon2 parameters: {e}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    argon2()?
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| Error::internal(format!("argon2: {e}")))
}

fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let Some(text) = hash.or(nobody()) else {
        return Err(Error::internal("argon2 made no hash"));
    };
    let Ok(parsed) = PasswordHash::new(text) else {
        return Err(Error::internal("a kept password hash cannot be read"));
    };
    let right = argon2()?.verify_password(password.as_bytes(), &parsed).is_ok();
    Ok(right && hash.is_some())
}

/// The hash that the password of an unknown user is checked against.
fn nobody() -> Option<&'static str> {
    static NOBODY: OnceLock<Option<String>> = OnceLock::new();
    NOBODY.get_or_init(|| self::hash("nobody has this password").ok()).as_deref()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn right_wrong_and_unknown() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("correct horsf".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody has this password".into(), None).await.unwrap());
    }

    #[test]
    fn lengths_count_characters() {
        assert_eq!(
            fault("1234567").unwrap().message,
            "This value must be longer than the minimum length of 8 characters."
        );
        assert_eq!(fault("ääääääää"), None);
        assert_eq!(fault("").unwrap().message, "This field is required.");
        assert!(fault(&"x".repeat(MAX_LENGTH + 1)).is_some());
    }

    #[tokio::test]
    async fn a_full_queue_sends_callers_away() {
        let passwords = Passwords::new();
        passwords.waiting.store(MAX_WAITING, Ordering::Relaxed);
        assert_eq!(
            passwords.verify("x".into(), None).await.unwrap_err().kind,
            kernel::Kind::Unavailable
        );
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), MAX_WAITING);
    }
}
