//! The mapping file: which columns of which files become which fields of which collections.
//!
//! ```toml
//! [data]                            # holds for all steps, fields may say otherwise
//! currency = "USD"
//! format = "%m/%d/%Y"
//!
//! [[step]]                          # steps run in order; later ones may point at earlier rows
//! name = "accounts"
//! file = "accounts.csv"             # or `rows = [{ name = "Sales" }]`
//! collection = "companies"
//! key = ["name"]                    # fields by which a row finds its document again
//! alias.sector = { technolgy = "technology" }   # corrects cells of a column, and reports it
//!
//! [step.fields]
//! name = "account"                  # short for { column = "account" }
//! parent = { column = "subsidiary_of", match = "name" }
//! annualRevenue = { column = "revenue", scale = 1_000_000 }
//! "address.country" = "office_location"
//! lifecycle = { value = "customer" }
//! ```

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use serde::{Deserialize, Deserializer};
use toml::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    #[serde(default)]
    pub(crate) data: Defaults,
    #[serde(default, rename = "step")]
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Defaults {
    /// Folder of the files, relative to the mapping; `--data DIR` stands above it.
    pub(crate) root: Option<PathBuf>,
    /// ISO 4217; the account's own when absent.
    pub(crate) currency: Option<String>,
    /// How dates and times are written, as strptime has it; ISO 8601 when absent.
    pub(crate) format: Option<String>,
    /// IANA zone of times that carry none; UTC when absent.
    pub(crate) zone: Option<String>,
    /// Decimal point, `.` when absent.
    pub(crate) point: Option<char>,
    /// Digit grouping, `,` when absent (and `.` the point).
    pub(crate) group: Option<char>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) file: Option<PathBuf>,
    /// Rows written in the mapping itself. Their columns are fields unless `fields` says more.
    #[serde(default)]
    pub(crate) rows: Vec<BTreeMap<String, Value>>,
    pub(crate) collection: String,
    #[serde(default)]
    pub(crate) key: Vec<String>,
    /// Rows with the same key are one: a column that repeats becomes a list of documents.
    #[serde(default)]
    pub(crate) distinct: bool,
    /// Column → wrong → right.
    #[serde(default)]
    pub(crate) alias: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, FieldMap>,
}

/// Where one field's value comes from and how it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wide {
    column: Option<String>,
    template: Option<String>,
    value: Option<Value>,
    #[serde(rename = "match")]
    matches: Option<String>,
    step: Option<String>,
    #[serde(default)]
    map: BTreeMap<String, String>,
    format: Option<String>,
    zone: Option<String>,
    currency: Option<String>,
    scale: Option<Value>,
    point: Option<char>,
    group: Option<char>,
    strip: Option<String>,
    split: Option<String>,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    skip_if_empty: bool,
    #[serde(default)]
    create_only: bool,
}

#[derive(Debug, Default)]
pub(crate) struct FieldMap {
    pub(crate) column: Option<String>,
    pub(crate) template: Option<String>,
    pub(crate) value: Option<String>,
    /// The field of the related collection that the text names; its title when absent.
    pub(crate) matches: Option<String>,
    /// Only rows of this step are candidates of the relation.
    pub(crate) step: Option<String>,
    /// Text → option or value.
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) format: Option<String>,
    pub(crate) zone: Option<String>,
    pub(crate) currency: Option<String>,
    /// Numbers are multiplied by this.
    pub(crate) scale: Option<String>,
    pub(crate) point: Option<char>,
    pub(crate) group: Option<char>,
    /// Characters taken out of numbers: `$€`.
    pub(crate) strip: Option<String>,
    /// Separates the values of a list.
    pub(crate) split: Option<String>,
    /// An empty cell refuses the row.
    pub(crate) required: bool,
    /// An empty cell leaves the field as it is; otherwise it empties the field.
    pub(crate) skip_if_empty: bool,
    /// Not compared or written when the document exists already.
    pub(crate) create_only: bool,
}

impl<'de> Deserialize<'de> for FieldMap {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<FieldMap, D::Error> {
        let wide = match Value::deserialize(from)? {
            Value::String(column) => Wide { column: Some(column), ..Wide::default() },
            other => Wide::deserialize(other).map_err(serde::de::Error::custom)?,
        };
        Ok(FieldMap {
            column: wide.column,
            template: wide.template,
            value: wide.value.as_ref().map(plain),
            matches: wide.matches,
            step: wide.step,
            map: wide.map,
            format: wide.format,
            zone: wide.zone,
            currency: wide.currency,
            scale: wide.scale.as_ref().map(plain),
            point: wide.point,
            group: wide.group,
            strip: wide.strip,
            split: wide.split,
            required: wide.required,
            skip_if_empty: wide.skip_if_empty,
            create_only: wide.create_only,
        })
    }
}

/// A TOML scalar as a cell would hold it.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(crate) fn read(path: &Path) -> Result<Mapping> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        Error::bad_request(format!("The mapping {} cannot be read: {e}", path.display()))
    })?;
    parse(&text).map_err(|e| Error::bad_request(format!("The mapping {}: {e}", path.display())))
}

pub(crate) fn parse(text: &str) -> Result<Mapping, toml::de::Error> {
    toml::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_forms() {
        let mapping = parse(
            r#"
            [data]
            currency = "USD"
            [[step]]
            name = "accounts"
            file = "a.csv"
            collection = "companies"
            key = ["name"]
            alias.sector = { technolgy = "technology" }
            [step.fields]
            name = "account"
            "address.country" = { column = "office", required = true }
            annualRevenue = { column = "revenue", scale = 1_000_000 }
            "#,
        )
        .unwrap();
        let step = &mapping.steps[0];
        assert_eq!(step.fields["name"].column.as_deref(), Some("account"));
        assert!(step.fields["address.country"].required);
        assert_eq!(step.fields["annualRevenue"].scale.as_deref(), Some("1000000"));
        assert_eq!(step.alias["sector"]["technolgy"], "technology");
    }

    #[test]
    fn unknown_words_are_refused() {
        let wrong = "[[step]]\nname='x'\ncollection='y'\n[step.fields]\nname={colum='a'}";
        assert!(parse(wrong).unwrap_err().to_string().contains("colum"));
    }
}
