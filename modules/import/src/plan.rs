//! The mapping held against files and definitions: every column and field it names is found, or
//! named as missing, before a row is read.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use define::{Collection, Field, FieldKind};
use jiff::tz::TimeZone;
use kernel::{Currency, Error, Result};

use crate::decimal::{Decimal, Notation};
use crate::mapping::{Defaults, FieldMap, Mapping, Step};
use crate::table::Table;
use crate::template::Template;

#[derive(Debug)]
pub(crate) struct StepPlan {
    pub(crate) name: String,
    pub(crate) collection: String,
    pub(crate) table: Table,
    pub(crate) alias: BTreeMap<String, BTreeMap<String, String>>,
    /// Places of the key fields in `fields`.
    pub(crate) key: Vec<usize>,
    pub(crate) distinct: bool,
    pub(crate) fields: Vec<FieldPlan>,
}

#[derive(Debug)]
pub(crate) struct FieldPlan {
    /// `address.country`.
    pub(crate) name: String,
    /// The column doubts are pinned to; empty for a fixed value.
    pub(crate) column: String,
    pub(crate) def: Field,
    pub(crate) source: Source,
    pub(crate) relation: Option<Relation>,
    /// Text, lower-cased for selects → option or value.
    pub(crate) words: HashMap<String, String>,
    pub(crate) format: Option<String>,
    pub(crate) zone: TimeZone,
    pub(crate) currency: Currency,
    pub(crate) scale: Decimal,
    pub(crate) notation: Notation,
    pub(crate) split: Option<String>,
    pub(crate) required: bool,
    pub(crate) skip_if_empty: bool,
    pub(crate) create_only: bool,
}

#[derive(Debug)]
pub(crate) enum Source {
    Column(usize),
    Template(Template),
    Value(String),
}

/// What the text of a relationship names.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) collection: String,
    pub(crate) field: String,
    /// E-mail addresses are compared in lower case.
    pub(crate) folds: bool,
    /// Only the rows of this step.
    pub(crate) step: Option<usize>,
}

/// Reads all files and checks the whole mapping. The error names every fault.
pub(crate) fn prepare<'a>(
    mapping: &Mapping,
    folder: &Path,
    currency: Currency,
    collection: impl Fn(&str) -> Option<&'a Collection>,
) -> Result<Vec<StepPlan>> {
    let mut faults = Vec::new();
    let mut plans = Vec::new();
    for (at, step) in mapping.steps.iter().enumerate() {
        let Some(target) = collection(&step.collection) else {
            faults
                .push(format!("step {}: there is no collection {:?}", step.name, step.collection));
            continue;
        };
        let table = match (&step.file, step.rows.is_empty()) {
            (Some(file), true) => Table::read(&folder.join(file), &file.to_string_lossy()),
            (None, false) => Ok(Table::inline(&step.name, &step.rows)),
            _ => Err(format!("step {}: give either a file or rows", step.name)),
        };
        match table {
            Ok(table) => {
                let frame = Frame {
                    step,
                    target,
                    earlier: &mapping.steps[..at],
                    defaults: &mapping.data,
                    currency,
                    collection: &collection,
                };
                plans.push(frame.plan(table, &mut faults));
            }
            Err(fault) => faults.push(fault),
        }
    }
    if mapping.steps.is_empty() {
        faults.push("the mapping has no step".to_owned());
    }
    if faults.is_empty() { Ok(plans) } else { Err(Error::bad_request(faults.join("\n"))) }
}

/// What a step is planned with.
struct Frame<'a, 'c> {
    step: &'a Step,
    target: &'c Collection,
    earlier: &'a [Step],
    defaults: &'a Defaults,
    currency: Currency,
    collection: &'a dyn Fn(&str) -> Option<&'c Collection>,
}

impl Frame<'_, '_> {
    fn plan(&self, table: Table, faults: &mut Vec<String>) -> StepPlan {
        let step = self.step;
        let mut fault = |what: String| faults.push(format!("step {}: {what}", step.name));
        for column in step.alias.keys().filter(|c| table.column(c).is_none()) {
            fault(format!("alias: {} has no column {column:?}", table.name));
        }
        let mut fields = Vec::new();
        for (name, map) in &step.fields {
            match self.field(name, map, &table) {
                Ok(field) => fields.push(field),
                Err(what) => fault(format!("field {name}: {what}")),
            }
        }
        if step.file.is_none() {
            for column in table.columns.iter().filter(|c| !step.fields.contains_key(*c)) {
                let map = FieldMap { column: Some(column.clone()), ..FieldMap::default() };
                match self.field(column, &map, &table) {
                    Ok(field) => fields.push(field),
                    Err(what) => fault(format!("column {column}: {what}")),
                }
            }
        }
        let mut key = Vec::new();
        for name in &step.key {
            match fields.iter().position(|f| f.name == *name) {
                Some(at) if fields[at].def.many => fault(format!("key {name} is a list")),
                Some(at) => key.push(at),
                None => fault(format!("key {name} is not among the mapped fields")),
            }
        }
        if step.key.is_empty() {
            fault("has no key; name the fields by which a row finds its document again".into());
        }
        StepPlan {
            name: step.name.clone(),
            collection: step.collection.clone(),
            table,
            alias: step.alias.clone(),
            key,
            distinct: step.distinct,
            fields,
        }
    }

    fn field(&self, name: &str, map: &FieldMap, table: &Table) -> Result<FieldPlan, String> {
        let def = definition(self.target, name)
            .ok_or_else(|| format!("{} has no such field", self.step.collection))?;
        let place = |c: &str| table.column(c);
        let source = match (&map.column, &map.template, &map.value) {
            (Some(column), None, None) => Source::Column(
                place(column).ok_or_else(|| format!("{} has no column {column:?}", table.name))?,
            ),
            (None, Some(template), None) => Source::Template(Template::parse(template, place)?),
            (None, None, Some(value)) => Source::Value(value.clone()),
            _ => return Err("give one of column, template and value".into()),
        };
        let at = match &source {
            Source::Column(at) => Some(*at),
            Source::Template(template) => template.column(),
            Source::Value(_) => None,
        };
        let relation = match def.kind {
            FieldKind::Relationship => Some(self.relation(&def, map)?),
            _ => None,
        };
        let point = map.point.or(self.defaults.point).unwrap_or('.');
        let group = map.group.or(self.defaults.group).or((point == '.').then_some(','));
        Ok(FieldPlan {
            name: name.to_owned(),
            column: at.map(|at| table.columns[at].clone()).unwrap_or_default(),
            words: words(&def, map)?,
            relation,
            source,
            format: map.format.clone().or_else(|| self.defaults.format.clone()),
            zone: self.zone(map)?,
            currency: self.money(map)?,
            scale: scale(map)?,
            notation: Notation { point, group, strip: map.strip.clone().unwrap_or_default() },
            split: map.split.clone(),
            required: map.required || (def.required && def.default.is_none()),
            skip_if_empty: map.skip_if_empty,
            create_only: map.create_only || def.create_only || name == "createdAt",
            def,
        })
    }

    fn relation(&self, def: &Field, map: &FieldMap) -> Result<Relation, String> {
        let slug = def.relation_to.clone().unwrap_or_default();
        let target = (self.collection)(&slug).ok_or_else(|| format!("no collection {slug:?}"))?;
        let field = map.matches.clone().unwrap_or_else(|| target.title.clone());
        let matched = definition(target, &field)
            .ok_or_else(|| format!("match: {slug} has no field {field:?}"))?;
        let step = match &map.step {
            None => None,
            Some(name) => {
                let at = self.earlier.iter().position(|s| s.name == *name);
                let at = at.ok_or_else(|| format!("there is no earlier step {name:?}"))?;
                if self.earlier[at].collection != slug {
                    return Err(format!("step {name:?} does not make {slug}"));
                }
                Some(at)
            }
        };
        let folds = matched.kind == FieldKind::Email;
        Ok(Relation { collection: slug, field, folds, step })
    }

    fn zone(&self, map: &FieldMap) -> Result<TimeZone, String> {
        match map.zone.as_ref().or(self.defaults.zone.as_ref()) {
            None => Ok(TimeZone::UTC),
            Some(name) => {
                kernel::time_zone(name).ok_or_else(|| format!("there is no zone {name:?}"))
            }
        }
    }

    fn money(&self, map: &FieldMap) -> Result<Currency, String> {
        match map.currency.as_ref().or(self.defaults.currency.as_ref()) {
            None => Ok(self.currency),
            Some(code) => {
                Currency::parse(code).ok_or_else(|| format!("{code:?} is no ISO 4217 currency"))
            }
        }
    }
}

/// The field a dotted name means; the stamps of the engine count as fields.
fn definition(collection: &Collection, name: &str) -> Option<Field> {
    if name == "createdAt" {
        return Some(Field::datetime(name));
    }
    let mut segments = name.split('.');
    let mut field = collection.field(segments.next()?)?;
    for segment in segments {
        field = field.fields.iter().find(|f| f.name == segment)?;
    }
    Some(field.clone())
}

fn words(def: &Field, map: &FieldMap) -> Result<HashMap<String, String>, String> {
    let is_select = def.kind == FieldKind::Select;
    let mut words = HashMap::new();
    for option in &def.options {
        words.insert(option.label.to_lowercase(), option.value.clone());
        words.insert(option.value.to_lowercase(), option.value.clone());
    }
    for (text, value) in &map.map {
        if is_select && !def.options.iter().any(|o| o.value == *value) {
            return Err(format!("map: {value:?} is not an option"));
        }
        let text = if is_select { text.to_lowercase() } else { text.clone() };
        words.insert(text, value.clone());
    }
    Ok(words)
}

fn scale(map: &FieldMap) -> Result<Decimal, String> {
    match &map.scale {
        None => Ok(Decimal::ONE),
        Some(text) => Decimal::parse(text, &Notation::default())
            .ok_or_else(|| format!("scale {text:?} is no number")),
    }
}
