//! Colors for JSON: spans around keys, texts, and literals.

/// `text` is pretty-printed JSON; the answer is HTML.
pub(super) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first);
        let (part, after) = rest.split_at(length);
        match class {
            Some(class) => {
                out.push_str(&format!("<span class=\"{class}\">"));
                escape(&mut out, part);
                out.push_str("</span>");
            }
            None => escape(&mut out, part),
        }
        rest = after;
    }
    out
}

fn token(rest: &str, first: char) -> (Option<&'static str>, usize) {
    if first == '"' {
        let length = text_length(rest);
        let is_key = rest[length..].trim_start().starts_with(':');
        return (Some(if is_key { "key" } else { "text" }), length);
    }
    if first.is_ascii_alphanumeric() || first == '-' {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c)));
        return (Some("word"), end.unwrap_or(rest.len()));
    }
    (None, first.len_utf8())
}

/// Length of the string literal at the start, quotes included.
fn text_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            other => out.push(other),
        }
    }
}

/// `code` between backticks becomes an element; the rest is escaped.
pub(super) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 0 {
            escape(&mut out, part);
        } else {
            out.push_str("<code>");
            escape(&mut out, part);
            out.push_str("</code>");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart_and_escaped() {
        assert_eq!(
            json("{\"a\\\"b\": [\"<x>\", -1.5, true]}"),
            "{<span class=\"key\">\"a\\\"b\"</span>: [<span class=\"text\">\"&lt;x&gt;\"</span>, \
             <span class=\"word\">-1.5</span>, <span class=\"word\">true</span>]}"
        );
        assert_eq!(prose("a `b<c` & d"), "a <code>b&lt;c</code> &amp; d");
    }
}
