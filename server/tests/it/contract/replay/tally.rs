//! The tally as it is committed: `generated/contract.json` for programs, `docs/contract.md` for people.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::json;

use super::classes::{Class, Entry, Tally};

const CLASSES: [(Class, &str); 3] = [
    (Class::Matched, "matched"),
    (Class::OnPurpose, "on purpose"),
    (Class::NotBuilt, "not built yet"),
];

impl Tally {
    fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|e| e.class == class).count()
    }

    /// "200 matched, 70 on purpose, 45 not built yet of 315"
    pub(super) fn line(&self) -> String {
        let counts = CLASSES.map(|(class, words)| format!("{} {words}", self.count(class)));
        let near = self.entries.iter().filter(|e| e.otherwise_equal).count();
        format!(
            "{} of {}; {near} of those that differ are equal but for keys that are named.",
            counts.join(", "),
            self.entries.len()
        )
    }

    fn json(&self) -> String {
        let reasons = self
            .reasons
            .iter()
            .map(|(name, (class, text))| (name.clone(), json!({ "class": class, "text": text })));
        let value = json!({
            "tally": self.line(),
            "reasons": reasons.collect::<serde_json::Map<_, _>>(),
            "exchanges": self.entries,
        });
        serde_json::to_string_pretty(&value).unwrap() + "\n"
    }

    fn page(&self) -> String {
        let mut page = String::from(HEAD);
        let _ = writeln!(page, "\n**{}**", self.line());
        for (class, words) in [CLASSES[1], CLASSES[2]] {
            let _ = writeln!(page, "\n## Differing: {words}\n\n| | exchanges |\n|---|---|");
            for (name, (of, text)) in &self.reasons {
                if *of == class {
                    let with = self.entries.iter().filter(|e| e.reasons.contains(name));
                    let names: Vec<String> = with.map(shown).collect();
                    let _ = writeln!(page, "| **{name}** {text} | {} |", names.join("; "));
                }
            }
        }
        let _ = writeln!(page, "\n## Matched\n");
        let matched = self.entries.iter().filter(|e| e.class == Class::Matched);
        let names: Vec<String> = matched.map(|e| format!("`{}`", e.name)).collect();
        let _ = writeln!(page, "{}", names.join(" "));
        page
    }
}

/// ``byid.nan` 500 → 404``; without the statuses when they are the same.
fn shown(entry: &Entry) -> String {
    match (entry.theirs, entry.ours) {
        (theirs, ours) if theirs == ours => format!("`{}`", entry.name),
        (theirs, ours) => format!("`{}` {theirs} → {ours}", entry.name),
    }
}

const HEAD: &str = "\
# Against the reference engine, exchange by exchange

Made by the test `contract::replay`, which plays 315 exchanges recorded of Payload 3.90.2 against this server in
their order and compares status, body (order of keys included), media type and cookies. `generated/contract.json`
is the same for programs, with what is answered instead. How it is compared:

- Ids are UUIDs here and were numbers there; one stands for the other throughout. So do ids of rows and sessions,
  tokens, and instants at which something was written.
- Nothing of this server is open to whoever does not sign in. Where a collection was open to everybody, a member of
  an account asks; the account, which every record carries as its first field `tenant`, is left out of the
  comparison where the recorded collection had none.
- Passwords are longer; `roles` and `tenants` of a new user are the role and the tenant of a membership; the session
  cookie is called `crm_token`.
- Where a feature is not built, the documents are brought to where it would have left them, so that what comes later
  is asked of the same documents.
";

/// `UPDATE_GENERATED=1` writes the files.
pub(super) fn check_fresh(tally: &Tally) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, text) in
        [("generated/contract.json", tally.json()), ("docs/contract.md", tally.page())]
    {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_GENERATED").is_some_and(|v| v == "1") {
            std::fs::write(&path, &text).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == text,
            "{name} is not what the replay found. Look at what changed, then run: \
             UPDATE_GENERATED=1 cargo test -p mainstay --test it contract::replay"
        );
    }
}
