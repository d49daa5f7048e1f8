//! Text of a cell to the value of a field, in the form the engine keeps it.

use define::FieldKind;
use email_address::EmailAddress;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use kernel::{Money, Timestamp, Value, iso};
use serde_json::json;

use crate::decimal::Decimal;
use crate::doubts::{Fault, nearest};
use crate::plan::FieldPlan;

type Converted = Result<Value, Fault>;

/// `text` is not blank. Relationships are not converted but resolved.
pub(crate) fn convert(text: &str, field: &FieldPlan) -> Converted {
    if !field.def.many {
        return one(text, field);
    }
    parts(text, field).map(|part| one(part, field)).collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// The texts of a list; one when nothing separates them.
pub(crate) fn parts<'a>(text: &'a str, field: &'a FieldPlan) -> impl Iterator<Item = &'a str> {
    let separator = field.split.as_deref().unwrap_or("\u{0}");
    text.split(separator).map(str::trim).filter(|part| !part.is_empty())
}

fn one(text: &str, field: &FieldPlan) -> Converted {
    let text = match field.words.get(text) {
        Some(word) if field.def.kind != FieldKind::Select => word,
        _ => text,
    };
    match field.def.kind {
        FieldKind::Text | FieldKind::Textarea | FieldKind::Phone | FieldKind::Url => {
            plain(text, field)
        }
        FieldKind::Email => email(text),
        FieldKind::Number => number(text, field),
        FieldKind::Money => money(text, field),
        FieldKind::Date => date(text, field),
        FieldKind::Datetime => datetime(text, field),
        FieldKind::Checkbox => checkbox(text),
        FieldKind::Select => select(text, field),
        FieldKind::Json => serde_json::from_str(text)
            .map_err(|e| Fault::new(format!("is not JSON: {e}"), "correct the cell")),
        FieldKind::Relationship | FieldKind::Group | FieldKind::Array | FieldKind::Address => {
            Err(Fault::new(
                "a cell cannot fill this kind of field",
                "map its sub-fields, as in \"address.city\"",
            ))
        }
    }
}

fn plain(text: &str, field: &FieldPlan) -> Converted {
    let length = text.chars().count() as i64;
    if let Some(most) = field.def.max.filter(|most| length > *most) {
        let what = format!("has {length} characters; {} takes {most}", field.name);
        return Err(Fault::new(what, "shorten the cell"));
    }
    Ok(Value::String(text.to_owned()))
}

fn email(text: &str) -> Converted {
    let text = text.to_lowercase();
    if EmailAddress::is_valid(&text) {
        return Ok(Value::String(text));
    }
    Err(Fault::new("is no e-mail address", "correct the cell or empty it"))
}

fn decimal(text: &str, field: &FieldPlan) -> Result<Decimal, Fault> {
    Decimal::parse(text, &field.notation).and_then(|d| d.times(field.scale)).ok_or_else(|| {
        let notation = &field.notation;
        let fix = format!(
            "correct the cell, or set point (now {:?}), group (now {:?}) or strip",
            notation.point,
            notation.group.map(String::from).unwrap_or_default(),
        );
        Fault::new("is no number", fix)
    })
}

fn number(text: &str, field: &FieldPlan) -> Converted {
    let decimal = decimal(text, field)?;
    let (value, size) = if field.def.integer {
        let whole = decimal.minor(0);
        let whole = whole.ok_or_else(|| Fault::new("is no whole number", "correct the cell"))?;
        (Value::from(whole), whole as f64)
    } else {
        (Value::from(decimal.float()), decimal.float())
    };
    let least = field.def.min.filter(|least| size < *least as f64);
    let most = field.def.max.filter(|most| size > *most as f64);
    match (least, most) {
        (Some(least), _) => Err(Fault::new(format!("is less than {least}"), "correct the cell")),
        (_, Some(most)) => Err(Fault::new(format!("is more than {most}"), "correct the cell")),
        _ => Ok(value),
    }
}

fn money(text: &str, field: &FieldPlan) -> Converted {
    let places = field.currency.exponent();
    let amount = decimal(text, field)?.minor(places).ok_or_else(|| {
        let what = format!("has more than {places} decimals or is too large");
        Fault::new(what, "round the amount, or set another scale")
    })?;
    let money = Money { amount, currency: field.currency };
    Ok(json!({ "amount": money.amount, "currency": money.currency.as_str() }))
}

fn date(text: &str, field: &FieldPlan) -> Converted {
    let read = match &field.format {
        Some(format) => Date::strptime(format, text).ok(),
        None => text.parse::<Date>().ok(),
    };
    read.map(|day| Value::String(day.to_string())).ok_or_else(|| no_date(field))
}

fn datetime(text: &str, field: &FieldPlan) -> Converted {
    let at = match &field.format {
        Some(format) => BrokenDownTime::parse(format, text).ok().and_then(|read| {
            let stamp = read.to_timestamp().ok();
            stamp.or_else(|| {
                let civil = read.to_datetime().or_else(|_| read.to_date().map(DateTime::from));
                in_zone(civil.ok()?, field)
            })
        }),
        None => text.parse::<Timestamp>().ok().or_else(|| {
            let civil = text.parse().or_else(|_| text.parse::<Date>().map(DateTime::from));
            in_zone(civil.ok()?, field)
        }),
    };
    at.map(|at| Value::String(iso(at))).ok_or_else(|| no_date(field))
}

fn in_zone(civil: DateTime, field: &FieldPlan) -> Option<Timestamp> {
    civil.to_zoned(field.zone.clone()).ok().map(|zoned| zoned.timestamp())
}

fn no_date(field: &FieldPlan) -> Fault {
    match &field.format {
        Some(format) => Fault::new(
            format!("is no date written as {format}"),
            "correct the cell, or set the field's format",
        ),
        None => Fault::new(
            "is no ISO 8601 date",
            "correct the cell, or set the field's format, as in \"%m/%d/%Y\"",
        ),
    }
}

fn checkbox(text: &str) -> Converted {
    match text.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "x" | "on" => Ok(Value::Bool(true)),
        "false" | "no" | "n" | "0" | "off" => Ok(Value::Bool(false)),
        _ => Err(Fault::new("is neither yes nor no", "correct the cell, or set the field's map")),
    }
}

fn select(text: &str, field: &FieldPlan) -> Converted {
    if let Some(option) = field.words.get(&text.to_lowercase()) {
        return Ok(Value::String(option.clone()));
    }
    let options = field.def.options.iter();
    let fix = match nearest(text, options.clone().map(|o| o.value.as_str())) {
        Some(meant) => alias(&field.column, text, meant),
        None => {
            let all: Vec<&str> = options.map(|o| o.value.as_str()).collect();
            format!("map it to one of {}", all.join(", "))
        }
    };
    Err(Fault::new(format!("is not an option of {}", field.name), fix))
}

/// The line of the mapping that cures a wrong spelling.
pub(crate) fn alias(column: &str, wrong: &str, right: &str) -> String {
    format!("probably {right:?}: alias.{column} = {{ {wrong:?} = {right:?} }}")
}
