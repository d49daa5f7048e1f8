//! What is doubtful about rows: gathered as they are read, alike ones in one group.

use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row cannot be loaded as it is.
    Refused,
    /// The row is loaded, and a person should know how it was read.
    Note,
}

/// Rows of one file that share a doubt.
#[derive(Debug, Clone)]
pub struct Doubt {
    pub severity: Severity,
    pub step: String,
    pub file: String,
    pub column: String,
    /// The cell's text as the file has it.
    pub value: String,
    pub what: String,
    pub fix: String,
    /// Every line concerned, ascending.
    pub lines: Vec<u64>,
}

/// What is wrong and how to mend it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) what: String,
    pub(crate) fix: String,
}

impl Fault {
    pub(crate) fn new(what: impl Into<String>, fix: impl Into<String>) -> Fault {
        Fault { what: what.into(), fix: fix.into() }
    }
}

/// Doubts of one step.
#[derive(Debug)]
pub(crate) struct Doubts {
    step: String,
    file: String,
    groups: Vec<Doubt>,
    /// column → value → its groups.
    index: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl Doubts {
    pub(crate) fn new(step: &str, file: &str) -> Doubts {
        Doubts {
            step: step.to_owned(),
            file: file.to_owned(),
            groups: Vec::new(),
            index: HashMap::new(),
        }
    }

    pub(crate) fn add(
        &mut self,
        severity: Severity,
        line: u64,
        column: &str,
        value: &str,
        fault: Fault,
    ) {
        let known = self.index.get(column).and_then(|values| values.get(value));
        let same = |at: &&usize| self.groups[**at].what == fault.what;
        if let Some(at) = known.and_then(|groups| groups.iter().find(same)).copied() {
            self.groups[at].lines.push(line);
            return;
        }
        let values = self.index.entry(column.to_owned()).or_default();
        values.entry(value.to_owned()).or_default().push(self.groups.len());
        self.groups.push(Doubt {
            severity,
            step: self.step.clone(),
            file: self.file.clone(),
            column: column.to_owned(),
            value: value.to_owned(),
            what: fault.what,
            fix: fault.fix,
            lines: vec![line],
        });
    }

    pub(crate) fn into_groups(self) -> Vec<Doubt> {
        let mut groups = self.groups;
        for group in &mut groups {
            group.lines.sort_unstable();
            group.lines.dedup();
        }
        groups.sort_by(|a, b| {
            let size = b.lines.len().cmp(&a.lines.len());
            a.severity.cmp(&b.severity).then(size).then_with(|| a.value.cmp(&b.value))
        });
        groups
    }
}

/// The candidate that `text` was probably meant to be: equal but for case, blanks and signs, or
/// a slip of one or two letters away.
pub(crate) fn nearest<'a>(
    text: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let bare = |s: &str| -> Vec<char> {
        s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = bare(text);
    let most = if wanted.len() < 5 { 1 } else { 2 };
    candidates
        .map(|c| (distance(&wanted, &bare(c)), c))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

/// Levenshtein's: the least number of letters to insert, drop or change.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_meant_word_is_found() {
        let products = ["GTX Basic", "GTX Pro", "GTX Plus Pro"];
        assert_eq!(nearest("GTXPro", products.into_iter()), Some("GTX Pro"));
        assert_eq!(nearest("technolgy", ["retail", "technology"].into_iter()), Some("technology"));
        assert_eq!(nearest("marina", products.into_iter()), None);
    }

    #[test]
    fn alike_doubts_are_one_group() {
        let mut doubts = Doubts::new("deals", "d.csv");
        for line in [4, 3, 3] {
            doubts.add(Severity::Note, line, "p", "x", Fault::new("odd", "mend"));
        }
        doubts.add(Severity::Refused, 9, "p", "x", Fault::new("wrong", "mend"));
        let groups = doubts.into_groups();
        assert_eq!(groups[0].lines, [9]);
        assert_eq!(groups[1].lines, [3, 4]);
    }
}
