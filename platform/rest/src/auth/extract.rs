//! Who a request says it comes from: token, cookie, chosen tenant.
//!
//! **Invariant:** a cookie counts only when the browser vouches that one of our own pages (or a
//! trusted one) sent the request. Whatever carries a token in a header needs no such proof, because no
//! foreign page can make a browser add it.

use auth::Auth;
use axum::http::{HeaderMap, header};
use kernel::{Actor, Error, Id, RequestInfo, Result};

pub(crate) const COOKIE: &str = "crm_token";
const TENANT_COOKIE: &str = "payload-tenant";
const TENANT_HEADER: &str = "x-tenant";

/// What the headers present, unproven.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presented {
    pub token: Option<String>,
    /// An explicit choice: out of reach, the request is refused.
    pub tenant_header: Option<String>,
    /// A remembered choice: out of reach, it is ignored.
    pub tenant_cookie: Option<String>,
    /// Whether cookies of this request count; if not, none is set in the answer either.
    pub cookies: bool,
}

/// Reads the headers. `public_url` is our own address as configured, `trusted` other origins.
pub(crate) fn presented(headers: &HeaderMap, public_url: &str, trusted: &[String]) -> Presented {
    let cookies = cookies_count(headers, public_url, trusted);
    let cookie = |name| if cookies { cookie(headers, name) } else { None };
    Presented {
        token: authorization(headers).or_else(|| cookie(COOKIE)).map(str::to_owned),
        tenant_header: text(headers, TENANT_HEADER).map(str::to_owned),
        tenant_cookie: cookie(TENANT_COOKIE).map(str::to_owned),
        cookies,
    }
}

/// The actor of a request, standing in the tenant it chose. Forbidden when the tenant named in the
/// `X-Tenant` header is out of reach.
pub(crate) async fn actor(
    auth: &Auth,
    presented: &Presented,
    request: RequestInfo,
) -> Result<Actor> {
    let actor = auth.authenticate(presented.token.as_deref(), None, request).await?;
    if actor.is_anonymous() {
        return Ok(actor);
    }
    let parse = |text: &String| text.trim().parse::<Id>().ok();
    if let Some(chosen) = presented.tenant_header.as_ref().filter(|t| !t.is_empty()) {
        return parse(chosen).and_then(|t| actor.select(t)).ok_or_else(Error::forbidden);
    }
    let remembered = presented.tenant_cookie.as_ref().and_then(parse);
    Ok(remembered.and_then(|t| actor.select(t)).unwrap_or(actor))
}

/// `Authorization: JWT <token>` or `Bearer <token>`.
fn authorization(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = text(headers, header::AUTHORIZATION.as_str())?.split_once(' ')?;
    let known = scheme.eq_ignore_ascii_case("JWT") || scheme.eq_ignore_ascii_case("Bearer");
    Some(token.trim()).filter(|t| known && !t.is_empty())
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value.trim_matches('"'))
}

/// The Origin must be ours or trusted; without one, Sec-Fetch-Site must not say that another site's
/// page is behind the request. Programs send neither.
fn cookies_count(headers: &HeaderMap, public_url: &str, trusted: &[String]) -> bool {
    if headers.contains_key(header::ORIGIN) {
        let Some(origin) = text(headers, header::ORIGIN.as_str()) else { return false };
        let listed = |url: &str| origin_of(url).is_some_and(|own| own.eq_ignore_ascii_case(origin));
        // Our own name over plain http is somebody in between.
        let encrypted = origin_of(public_url).and_then(|own| own.strip_prefix("https://"));
        let plain = origin.strip_prefix("http://");
        let stripped = plain.is_some() && plain == encrypted;
        let own = !stripped && is_host(headers, origin);
        return own || listed(public_url) || trusted.iter().any(|t| listed(t));
    }
    match headers.get("sec-fetch-site") {
        None => true,
        Some(site) => matches!(site.as_bytes(), b"same-origin" | b"same-site" | b"none"),
    }
}

/// Whether the origin's host is the one that was asked.
fn is_host(headers: &HeaderMap, origin: &str) -> bool {
    let Some(host) = text(headers, header::HOST.as_str()) else { return false };
    let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

/// Scheme, host and port of a URL.
fn origin_of(url: &str) -> Option<&str> {
    let start = url.find("://")? + 3;
    let end = url[start..].find('/').map_or(url.len(), |slash| start + slash);
    Some(&url[..end])
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(k, v)| (k.parse::<HeaderName>().unwrap(), v.parse::<HeaderValue>().unwrap()))
            .collect()
    }

    fn read(pairs: &[(&str, &str)]) -> Presented {
        let trusted = ["https://portal.example.com/".to_owned()];
        presented(&headers(pairs), "https://crm.example.com", &trusted)
    }

    #[test]
    fn headers_come_before_the_cookie() {
        let both = [("cookie", "a=b; crm_token=c1"), ("authorization", "JWT t1")];
        assert_eq!(read(&both).token.as_deref(), Some("t1"));
        assert_eq!(read(&[("authorization", "bearer t2")]).token.as_deref(), Some("t2"));
        let basic = [("authorization", "Basic abc"), ("cookie", "crm_token=c1")];
        assert_eq!(read(&basic).token.as_deref(), Some("c1"));
        assert_eq!(read(&[("cookie", "xcrm_token=c1; crm_token=")]).token, None);
        assert_eq!(read(&[]), Presented { cookies: true, ..Presented::default() });
    }

    #[test]
    fn cookies_count_only_for_our_own_pages() {
        let host = ("host", "localhost:3000");
        for (extra, counts) in [
            (vec![], true),
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "Same-Origin")], false),
            (vec![("origin", "http://localhost:3000")], true),
            (vec![("origin", "https://crm.example.com")], true),
            (vec![("origin", "https://portal.example.com")], true),
            (vec![("origin", "http://crm.example.com")], false),
            (vec![("origin", "https://crm.example.com.evil.test")], false),
            (vec![("origin", "https://evil.test")], false),
            (vec![("origin", "http://localhost:3001")], false),
            (vec![("origin", "localhost:3000")], false),
            (vec![("origin", "null")], false),
            (vec![("origin", "")], false),
            (vec![("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")], false),
        ] {
            let mut pairs = vec![host, ("cookie", "crm_token=c; payload-tenant=t")];
            pairs.extend(extra.iter().copied());
            let seen = read(&pairs);
            assert_eq!((seen.cookies, seen.token.is_some()), (counts, counts), "{extra:?}");
            assert_eq!(seen.tenant_cookie.is_some(), counts, "{extra:?}");
            pairs.push(("authorization", "JWT t"));
            assert_eq!(read(&pairs).token.as_deref(), Some("t"), "{extra:?}");
        }
    }
}
