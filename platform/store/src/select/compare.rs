//! One operator on one column, with the contract's meaning for each kind of value.
//!
//! `NULL` never satisfies a comparison but passes `not_equals` and `not_like`; `not_in` leaves it out
//! except on relations. What cannot be meant (a word against a number's order) is refused.

use define::{FieldKind, Op};
use jiff::civil::Date;
use kernel::{Error, Id, Result, Value, parse_instant};

use super::Params;
use crate::Param;
use crate::layout::{Column, ColumnType};

pub(super) struct Operand<'a> {
    pub(super) expression: &'a str,
    pub(super) column: &'a Column,
    pub(super) path: &'a str,
}

pub(super) fn condition(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Result<String> {
    let expression = operand.expression;
    if op == Op::Exists {
        return Ok(exists(expression, value));
    }
    let made = match operand.column.ty {
        ColumnType::Text if operand.column.kind == FieldKind::Select => {
            select_condition(operand, op, value, params)
        }
        ColumnType::Text => text_condition(expression, op, value, params),
        ColumnType::Float | ColumnType::Int => number_condition(operand, op, value, params),
        ColumnType::Bool => bool_condition(expression, op, value, params),
        ColumnType::Time | ColumnType::Date => time_condition(operand, op, value, params),
        ColumnType::Uuid => uuid_condition(operand, op, value, params),
        ColumnType::Json => None,
    };
    made.ok_or_else(|| Error::query(vec![format!("{}.{}", operand.path, op.as_str())]))
}

/// Whether a value that is missing passes: the NULL of [`condition`], of a list the lack of elements.
/// `optional`: a relation rather than the document's own id.
pub(super) fn passes_missing(ty: ColumnType, optional: bool, op: Op, value: &Value) -> bool {
    let blank = value.as_str() == Some("");
    let means_null = match ty {
        ColumnType::Text | ColumnType::Json => value.is_null(),
        ColumnType::Float | ColumnType::Int => as_number(value).is_none(),
        ColumnType::Bool => is_null(value),
        ColumnType::Date | ColumnType::Time | ColumnType::Uuid => is_null(value) || blank,
    };
    match op {
        Op::Exists => !truthy(value),
        Op::Equals => means_null,
        Op::NotEquals => !means_null,
        Op::NotLike => true,
        Op::Like => means_null && ty != ColumnType::Text,
        Op::Contains => means_null && ty == ColumnType::Uuid,
        Op::NotIn => optional,
        _ => false,
    }
}

/// "true" and true; nothing else.
pub(super) fn truthy(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || value.as_str() == Some("true")
}

/// An array, an object with numeric keys, or a comma list.
pub(super) fn values(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items.clone(),
        Value::Object(map) => map.values().cloned().collect(),
        Value::String(text) => text.split(',').map(|part| Value::from(part.trim())).collect(),
        other => vec![other.clone()],
    }
}

fn exists(expression: &str, value: &Value) -> String {
    let not = if truthy(value) { "NOT " } else { "" };
    format!("{expression} IS {not}NULL")
}

fn order_sign(op: Op) -> Option<&'static str> {
    match op {
        Op::GreaterThan => Some(">"),
        Op::GreaterThanEqual => Some(">="),
        Op::LessThan => Some("<"),
        Op::LessThanEqual => Some("<="),
        _ => None,
    }
}

fn is_null(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("null")
}

fn equality(expression: &str, op: Op, param: Param, params: &mut Params) -> Option<String> {
    let place = params.add(param);
    match op {
        Op::Equals => Some(format!("{expression} = {place}")),
        Op::NotEquals => Some(format!("({expression} <> {place} OR {expression} IS NULL)")),
        _ => None,
    }
}

fn nullness(expression: &str, op: Op) -> Option<String> {
    match op {
        Op::Equals => Some(format!("{expression} IS NULL")),
        Op::NotEquals => Some(format!("{expression} IS NOT NULL")),
        _ => None,
    }
}

/// Text, as far as a database string can hold it: a NUL matches nothing.
fn as_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        _ => return None,
    };
    (!text.contains('\0')).then_some(text)
}

pub(super) fn text_condition(
    expression: &str,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    match op {
        Op::Exists => Some(exists(expression, value)),
        Op::Equals | Op::NotEquals if value.is_null() => nullness(expression, op),
        Op::Equals | Op::NotEquals => {
            equality(expression, op, Param::Text(as_text(value)?), params)
        }
        Op::Like => all_words(expression, &as_text(value)?, params),
        Op::NotLike => {
            let words = all_words(expression, &as_text(value)?, params)?;
            Some(format!("({expression} IS NULL OR NOT {words})"))
        }
        Op::Contains => Some(ilike(expression, &as_text(value)?, params)),
        Op::In | Op::NotIn => {
            let texts: Option<Vec<String>> = values(value).iter().map(as_text).collect();
            let place = params.add(Param::texts(texts?));
            Some(match op {
                Op::In => format!("{expression} = ANY ({place})"),
                _ => none_of(expression, &place),
            })
        }
        Op::All => every(expression, values(value), |v| {
            equality(expression, Op::Equals, Param::Text(as_text(&v)?), params)
        }),
        _ => {
            let sign = order_sign(op)?;
            let place = params.add(Param::Text(as_text(value)?));
            Some(format!("{expression} {sign} {place}"))
        }
    }
}

/// What is missing is left out; an empty list alone would let it pass.
fn none_of(expression: &str, place: &str) -> String {
    format!("({expression} <> ALL ({place}) AND {expression} IS NOT NULL)")
}

/// Most words or values of one test that become conditions of their own: a statement can carry only
/// so many parameters.
pub(super) const MAX_PARTS: usize = 100;

fn every(
    expression: &str,
    values: Vec<Value>,
    condition: impl FnMut(Value) -> Option<String>,
) -> Option<String> {
    if values.len() > MAX_PARTS {
        return None;
    }
    let parts: Option<Vec<String>> = values.into_iter().map(condition).collect();
    Some(match parts?.as_slice() {
        // Nothing passes; the expression is there because a value it holds must be used somewhere.
        [] => format!("({expression} IS NULL AND FALSE)"),
        parts => format!("({})", parts.join(" AND ")),
    })
}

/// Wildcards in the value stay live, as the contract has them; there is no escape character.
fn ilike(expression: &str, text: &str, params: &mut Params) -> String {
    let place = params.add(Param::Text(format!("%{text}%")));
    format!("{expression} ILIKE {place} ESCAPE ''")
}

fn all_words(expression: &str, text: &str, params: &mut Params) -> Option<String> {
    let words: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    if words.len() > MAX_PARTS {
        return None;
    }
    let words: Vec<String> = words.iter().map(|w| ilike(expression, w, params)).collect();
    Some(match words.as_slice() {
        [] => ilike(expression, "", params),
        [one] => one.clone(),
        many => format!("({})", many.join(" AND ")),
    })
}

fn select_condition(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    let expression = operand.expression;
    let option = |v: &Value| {
        let text = as_text(v)?;
        operand.column.options.contains(&text).then_some(text)
    };
    match op {
        Op::Equals | Op::NotEquals if value.is_null() => nullness(expression, op),
        Op::Equals | Op::NotEquals => equality(expression, op, Param::Text(option(value)?), params),
        Op::In | Op::NotIn | Op::All => {
            let options: Option<Vec<String>> = values(value).iter().map(option).collect();
            let texts = Value::from(options?);
            text_condition(expression, op, &texts, params)
        }
        _ => None,
    }
}

fn as_number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(n) => n.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn number_condition(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    let expression = operand.expression;
    match op {
        Op::Equals | Op::NotEquals | Op::Like => {
            let op = if op == Op::Like { Op::Equals } else { op };
            match as_number(value) {
                None => nullness(expression, op),
                Some(n) => number_equality(operand, op, value, n, params),
            }
        }
        Op::In | Op::NotIn => {
            let mut list = Vec::new();
            for value in values(value) {
                let n = as_number(&value)?;
                list.extend(
                    as_integer(operand.column, &value).or_else(|| exact(operand.column, n)),
                );
            }
            let place = params.add(Param::List(list));
            Some(match op {
                Op::In => format!("{expression} = ANY ({place})"),
                _ => none_of(expression, &place),
            })
        }
        Op::All => every(expression, values(value), |v| {
            let n = as_number(&v)?;
            number_equality(operand, Op::Equals, &v, n, params)
        }),
        _ => {
            let sign = order_sign(op)?;
            number_order(operand, sign, value, params)
        }
    }
}

fn number_equality(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    n: f64,
    params: &mut Params,
) -> Option<String> {
    let param = as_integer(operand.column, value).or_else(|| exact(operand.column, n));
    match (param, op) {
        (Some(param), _) => equality(operand.expression, op, param, params),
        // A fraction never equals an integer.
        (None, Op::NotEquals) => Some("TRUE".to_owned()),
        (None, _) => Some("FALSE".to_owned()),
    }
}

/// The integer written out, for columns that keep 64 bits where a double keeps 53.
fn as_integer(column: &Column, value: &Value) -> Option<Param> {
    if column.ty != ColumnType::Int {
        return None;
    }
    as_text(value)?.trim().parse().ok().map(Param::Int)
}

/// `n` as the column's own type, when it can be one of its values.
fn exact(column: &Column, n: f64) -> Option<Param> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if column.ty == ColumnType::Float {
        return Some(Param::Float(n));
    }
    (n.fract() == 0.0 && (-LIMIT..LIMIT).contains(&n)).then_some(Param::Int(n as i64))
}

fn number_order(
    operand: &Operand<'_>,
    sign: &str,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    let expression = operand.expression;
    let n = as_number(value)?;
    if operand.column.ty == ColumnType::Float {
        let place = params.add(Param::Float(n));
        return Some(format!("{expression} {sign} {place}"));
    }
    if let Some(param) = as_integer(operand.column, value).or_else(|| exact(operand.column, n)) {
        let place = params.add(param);
        return Some(format!("{expression} {sign} {place}"));
    }
    // A fraction or a number past 64 bits: compare with the integer below it.
    let upward = sign.starts_with('>');
    match exact(operand.column, n.floor()) {
        Some(floor) => {
            let place = params.add(floor);
            Some(format!("{expression} {} {place}", if upward { ">" } else { "<=" }))
        }
        None if upward == (n > 0.0) => Some("FALSE".to_owned()),
        None => Some(format!("{expression} IS NOT NULL")),
    }
}

fn bool_condition(expression: &str, op: Op, value: &Value, params: &mut Params) -> Option<String> {
    let as_bool = |v: &Value| match v {
        Value::Bool(b) => Some(*b),
        Value::String(s) => s.parse().ok(),
        _ => None,
    };
    match op {
        Op::Equals | Op::NotEquals if is_null(value) => nullness(expression, op),
        Op::Equals | Op::NotEquals => {
            equality(expression, op, Param::Bool(as_bool(value)?), params)
        }
        Op::In | Op::NotIn => {
            let list: Option<Vec<Param>> =
                values(value).iter().map(|v| as_bool(v).map(Param::Bool)).collect();
            let place = params.add(Param::List(list?));
            Some(match op {
                Op::In => format!("{expression} = ANY ({place})"),
                _ => none_of(expression, &place),
            })
        }
        _ => None,
    }
}

fn as_time(column: &Column, value: &Value) -> Option<Param> {
    let text = value.as_str()?;
    match column.ty {
        ColumnType::Date => parse_date(text).map(Param::Date),
        _ => parse_instant(text).map(Param::Time),
    }
}

/// A day, or the day an instant is written with.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let day = text.get(..10)?;
    let is_whole = text.len() == 10 || parse_instant(text).is_some();
    is_whole.then(|| day.parse().ok()).flatten()
}

fn time_condition(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    let expression = operand.expression;
    let empty = is_null(value) || value.as_str() == Some("");
    match op {
        Op::Equals | Op::NotEquals if empty => nullness(expression, op),
        Op::Equals | Op::NotEquals => match (as_time(operand.column, value), op) {
            (Some(param), _) => equality(expression, op, param, params),
            (None, Op::NotEquals) => Some("TRUE".to_owned()),
            (None, _) => Some("FALSE".to_owned()),
        },
        Op::In | Op::NotIn => {
            let list: Option<Vec<Param>> =
                values(value).iter().map(|v| as_time(operand.column, v)).collect();
            let place = params.add(Param::List(list?));
            Some(match op {
                Op::In => format!("{expression} = ANY ({place})"),
                _ => none_of(expression, &place),
            })
        }
        _ => {
            let sign = order_sign(op)?;
            let Some(param) = as_time(operand.column, value) else {
                return Some("FALSE".to_owned());
            };
            let place = params.add(param);
            Some(format!("{expression} {sign} {place}"))
        }
    }
}

fn as_id(value: &Value) -> Option<Id> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        Value::Object(map) => map.get("id").or_else(|| map.get("value")).and_then(as_id),
        _ => None,
    }
}

fn uuid_condition(
    operand: &Operand<'_>,
    op: Op,
    value: &Value,
    params: &mut Params,
) -> Option<String> {
    let expression = operand.expression;
    let empty = is_null(value) || value.as_str() == Some("");
    match op {
        Op::Equals | Op::NotEquals | Op::Like | Op::Contains => {
            let op = if op == Op::NotEquals { op } else { Op::Equals };
            match (as_id(value), op) {
                _ if empty => nullness(expression, op),
                (Some(id), _) => equality(expression, op, Param::Uuid(id), params),
                (None, Op::NotEquals) => Some("TRUE".to_owned()),
                (None, _) => Some("FALSE".to_owned()),
            }
        }
        Op::In | Op::NotIn => {
            let ids = values(value).iter().filter_map(as_id).collect::<Vec<_>>();
            let place = params.add(Param::uuids(ids));
            let relation = operand.column.relation.is_some();
            Some(match op {
                Op::In => format!("{expression} = ANY ({place})"),
                _ if relation => format!("({expression} <> ALL ({place}) OR {expression} IS NULL)"),
                _ => format!("{expression} <> ALL ({place})"),
            })
        }
        Op::All => every(expression, values(value), |v| match as_id(&v) {
            Some(id) => equality(expression, Op::Equals, Param::Uuid(id), params),
            None => Some("FALSE".to_owned()),
        }),
        _ => None,
    }
}
