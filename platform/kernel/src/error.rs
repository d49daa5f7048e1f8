//! The one error of the product. `rest` alone turns a [`Kind`] into a status and a body.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One complaint about one field. `path` is dotted (`items.0.label`), `label` what a person reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    pub path: String,
    pub label: Option<String>,
    pub message: String,
}

impl FieldError {
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> FieldError {
        FieldError { path: path.into(), label: None, message: message.into() }
    }

    pub fn labeled(mut self, label: impl Into<String>) -> FieldError {
        self.label = Some(label.into());
        self
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request cannot be understood.
    BadRequest,
    /// Fields are wrong; `fields` says which.
    Validation,
    /// A path or operator of the query cannot be used; `fields` carries the paths.
    Query,
    /// Sign-in failed.
    Unauthenticated,
    /// Known and visible, but not permitted; also every anonymous request.
    Forbidden,
    /// Absent, or hidden from this actor: the two must stay indistinguishable.
    NotFound,
    /// Someone else changed it first.
    Conflict,
    TooLarge,
    /// The request did not arrive in time.
    Late,
    /// Too much was asked in too short a time.
    TooMany,
    /// The database or another needed service does not answer.
    Unavailable,
    /// A fault of ours. Clients see the request id, logs see the rest.
    Internal,
}

pub struct Error {
    pub kind: Kind,
    pub message: String,
    pub fields: Vec<FieldError>,
    /// Slug of the collection a validation error speaks of.
    pub collection: Option<String>,
    /// Id of the document a validation error speaks of, on updates.
    pub document: Option<String>,
    /// When it is worth trying again.
    pub retry_after: Option<Duration>,
    pub location: &'static Location<'static>,
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    #[track_caller]
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        Error {
            kind,
            message: message.into(),
            fields: Vec::new(),
            collection: None,
            document: None,
            retry_after: None,
            location: Location::caller(),
            source: None,
        }
    }

    #[track_caller]
    pub fn bad_request(message: impl Into<String>) -> Error {
        Error::new(Kind::BadRequest, message)
    }

    #[track_caller]
    pub fn forbidden() -> Error {
        Error::new(Kind::Forbidden, "You are not allowed to perform this action.")
    }

    #[track_caller]
    pub fn not_found() -> Error {
        Error::new(Kind::NotFound, "Not Found")
    }

    #[track_caller]
    pub fn unauthenticated(message: impl Into<String>) -> Error {
        Error::new(Kind::Unauthenticated, message)
    }

    /// `fields` must not be empty.
    #[track_caller]
    pub fn validation(collection: &str, fields: Vec<FieldError>) -> Error {
        let names: Vec<&str> =
            fields.iter().map(|f| f.label.as_deref().unwrap_or(&f.path)).collect();
        let message = match names.as_slice() {
            [one] => format!("The following field is invalid: {one}"),
            many => format!("The following fields are invalid: {}", many.join(", ")),
        };
        Error {
            fields,
            collection: Some(collection.to_owned()),
            ..Error::new(Kind::Validation, message)
        }
    }

    /// Paths (or `path.operator`) that this actor cannot query.
    #[track_caller]
    pub fn query(paths: Vec<String>) -> Error {
        let message = match paths.as_slice() {
            [one] => format!("The following path cannot be queried: {one}"),
            many => format!("The following paths cannot be queried: {}", many.join(", ")),
        };
        let fields = paths.into_iter().map(|p| FieldError::new(p, "")).collect();
        Error { fields, ..Error::new(Kind::Query, message) }
    }

    #[track_caller]
    pub fn unavailable(message: impl Into<String>) -> Error {
        Error::new(Kind::Unavailable, message)
    }

    #[track_caller]
    pub fn internal(message: impl Into<String>) -> Error {
        Error::new(Kind::Internal, message)
    }

    pub fn with_source(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        self.source = Some(source.into());
        self
    }

    pub fn for_document(mut self, id: impl Into<String>) -> Error {
        self.document = Some(id.into());
        self
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {} (at {})", self.kind, self.message, self.location)?;
        for field in &self.fields {
            write!(f, "; {}: {}", field.path, field.message)?;
        }
        match &self.source {
            Some(source) => write!(f, "; caused by {source:?}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for field in self.fields.iter().filter(|f| !f.message.is_empty()) {
            write!(f, "; {}: {}", field.path, field.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(source) => Some(source.as_ref()),
            None => None,
        }
    }
}
