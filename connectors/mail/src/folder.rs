//! A folder that receives mail as `.eml` files: the mailer of a machine without SMTP, and of tests.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use async_trait::async_trait;
use kernel::{Error, Result};
use lettre::{AsyncFileTransport, AsyncTransport, Tokio1Executor};

use crate::{Envelope, Mailer, Message};

pub struct Folder {
    transport: AsyncFileTransport<Tokio1Executor>,
    envelope: Envelope,
}

impl Folder {
    /// Makes the folder, readable by its owner only: the letters hold sign-in links.
    pub fn new(path: PathBuf, envelope: Envelope) -> Result<Folder> {
        DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(|e| {
            Error::internal(format!("cannot make the mail folder {}", path.display()))
                .with_source(e)
        })?;
        Ok(Folder { transport: AsyncFileTransport::new(path), envelope })
    }
}

#[async_trait]
impl Mailer for Folder {
    async fn send(&self, message: Message) -> Result<()> {
        let letter = self.envelope.write(message)?;
        let id = self.transport.send(letter).await.map_err(|e| {
            Error::unavailable("The message could not be put in the mail folder.").with_source(e)
        })?;
        tracing::info!(file = format!("{id}.eml"), "mail written to the mail folder");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn letters_arrive_as_files() {
        let folder = std::env::temp_dir().join(format!("mail-{}", kernel::new_id()));
        let envelope = Envelope::new("Mainstay <noreply@example.test>", None).unwrap();
        let mailer = Folder::new(folder.clone(), envelope).unwrap();
        mailer
            .send(Message {
                to: vec!["ann@example.test".into()],
                subject: "Reset your password".into(),
                text: "https://example.test/reset".into(),
                html: Some("<a href=\"https://example.test/reset\">Reset</a>".into()),
            })
            .await
            .unwrap();
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(Result::unwrap).collect();
        let letter = files
            .iter()
            .map(|f| f.path())
            .find(|p| p.extension().is_some_and(|e| e == "eml"))
            .unwrap();
        let text = std::fs::read_to_string(letter).unwrap();
        assert!(text.contains("To: ann@example.test") && text.contains("multipart/alternative"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
