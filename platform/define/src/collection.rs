//! A collection: its fields, who may do what, and how it is kept.

use kernel::Role;
use serde::{Deserialize, Serialize};

use crate::{Field, FieldKind, Rule};

/// Whose rows a collection holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Tenancy {
    /// Every row belongs to one tenant: primary key `(tenant_id, id)`.
    #[default]
    Tenant,
    /// The rows *are* the tenants.
    Tree,
    /// Rows belong to nobody and are seen by those who share a tenant with them: users.
    Global,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub singular: String,
    pub plural: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    pub read: Rule,
    pub create: Rule,
    pub update: Rule,
    pub delete: Rule,
}

impl Access {
    /// Everyone in the tenant reads, members and stronger write: ordinary records.
    pub fn records() -> Access {
        let write = Rule::Role(Role::Member);
        Access { read: Rule::Member, create: write.clone(), update: write.clone(), delete: write }
    }

    /// Everyone in the tenant reads, admins and owners write: configuration.
    pub fn settings() -> Access {
        let write = Rule::Role(Role::Admin);
        Access { read: Rule::Member, create: write.clone(), update: write.clone(), delete: write }
    }
}

/// An index over fields, in order; the tenant leads it always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    pub fields: Vec<String>,
    #[serde(default)]
    pub unique: bool,
}

/// A field that holds one of some values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Among {
    pub field: String,
    pub values: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Collection {
    /// Plural, kebab-case: the name in URLs, tables, events and everywhere else.
    pub slug: String,
    pub labels: Labels,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub tenancy: Tenancy,
    pub fields: Vec<Field>,
    pub access: Access,
    /// The field a person knows a document by.
    pub title: String,
    /// As in the query: `-createdAt`, `order`.
    pub default_sort: String,
    /// Deleting can be undone: `deletedAt` hides a document first.
    #[serde(default)]
    pub trash: bool,
    /// Rows are written by the product along with what they tell of, once and for good: nobody creates,
    /// changes or deletes them, and they carry no stamps but their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ledger: bool,
    /// The audit tells that a document was made, changed or deleted and by whom, never what stands in it:
    /// more people read the audit than these documents.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confidential: bool,
    /// Fields whose words find a document, the title first; dotted for those of a group. Empty means
    /// that it is not searched for.
    #[serde(default)]
    pub search: Vec<String>,
    /// Only documents with one of these values in this field are searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_among: Option<Among>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
}

impl Collection {
    /// `singular` and `plural` are labels for people; the title field defaults to `name`.
    pub fn new(slug: &str, singular: &str, plural: &str) -> Collection {
        Collection {
            slug: slug.to_owned(),
            labels: Labels { singular: singular.to_owned(), plural: plural.to_owned() },
            description: None,
            tenancy: Tenancy::Tenant,
            fields: Vec::new(),
            access: Access::records(),
            title: "name".to_owned(),
            default_sort: "-createdAt".to_owned(),
            trash: false,
            ledger: false,
            confidential: false,
            search: Vec::new(),
            search_among: None,
            indexes: Vec::new(),
        }
    }

    pub fn describe(mut self, text: &str) -> Collection {
        self.description = Some(text.to_owned());
        self
    }

    pub fn tenancy(mut self, tenancy: Tenancy) -> Collection {
        self.tenancy = tenancy;
        self
    }

    pub fn fields(mut self, fields: Vec<Field>) -> Collection {
        self.fields = fields;
        self
    }

    pub fn access(mut self, access: Access) -> Collection {
        self.access = access;
        self
    }

    pub fn title(mut self, field: &str) -> Collection {
        self.title = field.to_owned();
        self
    }

    pub fn sort(mut self, by: &str) -> Collection {
        self.default_sort = by.to_owned();
        self
    }

    pub fn trash(mut self) -> Collection {
        self.trash = true;
        self
    }

    /// See [`Collection::ledger`]; `read` is the only access there is.
    pub fn ledger(mut self, read: Rule) -> Collection {
        self.ledger = true;
        let never = Rule::Never;
        self.access = Access { read, create: never.clone(), update: never.clone(), delete: never };
        self
    }

    /// See [`Collection::confidential`].
    pub fn confidential(mut self) -> Collection {
        self.confidential = true;
        self
    }

    /// See [`Collection::search`].
    pub fn search(mut self, fields: &[&str]) -> Collection {
        self.search = fields.iter().map(|f| (*f).to_owned()).collect();
        self
    }

    /// See [`Collection::search_among`].
    pub fn search_among(mut self, field: &str, values: &[&str]) -> Collection {
        let values = values.iter().map(|v| (*v).to_owned()).collect();
        self.search_among = Some(Among { field: field.to_owned(), values });
        self
    }

    pub fn index(mut self, fields: &[&str]) -> Collection {
        let fields = fields.iter().map(|f| (*f).to_owned()).collect();
        self.indexes.push(Index { fields, unique: false });
        self
    }

    pub fn unique(mut self, fields: &[&str]) -> Collection {
        let fields = fields.iter().map(|f| (*f).to_owned()).collect();
        self.indexes.push(Index { fields, unique: true });
        self
    }

    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// A field by its dotted path through groups.
    pub fn field_at(&self, path: &str) -> Option<&Field> {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let mut field = self.field(first)?;
        for name in rest.split('.').filter(|name| !name.is_empty()) {
            let is_group = matches!(field.kind, FieldKind::Group | FieldKind::Address);
            field = field.fields.iter().find(|f| is_group && f.name == name)?;
        }
        Some(field)
    }

    /// Prefix of the collection's events: `deals` → `deal`, `companies` → `company`.
    pub fn event(&self) -> String {
        self.labels.singular.to_lowercase().replace(' ', "_")
    }
}
