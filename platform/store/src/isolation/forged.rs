//! A session with settings of the attacker's choice, one attempt at a time, each rolled back.

use kernel::{Error, Result};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, SimpleQueryMessage};

use crate::Authority;
use crate::errors::InWords as _;

/// Settings as a connection may be found, or as somebody forged them.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub(super) name: String,
    sql: String,
}

impl Context {
    /// Never set.
    pub(super) fn none() -> Context {
        Context { name: "without any setting".to_owned(), sql: String::new() }
    }

    /// Set once, in a transaction that has ended.
    pub(super) fn empty() -> Context {
        let sql = ";SET LOCAL app.\"user\"='';SET LOCAL app.tenant='';SET LOCAL app.visible='';\
                   SET LOCAL app.rank=''";
        Context { name: "with empty settings".to_owned(), sql: sql.to_owned() }
    }

    pub(super) fn rank_only() -> Context {
        let sql = ";SET LOCAL app.rank='4'".to_owned();
        Context { name: "with an owner's rank and no tenant".to_owned(), sql }
    }

    pub(super) fn of(name: impl Into<String>, authority: &Authority) -> Context {
        Context { name: name.into(), sql: authority.settings() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Rows read or written.
    Touched(u64),
    /// Refused by rights or by a policy.
    Denied,
    /// Past the policies and into a constraint: that is being let in.
    Constrained(String),
    /// The attempt itself did not work, so that it proves nothing.
    Unclear(String),
}

impl Outcome {
    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Outcome::Denied | Outcome::Touched(0))
    }

    pub(super) fn is_let_in(&self) -> bool {
        matches!(self, Outcome::Constrained(_) | Outcome::Touched(1..))
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Outcome::Touched(0) => "no row".to_owned(),
            Outcome::Touched(n) => format!("{n} rows"),
            Outcome::Denied => "refused".to_owned(),
            Outcome::Constrained(name) => format!("let in as far as the constraint {name}"),
            Outcome::Unclear(text) => format!("an error that proves nothing ({text})"),
        }
    }
}

/// Runs statements in a context and takes everything back.
pub(super) async fn attempt(client: &Client, context: &Context, sql: &str) -> Result<Outcome> {
    let limits = "SET LOCAL statement_timeout='10s';SET LOCAL lock_timeout='2s'";
    let all = format!("BEGIN;{limits}{};{sql}", context.sql);
    let answered = client.simple_query(&all).await;
    client.batch_execute("ROLLBACK").await.in_words()?;
    Ok(match answered {
        Ok(messages) => Outcome::Touched(rows_of(&messages)),
        Err(error) => match (error.code(), error.as_db_error()) {
            (Some(code), _) if *code == SqlState::INSUFFICIENT_PRIVILEGE => Outcome::Denied,
            (Some(code), Some(told)) if code.code().starts_with("23") => {
                Outcome::Constrained(told.constraint().unwrap_or(code.code()).to_owned())
            }
            (Some(_), Some(told)) => Outcome::Unclear(told.message().to_owned()),
            _ => return Err(Error::unavailable("The database is gone.").with_source(error)),
        },
    })
}

/// The first row a context is shown, as text.
pub(super) async fn look(client: &Client, context: &Context, sql: &str) -> Result<Option<String>> {
    let all = format!("BEGIN READ ONLY;SET LOCAL statement_timeout='10s'{};{sql}", context.sql);
    let answered = client.simple_query(&all).await;
    client.batch_execute("ROLLBACK").await.in_words()?;
    let rows = answered.in_words()?;
    Ok(rows.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    }))
}

/// Settings and the like report zero.
fn rows_of(messages: &[SimpleQueryMessage]) -> u64 {
    let counts = messages.iter().map(|message| match message {
        SimpleQueryMessage::CommandComplete(rows) => *rows,
        _ => 0,
    });
    counts.max().unwrap_or(0)
}

/// A text as it stands in a statement of the simple protocol.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
