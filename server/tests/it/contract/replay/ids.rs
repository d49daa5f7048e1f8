//! Which of our ids stands for which recorded one.

use std::collections::HashMap;

use kernel::Id;
use serde_json::Value;

#[derive(Default)]
pub(super) struct Ids {
    ours: HashMap<(String, u64), Id>,
    theirs: HashMap<Id, u64>,
    /// The tenant in which collections live that had none when they were recorded.
    pub(super) account: Option<Id>,
}

impl Ids {
    /// From now on `ours` is what the record calls number `theirs` of `slug`.
    pub(super) fn bind(&mut self, slug: &str, theirs: u64, ours: Id) {
        self.ours.insert((slug.to_owned(), theirs), ours);
        self.theirs.insert(ours, theirs);
    }

    /// Takes over the id of a document that an exchange made.
    pub(super) fn learn(&mut self, slug: &str, theirs: &Value, ours: &Value) {
        for key in ["doc", "user"] {
            let number = theirs[key]["id"].as_u64();
            let id = ours[key]["id"].as_str().and_then(|id| id.parse().ok());
            if let (Some(number), Some(id)) = (number, id)
                && !self.ours.contains_key(&(slug.to_owned(), number))
                && !self.theirs.contains_key(&id)
            {
                self.bind(slug, number, id);
            }
        }
    }

    /// Our id; one that belongs to nothing for a number without.
    pub(super) fn of(&self, slug: &str, theirs: u64) -> String {
        match self.ours.get(&(slug.to_owned(), theirs)) {
            Some(id) => id.to_string(),
            None => format!("00000000-0000-4000-8000-{theirs:012}"),
        }
    }

    /// Our answer with recorded numbers in place of ids, and without the tenant of what had none.
    pub(super) fn translated(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.translated_text(text),
            Value::Array(items) => items.into_iter().map(|v| self.translated(v)).collect(),
            Value::Object(map) => map
                .into_iter()
                .filter(|(key, value)| !(key == "tenant" && self.is_account(value)))
                .map(|(key, value)| (key, self.translated(value)))
                .collect(),
            other => other,
        }
    }

    fn is_account(&self, value: &Value) -> bool {
        let id = value.get("id").unwrap_or(value).as_str().and_then(|id| id.parse().ok());
        id.is_some() && id == self.account
    }

    fn translated_text(&self, text: String) -> Value {
        if let Some(number) = text.parse().ok().and_then(|id: Id| self.theirs.get(&id)) {
            return Value::from(*number);
        }
        let known = self.theirs.iter().map(|(id, number)| (id.to_string(), number));
        let short = known.fold(text, |text, (id, number)| text.replace(&id, &number.to_string()));
        let made_up = "00000000-0000-4000-8000-";
        match short.find(made_up) {
            None => Value::from(short),
            Some(at) => {
                let (start, rest) = (&short[..at], &short[at + made_up.len()..]);
                let number: u64 = rest[..12].parse().unwrap();
                Value::from(format!("{start}{number}{}", &rest[12..]))
            }
        }
    }
}
