//! Where configuration comes from: names, values and what was wrong with them.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

use super::Faults;

/// Every key there is. `MAINSTAY_CONFIG` names the file and stands only in the environment.
const KEYS: [&str; 27] = [
    "MAINSTAY_ENV",
    "MAINSTAY_LISTEN",
    "MAINSTAY_URL",
    "MAINSTAY_DATA",
    "MAINSTAY_DEMO",
    "MAINSTAY_ADMIN_EMAIL",
    "MAINSTAY_ADMIN_PASSWORD",
    "MAINSTAY_SECRET",
    "MAINSTAY_TRUSTED_ORIGINS",
    "MAINSTAY_BACKEND_HOST",
    "MAINSTAY_TRUSTED_PROXIES",
    "MAINSTAY_CLIENT_HEADER",
    "MAINSTAY_SIGN_INS_PER_MINUTE",
    "MAINSTAY_REQUESTS_PER_MINUTE",
    "MAINSTAY_POOL",
    "MAINSTAY_MAX_CONNECTIONS",
    "MAINSTAY_MAX_CONNECTIONS_PER_ADDRESS",
    "MAINSTAY_LOG",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_DIRECT_URL",
    "MAINSTAY_POOLER",
    "MAINSTAY_VERIFY_EMAILS",
    "SMTP_URL",
    "MAIL_FROM",
    "EMAIL_REDIRECT_TO",
    "MAINSTAY_CONFIG",
];

struct Value {
    text: String,
    /// As a fault names it: the variable, or the key and its file.
    origin: String,
}

/// Raw values by key, the environment over the file, and the faults found so far.
#[derive(Default)]
pub struct Values {
    values: BTreeMap<&'static str, Value>,
    unknown: Vec<String>,
    faults: Vec<String>,
}

impl Values {
    /// The environment and the file it names (`MAINSTAY_CONFIG`), or `./mainstay.toml` when there
    /// is one. A file that cannot be read is a fault by itself.
    pub fn gather(env: impl IntoIterator<Item = (OsString, OsString)>) -> Result<Values, Faults> {
        let mut values = Values::default();
        for (name, value) in env {
            values.take_variable(&name, value);
        }
        let named = values.values.get("MAINSTAY_CONFIG").map(|v| v.text.clone());
        let path = named.clone().unwrap_or_else(|| "mainstay.toml".to_owned());
        match std::fs::read_to_string(&path) {
            Ok(text) => values.take_file(Path::new(&path), &text),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => {}
            Err(e) => values.faults.push(format!("{path}: {e}")),
        }
        Ok(values)
    }

    /// As `gather`, from pairs and the text of a file called `mainstay.toml`.
    pub fn of(env: &[(&str, &str)], file: Option<&str>) -> Values {
        let mut values = Values::default();
        for (name, value) in env {
            values.take_variable(&OsString::from(name), OsString::from(value));
        }
        if let Some(text) = file {
            values.take_file(Path::new("mainstay.toml"), text);
        }
        values
    }

    /// An empty variable counts as unset, so that a blank line of `.env` means the default.
    fn take_variable(&mut self, name: &OsString, value: OsString) {
        let Some(name) = name.to_str() else { return };
        match (KEYS.iter().find(|key| **key == name), value.into_string()) {
            (Some(key), Ok(text)) if !text.trim().is_empty() => {
                let text = text.trim().to_owned();
                self.values.insert(key, Value { text, origin: (*key).to_owned() });
            }
            (Some(_), Ok(_)) => {}
            (Some(key), Err(_)) => self.faults.push(format!("{key}: is not UTF-8 text")),
            (None, _) if name.starts_with("MAINSTAY_") => {
                self.unknown.push(format!("{name} is set, but Mainstay has no such setting"));
            }
            (None, _) => {}
        }
    }

    fn take_file(&mut self, path: &Path, text: &str) {
        let file = path.display();
        let table: toml::Table = match text.parse() {
            Ok(table) => table,
            // Only the message: the excerpt of the full error could show a secret.
            Err(e) => {
                let line = e.span().and_then(|s| text.get(..s.start)).map_or(0, count_lines);
                return self.faults.push(format!("{file}: line {line}: {}", e.message()));
            }
        };
        for (name, value) in table {
            let key = KEYS.iter().find(|key| in_file(key) == name && **key != "MAINSTAY_CONFIG");
            let text = match value {
                toml::Value::String(text) => Some(text),
                toml::Value::Integer(n) => Some(n.to_string()),
                toml::Value::Boolean(b) => Some(b.to_string()),
                _ => None,
            };
            match (key, text) {
                (Some(key), Some(text)) => {
                    let origin = format!("{name} ({file})");
                    self.values.entry(key).or_insert(Value { text, origin });
                }
                (Some(_), None) => {
                    self.faults.push(format!("{name} ({file}): must be text, a number or a bool"));
                }
                (None, _) => self.faults.push(format!("{name} ({file}): there is no such setting")),
            }
        }
    }

    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        debug_assert!(KEYS.contains(&key), "{key} is asked for and never read");
        let value = self.values.get(key)?;
        match parse(&value.text) {
            Ok(parsed) => Some(parsed),
            Err(why) => {
                self.faults.push(format!("{}: {why}", value.origin));
                None
            }
        }
    }

    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        default: T,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> T {
        self.optional(key, parse).unwrap_or(default)
    }

    pub(super) fn fault(&mut self, key: &'static str, why: &str) {
        let origin = self.values.get(key).map_or(key, |v| v.origin.as_str());
        self.faults.push(format!("{origin}: {why}"));
    }

    pub(super) fn faults(self) -> Vec<String> {
        self.faults
    }

    pub(super) fn unknown(&mut self) -> Vec<String> {
        std::mem::take(&mut self.unknown)
    }
}

fn in_file(key: &str) -> String {
    key.strip_prefix("MAINSTAY_").unwrap_or(key).to_lowercase()
}

fn count_lines(before: &str) -> usize {
    before.lines().count().max(1)
}
