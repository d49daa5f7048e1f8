//! Secrets that nobody gave us: a development server's signing secret, a first password.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result, ensure};

use crate::config::{Config, Secret};

/// The configured secret, else the one in `DATA/secret`, made on first use and readable by the
/// owner only. `Config` has already refused a production server without one.
pub fn signing_secret(config: &Config) -> Result<Secret> {
    if let Some(secret) = &config.secret {
        return Ok(secret.clone());
    }
    let path = config.data.join("secret");
    let options = OpenOptions::new().write(true).create_new(true).mode(0o600).clone();
    match options.open(&path) {
        Ok(mut file) => {
            let text = random_text();
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all())?;
            Ok(Secret::new(text))
        }
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {
            let text = std::fs::read_to_string(&path)?.trim().to_owned();
            let short = "holds less than 32 characters; delete it and everyone signs in again";
            ensure!(text.len() >= 32, "{} {short}", path.display());
            Ok(Secret::new(text))
        }
        Err(e) => Err(e).with_context(|| format!("{} cannot be written", path.display())),
    }
}

/// Letters and digits that are not mistaken for one another, so that a person can copy it by hand.
/// 80 random bits.
pub fn password() -> Secret {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    let letters: Vec<char> = rand::random::<[u8; 16]>()
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    Secret::new(groups.join("-"))
}

/// 32 random bytes in hexadecimal.
fn random_text() -> String {
    kernel::hex(rand::random::<[u8; 32]>())
}
