//! The letters of this floor.
//!
//! Tokens stand behind `#`: browsers do not send that part, so no server log or referrer has them.

use mail::Message;

pub(crate) fn reset(url: &str, to: &str, name: &str, token: &str) -> Message {
    letter(
        to,
        name,
        "Reset your password",
        "Someone, hopefully you, asked for a new password for your account. \
         Choose one here within the hour:",
        &format!("{url}/reset-password#{token}"),
        "If it was not you, ignore this message; your password stays as it is.",
    )
}

pub(crate) fn verification(url: &str, to: &str, name: &str, token: &str) -> Message {
    letter(
        to,
        name,
        "Verify your email address",
        "Please confirm that this address is yours:",
        &format!("{url}/verify-email#{token}"),
        "If you have no account with us, ignore this message.",
    )
}

fn letter(to: &str, name: &str, subject: &str, why: &str, link: &str, otherwise: &str) -> Message {
    Message {
        to: vec![to.to_owned()],
        subject: subject.to_owned(),
        text: format!("Hello {name},\n\n{why}\n\n{link}\n\n{otherwise}\n"),
        html: Some(format!(
            "<p>Hello {},</p><p>{why}</p><p><a href=\"{link}\">{link}</a></p><p>{otherwise}</p>",
            escaped(name),
            link = escaped(link),
        )),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_write_html() {
        let letter = reset("https://x.test", "a@x.test", "<img src=x>", "abc");
        let html = letter.html.unwrap();
        assert!(html.contains("&lt;img") && html.contains("https://x.test/reset-password#abc"));
    }
}
