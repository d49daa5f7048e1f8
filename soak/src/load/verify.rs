//! Whether what was promised is there, and nothing by halves.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use tokio_postgres::Client;

use super::{Entry, Fate, Ledger, What};

/// Contacts as they are: id → (last name, job title).
const CONTACTS: &str = include_str!("../../sql/contacts.sql");
/// Deals as they are: id → (source, stage).
const DEALS: &str = include_str!("../../sql/deals.sql");
/// Tokens of updates the audit tells of.
const TOKENS: &str = include_str!("../../sql/tokens.sql");
/// Everything that must go together with a document: fault and how often.
const WHOLE: &str = include_str!("../../sql/whole.sql");

#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) acknowledged: usize,
    /// Writes without an acknowledgement that happened all the same.
    pub(crate) unacknowledged_done: usize,
    pub(crate) lost: Vec<String>,
    pub(crate) halves: Vec<String>,
}

type Pairs = HashMap<String, (String, String)>;

pub(super) async fn verify(ledger: &Ledger, client: &Client, tenant: &str) -> Result<Verdict> {
    let contacts = pairs(client, CONTACTS, tenant).await?;
    let deals = pairs(client, DEALS, tenant).await?;
    let told: HashSet<String> =
        client.query(TOKENS, &[&tenant]).await?.iter().map(|row| row.get(0)).collect();
    let names: HashSet<&str> = contacts.values().map(|(name, _)| name.as_str()).collect();

    let mut verdict = Verdict { acknowledged: ledger.acknowledged(), ..Verdict::default() };
    for writer in &ledger.entries {
        for entry in writer {
            let done = match entry.what {
                What::Create => names.contains(entry.token.as_str()),
                What::Update | What::Move => told.contains(&entry.token),
            };
            match (&entry.fate, done) {
                (Fate::Acknowledged, false) => verdict.lost.push(told_of(entry)),
                (Fate::Acknowledged, true) | (_, false) => {}
                (_, true) => verdict.unacknowledged_done += 1,
            }
        }
        last_ones(writer, &contacts, &deals, &mut verdict.lost);
    }
    for row in client.query(WHOLE, &[&tenant]).await? {
        let (fault, count): (String, i64) = (row.get(0), row.get(1));
        if count > 0 {
            verdict.halves.push(format!("{count} × {fault}"));
        }
    }
    Ok(verdict)
}

/// A document stands as its last acknowledged write left it, or as one after that did whose
/// acknowledgement was lost. Each document has one writer.
fn last_ones(writer: &[Entry], contacts: &Pairs, deals: &Pairs, lost: &mut Vec<String>) {
    let mut possible: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in writer.iter().filter(|e| e.what != What::Create) {
        let Some(id) = entry.document.as_deref() else { continue };
        let after = possible.entry(id).or_default();
        if entry.fate == Fate::Acknowledged {
            after.clear();
        }
        after.push(entry);
    }
    for (id, entries) in possible {
        let [first, ..] = entries.as_slice() else { continue };
        // Before the first acknowledged one the document may still be as it was made.
        let as_made = first.fate != Fate::Acknowledged;
        let is = |entry: &&Entry| match entry.what {
            What::Move => deals.get(id).is_some_and(|(source, stage)| {
                *source == entry.token && Some(stage) == entry.stage.as_ref()
            }),
            _ => contacts.get(id).is_some_and(|(_, title)| *title == entry.token),
        };
        let untouched = contacts.get(id).or(deals.get(id)).is_some();
        if !(entries.iter().any(is) || as_made && untouched) {
            lost.push(format!("{id} stands as none of its writers left it"));
        }
    }
}

async fn pairs(client: &Client, sql: &str, tenant: &str) -> Result<Pairs> {
    let rows = client.query(sql, &[&tenant]).await?;
    Ok(rows.iter().map(|row| (row.get(0), (row.get(1), row.get(2)))).collect())
}

fn told_of(entry: &Entry) -> String {
    format!("{:?} {} of {}", entry.what, entry.token, entry.document.as_deref().unwrap_or("?"))
}
