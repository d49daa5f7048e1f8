//! What no answer may say: the words of our own inside, in `inside.txt`, which schemathesis reads too.

const INSIDE: &str = include_str!("inside.txt");

/// The first of those words in a refusal that the request did not bring along itself.
pub(crate) fn told(answer: &str, sent: &str) -> Option<&'static str> {
    let (answer, sent) = (answer.to_lowercase(), sent.to_lowercase());
    INSIDE.lines().find(|word| answer.contains(word) && !sent.contains(word))
}
