//! From a [`Message`] to the bytes that travel.

use kernel::{Error, Result};
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};

use crate::Message;

/// Who sends, and who receives in place of everyone.
#[derive(Debug, Clone)]
pub struct Envelope {
    from: Mailbox,
    redirect_to: Option<Mailbox>,
}

impl Envelope {
    pub fn new(from: &str, redirect_to: Option<&str>) -> Result<Envelope> {
        Ok(Envelope { from: mailbox(from)?, redirect_to: redirect_to.map(mailbox).transpose()? })
    }

    pub(crate) fn write(&self, message: Message) -> Result<lettre::Message> {
        let to = message.to.iter().map(|a| mailbox(a)).collect::<Result<Vec<_>>>()?;
        if to.is_empty() {
            return Err(Error::bad_request("The message has no recipient."));
        }
        let mut letter = lettre::Message::builder()
            .from(self.from.clone())
            .subject(one_line(&message.subject))
            .message_id(None);
        letter = match &self.redirect_to {
            None => to.into_iter().fold(letter, |letter, mailbox| letter.to(mailbox)),
            Some(instead) => {
                let originals = to.iter().map(|m| m.email.to_string()).collect::<Vec<_>>();
                letter.to(instead.clone()).header(OriginalTo(originals.join(", ")))
            }
        };
        let written = match message.html {
            Some(html) => letter.multipart(MultiPart::alternative_plain_html(message.text, html)),
            None => letter.body(message.text),
        };
        written.map_err(|e| Error::bad_request("The message cannot be written.").with_source(e))
    }
}

fn mailbox(address: &str) -> Result<Mailbox> {
    address.trim().parse().map_err(|e: lettre::address::AddressError| {
        Error::bad_request(format!("{address:?} is not an e-mail address.")).with_source(e)
    })
}

/// A subject is one line whatever was typed.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The recipients of a redirected message, as written by the sender.
#[derive(Debug, Clone)]
struct OriginalTo(String);

impl Header for OriginalTo {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("X-Original-To")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(OriginalTo(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(OriginalTo::name(), self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(to: &str, subject: &str) -> Message {
        Message {
            to: vec![to.to_owned()],
            subject: subject.to_owned(),
            text: "Hello".to_owned(),
            html: None,
        }
    }

    fn written(envelope: &Envelope, message: Message) -> String {
        String::from_utf8(envelope.write(message).unwrap().formatted()).unwrap()
    }

    #[test]
    fn no_field_can_add_a_header() {
        let envelope = Envelope::new("Mainstay <noreply@example.test>", None).unwrap();
        let text = written(&envelope, message("a@example.test", "Hi\r\nBcc: evil@example.test"));
        assert!(!text.lines().any(|l| l.starts_with("Bcc:")), "{text}");
        for wrong in ["a@example.test\r\nBcc: evil@example.test", "nobody", "", "a@b@c"] {
            assert!(envelope.write(message(wrong, "Hi")).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_redirect_replaces_recipients_and_keeps_their_names() {
        let envelope = Envelope::new("noreply@example.test", Some("catch@example.test")).unwrap();
        let text = written(&envelope, message("Ann <ann@example.test>", "Hi"));
        assert!(text.contains("To: catch@example.test"), "{text}");
        assert!(text.contains("X-Original-To: ann@example.test"), "{text}");
        assert!(!text.contains("\r\nTo: Ann"), "{text}");
    }
}
