//! Reading groups: run the statement, write JSON.

use define::{Aggregate, Function};
use kernel::{Result, Scope};
use tokio_postgres::Row;

use crate::layout::ColumnType;
use crate::render::{self, Elements};
use crate::select::aggregate::{Groups, Shown, Wanted};
use crate::{Layout, Reader, Statement, Then, Tx};

/// Groups in order and everything that matches, as JSON texts.
#[derive(Debug)]
pub struct Found {
    pub groups: Vec<String>,
    pub total: String,
    /// Groups were cut at the limit.
    pub has_more: bool,
    size: usize,
}

/// The groups of `layout`'s rows in `scope`; one round trip, after which the transaction is over.
pub async fn groups(
    tx: &mut Tx,
    reader: Reader<'_>,
    layout: &Layout,
    scope: &Scope,
    asked: &Aggregate,
) -> Result<Found> {
    let made = Wanted { layout, scope, asked }.statements(reader)?;
    let statements: Vec<Statement> = made.iter().map(|g| g.statement.clone()).collect();
    let results = tx.batch(&statements, Then::Commit).await?;
    let mut found = Found { groups: Vec::new(), total: String::new(), has_more: false, size: 0 };
    for (made, rows) in made.iter().zip(results) {
        for row in &rows {
            found.take(made, row, asked)?;
        }
    }
    Ok(found)
}

/// The statements of [`groups`], for those who measure.
pub fn statements(
    reader: Reader<'_>,
    layout: &Layout,
    scope: &Scope,
    asked: &Aggregate,
) -> Result<Vec<Statement>> {
    let made = Wanted { layout, scope, asked }.statements(reader)?;
    Ok(made.into_iter().map(|g| g.statement).collect())
}

impl Found {
    fn take(&mut self, made: &Groups, row: &Row, asked: &Aggregate) -> Result<()> {
        let is_whole = render::raw(row, 0)? == Some(&[1]);
        if is_whole {
            self.total = format!("{{{}}}", measures(made, row)?);
        }
        // Without keys there is one group: the whole.
        if is_whole && !asked.group.is_empty() {
            return Ok(());
        }
        if self.groups.len() as i64 == asked.limit {
            self.has_more = true;
            return Ok(());
        }
        let text = format!("{{\"key\":{{{}}},{}}}", keys(made, row)?, measures(made, row)?);
        self.size += text.len();
        if self.size > render::MAX_ANSWER {
            return Err(render::too_large());
        }
        self.groups.push(text);
        Ok(())
    }
}

fn keys(made: &Groups, row: &Row) -> Result<String> {
    let mut text = String::new();
    for (at, (name, ty)) in (1..).zip(&made.keys) {
        if at > 1 {
            text.push(',');
        }
        text.push_str(&crate::plan::json_key(name));
        value(&mut text, row, at, *ty)?;
    }
    Ok(text)
}

/// `"count":3,"sum":{…},…`
fn measures(made: &Groups, row: &Row) -> Result<String> {
    let first = made.keys.len() + 1;
    let mut text = "\"count\":".to_owned();
    value(&mut text, row, first, ColumnType::Int)?;
    for (function, name) in Function::ALL {
        let mut at = first + 1;
        let mut open = false;
        for (measure, shown) in &made.measures {
            if measure.function == function {
                text.push_str(if open { "," } else { ",\"" });
                if !open {
                    text.push_str(name);
                    text.push_str("\":{");
                }
                open = true;
                text.push_str(&crate::plan::json_key(&measure.path));
                computed(&mut text, row, at, *shown)?;
            }
            at += if *shown == Shown::Money { 2 } else { 1 };
        }
        if open {
            text.push('}');
        }
    }
    Ok(text)
}

fn computed(text: &mut String, row: &Row, at: usize, shown: Shown) -> Result<()> {
    match shown {
        Shown::Value(ty) => value(text, row, at, ty),
        Shown::Exact => {
            text.push_str(render::raw(row, at)?.map_or(Ok("null"), digits)?);
            Ok(())
        }
        Shown::Money => money(text, row, at),
    }
}

fn value(text: &mut String, row: &Row, at: usize, ty: ColumnType) -> Result<()> {
    match render::raw(row, at)? {
        Some(bytes) => render::scalar(text, bytes, ty),
        None => {
            text.push_str("null");
            Ok(())
        }
    }
}

fn money(text: &mut String, row: &Row, at: usize) -> Result<()> {
    let currencies = Elements::new(render::raw(row, at)?.unwrap_or_default())?;
    let amounts = Elements::new(render::raw(row, at + 1)?.unwrap_or_default())?;
    text.push('[');
    for (n, (currency, amount)) in currencies.zip(amounts).enumerate() {
        text.push_str(if n > 0 { ",{\"amount\":" } else { "{\"amount\":" });
        text.push_str(amount?.map_or(Ok("null"), digits)?);
        text.push_str(",\"currency\":");
        render::scalar(text, currency?.unwrap_or_default(), ColumnType::Text)?;
        text.push('}');
    }
    text.push(']');
    Ok(())
}

/// A number that PostgreSQL wrote out.
fn digits(bytes: &[u8]) -> Result<&str> {
    std::str::from_utf8(bytes).map_err(|_| render::corrupt())
}
