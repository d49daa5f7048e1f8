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

pub(crate) struct Invitation<'a> {
    /// Of the tenant; Spanish is written for `es`, English for every other.
    pub(crate) locale: &'a str,
    pub(crate) to: &'a str,
    /// May be empty.
    pub(crate) name: &'a str,
    pub(crate) inviter: &'a str,
    pub(crate) tenant: &'a str,
    pub(crate) link: &'a str,
}

pub(crate) fn invitation(about: &Invitation<'_>) -> Message {
    let Invitation { to, name, inviter, tenant, link, .. } = *about;
    let language = about.locale.split('-').next().unwrap_or_default();
    let (hello, subject, why, otherwise) = match language.eq_ignore_ascii_case("es") {
        true => (
            "Hola",
            format!("{inviter} te invita a {tenant}"),
            format!(
                "{inviter} te invita a trabajar en {tenant}. Acepta la invitación aquí en los \
                 próximos siete días:"
            ),
            "Si no esperabas esta invitación, no hagas caso de este mensaje.",
        ),
        false => (
            "Hello",
            format!("{inviter} invites you to {tenant}"),
            format!(
                "{inviter} invites you to work in {tenant}. Accept the invitation here within \
                 seven days:"
            ),
            "If you did not expect this invitation, ignore this message.",
        ),
    };
    let greeting = if name.is_empty() { hello.to_owned() } else { format!("{hello} {name}") };
    message(to, &subject, [&greeting, &why, link, otherwise])
}

fn letter(to: &str, name: &str, subject: &str, why: &str, link: &str, otherwise: &str) -> Message {
    message(to, subject, [&format!("Hello {name}"), why, link, otherwise])
}

/// `parts`: greeting, reason, link, and what to do otherwise. All but the link may hold anyone's words.
fn message(to: &str, subject: &str, parts: [&str; 4]) -> Message {
    let [hello, why, link, otherwise] = parts;
    let html = [hello, why, link, otherwise].map(escaped);
    let [hello_html, why_html, link_html, otherwise_html] = html;
    Message {
        to: vec![to.to_owned()],
        subject: subject.to_owned(),
        text: format!("{hello},\n\n{why}\n\n{link}\n\n{otherwise}\n"),
        html: Some(format!(
            "<p>{hello_html},</p><p>{why_html}</p><p><a href=\"{link_html}\">{link_html}</a></p>\
             <p>{otherwise_html}</p>",
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
        let letter = invitation(&Invitation {
            locale: "es-MX",
            to: "a@x.test",
            name: "",
            inviter: "<b>Ann</b>",
            tenant: "R&D",
            link: "https://x.test/accept-invitation#abc",
        });
        assert_eq!(letter.subject, "<b>Ann</b> te invita a R&D");
        assert!(letter.text.starts_with("Hola,\n\n<b>Ann</b> te invita"));
        let html = letter.html.unwrap();
        assert!(html.contains("&lt;b&gt;Ann") && html.contains("R&amp;D") && !html.contains("<b>"));
    }
}
