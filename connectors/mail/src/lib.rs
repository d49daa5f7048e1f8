//! Outgoing mail: one trait, an SMTP client, and a folder of `.eml` files for machines without one.
//!
//! **Invariant:** a message is built by `lettre`'s typed headers only, so that no address or subject
//! can smuggle in a header of its own.

mod folder;
mod letter;
mod smtp;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::Result;

pub use folder::Folder;
pub use letter::Envelope;
pub use smtp::Smtp;

/// A message as the product speaks of it. `to` holds plain addresses or `Name <address>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
}

#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands the message over. Errors: `BadRequest` when an address or the
    /// subject cannot be written, `Unavailable` when the service refuses or does not answer.
    async fn send(&self, message: Message) -> Result<()>;
}

#[derive(Clone)]
pub struct Config {
    /// `smtp://user:password@host:587?tls=required` or `smtps://…`; without it mail goes to `folder`.
    pub smtp_url: Option<String>,
    /// Where `.eml` files are put when no SMTP server is set.
    pub folder: PathBuf,
    /// Sender, `Name <address>`.
    pub from: String,
    /// Every message goes here instead; the true recipients stay in `X-Original-To`.
    pub redirect_to: Option<String>,
}

/// The mailer that the configuration asks for.
pub fn mailer(config: Config) -> Result<Arc<dyn Mailer>> {
    let envelope = Envelope::new(&config.from, config.redirect_to.as_deref())?;
    Ok(match config.smtp_url {
        Some(url) => Arc::new(Smtp::new(&url, envelope)?),
        None => Arc::new(Folder::new(config.folder, envelope)?),
    })
}
