//! Texts by which data becomes a statement, made systematically: every way out of a literal before every
//! thing one would do outside it, and what other interpreters than PostgreSQL would run.

use std::collections::BTreeSet;

/// How long a statement that ran would keep us waiting, in seconds.
pub(super) const NAP: u64 = 8;

/// Ways out of a value.
const EXITS: [&str; 22] = [
    "", "'", "\"", "`", "\\'", "''", "')", "'))", "\")", "$$", "$1", "'::text", "%27", "%2527",
    "\u{2019}", "\u{ff07}", "\u{02b9}", "'/*", "*/", "'\n", "0", "-1)",
];

/// What would be done outside it.
const DEEDS: [&str; 24] = [
    "",
    " OR 1=1 --",
    " OR 'a'='a",
    " OR true) --",
    " AND 1=0 --",
    "/**/OR/**/1=1#",
    " || 'x",
    "; SELECT pg_sleep(8) --",
    " OR (SELECT 1 FROM pg_sleep(8)) IS NOT NULL --",
    "||(SELECT pg_sleep(8))||'",
    " AND 8=(SELECT count(*) FROM generate_series(1,1000000000)) --",
    "; DROP TABLE contacts; --",
    "; UPDATE users SET name='owned'; --",
    "; SET ROLE mainstay_owner; --",
    "; COMMIT; SET app.visible = ''; --",
    " UNION SELECT NULL --",
    " UNION ALL SELECT password_hash,NULL,NULL FROM credentials --",
    " AND 1=CAST((SELECT version()) AS int) --",
    " AND (SELECT 1/0) --",
    " ORDER BY 99 --",
    " LIMIT 0 OFFSET 99 --",
    "; COPY (SELECT 1) TO PROGRAM 'id' --",
    " AND xmlparse(document '<!DOCTYPE a SYSTEM \"file:///etc/passwd\">') IS NULL --",
    " RETURNING * --",
];

/// What is not for SQL, or not for the parser that sees it first.
const OTHERS: [&str; 46] = [
    "\0",
    "a\0b",
    "%00",
    "\\u0000",
    "\\x27",
    "\\",
    "\\\\",
    "%",
    "%s%s%s%n",
    "%x%x%d",
    "{}",
    "{0}",
    "{:?}",
    "{{7*7}}",
    "${7*7}",
    "#{7*7}",
    "<%= 7*7 %>",
    "${jndi:ldap://127.0.0.1/a}",
    "$(id)",
    "`id`",
    "|id",
    "&&id",
    "\r\nSet-Cookie: a=b",
    "\n\n",
    "\t",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "file:///etc/passwd",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "{\"$gt\":\"\"}",
    "{\"$where\":\"sleep(8000)\"}",
    "[$ne]",
    "*)(uid=*))(|(uid=*",
    "' or '1'='1' or ''='",
    "$.a[?(@.b)]",
    "$[*]",
    "a->>'b'",
    "a#>>'{b}'",
    "a::jsonb",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "\u{1f600}",
    "e\u{301}'",
    "\u{ffff}",
];

pub(super) fn all() -> Vec<String> {
    let pairs = EXITS.iter().flat_map(|exit| DEEDS.iter().map(move |deed| format!("{exit}{deed}")));
    let others = OTHERS.iter().map(|text| (*text).to_owned());
    let unique: BTreeSet<String> = pairs.chain(others).filter(|text| !text.is_empty()).collect();
    unique.into_iter().collect()
}
