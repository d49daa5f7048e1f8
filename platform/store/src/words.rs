//! The words of plain texts, cut here instead of by the database, which took 40 µs for each record.
//!
//! What a word is, `sql/search.sql` says. This is the same for what most texts are, ASCII without a number
//! of seven digits, where it is simple; everything else is left to `app.words`, longer texts too. A test
//! compares the two.

/// As many characters of a word as are kept.
const MAX_WORD: usize = 64;
/// From so many digits on there may be a phone number.
const NUMBER: usize = 7;
/// From so many characters on words are not compared one by one, as they are here, and the text may be longer
/// than what is cut into words of it.
const LONG: usize = 1_000;

/// Each word of both texts once, with its weight: 2 for those of the title. `None` when one of the texts is
/// not plain.
pub fn weighted(title: &str, others: &str) -> Option<Vec<(String, i64)>> {
    if !is_plain(title) || !is_plain(others) {
        return None;
    }
    let mut found: Vec<(String, i64)> = Vec::new();
    for (text, weight) in [(title, 2), (others, 1)] {
        let text = text.to_ascii_lowercase();
        let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        for word in words.chain(addresses(&text)) {
            let word = word.get(..MAX_WORD).unwrap_or(word);
            if !found.iter().any(|(known, _)| known == word) {
                found.push((word.to_owned(), weight));
            }
        }
    }
    Some(found)
}

fn is_plain(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.is_ascii() && digits < NUMBER && text.len() < LONG
}

/// The e-mail addresses of a text in lower case.
fn addresses(text: &str) -> Vec<&str> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let is_domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_local) {
        rest = &rest[start..];
        let local = rest.find(|c| !is_local(c)).unwrap_or(rest.len());
        let Some(after) = rest[local..].strip_prefix('@') else {
            rest = &rest[local..];
            continue;
        };
        let domain = after.find(|c| !is_domain(c)).unwrap_or(after.len());
        let (whole, left) = rest.split_at(local + 1 + domain);
        if domain > 0 {
            found.push(whole.trim_end_matches(['.', '-']));
        }
        rest = left;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_texts_are_cut() {
        let words = |title, others| {
            let mut found = weighted(title, others).unwrap();
            found.sort();
            found
        };
        let word = |w: &str, n| (w.to_owned(), n);
        assert_eq!(
            words("Ann O'Hara", "ann@pier.example."),
            [
                word("ann", 2),
                word("ann@pier.example", 1),
                word("example", 1),
                word("hara", 2),
                word("o", 2),
                word("pier", 1),
            ]
        );
        assert_eq!(
            words("a@b@c @ x@", ""),
            [word("a", 2), word("a@b", 2), word("b", 2), word("c", 2), word("x", 2)]
        );
        assert!(weighted("Zoë", "").is_none() && weighted("", "+49 30 12345").is_none());
    }
}
