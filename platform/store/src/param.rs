//! A value on its way into a statement, written in the binary form of whatever type the prepared
//! statement says the place has, or as text where nothing is prepared and the server infers the type.

use std::error::Error as StdError;

use bytes::{BufMut, BytesMut};
use jiff::civil::{Date, date};
use kernel::{Id, Timestamp};
use tokio_postgres::types::{Format, IsNull, ToSql, Type, to_sql_checked};

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
        if *ty == Type::UNKNOWN {
            return Ok(self.spelled().map_or(IsNull::Yes, |text| {
                out.put_slice(text.as_bytes());
                IsNull::No
            }));
        }
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

    fn encode_format(&self, ty: &Type) -> Format {
        if *ty == Type::UNKNOWN { Format::Text } else { Format::Binary }
    }

    to_sql_checked!();
}

/// Values for a statement that is not prepared.
pub(crate) fn as_text(params: &[Param]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    params.iter().map(|p| (p as &(dyn ToSql + Sync), Type::UNKNOWN)).collect()
}

impl Param {
    /// As PostgreSQL reads it in any place of a fitting type; `None` is NULL.
    fn spelled(&self) -> Option<String> {
        Some(match self {
            Param::Null => return None,
            Param::Text(text) | Param::Json(text) => text.clone(),
            Param::Uuid(id) => id.to_string(),
            Param::Int(n) => n.to_string(),
            Param::Float(n) => n.to_string(),
            Param::Bool(b) => b.to_string(),
            // To the microsecond, as in binary: PostgreSQL would round what is finer.
            Param::Time(at) => {
                Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(*at).to_string()
            }
            Param::Date(day) => day.to_string(),
            Param::List(items) => {
                let items: Vec<String> = items.iter().map(Param::element).collect();
                format!("{{{}}}", items.join(","))
            }
        })
    }

    /// As an element of an array.
    fn element(&self) -> String {
        match (self, self.spelled()) {
            (_, None) => "NULL".to_owned(),
            (Param::List(_), Some(nested)) => nested,
            (_, Some(text)) => {
                format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_spelled_as_postgresql_reads_them() {
        let time = "2026-11-21T09:30:00.123456789Z".parse().unwrap();
        for (param, text) in [
            (Param::Bool(true), "true"),
            (Param::Float(1e21), "1000000000000000000000"),
            (Param::Float(f64::NAN), "NaN"),
            (Param::Float(f64::NEG_INFINITY), "-inf"),
            (Param::Time(time), "2026-11-21T09:30:00.123456Z"),
            (Param::Date(date(26, 1, 2)), "0026-01-02"),
            (Param::texts(["a,b", "\"", "\\", "NULL", ""]), r#"{"a,b","\"","\\","NULL",""}"#),
            (Param::List(vec![Param::Null, Param::Int(-1)]), r#"{NULL,"-1"}"#),
            (Param::List(vec![]), "{}"),
        ] {
            assert_eq!(param.spelled().as_deref(), Some(text));
        }
        assert_eq!(Param::Null.spelled(), None);
    }
}
