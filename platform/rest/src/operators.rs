//! Which operators of `where` mean something for a field: what the reference documents and the
//! interface offers. The store accepts a few more for the contract's sake (`like` on a number).

use define::{Field, FieldKind, Op};

const TEXT: [Op; 13] = [
    Op::Equals,
    Op::NotEquals,
    Op::Like,
    Op::NotLike,
    Op::Contains,
    Op::In,
    Op::NotIn,
    Op::All,
    Op::Exists,
    Op::GreaterThan,
    Op::GreaterThanEqual,
    Op::LessThan,
    Op::LessThanEqual,
];
const ORDERED: [Op; 9] = [
    Op::Equals,
    Op::NotEquals,
    Op::GreaterThan,
    Op::GreaterThanEqual,
    Op::LessThan,
    Op::LessThanEqual,
    Op::In,
    Op::NotIn,
    Op::Exists,
];
const CHOICE: [Op; 5] = [Op::Equals, Op::NotEquals, Op::In, Op::NotIn, Op::Exists];
const CHOICES: [Op; 7] =
    [Op::Equals, Op::NotEquals, Op::Contains, Op::In, Op::NotIn, Op::All, Op::Exists];

pub(crate) fn of(field: &Field) -> &'static [Op] {
    match field.kind {
        _ if field.write_only => &[],
        _ if field.id => &CHOICE,
        FieldKind::Text
        | FieldKind::Textarea
        | FieldKind::Email
        | FieldKind::Phone
        | FieldKind::Url => &TEXT,
        FieldKind::Number | FieldKind::Money | FieldKind::Date | FieldKind::Datetime => &ORDERED,
        FieldKind::Select | FieldKind::Relationship if field.many => &CHOICES,
        FieldKind::Select | FieldKind::Relationship | FieldKind::Checkbox => &CHOICE,
        FieldKind::Json => &[Op::Exists],
        FieldKind::Group | FieldKind::Array | FieldKind::Address => &[],
    }
}

pub(crate) fn names(field: &Field) -> Vec<&'static str> {
    of(field).iter().map(|op| op.as_str()).collect()
}
