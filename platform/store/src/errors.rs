//! What PostgreSQL refuses, in the product's words.

use kernel::{Error, FieldError, Kind, Result};
use tokio_postgres::error::SqlState;

use crate::Layout;

/// The driver's errors in ours, located where the statement was sent.
pub(crate) trait InWords<T> {
    fn in_words(self) -> Result<T>;
}

impl<T> InWords<T> for std::result::Result<T, tokio_postgres::Error> {
    #[track_caller]
    fn in_words(self) -> Result<T> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(from_driver(error)),
        }
    }
}

#[track_caller]
pub(crate) fn from_driver(error: tokio_postgres::Error) -> Error {
    let Some(db) = error.as_db_error() else {
        return Error::unavailable("The database does not answer.").with_source(error);
    };
    let code = db.code().clone();
    let made = if code == SqlState::LOCK_NOT_AVAILABLE {
        Error::new(Kind::Conflict, "Someone else is changing the same records. Try again.")
    } else if code == SqlState::QUERY_CANCELED {
        Error::unavailable("The query took too long.")
    } else if code == SqlState::T_R_SERIALIZATION_FAILURE || code == SqlState::T_R_DEADLOCK_DETECTED
    {
        Error::new(Kind::Conflict, "Another change to the same records came first. Try again.")
    } else if code == SqlState::INSUFFICIENT_PRIVILEGE {
        Error::forbidden()
    } else if ["22", "54"].iter().any(|class| code.code().starts_with(class)) {
        Error::bad_request("A value is not valid for its field.")
    } else if ["53", "57", "08"].iter().any(|class| code.code().starts_with(class)) {
        Error::unavailable("The database is not available.")
    } else {
        Error::internal(format!("{}: {}", code.code(), db.message()))
    };
    made.with_source(error)
}

/// The error of one statement. Rows that still refer to what a DELETE takes away are told of here: of
/// a table that refers to itself, the error alone does not say which end was written.
#[track_caller]
pub(crate) fn of_statement(sql: &str, error: tokio_postgres::Error) -> Error {
    let held = |code: &SqlState| {
        *code == SqlState::FOREIGN_KEY_VIOLATION || *code == SqlState::RESTRICT_VIOLATION
    };
    match error.as_db_error() {
        Some(db) if held(db.code()) && sql.starts_with("DELETE ") => {
            in_use(db.table()).with_source(error)
        }
        _ => from_driver(error),
    }
}

fn in_use(table: Option<&str>) -> Error {
    let message = format!("Other records ({}) still refer to this one.", records_of(table));
    Error::new(Kind::Conflict, message)
}

/// Turns a refused unique or foreign key of `layout`'s table into the field it concerns.
pub(crate) fn in_collection(layout: &Layout, error: Error) -> Error {
    if error.kind == Kind::Conflict {
        return error;
    }
    let source = error.source.as_ref().and_then(|s| s.downcast_ref::<tokio_postgres::Error>());
    let Some(db) = source.and_then(|e| e.as_db_error()) else { return error };
    let constraint = db.constraint().unwrap_or_default().to_owned();
    if *db.code() == SqlState::UNIQUE_VIOLATION {
        let path = unique_path(layout, &constraint);
        let message = if layout.slug() == "users" && path == "email" {
            "A user with the given email is already registered."
        } else {
            "Value must be unique"
        };
        return Error::validation(layout.slug(), vec![FieldError::new(path, message)]);
    }
    if *db.code() == SqlState::FOREIGN_KEY_VIOLATION {
        let elsewhere = |t: &str| t != layout.table && !t.starts_with(&layout.table);
        if db.table().is_some_and(elsewhere) {
            return in_use(db.table());
        }
        let path = layout
            .columns()
            .into_iter()
            .find(|c| constraint == format!("{}_{}_fkey", layout.table, c.name))
            .map_or_else(|| "id".to_owned(), |c| c.key.clone());
        let message = "This field has an invalid selection.";
        return Error::validation(layout.slug(), vec![FieldError::new(path, message)]);
    }
    error
}

/// What people call the rows of a table: a side table is its parent's.
fn records_of(table: Option<&str>) -> String {
    let table = table.unwrap_or_default();
    table.split("__").next().unwrap_or(table).replace('_', " ")
}

/// The last field of the unique index named by `constraint`: the one a person would change.
fn unique_path(layout: &Layout, constraint: &str) -> String {
    let names = layout.collection.fields.iter().filter(|f| f.unique).map(|f| vec![f.name.clone()]);
    let indexes = layout.collection.indexes.iter().filter(|i| i.unique).map(|i| i.fields.clone());
    names
        .chain(indexes)
        .find(|fields| crate::ddl::index_name(layout, fields, true) == constraint)
        .and_then(|fields| fields.last().cloned())
        .unwrap_or_else(|| "id".to_owned())
}
