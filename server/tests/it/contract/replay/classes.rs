//! The class of every exchange, and whether what is said about it is true.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Exchange;
use super::compare::{Apart, Comparison, settled};
use super::world::Answer;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Class {
    Matched,
    OnPurpose,
    NotBuilt,
}

/// Why answers differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    pub(super) class: Class,
    /// A sentence for whoever moves here.
    pub(super) text: String,
    /// Keys that only the reference's answer has. With keys given, nothing else may differ.
    #[serde(default)]
    theirs: Vec<String>,
    /// Keys that only our answer has.
    #[serde(default)]
    ours: Vec<String>,
    /// Keys that both have, one of them null or with a list of another length.
    #[serde(default)]
    values: Vec<String>,
    /// Keys come in another order.
    #[serde(default)]
    order: bool,
}

impl Reason {
    fn is_of_keys(&self) -> bool {
        self.keys().next().is_some()
    }

    fn keys(&self) -> impl Iterator<Item = &String> {
        self.theirs.iter().chain(&self.ours).chain(&self.values)
    }
}

/// What is written down about exchanges that do not match.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Differences {
    pub(super) reasons: IndexMap<String, Reason>,
    /// By name of the exchange: its reasons.
    exchanges: IndexMap<String, Vec<String>>,
}

impl Differences {
    pub(super) fn read() -> Differences {
        serde_json::from_str(&super::data("differences.json")).unwrap()
    }
}

pub(super) struct Played<'a> {
    pub(super) exchange: &'a Exchange,
    pub(super) answer: Answer,
}

/// One line of the tally.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) class: Class,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) reasons: Vec<String>,
    /// Beside what the reasons name by key, the answers are the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) otherwise_equal: bool,
    pub(super) theirs: u16,
    pub(super) ours: u16,
    /// What we answer instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Value>,
}

pub(super) struct Tally {
    pub(super) entries: Vec<Entry>,
    pub(super) reasons: IndexMap<String, (Class, String)>,
}

/// The classes, and everything that is not as written down.
pub(super) fn judge(differences: &Differences, played: &[Played<'_>]) -> (Tally, Vec<String>) {
    let mut comparison = Comparison::default();
    let mut faults = unused(differences, played);
    let mut entries = Vec::with_capacity(played.len());
    for one in played {
        let reasons = differences.exchanges.get(&one.exchange.name);
        let entry = match reasons {
            None => as_recorded(one, &mut comparison, &mut faults),
            Some(names) => with_reasons(differences, one, names, &mut comparison, &mut faults),
        };
        entries.push(entry);
    }
    let reasons = differences.reasons.iter();
    let reasons = reasons.map(|(name, r)| (name.clone(), (r.class, r.text.clone()))).collect();
    (Tally { entries, reasons }, faults)
}

fn unused(differences: &Differences, played: &[Played<'_>]) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, reasons) in &differences.exchanges {
        if !played.iter().any(|one| one.exchange.name == *name) {
            faults.push(format!("{name}: no exchange of this name"));
        }
        let unknown = reasons.iter().filter(|reason| !differences.reasons.contains_key(*reason));
        faults.extend(unknown.map(|reason| format!("{name}: no reason {reason}")));
    }
    for reason in differences.reasons.keys() {
        if !differences.exchanges.values().flatten().any(|used| used == reason) {
            faults.push(format!("reason {reason}: no exchange has it"));
        }
    }
    faults
}

fn entry(one: &Played<'_>, class: Class) -> Entry {
    let Exchange { name, method, path, status, .. } = one.exchange;
    let shown = path.chars().take(120).collect::<String>();
    Entry {
        name: name.clone(),
        method: method.clone(),
        path: if shown.len() < path.len() { format!("{shown}…") } else { shown },
        class,
        reasons: Vec::new(),
        otherwise_equal: false,
        theirs: *status,
        ours: one.answer.status,
        body: (class != Class::Matched).then(|| settled(&one.answer.body)),
    }
}

fn as_recorded(one: &Played<'_>, comparison: &mut Comparison, faults: &mut Vec<String>) -> Entry {
    let theirs = one.exchange.answer();
    let found = comparison.differences(one.exchange, &theirs, &one.answer, &one.answer.body);
    if !found.is_empty() {
        faults.push(format!("{}:\n    {}", one.exchange.name, found.join("\n    ")));
    }
    entry(one, Class::Matched)
}

fn with_reasons(
    differences: &Differences,
    one: &Played<'_>,
    names: &[String],
    comparison: &mut Comparison,
    faults: &mut Vec<String>,
) -> Entry {
    let name = &one.exchange.name;
    let reasons: Vec<&Reason> = names.iter().filter_map(|n| differences.reasons.get(n)).collect();
    let class = reasons.iter().map(|r| r.class).max().unwrap_or(Class::Matched);
    let (mut theirs, mut ours) = (one.exchange.answer(), one.answer.body.clone());
    if comparison.clone().differences(one.exchange, &theirs, &one.answer, &ours).is_empty() {
        faults.push(format!("{name}: matches now; take it out of differences.json"));
    }
    let of_keys = reasons.iter().all(|r| r.is_of_keys());
    if of_keys {
        let texts = |pick: fn(&Reason) -> &Vec<String>| {
            reasons.iter().flat_map(|r| pick(r).iter().map(String::as_str)).collect()
        };
        let apart = Apart {
            theirs: texts(|r| &r.theirs),
            ours: texts(|r| &r.ours),
            values: texts(|r| &r.values),
        };
        let taken = apart.take(&mut theirs, &mut ours);
        for (name_of, reason) in names.iter().zip(&reasons) {
            if !reason.keys().any(|key| taken.contains(key)) {
                faults.push(format!("{name}: reason {name_of} has nothing to do with it"));
            }
        }
        comparison.any_order = reasons.iter().any(|r| r.order);
        let found = comparison.differences(one.exchange, &theirs, &one.answer, &ours);
        comparison.any_order = false;
        if !found.is_empty() {
            let found = found.join("\n    ");
            faults.push(format!("{name} differs beyond its reasons:\n    {found}"));
        }
    }
    Entry { reasons: names.to_vec(), otherwise_equal: of_keys, ..entry(one, class) }
}
