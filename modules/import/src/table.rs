//! A file's rows, read whole and checked for form before anything else happens: a fault here has
//! a line and a column, and stops the import before it starts.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};
use toml::Value;

use crate::mapping::plain;

#[derive(Debug)]
pub(crate) struct Table {
    /// The file's name as the mapping has it, or the step's for inline rows.
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Row>,
}

#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) line: u64,
    pub(crate) cells: StringRecord,
}

impl Row {
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.cells.get(at).unwrap_or_default()
    }
}

impl Table {
    /// Errors are whole sentences: file, line, column, what is wrong.
    pub(crate) fn read(path: &Path, name: &str) -> Result<Table, String> {
        let bytes = std::fs::read(path).map_err(|e| format!("{name}: cannot be read: {e}"))?;
        Table::parse(&bytes, name)
    }

    pub(crate) fn parse(bytes: &[u8], name: &str) -> Result<Table, String> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        check_quotes(bytes).map_err(|fault| format!("{name} {fault}"))?;
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(bytes);
        let columns: Vec<String> = reader
            .headers()
            .map_err(|e| format!("{name} {}", sentence(&e, &[])))?
            .iter()
            .map(str::to_owned)
            .collect();
        check_header(&columns).map_err(|fault| format!("{name} line 1, {fault}"))?;
        let mut rows = Vec::new();
        let mut cells = StringRecord::new();
        loop {
            let more = reader.read_record(&mut cells);
            if !more.map_err(|e| format!("{name} {}", sentence(&e, &columns)))? {
                break;
            }
            let line = cells.position().map_or(0, csv::Position::line);
            rows.push(Row { line, cells: std::mem::take(&mut cells) });
        }
        Ok(Table { name: name.to_owned(), columns, rows })
    }

    /// Rows that stand in the mapping itself; their lines are counted from 1.
    pub(crate) fn inline(name: &str, rows: &[BTreeMap<String, Value>]) -> Table {
        let mut columns: Vec<String> = rows.iter().flat_map(|r| r.keys().cloned()).collect();
        columns.sort_unstable();
        columns.dedup();
        let cells = |row: &BTreeMap<String, Value>| {
            columns.iter().map(|c| row.get(c).map(plain).unwrap_or_default()).collect()
        };
        let rows = (1..).zip(rows).map(|(line, row)| Row { line, cells: cells(row) }).collect();
        Table { name: format!("rows of {name}"), columns, rows }
    }

    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c == name)
    }

    /// Replaces wrong cells by right ones and reports each: (line, column, wrong, right).
    pub(crate) fn correct(
        &mut self,
        aliases: &BTreeMap<String, BTreeMap<String, String>>,
        mut report: impl FnMut(u64, &str, &str, &str),
    ) {
        let by_place: HashMap<usize, &BTreeMap<String, String>> =
            aliases.iter().filter_map(|(c, alias)| Some((self.column(c)?, alias))).collect();
        if by_place.is_empty() {
            return;
        }
        for row in &mut self.rows {
            let right = |at: usize, cell: &str| by_place.get(&at).and_then(|a| a.get(cell));
            if !row.cells.iter().enumerate().any(|(at, cell)| right(at, cell).is_some()) {
                continue;
            }
            let mut corrected = StringRecord::with_capacity(row.cells.as_slice().len(), 0);
            for (at, cell) in row.cells.iter().enumerate() {
                match right(at, cell) {
                    Some(right) => {
                        report(row.line, &self.columns[at], cell, right);
                        corrected.push_field(right);
                    }
                    None => corrected.push_field(cell),
                }
            }
            row.cells = corrected;
        }
    }
}

fn check_header(columns: &[String]) -> Result<(), String> {
    for (at, column) in columns.iter().enumerate() {
        if column.is_empty() {
            return Err(format!("column {}: the column has no name", at + 1));
        }
        if columns[..at].contains(column) {
            return Err(format!("column {}: there are two columns named {column}", at + 1));
        }
    }
    if columns.is_empty() { Err("column 1: the file is empty".into()) } else { Ok(()) }
}

/// A fault of the csv reader as line, column, what.
fn sentence(error: &csv::Error, columns: &[String]) -> String {
    let line = error.position().map_or(1, csv::Position::line);
    let named = |at: usize| match columns.get(at) {
        Some(name) => format!("column {} ({name})", at + 1),
        None => format!("column {}", at + 1),
    };
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let at = named((*len).min(*expected_len) as usize);
            format!("line {line}, {at}: the row has {len} columns instead of {expected_len}")
        }
        ErrorKind::Utf8 { err, .. } => {
            format!("line {line}, {}: the text is not UTF-8", named(err.field()))
        }
        _ => format!("line {line}: {error}"),
    }
}

/// Quotes that never close would swallow the rest of the file, text after a closing quote would be
/// glued to it, and a NUL byte has no place in the database. The csv reader lets all three pass.
fn check_quotes(bytes: &[u8]) -> Result<(), String> {
    #[derive(PartialEq)]
    enum At {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let (mut at, mut line, mut column, mut opened) = (At::Start, 1, 1, (1, 1));
    for &byte in bytes {
        at = match (byte, at) {
            (0, _) => return Err(format!("line {line}, column {column}: holds a NUL byte")),
            (b'"', At::Start) => {
                opened = (line, column);
                At::Quoted
            }
            (b'"', At::Quoted) => At::Closed,
            (b'"', At::Closed) => At::Quoted,
            (_, At::Quoted) => At::Quoted,
            (b',' | b'\n', _) => At::Start,
            (b'\r' | b' ', At::Closed) => At::Closed,
            (_, At::Closed) => {
                return Err(format!("line {line}, column {column}: text after a closing quote"));
            }
            _ => At::Plain,
        };
        match byte {
            b',' if at != At::Quoted => column += 1,
            b'\n' => {
                line += 1;
                if at != At::Quoted {
                    column = 1;
                }
            }
            _ => {}
        }
    }
    if at == At::Quoted {
        let (line, column) = opened;
        return Err(format!("line {line}, column {column}: a quote is opened and never closed"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &[u8]) -> String {
        Table::parse(text, "a.csv").unwrap_err()
    }

    #[test]
    fn good_rows_keep_their_lines() {
        let table =
            Table::parse(b"\xef\xbb\xbfname, note\nAnn,\"one\ntwo\"\nBob , x\n", "a.csv").unwrap();
        assert_eq!(table.columns, ["name", "note"]);
        assert_eq!(table.rows[0].cell(1), "one\ntwo");
        assert_eq!((table.rows[1].line, table.rows[1].cell(0)), (4, "Bob"));
    }

    #[test]
    fn faults_are_named_by_line_and_column() {
        for (text, expected) in [
            (
                &b"a,b\n1,2\n3\n"[..],
                "a.csv line 3, column 2 (b): the row has 1 columns instead of 2",
            ),
            (b"a,b\n1,2,3\n", "a.csv line 2, column 3: the row has 3 columns instead of 2"),
            (b"a,b\n1,\xff\n", "a.csv line 2, column 2 (b): the text is not UTF-8"),
            (b"a,b\n1,\"x\n2,y\n", "a.csv line 2, column 2: a quote is opened and never closed"),
            (b"a,b\n\"x\"y,2\n", "a.csv line 2, column 1: text after a closing quote"),
            (b"a,b\n1,\0\n", "a.csv line 2, column 2: holds a NUL byte"),
            (b"a,a\n", "a.csv line 1, column 2: there are two columns named a"),
            (b"a,\n", "a.csv line 1, column 2: the column has no name"),
            (b"", "a.csv line 1, column 1: the file is empty"),
        ] {
            assert_eq!(fault(text), expected);
        }
    }

    #[test]
    fn aliases_correct_and_tell() {
        let mut table = Table::parse(b"p,q\nGTXPro,1\nMG,2\n", "a.csv").unwrap();
        let alias = BTreeMap::from([("GTXPro".to_owned(), "GTX Pro".to_owned())]);
        let mut told = Vec::new();
        table.correct(&BTreeMap::from([("p".to_owned(), alias)]), |line, column, wrong, right| {
            told.push(format!("{line} {column} {wrong} {right}"));
        });
        assert_eq!(table.rows[0].cell(0), "GTX Pro");
        assert_eq!(told, ["2 p GTXPro GTX Pro"]);
    }
}
