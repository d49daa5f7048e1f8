//! Searching by `?q=`: every word of it begins a word of one of the searched fields, whatever the case
//! and the accents; an e-mail address may be typed whole, a telephone number in any grouping, with or
//! without the country's code.

use define::Collection;
use icu_normalizer::DecomposingNormalizerBorrowed;
use serde_json::Value;

/// Most words of a question that count: the longest.
const MOST: usize = 8;

fn folded(text: &str) -> String {
    let accent = |c: &char| {
        matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
    };
    let text: String = text.chars().take(4_000).collect();
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(&text);
    plain.chars().filter(|c| !accent(c)).collect::<String>().to_lowercase()
}

fn runs(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned)
}

/// Addresses in a text; of an unfinished one its beginning.
fn addresses(text: &str) -> Vec<String> {
    let part = |c: char| c.is_alphanumeric() || "._%+-@".contains(c);
    let found = text.split(|c| !part(c)).filter(|piece| piece.find('@').is_some_and(|at| at > 0));
    found.map(|piece| piece.trim_end_matches(['.', '-']).to_owned()).collect()
}

fn digits(text: &str) -> String {
    let all: String = text.chars().filter(char::is_ascii_digit).collect();
    all.trim_start_matches('0').to_owned()
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || "+ ()./-".contains(c))
        && (7..=15).contains(&digits(text).len())
}

/// Whether a search of the collection finds the document.
pub(super) fn finds(collection: &Collection, doc: &Value, asked: &str) -> bool {
    let texts: Vec<String> = collection
        .search
        .iter()
        .filter_map(|path| doc.pointer(&format!("/{}", path.replace('.', "/")))?.as_str())
        .map(folded)
        .collect();
    let asked = folded(asked);
    if is_number(&asked) {
        let number = digits(&asked);
        return texts.iter().any(|text| has_number(text, &number));
    }
    let mails = addresses(&asked);
    let mut rest = asked.clone();
    for mail in &mails {
        rest = rest.replacen(mail, " ", 1);
    }
    let mut words: Vec<String> = runs(&rest).chain(mails).collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    words.dedup();
    words.truncate(MOST);
    !words.is_empty()
        && words.iter().all(|word| {
            texts.iter().any(|text| {
                runs(text).chain(addresses(text)).any(|w| w.starts_with(word.as_str()))
                    || numbers(text).iter().any(|n| n.starts_with(word.as_str()))
            })
        })
}

fn has_number(text: &str, number: &str) -> bool {
    numbers(text).iter().any(|n| n.starts_with(number)) || runs(text).any(|w| w.starts_with(number))
}

/// The numbers written in groups in a text: whole, and of international ones without the country's one
/// to three digits.
fn numbers(text: &str) -> Vec<String> {
    let part = |c: char| c.is_ascii_digit() || "+ ()./-".contains(c);
    let mut found = Vec::new();
    for piece in text.split(|c| !part(c)) {
        let piece = piece.trim_matches(|c: char| !c.is_ascii_digit() && c != '+');
        let number = digits(piece);
        if (7..=15).contains(&number.len()) {
            let abroad = piece.starts_with('+') || piece.starts_with("00");
            found.extend((0..=if abroad { 3 } else { 0 }).map(|n| number[n..].to_owned()));
        }
    }
    found
}
