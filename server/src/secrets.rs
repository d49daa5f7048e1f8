//! The signing secret of a development server: made once, kept in the data folder.

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

/// 32 random bytes in hexadecimal.
fn random_text() -> String {
    rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect()
}
