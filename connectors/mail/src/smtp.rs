//! Mail through an SMTP server.

use std::time::Duration;

use async_trait::async_trait;
use kernel::{Error, Result};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::{Envelope, Mailer, Message};

const TIMEOUT: Duration = Duration::from_secs(20);

pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    envelope: Envelope,
}

impl Smtp {
    /// `url` as lettre reads it: `smtps://user:password@host`, `smtp://host:587?tls=required`.
    /// Connects when the first message is sent. The error never repeats the URL: it holds a password.
    pub fn new(url: &str, envelope: Envelope) -> Result<Smtp> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| Error::bad_request("SMTP_URL is not a valid smtp:// or smtps:// URL."))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Smtp { transport, envelope })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, message: Message) -> Result<()> {
        let letter = self.envelope.write(message)?;
        self.transport.send(letter).await.map(|_| ()).map_err(|e| {
            Error::unavailable("The mail server did not accept the message.").with_source(e)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wrong_url_is_refused_without_repeating_it() {
        let envelope = Envelope::new("noreply@example.test", None).unwrap();
        assert!(Smtp::new("smtp://mail.example.test:587?tls=required", envelope.clone()).is_ok());
        let error = Smtp::new("http://user:hunter2@x", envelope).err().unwrap();
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}
