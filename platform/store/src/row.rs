//! One column of a row that a statement of ours answered with.

use std::fmt::Display;

use kernel::{Error, Result};
use tokio_postgres::Row;
use tokio_postgres::row::RowIndex;
use tokio_postgres::types::FromSql;

/// The value of a column, by its place or name. Internal when the statement answers with something else
/// than the caller expects.
#[track_caller]
pub fn get<'a, T: FromSql<'a>>(row: &'a Row, at: impl RowIndex + Display) -> Result<T> {
    row.try_get(at).map_err(|e| Error::internal("an unexpected column").with_source(e))
}
