//! One value: what the contract accepts for a kind, turned into its canonical form.

use std::fmt::Display;

use define::{Field, FieldKind};
use jiff::civil::Date;
use kernel::{
    Currency, FieldError, Id, Map, Timestamp, Value, YEAR_ONE_MS, iso, new_id, parse_instant,
};
use serde_json::{Number, json};

pub(super) const REQUIRED: &str = "This field is required.";
const NUL: &str = "This field cannot contain the character NUL.";
/// Longest text unless the field says otherwise.
const MAX_TEXT: i64 = 40_000;
const MAX_TEXTAREA: i64 = 400_000;
/// Most values of a list unless the field says otherwise.
const MAX_ROWS: i64 = 1_000;

/// Complaints collected while walking a document.
#[derive(Default)]
pub(crate) struct Complaints {
    pub(crate) found: Vec<FieldError>,
    path: String,
    label: String,
}

impl Complaints {
    fn add(&mut self, message: impl Into<String>) {
        let mut path = self.path.clone();
        if path.ends_with('.') {
            path.pop();
        }
        let label = self.label.trim_end_matches(" > ").to_owned();
        self.found.push(FieldError::new(path, message).labeled(label));
    }

    /// Runs `walk` with the field (or row) entered.
    fn within<T>(
        &mut self,
        path: impl Display,
        label: impl Display,
        walk: impl FnOnce(&mut Complaints) -> T,
    ) -> T {
        let (path_end, label_end) = (self.path.len(), self.label.len());
        self.path.push_str(&format!("{path}."));
        self.label.push_str(&format!("{label} > "));
        let out = walk(self);
        self.path.truncate(path_end);
        self.label.truncate(label_end);
        out
    }
}

pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The canonical form of an accepted value; null when it was refused (and a complaint added).
pub(super) fn canonical(
    field: &Field,
    value: &Value,
    currency: Currency,
    complaints: &mut Complaints,
) -> Value {
    complaints.within(&field.name, field.label_text(), |complaints| {
        if field.many {
            many(field, value, complaints)
        } else {
            one(field, value, currency, complaints)
        }
    })
}

/// What stands in a new document for a value given or absent.
pub(super) fn with_defaults(field: &Field, value: Option<Value>) -> Value {
    let value = value.or_else(|| field.default.clone()).unwrap_or(Value::Null);
    match (field.kind, value) {
        (_, Value::Null) if field.many || field.kind == FieldKind::Array => json!([]),
        (FieldKind::Group | FieldKind::Address, value) => {
            let mut given = match value {
                Value::Object(map) => map,
                _ => Map::new(),
            };
            let members = field
                .fields
                .iter()
                .map(|f| (f.name.clone(), with_defaults(f, given.remove(&f.name))));
            Value::Object(members.collect())
        }
        (_, value) => value,
    }
}

fn many(field: &Field, value: &Value, complaints: &mut Complaints) -> Value {
    let items: Vec<&Value> = match value {
        Value::Null => vec![],
        Value::Array(items) => items.iter().collect(),
        single => vec![single],
    };
    check_rows(field, items.len(), complaints);
    let mut out: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let value = scalar(field, item, complaints);
        // A related document stands in a list once; so does an option.
        let is_set = matches!(field.kind, FieldKind::Relationship | FieldKind::Select);
        let repeated = is_set && out.contains(&value);
        if !value.is_null() && !repeated {
            out.push(value);
        }
    }
    Value::Array(out)
}

fn check_rows(field: &Field, count: usize, complaints: &mut Complaints) {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if field.min.is_some_and(|least| field.kind == FieldKind::Array && count < least) {
        let least = field.min.unwrap_or_default();
        complaints.add(format!("This field requires at least {least} rows."));
    }
    let most = match field.kind {
        FieldKind::Array => field.max.unwrap_or(MAX_ROWS),
        _ => MAX_ROWS,
    };
    if count > most {
        complaints.add(format!("This field requires no more than {most} rows."));
    }
}

fn one(field: &Field, value: &Value, currency: Currency, complaints: &mut Complaints) -> Value {
    match field.kind {
        FieldKind::Money => money(value, currency, complaints),
        FieldKind::Group | FieldKind::Address => group(field, value, currency, complaints),
        FieldKind::Array => rows(field, value, complaints),
        _ => scalar(field, value, complaints),
    }
}

fn scalar(field: &Field, value: &Value, complaints: &mut Complaints) -> Value {
    if value.is_null() {
        return Value::Null;
    }
    let made = match field.kind {
        FieldKind::Number => number(field, value),
        FieldKind::Date => date(value),
        FieldKind::Datetime => datetime(value),
        FieldKind::Checkbox => checkbox(value),
        FieldKind::Select => select(field, value),
        FieldKind::Relationship => relationship(value),
        FieldKind::Json => json_value(field, value),
        _ => text(field, value),
    };
    made.unwrap_or_else(|message| {
        complaints.add(message);
        Value::Null
    })
}

fn text(field: &Field, value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.contains('\0') {
        return Err(NUL.to_owned());
    }
    let text = match field.kind {
        FieldKind::Text | FieldKind::Textarea => text,
        _ => text.trim().to_owned(),
    };
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let default = if field.kind == FieldKind::Textarea { MAX_TEXTAREA } else { MAX_TEXT };
    let most = field.max.unwrap_or(default);
    if length > most {
        return Err(format!(
            "This value must be shorter than the max length of {most} characters."
        ));
    }
    if let Some(least) = field.min.filter(|least| length < *least && length > 0) {
        return Err(format!(
            "This value must be longer than the minimum length of {least} characters."
        ));
    }
    if text.is_empty() {
        return Ok(Value::String(text));
    }
    let fault = match field.kind {
        FieldKind::Email if !is_email(&text) => Some("Please enter a valid email address."),
        FieldKind::Url if !is_web_address(&text) => Some("Please enter a valid web address."),
        FieldKind::Phone if !is_phone(&text) => Some("Please enter a valid phone number."),
        _ => None,
    };
    match fault {
        Some(fault) => Err(fault.to_owned()),
        None => Ok(Value::String(text)),
    }
}

/// One address of a mailbox on a host with a domain: no display name, no quoted part, no IP address.
fn is_email(text: &str) -> bool {
    let options = email_address::Options::default()
        .without_display_text()
        .without_domain_literal()
        .with_required_tld();
    email_address::EmailAddress::parse_with_options(text, options).is_ok()
        && !text.contains(['"', ' '])
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|u| matches!(u.scheme(), "http" | "https") && u.has_host())
}

/// People write numbers in every way; what matters is that there is one.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=20).contains(&digits)
        && text.len() <= 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " +-().,/#*".contains(c))
}

fn number(field: &Field, value: &Value) -> Result<Value, String> {
    const WRONG: &str = "Please enter a valid number.";
    let digits = match value {
        Value::Number(n) => n.to_string(),
        Value::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err(WRONG.to_owned()),
    };
    let double: f64 = digits.parse().map_err(|_| WRONG.to_owned())?;
    if !double.is_finite() {
        return Err(WRONG.to_owned());
    }
    if !is_kept(&digits, double) {
        return Err(format!("{} has more digits than can be kept.", shown(&digits)));
    }
    if field.min.is_some_and(|least| double < least as f64) {
        let least = field.min.unwrap_or_default();
        return Err(format!("{digits} is less than the min allowed Value of {least}."));
    }
    if field.max.is_some_and(|most| double > most as f64) {
        let most = field.max.unwrap_or_default();
        return Err(format!("{digits} is greater than the max allowed Value of {most}."));
    }
    let whole = whole(&digits);
    if field.integer {
        return whole.map(Value::from).ok_or_else(|| "Please enter a whole number.".to_owned());
    }
    let is_integer_text = digits.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+');
    if is_integer_text && whole.is_none_or(|n| (n as f64) as i128 != i128::from(n)) {
        return Err(format!("{digits} is too large to be kept exactly."));
    }
    if double.fract() == 0.0 && double.abs() < 9_007_199_254_740_992.0 {
        return Ok(Value::from(double as i64));
    }
    Number::from_f64(double).map(Value::Number).ok_or_else(|| WRONG.to_owned())
}

/// Whether a double keeps what the digits say: 17 of them tell any two doubles apart, and nothing but
/// zero is zero.
fn is_kept(digits: &str, double: f64) -> bool {
    let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
    let figures: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let figures = figures.trim_start_matches('0');
    let significant = if mantissa.contains('.') { figures.trim_end_matches('0') } else { figures };
    (double != 0.0 || significant.is_empty())
        && (significant.len() <= 17 || !mantissa.contains('.'))
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}

/// The integer that the digits mean: `4`, `4.0`, `4e2`. A fraction is judged as a double only while a
/// double holds every digit (15 of them), so that nothing is rounded to a whole number.
fn whole(digits: &str) -> Option<i64> {
    digits.parse().ok().or_else(|| {
        let double: f64 = digits.parse().ok()?;
        let mantissa = digits.split(['e', 'E']).next().unwrap_or(digits);
        let exact = mantissa.bytes().filter(u8::is_ascii_digit).count() <= 15;
        let held = exact
            && is_kept(digits, double)
            && double.fract() == 0.0
            && double.abs() < 9_007_199_254_740_992.0;
        held.then_some(double as i64)
    })
}

fn money(value: &Value, currency: Currency, complaints: &mut Complaints) -> Value {
    let (amount, code) = match value {
        Value::Null => return Value::Null,
        Value::Object(map) => (map.get("amount").unwrap_or(&Value::Null), map.get("currency")),
        other => (other, None),
    };
    if amount.is_null() {
        return Value::Null;
    }
    let digits = match amount {
        Value::Number(n) => n.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => String::new(),
    };
    let Some(amount) = whole(&digits) else {
        complaints.add("Please enter a whole number of minor units (cents).");
        return Value::Null;
    };
    let currency = match code {
        None | Some(Value::Null) => Some(currency),
        Some(Value::String(code)) => Currency::parse(code),
        Some(_) => None,
    };
    let Some(currency) = currency else {
        complaints.add("Please enter a currency code of three capital letters.");
        return Value::Null;
    };
    json!({ "amount": amount, "currency": currency.as_str() })
}

fn date(value: &Value) -> Result<Value, String> {
    let wrong = || not_a_date(value);
    let text = value.as_str().ok_or_else(wrong)?.trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let day: Date = match text.len() {
        10 => text.parse().map_err(|_| wrong())?,
        _ => {
            parse_instant(text).ok_or_else(wrong)?;
            text.get(..10).ok_or_else(wrong)?.parse().map_err(|_| wrong())?
        }
    };
    if day.year() < 1 { Err(wrong()) } else { Ok(Value::from(day.to_string())) }
}

fn datetime(value: &Value) -> Result<Value, String> {
    let at = match value {
        Value::String(text) if text.trim().is_empty() => return Ok(Value::Null),
        Value::String(text) => parse_instant(text.trim()),
        Value::Number(n) => n.as_i64().and_then(|ms| Timestamp::from_millisecond(ms).ok()),
        _ => None,
    };
    let at = at.filter(|at| at.as_millisecond() >= YEAR_ONE_MS).ok_or_else(|| not_a_date(value))?;
    Ok(Value::from(iso(at)))
}

fn not_a_date(value: &Value) -> String {
    let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    format!("\"{}\" is not a valid date.", shown.chars().take(80).collect::<String>())
}

fn checkbox(value: &Value) -> Result<Value, String> {
    match value {
        Value::Bool(b) => Ok(Value::Bool(*b)),
        Value::String(text) if text == "true" => Ok(Value::Bool(true)),
        Value::String(text) if text == "false" => Ok(Value::Bool(false)),
        _ => Err("This field can only be equal to true or false.".to_owned()),
    }
}

fn select(field: &Field, value: &Value) -> Result<Value, String> {
    match value.as_str() {
        Some("") => Ok(Value::Null),
        Some(text) if field.options.iter().any(|o| o.value == text) => Ok(Value::from(text)),
        _ => Err("This field has an invalid selection.".to_owned()),
    }
}

fn relationship(value: &Value) -> Result<Value, String> {
    let id = match value {
        Value::String(text) if text.is_empty() => return Ok(Value::Null),
        Value::String(text) => text.as_str(),
        Value::Object(map) => map.get("id").and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    };
    let id: Id = id.parse().map_err(|_| {
        let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let shown: String = shown.chars().take(80).collect();
        format!("This relationship field has the following invalid relationships: {shown} 0")
    })?;
    Ok(Value::from(id.to_string()))
}

fn json_value(field: &Field, value: &Value) -> Result<Value, String> {
    if holds_nul(value) {
        return Err(NUL.to_owned());
    }
    let length = i64::try_from(value.to_string().len()).unwrap_or(i64::MAX);
    match field.max {
        Some(most) if length > most => {
            Err(format!("This value must be no longer than {most} bytes as JSON."))
        }
        _ => Ok(value.clone()),
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(map) => map.iter().any(|(k, v)| k.contains('\0') || holds_nul(v)),
        _ => false,
    }
}

fn group(field: &Field, value: &Value, currency: Currency, complaints: &mut Complaints) -> Value {
    let Value::Object(map) = value else {
        if !value.is_null() {
            complaints.add("This field takes an object.");
        }
        let empty = field.fields.iter().map(|f| (f.name.clone(), with_defaults(f, None)));
        return Value::Object(empty.collect());
    };
    let mut out = Map::new();
    for inner in field.fields.iter().filter(|f| !f.read_only) {
        if let Some(value) = map.get(&inner.name) {
            out.insert(inner.name.clone(), canonical(inner, value, currency, complaints));
        }
    }
    Value::Object(out)
}

fn rows(field: &Field, value: &Value, complaints: &mut Complaints) -> Value {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        _ => {
            complaints.add("This field takes a list of rows.");
            return json!([]);
        }
    };
    check_rows(field, items.len(), complaints);
    let label = field.label_text();
    let rows = items.iter().enumerate().map(|(n, item)| {
        let Value::Object(map) = item else {
            complaints.add("This field takes a list of rows.");
            return Value::Null;
        };
        // The row's label repeats the field's: "Items 1 > Label".
        let end = complaints.label.len();
        complaints.label.truncate(end - label.len() - 3);
        let row = complaints.within(n, format!("{label} {}", n + 1), |complaints| {
            let mut row = Map::new();
            row.insert("id".to_owned(), row_id(map.get("id")));
            for inner in &field.fields {
                let given = map.get(&inner.name);
                let value = given.map(|v| canonical(inner, v, Currency::USD, complaints));
                row.insert(inner.name.clone(), with_defaults(inner, value));
            }
            Value::Object(row)
        });
        complaints.label.push_str(&format!("{label} > "));
        row
    });
    Value::Array(rows.collect())
}

/// The caller's own row id, or 24 hex digits as the contract has them.
fn row_id(given: Option<&Value>) -> Value {
    match given.and_then(Value::as_str) {
        Some(id) if !id.is_empty() && id.len() <= 64 && !id.contains('\0') => Value::from(id),
        _ => {
            let hex = new_id().simple().to_string();
            // The last 24 digits: the random part.
            Value::from(&hex[8..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: &Field, value: Value) -> Result<Value, String> {
        let mut complaints = Complaints::default();
        let out = canonical(field, &value, Currency::EUR, &mut complaints);
        match complaints.found.first() {
            None => Ok(out),
            Some(c) => {
                Err(format!("{} [{}]: {}", c.path, c.label.as_deref().unwrap_or(""), c.message))
            }
        }
    }

    #[test]
    fn the_contract_s_coercions() {
        assert_eq!(read(&Field::text("t"), json!(123)), Ok(json!("123")));
        assert_eq!(read(&Field::text("t"), json!(["a"])), Ok(json!("[\"a\"]")));
        assert_eq!(read(&Field::number("n"), json!("4")), Ok(json!(4)));
        assert_eq!(read(&Field::number("n"), json!("4.5")), Ok(json!(4.5)));
        assert_eq!(read(&Field::checkbox("c"), json!("true")), Ok(json!(true)));
        assert_eq!(
            read(&Field::datetime("d"), json!("2026-02-03")),
            Ok(json!("2026-02-03T00:00:00.000Z"))
        );
        assert_eq!(
            read(&Field::date("d"), json!("2026-02-03T22:00:00.000Z")),
            Ok(json!("2026-02-03"))
        );
        let tag = new_id().to_string();
        let tags = Field::relation("tags", "tags").many();
        assert_eq!(read(&tags, json!({"id": tag})), Ok(json!([tag])));
        assert_eq!(read(&tags, json!([tag, tag])), Ok(json!([tag])));
    }

    #[test]
    fn money_is_minor_units() {
        let money = Field::money("value");
        assert_eq!(read(&money, json!(105_400)), Ok(json!({"amount": 105_400, "currency": "EUR"})));
        let usd = json!({"amount": 5, "currency": "USD"});
        assert_eq!(read(&money, usd.clone()), Ok(usd));
        assert!(read(&money, json!(1.5)).is_err());
        assert!(read(&money, json!({"amount": 1, "currency": "usd"})).is_err());
        assert!(serde_json::from_str::<Value>("1e40").map(|v| read(&money, v)).unwrap().is_err());
    }

    #[test]
    fn complaints_carry_path_and_label() {
        let items = Field::array("items", vec![Field::number("qty").max(5)]);
        assert_eq!(
            read(&items, json!([{"qty": 1}, {"qty": 9}])),
            Err("items.1.qty [Items 2 > Qty]: 9 is greater than the max allowed Value of 5.".into())
        );
        assert!(read(&Field::text("t"), json!("a\0b")).is_err());
        assert!(read(&Field::email("e"), json!("nope")).is_err());
        let big: Value = serde_json::from_str("9007199254740993").unwrap();
        assert!(read(&Field::number("n"), big.clone()).is_err());
        assert_eq!(read(&Field::integer("n"), big.clone()), Ok(big));
        assert!(read(&Field::integer("n"), json!(1.5)).is_err());
    }
}
