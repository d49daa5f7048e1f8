//! Faults of a set of definitions, found before anything is derived from them.

use crate::{Collection, Field, FieldKind, Rule, Tenancy};

const SYSTEM: [&str; 5] = ["id", "tenant", "createdAt", "updatedAt", "deletedAt"];

/// Every fault at once, each as "slug.field: what is wrong". Empty when the set is sound.
pub fn check(collections: &[Collection]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, collection) in collections.iter().enumerate() {
        let slug = &collection.slug;
        if !is_name(slug, |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-', 40) {
            faults.push(format!("{slug}: a slug is kebab-case and at most 40 characters"));
        }
        if collections[..at].iter().any(|c| c.slug == *slug) {
            faults.push(format!("{slug}: defined twice"));
        }
        check_fields(collection, &collection.fields, "", collections, &mut faults);
        check_rules(collection, &mut faults);
        if !has_field(collection, &collection.title) && collection.title != "id" {
            faults.push(format!("{slug}: title field {} does not exist", collection.title));
        }
        check_search(collection, &mut faults);
        for name in collection.indexes.iter().flat_map(|i| &i.fields) {
            let root = name.split('.').next().unwrap_or(name);
            if !has_field(collection, root) {
                faults.push(format!("{slug}: indexed field {name} does not exist"));
            }
        }
        let sort = collection.default_sort.trim_start_matches('-');
        if !has_field(collection, sort) {
            faults.push(format!("{slug}: default sort {sort} does not exist"));
        }
    }
    faults
}

/// Rules that ask something of a row name a field that can answer.
fn check_rules(collection: &Collection, faults: &mut Vec<String>) {
    let access = &collection.access;
    let mut waiting = vec![&access.read, &access.create, &access.update, &access.delete];
    while let Some(rule) = waiting.pop() {
        let (name, kind) = match rule {
            Rule::All(rules) | Rule::Any(rules) => {
                waiting.extend(rules);
                continue;
            }
            Rule::Own(name) => (name, FieldKind::Relationship),
            Rule::Is(name) => (name, FieldKind::Checkbox),
            Rule::Never | Rule::Member | Rule::Role(_) => continue,
        };
        let fits = collection.field(name).is_some_and(|f| f.kind == kind && !f.many);
        if !fits && name != "id" {
            faults
                .push(format!("{}: a rule asks for {name}, which cannot answer", collection.slug));
        }
    }
}

/// Whoever sees a document may find it by any of its words, which are written along with it.
fn check_search(collection: &Collection, faults: &mut Vec<String>) {
    let Some(first) = collection.search.first() else { return };
    let slug = &collection.slug;
    if collection.tenancy != Tenancy::Tenant || collection.ledger {
        faults.push(format!("{slug}: only ordinary records of tenants can be searched"));
    }
    if *first != collection.title {
        faults.push(format!("{slug}: search starts with the title field"));
    }
    if let Some(among) = &collection.search_among
        && !collection.field(&among.field).is_some_and(|f| f.is_stored() && !f.many)
    {
        faults.push(format!("{slug}: search looks at a field that holds no single value"));
    }
    for path in &collection.search {
        let plain =
            |f: &Field| f.kind.is_textual() && !f.many && f.is_stored() && f.derived.is_none();
        let root = path.split('.').next().unwrap_or(path);
        let parts = [collection.field(root), collection.field_at(path)];
        if !parts[1].is_some_and(plain) || parts.iter().flatten().any(|f| f.read.is_some()) {
            faults.push(format!(
                "{slug}.{path}: only single texts that every reader sees can be searched"
            ));
        }
    }
}

fn has_field(collection: &Collection, name: &str) -> bool {
    SYSTEM.contains(&name) || collection.field(name).is_some()
}

fn is_name(name: &str, allowed: impl Fn(char) -> bool, most: usize) -> bool {
    name.len() <= most
        && name.chars().next().is_some_and(|c| c.is_ascii_lowercase())
        && name.chars().all(allowed)
}

fn check_fields(
    collection: &Collection,
    fields: &[Field],
    prefix: &str,
    all: &[Collection],
    faults: &mut Vec<String>,
) {
    for (at, field) in fields.iter().enumerate() {
        let path = format!("{}.{prefix}{}", collection.slug, field.name);
        let mut fault = |what: &str| faults.push(format!("{path}: {what}"));
        if !is_name(&field.name, |c| c.is_ascii_alphanumeric(), 40) {
            fault("a field name is camelCase ASCII and at most 40 characters");
        }
        if prefix.is_empty() && SYSTEM.contains(&field.name.as_str()) {
            fault("is a name the engine uses itself");
        }
        if fields[..at].iter().any(|f| f.name == field.name) {
            fault("defined twice");
        }
        if field.many && !field.kind.is_scalar() {
            fault("only scalar kinds can be many");
        }
        if (field.unique || field.index) && (field.many || !prefix.is_empty()) {
            fault("only single top-level fields can be indexed");
        }
        match field.kind {
            FieldKind::Relationship => check_relation(field, all, &mut fault),
            FieldKind::Select if field.options.is_empty() => fault("has no options"),
            FieldKind::Group | FieldKind::Address if field.fields.is_empty() => {
                fault("has no fields");
            }
            FieldKind::Array => {
                let simple = |f: &Field| f.kind.is_scalar() && !f.many;
                if field.fields.is_empty() || !field.fields.iter().all(simple) || !prefix.is_empty()
                {
                    fault("array rows hold single scalar fields, at the top level");
                }
            }
            _ => {}
        }
        if let Some(derived) = &field.derived {
            check_derived(collection, field, derived, all, &mut fault);
        }
        let nested = format!("{prefix}{}.", field.name);
        check_fields(collection, &field.fields, &nested, all, faults);
    }
}

fn check_relation(field: &Field, all: &[Collection], fault: &mut dyn FnMut(&str)) {
    let target = field.relation_to.as_deref().unwrap_or_default();
    match all.iter().find(|c| c.slug == target) {
        None => fault(&format!("relates to {target:?}, which is not a collection")),
        Some(c) if field.many && c.tenancy != Tenancy::Tenant => {
            fault("a many relationship leads to rows of the same tenant");
        }
        Some(_) => {}
    }
}

fn check_derived(
    collection: &Collection,
    field: &Field,
    derived: &crate::Derived,
    all: &[Collection],
    fault: &mut dyn FnMut(&str),
) {
    let through = collection.field(&derived.through);
    let source = through
        .filter(|f| f.kind == FieldKind::Relationship && !f.many)
        .and_then(|f| f.relation_to.as_deref())
        .and_then(|slug| all.iter().find(|c| c.slug == slug))
        .and_then(|c| c.field(&derived.field));
    match source {
        None => fault("is derived through a relation or field that does not exist"),
        Some(s) if s.kind != field.kind || s.many || field.many || !field.kind.is_scalar() => {
            fault("is derived from a field of another kind");
        }
        Some(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Access;

    #[test]
    fn every_fault_is_named() {
        let deals = Collection::new("Deals", "Deal", "Deals").title("nope").fields(vec![
            Field::relation("company", "nowhere"),
            Field::text("id"),
            Field::select("kind", &[]),
            Field::text("x").derived("company", "name"),
            Field::money("sums").many(),
        ]);
        let deals = Collection {
            access: Access { read: Rule::Is("kind".into()), ..deals.access },
            ..deals
        };
        let faults = check(&[deals]);
        assert_eq!(faults.len(), 8, "{faults:#?}");
    }

    #[test]
    fn what_is_searched_is_text_that_all_readers_see() {
        let fields = vec![
            Field::text("name"),
            Field::address("address"),
            Field::text("secret").read(crate::Rule::Never),
            Field::text("words").many(),
            Field::number("size"),
        ];
        let with = |search: &[&str]| {
            let made = Collection::new("tags", "Tag", "Tags").fields(fields.clone()).search(search);
            check(&[made]).len()
        };
        assert_eq!(with(&["name", "address.city"]), 0);
        for wrong in ["secret", "words", "size", "address", "name.x", "nothing", "id"] {
            assert_eq!(with(&["name", wrong]), 1, "{wrong}");
        }
        assert_eq!(with(&["address.city", "name"]), 1, "the title comes first");
    }

    #[test]
    fn definitions_survive_serde() {
        let tags = Collection::new("tags", "Tag", "Tags")
            .fields(vec![
                Field::text("name").required().max(80),
                Field::number("weight").min(1).default(1.5),
            ])
            .unique(&["name"])
            .trash();
        let text = serde_json::to_string(&tags).unwrap();
        let back: Collection = serde_json::from_str(&text).unwrap();
        assert_eq!(tags, back);
        assert!(check(&[back]).is_empty());
    }
}
