//! What a tenant looks like and where it, or a person, is: checks of color, picture, time zone and language.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::Change;
use kernel::{FieldError, Value};

/// Bytes of a decoded logo.
const MAX_LOGO: usize = 128 * 1024;
/// Characters of a data URL that holds as much, with room for its head.
pub(super) const MAX_LOGO_TEXT: i64 = 180_000;

/// Media types of logos and how their bytes begin. No SVG: it can hold scripts.
const PICTURES: [(&str, &[u8]); 3] =
    [("image/png", b"\x89PNG\r\n\x1a\n"), ("image/jpeg", b"\xff\xd8\xff"), ("image/webp", b"RIFF")];

/// `#rrggbb` in lower case. Any color will do: of a light and a dark sheet, one always stands out from it
/// by at least 3:1 (WCAG 2.2, 1.4.11), because the two differ from each other by more than 9:1.
pub(super) fn color(text: &str) -> Result<String, &'static str> {
    let text = text.trim().to_lowercase();
    let digits = text.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(text);
    }
    Err("Write the color as # and six hexadecimal digits, such as #0e7490.")
}

/// Why a data URL cannot be the logo.
pub(super) fn logo_fault(text: &str) -> Option<&'static str> {
    const KIND: &str = "Send the logo as a data URL of a PNG, JPEG or WebP picture.";
    let Some((head, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(','))
    else {
        return Some(KIND);
    };
    let media = head.strip_suffix(";base64").unwrap_or_default();
    let Some((_, start)) = PICTURES.iter().find(|(name, _)| *name == media) else {
        return Some(KIND);
    };
    match STANDARD.decode(data) {
        Ok(bytes) if bytes.len() > MAX_LOGO => {
            Some("The logo is larger than 128 KB. Send a smaller picture.")
        }
        Ok(bytes) if bytes.starts_with(start) => None,
        _ => Some("The logo is not the picture it says it is. Send a PNG, JPEG or WebP picture."),
    }
}

/// Time zone and language, of a tenant or a person.
pub(super) fn check_place(change: &mut Change) {
    rewrite(change, "timezone", zone);
    rewrite(change, "locale", |text| match text.trim() {
        tag if is_locale(tag) => Ok(tag.to_owned()),
        _ => Err("Name a language by its tag, such as en, es or pt-BR."),
    });
}

/// The canonical form of a text that this write sets, or a complaint; a blank one is none.
pub(super) fn rewrite(
    change: &mut Change,
    field: &str,
    canonical: impl Fn(&str) -> Result<String, &'static str>,
) {
    let Some(text) = change.get(field).as_str().filter(|_| change.changed(field)) else { return };
    match canonical(text) {
        _ if text.trim().is_empty() => change.set(field, Value::Null),
        Ok(clean) => change.set(field, clean),
        Err(message) => {
            let label = define::words(field);
            change.errors.push(FieldError::new(field, message).labeled(label));
        }
    }
}

/// The name as the IANA time zone database writes it.
pub(super) fn zone(text: &str) -> Result<String, &'static str> {
    const UNKNOWN: &str = "Name a time zone as IANA does, such as Europe/Madrid.";
    let zone = kernel::time_zone(text.trim()).ok_or(UNKNOWN)?;
    zone.iana_name().map(str::to_owned).ok_or(UNKNOWN)
}

/// A language tag (BCP 47): a language of two or three letters, then parts of up to eight.
pub(super) fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors() {
        assert_eq!(color(" #0E7490 ").unwrap(), "#0e7490");
        for bad in ["0e7490", "#0e749", "#0e74900", "red", "#gggggg", "", "#é12345"] {
            assert!(color(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn logos() {
        let url =
            |media: &str, bytes: &[u8]| format!("data:{media};base64,{}", STANDARD.encode(bytes));
        let png = b"\x89PNG\r\n\x1a\n....";
        assert_eq!(logo_fault(&url("image/png", png)), None);
        let mut huge = png.to_vec();
        huge.resize(MAX_LOGO + 1, 0);
        assert!(logo_fault(&url("image/png", &huge)).unwrap().contains("128 KB"));
        huge.truncate(MAX_LOGO);
        let largest = url("image/png", &huge);
        assert_eq!(logo_fault(&largest), None);
        assert!(i64::try_from(largest.len()).unwrap() <= MAX_LOGO_TEXT);
        for bad in [
            url("image/svg+xml", b"<svg/>"),
            url("image/png", b"<svg onload=x>"),
            url("image/jpeg", png),
            "data:image/png,abc".to_owned(),
            "data:image/png;base64,***".to_owned(),
            "https://x.test/logo.png".to_owned(),
            String::new(),
        ] {
            assert!(logo_fault(&bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn zones_and_locales() {
        assert_eq!(zone("europe/madrid").unwrap(), "Europe/Madrid");
        for good in ["UTC", "America/Argentina/Buenos_Aires", "Asia/Kolkata"] {
            assert_eq!(zone(good).unwrap(), good);
        }
        for bad in [
            "",
            "Mars/Olympus",
            "localtime",
            "posixrules",
            "posix/Europe/Madrid",
            "right/Europe/Madrid",
            "Factory",
            "../../etc/passwd",
            "+02:00",
            "EST5EDT4",
            "tzdata.zi",
            "leapseconds",
            "zone.tab",
        ] {
            assert!(zone(bad).is_err(), "{bad}");
        }
        for good in ["en", "es", "es-MX", "zh-Hant-TW", "gsw"] {
            assert!(is_locale(good), "{good}");
        }
        for bad in ["", "e", "english", "en_US", "en-", "1n", "en-toolongpart"] {
            assert!(!is_locale(bad), "{bad}");
        }
    }
}
