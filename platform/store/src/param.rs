//! A value on its way into a statement, written in the binary form of whatever type the prepared
//! statement says the place has.

use std::error::Error as StdError;

use bytes::{BufMut, BytesMut};
use jiff::civil::{Date, date};
use kernel::{Id, Timestamp};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// 2000-01-01T00:00:00Z in microseconds of the Unix epoch: PostgreSQL's zero.
pub(crate) const EPOCH_MICROS: i64 = 946_684_800_000_000;
pub(crate) const EPOCH_DATE: Date = date(2000, 1, 1);

#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    Null,
    Text(String),
    Uuid(Id),
    Int(i64),
    Float(f64),
    Bool(bool),
    Time(Timestamp),
    Date(Date),
    /// JSON text, stored as it is.
    Json(String),
    List(Vec<Param>),
}

impl Param {
    pub fn text(text: impl Into<String>) -> Param {
        Param::Text(text.into())
    }

    pub fn uuids(ids: impl IntoIterator<Item = Id>) -> Param {
        Param::List(ids.into_iter().map(Param::Uuid).collect())
    }

    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Param {
        Param::List(texts.into_iter().map(|t| Param::Text(t.into())).collect())
    }
}

impl From<Option<String>> for Param {
    fn from(text: Option<String>) -> Param {
        text.map_or(Param::Null, Param::Text)
    }
}

impl ToSql for Param {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Param::Null => return Ok(IsNull::Yes),
            Param::Text(text) => out.put_slice(text.as_bytes()),
            Param::Uuid(id) if *ty == Type::TEXT => out.put_slice(id.to_string().as_bytes()),
            Param::Uuid(id) => out.put_slice(id.as_bytes()),
            Param::Int(n) => match *ty {
                Type::INT2 => out.put_i16(i16::try_from(*n)?),
                Type::INT4 => out.put_i32(i32::try_from(*n)?),
                Type::FLOAT8 => out.put_f64(*n as f64),
                _ => out.put_i64(*n),
            },
            Param::Float(n) => out.put_f64(*n),
            Param::Bool(b) => out.put_u8(u8::from(*b)),
            Param::Time(at) => out.put_i64(at.as_microsecond() - EPOCH_MICROS),
            Param::Date(day) => out.put_i32(EPOCH_DATE.until(*day)?.get_days()),
            Param::Json(text) => {
                if *ty == Type::JSONB {
                    out.put_u8(1);
                }
                out.put_slice(text.as_bytes());
            }
            Param::List(items) => return items.to_sql(ty, out),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
