//! What a reader asks to have counted and added up, and by what: inert, like the rest of a query.

use std::fmt;

use kernel::{Error, Result};

use crate::Where;

/// Most keys of one grouping.
const MAX_KEYS: usize = 3;
/// Most values computed for a group.
const MAX_MEASURES: usize = 20;

/// The span of time that instants and days are put together by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    Day,
    /// From Monday, as ISO 8601 has it.
    Week,
    Month,
    Quarter,
    Year,
}

impl Bucket {
    pub const ALL: [(Bucket, &'static str); 5] = [
        (Bucket::Day, "day"),
        (Bucket::Week, "week"),
        (Bucket::Month, "month"),
        (Bucket::Quarter, "quarter"),
        (Bucket::Year, "year"),
    ];

    fn parse(name: &str) -> Option<Bucket> {
        Bucket::ALL.iter().find(|(_, n)| *n == name).map(|(bucket, _)| *bucket)
    }

    pub fn as_str(self) -> &'static str {
        Bucket::ALL.iter().find(|(bucket, _)| *bucket == self).map_or("", |(_, name)| name)
    }
}

/// One key of a group: a dotted path, of days and instants perhaps with a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupKey {
    pub path: String,
    pub bucket: Option<Bucket>,
}

impl GroupKey {
    /// Reads `status,closedAt:month`.
    pub fn parse(text: &str) -> Result<Vec<GroupKey>> {
        let mut keys: Vec<GroupKey> = Vec::new();
        for part in parts(text) {
            let (path, bucket) = match part.split_once(':') {
                None => (part, None),
                Some((path, name)) => (path, Some(bucket_of(name)?)),
            };
            let key = GroupKey { path: path.replace("__", "."), bucket };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.len() > MAX_KEYS {
            return Err(Error::bad_request(format!("'group' names more than {MAX_KEYS} keys.")));
        }
        Ok(keys)
    }
}

/// As the request wrote it and the answer repeats it.
impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        self.bucket.map_or(Ok(()), |bucket| write!(f, ":{}", bucket.as_str()))
    }
}

fn bucket_of(name: &str) -> Result<Bucket> {
    Bucket::parse(name).ok_or_else(|| {
        Error::bad_request(format!(
            "'{}' is no bucket. Use day, week, month, quarter or year.",
            shown(name)
        ))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sum,
    Avg,
    Min,
    Max,
}

impl Function {
    /// In the order of the answer.
    pub const ALL: [(Function, &'static str); 4] = [
        (Function::Sum, "sum"),
        (Function::Avg, "avg"),
        (Function::Min, "min"),
        (Function::Max, "max"),
    ];

    fn parse(name: &str) -> Option<Function> {
        Function::ALL.iter().find(|(_, n)| *n == name).map(|(function, _)| *function)
    }

    pub fn as_str(self) -> &'static str {
        Function::ALL.iter().find(|(function, _)| *function == self).map_or("", |(_, name)| name)
    }
}

/// A value computed for each group, besides its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub function: Function,
    pub path: String,
}

impl Measure {
    /// Reads `count,sum:value,max:closedAt`; the count is always there.
    pub fn parse(text: &str) -> Result<Vec<Measure>> {
        let mut measures: Vec<Measure> = Vec::new();
        for part in parts(text).filter(|part| *part != "count") {
            let measure = Measure::one(part).ok_or_else(|| {
                Error::bad_request(format!(
                    "'{}' is no value to compute. Use count, or sum, avg, min or max of a field: \
                     sum:value.",
                    shown(part)
                ))
            })?;
            if !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        if measures.len() > MAX_MEASURES {
            let message = format!("'values' names more than {MAX_MEASURES} values.");
            return Err(Error::bad_request(message));
        }
        Ok(measures)
    }

    fn one(text: &str) -> Option<Measure> {
        let (name, path) = text.split_once(':')?;
        let function = Function::parse(name)?;
        (!path.is_empty()).then(|| Measure { function, path: path.replace("__", ".") })
    }
}

/// What groups are put in order by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    Key,
    Count,
    Measure(Measure),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupOrder {
    pub by: By,
    pub descending: bool,
}

impl GroupOrder {
    /// Reads `-sum:value`, `key` or `-count`; the key always comes last.
    pub fn parse(text: &str) -> Result<Vec<GroupOrder>> {
        parts(text)
            .map(|part| {
                let (name, descending) =
                    part.strip_prefix('-').map_or((part, false), |rest| (rest, true));
                let by = match name {
                    "key" => By::Key,
                    "count" => By::Count,
                    other => By::Measure(Measure::one(other).ok_or_else(|| wrong_order(part))?),
                };
                Ok(GroupOrder { by, descending })
            })
            .collect()
    }
}

fn wrong_order(part: &str) -> Error {
    Error::bad_request(format!(
        "Groups cannot be sorted by '{}'. Use key, count or one of 'values', with '-' for descending.",
        shown(part)
    ))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty())
}

/// A client's word, cut to what a message can bear.
fn shown(word: &str) -> String {
    word.chars().take(60).collect()
}

#[derive(Debug, Clone)]
pub struct Aggregate {
    pub filter: Where,
    /// Whether documents in the trash are included.
    pub trash: bool,
    /// None means one group of everything.
    pub group: Vec<GroupKey>,
    pub measures: Vec<Measure>,
    /// IANA name of the zone in which instants fall into buckets.
    pub zone: String,
    /// Empty means the largest count first.
    pub sort: Vec<GroupOrder>,
    pub limit: i64,
}

impl Aggregate {
    pub const DEFAULT_LIMIT: i64 = 100;
    pub const MAX_LIMIT: i64 = 1000;
}

impl Default for Aggregate {
    fn default() -> Aggregate {
        Aggregate {
            filter: Where::default(),
            trash: false,
            group: Vec::new(),
            measures: Vec::new(),
            zone: "UTC".to_owned(),
            sort: Vec::new(),
            limit: Aggregate::DEFAULT_LIMIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_order_are_read_as_written() {
        let keys = GroupKey::parse("status, closedAt:month,stage__kind,status").unwrap();
        let names: Vec<String> = keys.iter().map(GroupKey::to_string).collect();
        assert_eq!(names, ["status", "closedAt:month", "stage.kind"]);
        let measures = Measure::parse("count,sum:value,max:closedAt,sum:value").unwrap();
        assert_eq!(measures.len(), 2);
        assert_eq!(measures[0], Measure { function: Function::Sum, path: "value".into() });
        let order = GroupOrder::parse("-sum:value,key").unwrap();
        assert!(order[0].descending && order[1].by == By::Key);
        assert!(GroupKey::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_name() {
        for (error, named) in [
            (GroupKey::parse("closedAt:fortnight").unwrap_err(), "fortnight"),
            (GroupKey::parse("a,b,c,d").unwrap_err(), "more than 3"),
            (Measure::parse("median:value").unwrap_err(), "median:value"),
            (Measure::parse("sum:").unwrap_err(), "sum:"),
            (Measure::parse("value").unwrap_err(), "value"),
            (GroupOrder::parse("-name").unwrap_err(), "-name"),
        ] {
            assert!(error.message.contains(named), "{}", error.message);
        }
    }
}
