//! The signed token of a session: a JWT with HMAC-SHA-256 (RFC 7515, RFC 7519), and nothing else.
//!
//! Written out rather than taken from a library because there is exactly one header we write and
//! therefore exactly one we accept, byte for byte: "none", another algorithm, a key id or a foreign
//! token type are refused before anything is decoded.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Id, Result, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// `{"alg":"HS256","authVersion":1,"typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsImF1dGhWZXJzaW9uIjoxLCJ0eXAiOiJKV1QifQ";
/// Longer than any token of ours: the e-mail address is the only part that varies.
const MAX_LENGTH: usize = 2048;
const COLLECTION: &str = "users";

/// In the order the wire contract has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// The user.
    pub id: Id,
    pub collection: String,
    pub email: String,
    /// The session; the token is worth nothing without its row.
    pub sid: Id,
    /// Seconds of the Unix epoch.
    pub iat: i64,
    pub exp: i64,
}

pub(crate) struct Tokens {
    key: Hmac<Sha256>,
}

impl Tokens {
    /// The key is derived from the installation's secret, which signs other things too.
    pub(crate) fn new(secret: &str) -> Result<Tokens> {
        let mut derive = keyed(secret.as_bytes())?;
        derive.update(b"mainstay session token v1");
        Ok(Tokens { key: keyed(&derive.finalize().into_bytes())? })
    }

    pub(crate) fn sign(
        &self,
        user: Id,
        email: &str,
        session: Id,
        issued: Timestamp,
        expires: Timestamp,
    ) -> Result<String> {
        let claims = Claims {
            id: user,
            collection: COLLECTION.to_owned(),
            email: email.to_owned(),
            sid: session,
            iat: issued.as_second(),
            exp: expires.as_second(),
        };
        let json = serde_json::to_vec(&claims)
            .map_err(|e| Error::internal("claims cannot be written").with_source(e))?;
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(json));
        let mut mac = self.key.clone();
        mac.update(signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Ok(format!("{signed}.{signature}"))
    }

    /// The claims of a token that we signed and that has not run out.
    pub(crate) fn read(&self, token: &str, at: Timestamp) -> Option<Claims> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        if header != HEADER {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut mac = self.key.clone();
        mac.update(signed.as_bytes());
        // Compares in constant time and refuses a shortened signature.
        mac.verify_slice(&signature).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (claims.collection == COLLECTION && claims.exp > at.as_second()).then_some(claims)
    }
}

fn keyed(key: &[u8]) -> Result<Hmac<Sha256>> {
    Hmac::new_from_slice(key).map_err(|_| Error::internal("the secret cannot be used as a key"))
}

/// A secret to mail to someone: 160 random bits as 40 hex digits.
pub(crate) fn mailed() -> String {
    kernel::hex(rand::random::<[u8; 20]>())
}

/// What the database keeps of a mailed secret.
pub(crate) fn digest(token: &str) -> String {
    kernel::hex(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{new_id, now};

    fn part(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    /// A token of our own making with any header, payload and key.
    fn forge(header: &str, payload: &str, key: &[u8]) -> String {
        let signed = format!("{}.{}", part(header), part(payload));
        let mut mac = keyed(key).unwrap();
        mac.update(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    fn true_key(secret: &str) -> Vec<u8> {
        let mut derive = keyed(secret.as_bytes()).unwrap();
        derive.update(b"mainstay session token v1");
        derive.finalize().into_bytes().to_vec()
    }

    const GOOD: &str = r#"{"alg":"HS256","authVersion":1,"typ":"JWT"}"#;

    #[test]
    fn a_token_comes_back_as_its_claims_until_it_runs_out() {
        let tokens = Tokens::new("secret").unwrap();
        let (user, session, at) = (new_id(), new_id(), now());
        let until = Timestamp::from_second(at.as_second() + 60).unwrap();
        let token = tokens.sign(user, "a@b.co", session, at, until).unwrap();
        let claims = tokens.read(&token, at).unwrap();
        assert_eq!((claims.id, claims.sid, claims.exp), (user, session, until.as_second()));
        assert_eq!(tokens.read(&token, until), None);
        assert_eq!(URL_SAFE_NO_PAD.decode(HEADER).unwrap(), GOOD.as_bytes());
    }

    #[test]
    fn no_forgery_is_accepted() {
        let tokens = Tokens::new("secret").unwrap();
        let (id, at) = (new_id(), now());
        let (iat, exp) = (at.as_second(), at.as_second() + 600);
        let payload = format!(
            r#"{{"id":"{id}","collection":"users","email":"a@b.co","sid":"{id}","iat":{iat},"exp":{exp}}}"#
        );
        let key = true_key("secret");
        let good = forge(GOOD, &payload, &key);
        assert!(tokens.read(&good, at).is_some(), "the matrix must start from a valid token");

        let mut forged: Vec<(String, String)> = Vec::new();
        let mut add = |what: &str, token: String| forged.push((what.to_owned(), token));
        for header in [
            r#"{"alg":"none","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"None"}"#,
            r#"{"alg":"nOnE","typ":"JWT"}"#,
            r#"{"alg":"HS384","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"HS512","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"RS256","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"ES256","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"PS256","authVersion":1,"typ":"JWT"}"#,
            r#"{"alg":"HS256","typ":"JWT"}"#,
            r#"{"alg":"HS256","authVersion":2,"typ":"JWT"}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWE"}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWT","kid":"../../dev/null"}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWT","kid":"' UNION SELECT 'x"}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWT","jku":"https://evil.test/k"}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWT","jwk":{"kty":"oct","k":"AA"}}"#,
            r#"{"alg":"HS256","authVersion":1,"typ":"JWT","crit":["x"]}"#,
            r#"{"alg":"HS256","alg":"none","authVersion":1,"typ":"JWT"}"#,
            "{}",
            "",
        ] {
            add(header, forge(header, &payload, &key));
            add("unsigned", format!("{}.{}.", part(header), part(&payload)));
        }
        for key in [&b""[..], b"secret", b"Secret", b"\0", b"null", b"eyJhbGciOiJub25lIn0"] {
            add("wrong key", forge(GOOD, &payload, key));
        }
        for (what, from, to) in [
            ("expired", format!("\"exp\":{exp}"), format!("\"exp\":{}", iat - 1)),
            ("no exp", format!(",\"exp\":{exp}"), String::new()),
            ("exp text", format!("\"exp\":{exp}"), format!("\"exp\":\"{exp}\"")),
            ("exp null", format!("\"exp\":{exp}"), "\"exp\":null".into()),
            ("exp huge", format!("\"exp\":{exp}"), "\"exp\":1e400".into()),
            ("other collection", "\"users\"".into(), "\"members\"".into()),
            ("aud", "{".into(), "{\"aud\":\"else\",".into()),
            ("iss", "{".into(), "{\"iss\":\"else\",".into()),
            ("nbf", "{".into(), format!("{{\"nbf\":{exp},")),
            ("tenants", "{".into(), "{\"tenants\":[\"*\"],".into()),
            ("twice", "{".into(), format!("{{\"id\":\"{}\",", new_id())),
            ("no session", format!("\"sid\":\"{id}\","), String::new()),
        ] {
            let changed = payload.replacen(&from, &to, 1);
            assert_ne!(changed, payload, "{what} changed nothing");
            add(what, forge(GOOD, &changed, &key));
        }
        let (head, tail) = good.rsplit_once('.').unwrap();
        add("no signature", head.to_owned());
        add("empty signature", format!("{head}."));
        add("short signature", format!("{head}.{}", &tail[..tail.len() - 4]));
        add("long signature", format!("{good}AAAA"));
        add("padded", format!("{good}="));
        add("four parts", format!("{good}.x"));
        add("other payload", good.replacen(&part(&payload), &part("{}"), 1));
        add("space", format!(" {good}"));
        add("garbage", "abc.def.ghi".to_owned());
        add("dots", "..".to_owned());
        add("empty", String::new());
        add("huge", "a".repeat(1 << 20));
        assert!(forged.len() >= 40, "{}", forged.len());
        for (what, token) in forged {
            assert_eq!(tokens.read(&token, at), None, "{what}");
        }
    }

    #[test]
    fn mailed_tokens_are_forty_hex_digits_and_never_the_same() {
        let (a, b) = (mailed(), mailed());
        assert!(a.len() == 40 && a != b && a.bytes().all(|c| c.is_ascii_hexdigit()));
        assert_eq!(digest("abc").len(), 64);
    }
}
