//! Setting a tenant up for its trade: a pipeline with stages, services and tags to begin with.

mod kinds;
mod kinds_es;

use std::sync::Arc;

use async_trait::async_trait;
use define::{Op, Where};
use engine::{Action, Call, Done, Engine, Example, Manner, Perform, Unit};
use kernel::{Actor, Doc, Error, FieldError, Id, Result, Value};
use serde_json::{Value as Json, json};

use crate::value::id_of;

/// A trade and what it starts with.
pub(crate) struct Kind {
    pub(crate) value: &'static str,
    pub(crate) label: &'static str,
    pub(crate) description: &'static str,
    pub(crate) pipeline: &'static str,
    /// Name, probability, kind; in order.
    pub(crate) stages: &'static [(&'static str, i64, &'static str)],
    /// Name, category, how it is billed. Prices are for the tenant to say.
    pub(crate) services: &'static [(&'static str, &'static str, &'static str)],
    /// Name, color.
    pub(crate) tags: &'static [(&'static str, &'static str)],
}

/// The kinds in the language of a locale: Spanish, or English for every other.
fn kinds(locale: &str) -> &'static [Kind] {
    let language = locale.split('-').next().unwrap_or_default();
    if language.eq_ignore_ascii_case("es") { &kinds_es::KINDS } else { &kinds::KINDS }
}

pub(crate) fn actions() -> Vec<Action> {
    vec![list(), set_up()]
}

fn list() -> Action {
    let input = json!({"type": "object", "properties": {"locale": {
        "type": "string", "description": "A language tag; `es` for Spanish."}}});
    let schema = json!({"type": "object", "properties": {"docs": {
        "type": "array", "items": {"type": "object"}}}});
    let example = kinds::KINDS.first().map(shown);
    Action {
        manner: Manner::Ask,
        on: None,
        name: "business-types",
        id: "findBusinessTypes",
        summary: "Trades a tenant can be set up for",
        description: "Each with the pipeline, services and tags that setting up creates.",
        input: Some(Example::new(input, json!({"locale": "es"}))),
        answer: Example::new(schema, json!({"docs": [example]})),
        run: Arc::new(List),
    }
}

fn set_up() -> Action {
    let text = json!({"type": "string"});
    let input = json!({
        "type": "object",
        "required": ["businessType"],
        "properties": {
            "businessType": text, "currency": text, "timezone": text, "locale": text},
    });
    let count = json!({"type": "integer"});
    let created = json!({
        "type": "object",
        "properties": {"pipelines": count, "stages": count, "services": count, "tags": count},
    });
    Action {
        manner: Manner::Do,
        on: Some("tenants"),
        name: "setup",
        id: "setUpTenant",
        summary: "Set a tenant up for its trade",
        description: "Admins and stronger. Sets the tenant's fields and creates, in its language, the \
                      trade's pipeline (which becomes the default), stages, services and tags. What is \
                      there by name is kept: doing it again adds nothing.",
        input: Some(Example::new(
            input,
            json!({"businessType": "marina", "currency": "EUR", "timezone": "Europe/Madrid", "locale": "es"}),
        )),
        answer: Example::new(
            json!({"type": "object", "properties": {"doc": {"type": "object"}, "created": created}}),
            json!({
                "doc": {"id": "01936f3e-5b7a-7c1e-9d1a-2f60c7a1b2c3", "businessType": "marina"},
                "created": {"pipelines": 1, "stages": 6, "services": 5, "tags": 5},
            }),
        ),
        run: Arc::new(SetUp),
    }
}

struct List;

#[async_trait]
impl Perform for List {
    async fn perform(&self, _: &Engine, _: &Actor, call: Call) -> Result<Done> {
        let locale = call.input.get("locale").and_then(Value::as_str).unwrap_or_default();
        let docs: Vec<Json> = kinds(locale).iter().map(shown).collect();
        Ok(Done::with(json!({"docs": docs})))
    }
}

fn shown(kind: &Kind) -> Json {
    let stages = kind.stages.iter().map(
        |(name, probability, kind)| json!({"name": name, "probability": probability, "kind": kind}),
    );
    let services = kind.services.iter().map(
        |(name, category, billing)| json!({"name": name, "category": category, "billing": billing}),
    );
    let tags = kind.tags.iter().map(|(name, color)| json!({"name": name, "color": color}));
    json!({
        "value": kind.value,
        "label": kind.label,
        "description": kind.description,
        "pipelines": [{"name": kind.pipeline, "stages": stages.collect::<Vec<_>>()}],
        "services": services.collect::<Vec<_>>(),
        "tags": tags.collect::<Vec<_>>(),
    })
}

struct SetUp;

#[async_trait]
impl Perform for SetUp {
    async fn perform(&self, engine: &Engine, actor: &Actor, call: Call) -> Result<Done> {
        let tenant = call.document;
        let settings = auth::settings(engine, actor, tenant).await?;
        let locale = text(&call.input, "locale").or(settings["locale"]["value"].as_str());
        let kind = chosen(&call.input, locale.unwrap_or_default())?;
        let standing = actor.select(tenant).ok_or_else(Error::not_found)?;
        let mut unit = engine.unit(&standing, tenant).await?;
        // First of all: this holds the tenant, so that of two at the same moment one waits.
        unit.update("tenants", tenant, &fields(&call.input)).await?;
        let mut made = Made::default();
        pipeline(&mut unit, kind, &mut made).await?;
        made.services = add(&mut unit, "services", services(kind)).await?;
        made.tags = add(&mut unit, "tags", tags(kind)).await?;
        let mine = Where::test("id", Op::Equals, tenant.to_string());
        let doc = unit.find("tenants", &mine, 1).await?.pop();
        unit.commit().await?;
        let created = json!({
            "pipelines": made.pipelines, "stages": made.stages,
            "services": made.services, "tags": made.tags,
        });
        Ok(Done::with(json!({"doc": doc, "created": created})))
    }
}

fn text<'a>(input: &'a Doc, key: &str) -> Option<&'a str> {
    input.get(key).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

fn chosen(input: &Doc, locale: &str) -> Result<&'static Kind> {
    let value = text(input, "businessType").unwrap_or_default();
    let found = kinds(locale).iter().find(|kind| kind.value == value);
    found.ok_or_else(|| {
        let known: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.value).collect();
        let message = format!("Choose one of these: {}.", known.join(", "));
        let error = FieldError::new("businessType", message).labeled("Business Type");
        Error::validation("tenants", vec![error])
    })
}

/// What is sent of the tenant's own fields.
fn fields(input: &Doc) -> Doc {
    let keys = ["businessType", "currency", "timezone", "locale"];
    let given = keys.iter().filter_map(|key| Some((*key, input.get(*key)?)));
    given
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value.clone()))
        .collect()
}

#[derive(Default)]
struct Made {
    pipelines: usize,
    stages: usize,
    services: usize,
    tags: usize,
}

/// The kind's pipeline with its stages. One of that name is taken for it and gets what it lacks.
async fn pipeline(unit: &mut Unit<'_>, kind: &Kind, made: &mut Made) -> Result<()> {
    let named = Where::test("name", Op::Equals, kind.pipeline);
    let there = unit.find("pipelines", &named, 1).await?.pop();
    let known = there.as_ref().and_then(|doc| doc.get("id")).and_then(id_of);
    let pipeline = match known {
        Some(id) => {
            if there.as_ref().and_then(|doc| doc.get("isDefault")) != Some(&Value::Bool(true)) {
                unit.update("pipelines", id, &doc(json!({"isDefault": true}))).await?;
            }
            id
        }
        None => {
            let data = doc(json!({"name": kind.pipeline, "order": 1, "isDefault": true}));
            made.pipelines = 1;
            first(unit.create("pipelines", &[data]).await?)?
        }
    };
    let within = Where::test("pipeline", Op::Equals, pipeline.to_string());
    let names = names(unit.find("stages", &within, 1_000).await?);
    let stages: Vec<Doc> = (1..)
        .zip(kind.stages)
        .filter(|(_, (name, _, _))| !names.iter().any(|n| n == name))
        .map(|(order, (name, probability, kind))| {
            doc(json!({
                "pipeline": pipeline.to_string(), "name": name, "order": order,
                "probability": probability, "kind": kind,
            }))
        })
        .collect();
    made.stages = stages.len();
    unit.create("stages", &stages).await.map(|_| ())
}

/// Creates those whose name is not there yet; answers how many.
async fn add(unit: &mut Unit<'_>, slug: &str, docs: Vec<Doc>) -> Result<usize> {
    let wanted: Vec<Value> = docs.iter().filter_map(|doc| doc.get("name").cloned()).collect();
    let there = Where::test("name", Op::In, Value::Array(wanted));
    let names = names(unit.find(slug, &there, 1_000).await?);
    let missing = |doc: &Doc| !names.iter().any(|n| Some(n.as_str()) == text(doc, "name"));
    let docs: Vec<Doc> = docs.into_iter().filter(missing).collect();
    unit.create(slug, &docs).await?;
    Ok(docs.len())
}

fn services(kind: &Kind) -> Vec<Doc> {
    let one = |(name, category, billing): &(&str, &str, &str)| {
        doc(json!({"name": name, "category": category, "billing": billing}))
    };
    kind.services.iter().map(one).collect()
}

fn tags(kind: &Kind) -> Vec<Doc> {
    let one = |(name, color): &(&str, &str)| doc(json!({"name": name, "color": color}));
    kind.tags.iter().map(one).collect()
}

fn names(docs: Vec<Doc>) -> Vec<String> {
    docs.iter().filter_map(|doc| text(doc, "name").map(str::to_owned)).collect()
}

fn first(ids: Vec<Id>) -> Result<Id> {
    ids.into_iter().next().ok_or_else(|| Error::internal("a create that made nothing"))
}

fn doc(json: Json) -> Doc {
    match json {
        Json::Object(doc) => doc,
        _ => Doc::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_whole_in_both_languages() {
        let (english, spanish) = (kinds("en-GB"), kinds("es-MX"));
        assert!(english.len() >= 9);
        for (en, es) in english.iter().zip(spanish) {
            assert_eq!(en.value, es.value);
            assert_eq!((en.services.len(), en.tags.len()), (es.services.len(), es.tags.len()));
            let course = |kind: &Kind| kind.stages.iter().map(|s| (s.1, s.2)).collect::<Vec<_>>();
            assert_eq!(course(en), course(es), "{}", en.value);
        }
        assert_eq!(english.len(), spanish.len());
        for kind in english.iter().chain(spanish) {
            let open: Vec<i64> =
                kind.stages.iter().filter(|s| s.2 == "open").map(|s| s.1).collect();
            assert!(open.len() >= 4 && open.is_sorted(), "{}", kind.value);
            for (end, probability) in [("won", 100), ("lost", 0)] {
                let stages: Vec<_> = kind.stages.iter().filter(|s| s.2 == end).collect();
                assert_eq!(stages.len(), 1, "{}", kind.value);
                assert_eq!(stages[0].1, probability, "{}", kind.value);
            }
            assert!((4..=6).contains(&kind.services.len()), "{}", kind.value);
            assert!((4..=6).contains(&kind.tags.len()), "{}", kind.value);
            let billing = crate::services::definition();
            let options = &billing.field("billing").unwrap().options;
            for (name, _, how) in kind.services {
                assert!(options.iter().any(|o| o.value == *how), "{name}");
            }
            let mut names: Vec<_> = kind.stages.iter().map(|s| s.0).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), kind.stages.len(), "{}", kind.value);
        }
    }
}
