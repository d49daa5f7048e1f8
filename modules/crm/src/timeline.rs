//! The timeline: what changed on a record, as rows of `activities` written in the same
//! transaction. One insert for a whole batch.

use std::collections::HashMap;

use engine::{Change, Context, Verb};
use kernel::{Doc, Id, Result, Value};
use serde_json::json;

use crate::value::{id_of, is_loading, now_value, text_of, user_value};

/// A field whose changes are told.
pub(crate) struct Watch {
    pub(crate) field: &'static str,
    /// The activity's kind: `stage_changed`.
    pub(crate) kind: &'static str,
    /// What a person calls the field: `Stage`.
    pub(crate) label: &'static str,
    pub(crate) names: Names,
}

/// Where the readable name of a value comes from.
pub(crate) enum Names {
    /// A document of this collection.
    Of(&'static str),
    /// The words of the option itself.
    Options,
}

/// How a record hangs on the timeline.
pub(crate) struct Subject {
    /// `Deal`, in "Deal created".
    pub(crate) noun: &'static str,
    /// Links of the activity (`deal`, `contact`, `company`) and the record's field each comes
    /// from; `id` means the record itself.
    pub(crate) links: &'static [(&'static str, &'static str)],
    pub(crate) watches: &'static [Watch],
}

/// Writes what a batch changed. `at` gives the time of a change that did not happen now.
pub(crate) async fn record(
    ctx: &mut Context<'_>,
    subject: &Subject,
    changes: &[Change],
    at: fn(&Change, &Watch) -> Option<Value>,
) -> Result<()> {
    let names = load_names(ctx, subject.watches, changes).await?;
    let mut rows = Vec::new();
    for change in changes {
        match change.verb {
            Verb::Create if !is_loading(ctx.actor) => {
                let title = format!("{} created", subject.noun);
                rows.push(entry(ctx, subject, change, "created", title, Value::Null));
            }
            Verb::Update => {
                for watch in subject.watches.iter().filter(|w| change.changed(w.field)) {
                    let mut row = told(ctx, subject, change, watch, &names);
                    if let Some(at) = at(change, watch) {
                        row.insert("at".into(), at);
                    }
                    rows.push(row);
                }
            }
            _ => {}
        }
    }
    if rows.is_empty() { Ok(()) } else { ctx.insert("activities", rows).await }
}

/// One row of the timeline, linked to the record of `change`, at this moment.
pub(crate) fn entry(
    ctx: &Context<'_>,
    subject: &Subject,
    change: &Change,
    kind: &str,
    title: String,
    meta: Value,
) -> Doc {
    let mut row = Doc::new();
    row.insert("kind".into(), kind.into());
    row.insert("subject".into(), title.into());
    row.insert("at".into(), now_value());
    row.insert("actor".into(), user_value(ctx.actor));
    row.insert("meta".into(), meta);
    for (link, field) in subject.links {
        let id = match *field {
            "id" => Value::String(change.id.to_string()),
            field => change.get(field).clone(),
        };
        row.insert((*link).into(), id);
    }
    row
}

fn told(
    ctx: &Context<'_>,
    subject: &Subject,
    change: &Change,
    watch: &Watch,
    names: &HashMap<Id, String>,
) -> Doc {
    let from = change.former(watch.field);
    let to = change.get(watch.field);
    let title = format!(
        "{}: {} → {}",
        watch.label,
        readable(watch, from, names),
        readable(watch, to, names)
    );
    let meta = json!({ "field": watch.field, "from": from, "to": to });
    entry(ctx, subject, change, watch.kind, title, meta)
}

fn readable(watch: &Watch, value: &Value, names: &HashMap<Id, String>) -> String {
    let known = match watch.names {
        Names::Of(_) => id_of(value).and_then(|id| names.get(&id).cloned()),
        Names::Options => value.as_str().map(define::words),
    };
    known.unwrap_or_else(|| if value.is_null() { "none" } else { "unknown" }.to_owned())
}

async fn load_names(
    ctx: &mut Context<'_>,
    watches: &[Watch],
    changes: &[Change],
) -> Result<HashMap<Id, String>> {
    let mut names = HashMap::new();
    for watch in watches {
        let Names::Of(slug) = watch.names else { continue };
        let mut ids: Vec<Id> = changes
            .iter()
            .filter(|c| c.verb == Verb::Update && c.changed(watch.field))
            .flat_map(|c| [id_of(c.former(watch.field)), c.get_id(watch.field)])
            .flatten()
            .collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            continue;
        }
        for (id, doc) in ctx.load(slug, &ids).await? {
            let name = ["name", "email"].iter().find_map(|f| doc.get(*f).and_then(text_of));
            names.insert(id, name.unwrap_or("unnamed").to_owned());
        }
    }
    Ok(names)
}
