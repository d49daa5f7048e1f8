//! One field of a collection.

use kernel::Value;
use serde::{Deserialize, Serialize};

use crate::{Rule, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    Text,
    Textarea,
    Email,
    Phone,
    Url,
    /// A double; with `integer` a 64-bit integer.
    Number,
    /// `{amount, currency}`: integer minor units and an ISO 4217 code. `field` alone in a query
    /// means its amount.
    Money,
    /// A calendar day, `YYYY-MM-DD`, in no zone.
    Date,
    /// An instant, ISO 8601 in UTC with milliseconds.
    Datetime,
    Checkbox,
    /// One of `options`; with `many` a list of them.
    Select,
    /// The id of a document of `relationTo`; with `many` a list of ids.
    Relationship,
    Json,
    /// Named sub-fields, stored as columns.
    Group,
    /// Ordered rows of sub-fields, each with an `id`.
    Array,
    /// A group of line1, line2, city, region, postalCode, country.
    Address,
}

impl FieldKind {
    /// One value in one column, so that it may repeat (`many`) and stand in an array row.
    pub fn is_scalar(self) -> bool {
        !matches!(self, Self::Money | Self::Group | Self::Array | Self::Address)
    }

    pub fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::Textarea | Self::Email | Self::Phone | Self::Url)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectOption {
    pub value: String,
    pub label: String,
}

/// What happens to a row when the document its relationship names is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnDelete {
    #[default]
    SetNull,
    Cascade,
    Restrict,
    /// The row keeps the id of what is gone: there is no foreign key.
    Keep,
}

/// The value follows a field of a related document and is read-only while that relation is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// A single relationship of the same collection.
    pub through: String,
    /// The field of the related document.
    pub field: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// A list of values; any scalar kind.
    #[serde(default, skip_serializing_if = "is_false")]
    pub many: bool,
    /// Unique within the tenant.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub index: bool,
    /// Written by the product only; input is ignored.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// Accepted on create, ignored afterwards.
    #[serde(default, skip_serializing_if = "is_false")]
    pub create_only: bool,
    /// Accepted and checked, handed to hooks, never stored or shown (a password).
    #[serde(default, skip_serializing_if = "is_false")]
    pub write_only: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub integer: bool,
    /// A text that is the id of something no relationship can name; kept as an id.
    #[serde(default, skip_serializing_if = "is_false")]
    pub id: bool,
    /// Left out where the document is shown inside another one (a picture).
    #[serde(default, skip_serializing_if = "is_false")]
    pub aside: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Least number, text length or number of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Greatest number, text length, number of rows or, of JSON, number of bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<SelectOption>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation_to: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete: OnDelete,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<Derived>,
    /// Who may see the field; absent means whoever reads the document. Role rules only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Rule>,
    /// Who may set the field; absent means whoever writes the document. Role rules only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<Rule>,
}

fn is_false(b: &bool) -> bool {
    !*b
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Field {
    pub fn new(name: &str, kind: FieldKind) -> Field {
        Field {
            name: name.to_owned(),
            kind,
            label: None,
            description: None,
            required: false,
            many: false,
            unique: false,
            index: false,
            read_only: false,
            create_only: false,
            write_only: false,
            integer: false,
            id: false,
            aside: false,
            default: None,
            min: None,
            max: None,
            options: Vec::new(),
            relation_to: None,
            on_delete: OnDelete::SetNull,
            fields: Vec::new(),
            derived: None,
            read: None,
            write: None,
        }
    }

    pub fn text(name: &str) -> Field {
        Field::new(name, FieldKind::Text)
    }

    pub fn textarea(name: &str) -> Field {
        Field::new(name, FieldKind::Textarea)
    }

    pub fn email(name: &str) -> Field {
        Field::new(name, FieldKind::Email)
    }

    pub fn phone(name: &str) -> Field {
        Field::new(name, FieldKind::Phone)
    }

    pub fn url(name: &str) -> Field {
        Field::new(name, FieldKind::Url)
    }

    pub fn number(name: &str) -> Field {
        Field::new(name, FieldKind::Number)
    }

    pub fn integer(name: &str) -> Field {
        Field { integer: true, ..Field::number(name) }
    }

    /// The id of a document of no fixed collection. Read-only: nothing checks that it exists.
    pub fn id(name: &str) -> Field {
        Field { id: true, read_only: true, ..Field::text(name) }
    }

    pub fn money(name: &str) -> Field {
        Field::new(name, FieldKind::Money)
    }

    pub fn date(name: &str) -> Field {
        Field::new(name, FieldKind::Date)
    }

    pub fn datetime(name: &str) -> Field {
        Field::new(name, FieldKind::Datetime)
    }

    pub fn checkbox(name: &str) -> Field {
        Field { default: Some(Value::Bool(false)), ..Field::new(name, FieldKind::Checkbox) }
    }

    /// Labels are made from the values; use [`Field::option_label`] to say otherwise.
    pub fn select(name: &str, options: &[&str]) -> Field {
        let options = options
            .iter()
            .map(|v| SelectOption { value: (*v).to_owned(), label: words(v) })
            .collect();
        Field { options, ..Field::new(name, FieldKind::Select) }
    }

    pub fn relation(name: &str, to: &str) -> Field {
        Field { relation_to: Some(to.to_owned()), ..Field::new(name, FieldKind::Relationship) }
    }

    pub fn json(name: &str) -> Field {
        Field::new(name, FieldKind::Json)
    }

    pub fn group(name: &str, fields: Vec<Field>) -> Field {
        Field { fields, ..Field::new(name, FieldKind::Group) }
    }

    pub fn array(name: &str, fields: Vec<Field>) -> Field {
        Field { fields, ..Field::new(name, FieldKind::Array) }
    }

    pub fn address(name: &str) -> Field {
        let line = |n: &str| Field::text(n).max(300);
        let fields = vec![
            line("line1"),
            line("line2"),
            line("city"),
            line("region"),
            line("postalCode"),
            line("country"),
        ];
        Field { fields, ..Field::new(name, FieldKind::Address) }
    }

    pub fn label(mut self, label: &str) -> Field {
        self.label = Some(label.to_owned());
        self
    }

    pub fn describe(mut self, text: &str) -> Field {
        self.description = Some(text.to_owned());
        self
    }

    pub fn option_label(mut self, value: &str, label: &str) -> Field {
        for option in self.options.iter_mut().filter(|o| o.value == value) {
            option.label = label.to_owned();
        }
        self
    }

    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    pub fn many(mut self) -> Field {
        self.many = true;
        self
    }

    pub fn unique(mut self) -> Field {
        self.unique = true;
        self
    }

    pub fn index(mut self) -> Field {
        self.index = true;
        self
    }

    pub fn read_only(mut self) -> Field {
        self.read_only = true;
        self
    }

    pub fn create_only(mut self) -> Field {
        self.create_only = true;
        self
    }

    pub fn write_only(mut self) -> Field {
        self.write_only = true;
        self
    }

    pub fn aside(mut self) -> Field {
        self.aside = true;
        self
    }

    pub fn default(mut self, value: impl Into<Value>) -> Field {
        self.default = Some(value.into());
        self
    }

    pub fn min(mut self, least: i64) -> Field {
        self.min = Some(least);
        self
    }

    pub fn max(mut self, most: i64) -> Field {
        self.max = Some(most);
        self
    }

    pub fn on_delete(mut self, action: OnDelete) -> Field {
        self.on_delete = action;
        self
    }

    pub fn derived(mut self, through: &str, field: &str) -> Field {
        self.derived = Some(Derived { through: through.to_owned(), field: field.to_owned() });
        self
    }

    pub fn read(mut self, rule: Rule) -> Field {
        self.read = Some(rule);
        self
    }

    pub fn write(mut self, rule: Rule) -> Field {
        self.write = Some(rule);
        self
    }

    pub fn label_text(&self) -> String {
        self.label.clone().unwrap_or_else(|| words(&self.name))
    }

    /// Whether it has a place in the database.
    pub fn is_stored(&self) -> bool {
        !self.write_only
    }
}
