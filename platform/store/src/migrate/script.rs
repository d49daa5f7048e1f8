//! What a migration's file says about how it is run.
//!
//! A file is one transaction, unless its first line is `-- no transaction`: then it is steps, each
//! under a line of its own, and each remembered when it is done, so that a run that was cut goes on
//! behind the last of them.
//!
//! ```sql
//! -- no transaction
//! -- step
//! ALTER TABLE contacts ADD COLUMN score bigint;
//! -- step alone
//! CREATE INDEX CONCURRENTLY contacts_score_idx ON contacts (tenant_id, score);
//! -- step batches of contacts
//! UPDATE contacts SET score = 0 WHERE (tenant_id, id) IN
//!     (SELECT tenant_id, id FROM contacts WHERE score IS NULL LIMIT 2000)
//! ```
//! `step` is a transaction. `step alone` is one statement outside of any, for what PostgreSQL does only
//! there. `step batches of TABLES` is one statement, repeated in transactions of its own until it
//! touches no row: it must say by itself what is left to do. While it runs the owner sees the rows of
//! the tables it names; forced row-level security hides them otherwise.

use kernel::{Error, Result};

use super::Migration;

const STEPS: &str = "-- no transaction";
const STEP: &str = "-- step";

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Script<'a> {
    Whole(&'a str),
    Steps(Vec<Step<'a>>),
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step<'a> {
    pub(super) manner: Manner<'a>,
    pub(super) sql: String,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Manner<'a> {
    Transaction,
    Alone,
    Batches(Vec<&'a str>),
}

impl<'a> Script<'a> {
    pub(super) fn parse(migration: &'a Migration) -> Result<Script<'a>> {
        let mut lines = migration.sql.lines();
        if lines.next().map(str::trim) != Some(STEPS) {
            return Ok(Script::Whole(migration.sql));
        }
        let wrong = |what: &str| {
            Error::internal(format!("Migration {} cannot be read: {what}", migration.name))
        };
        let mut steps: Vec<Step<'a>> = Vec::new();
        for line in lines {
            if let Some(rest) = line.trim().strip_prefix(STEP) {
                let manner = manner(rest.trim()).ok_or_else(|| wrong(line))?;
                steps.push(Step { manner, sql: String::new() });
            } else if let Some(step) = steps.last_mut() {
                step.sql.push_str(line);
                step.sql.push('\n');
            } else if !line.trim().is_empty() && !line.trim().starts_with("--") {
                return Err(wrong("there is SQL before its first step"));
            }
        }
        Ok(Script::Steps(steps))
    }
}

fn manner(words: &str) -> Option<Manner<'_>> {
    match words {
        "" => Some(Manner::Transaction),
        "alone" => Some(Manner::Alone),
        _ => {
            let tables: Vec<&str> =
                words.strip_prefix("batches of ")?.split(',').map(str::trim).collect();
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let named = tables.iter().all(|t| !t.is_empty() && t.chars().all(plain));
            named.then_some(Manner::Batches(tables))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(sql: &'static str) -> Result<usize> {
        match Script::parse(&Migration { name: "0001_test", sql })? {
            Script::Whole(_) => Ok(0),
            Script::Steps(steps) => Ok(steps.len()),
        }
    }

    #[test]
    fn a_file_is_one_transaction_unless_it_says_otherwise() {
        assert_eq!(parse("CREATE TABLE t (a int);\n-- step\n").unwrap(), 0);
        let sql = "-- no transaction\n-- why\n\n-- step\nA;\n-- step alone\nB\n-- step batches of t, u\nC";
        let migration = Migration { name: "0001_test", sql };
        let Script::Steps(steps) = Script::parse(&migration).unwrap() else { panic!("whole") };
        let manners = [Manner::Transaction, Manner::Alone, Manner::Batches(vec!["t", "u"])];
        let sqls = ["A;\n", "B\n", "C\n"];
        for ((step, manner), sql) in steps.into_iter().zip(manners).zip(sqls) {
            assert_eq!(step, Step { manner, sql: sql.to_owned() });
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for sql in [
            "-- no transaction\nDROP TABLE t",
            "-- no transaction\n-- step twice\nA",
            "-- no transaction\n-- step batches of\nA",
            "-- no transaction\n-- step batches of t; DROP TABLE u\nA",
        ] {
            assert!(parse(sql).is_err(), "{sql}");
        }
    }

    #[test]
    fn every_migration_of_this_binary_can_be_read() {
        for migration in super::super::all() {
            assert!(Script::parse(&migration).is_ok(), "{}", migration.name);
        }
    }
}
