//! The session cookie.

use auth::SESSION_LIFE;
use axum::http::HeaderValue;
use kernel::{Error, Result, Timestamp};

use super::extract::COOKIE;

/// `Set-Cookie` for a session. Out of reach of scripts and of other sites' requests.
pub(super) fn set(token: &str, expires: Timestamp, secure: bool) -> Result<HeaderValue> {
    write(token, SESSION_LIFE.as_secs(), expires, secure)
}

/// `Set-Cookie` that makes the browser forget it.
pub(super) fn clear(secure: bool) -> Result<HeaderValue> {
    write("", 0, Timestamp::UNIX_EPOCH, secure)
}

fn write(token: &str, max_age: u64, expires: Timestamp, secure: bool) -> Result<HeaderValue> {
    let expires = expires.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{COOKIE}={token}; Expires={expires}; Max-Age={max_age}; Path=/; HttpOnly; SameSite=Lax{secure}"
    );
    HeaderValue::from_str(&text)
        .map_err(|e| Error::internal("a token that fits no cookie").with_source(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags() {
        let at = "2026-11-28T06:55:52Z".parse().unwrap();
        assert_eq!(
            set("abc", at, true).unwrap(),
            "crm_token=abc; Expires=Sat, 28 Nov 2026 06:55:52 GMT; Max-Age=604800; Path=/; \
             HttpOnly; SameSite=Lax; Secure"
        );
        assert!(clear(false).unwrap().to_str().unwrap().starts_with("crm_token=; Expires=Thu, 01"));
    }
}
