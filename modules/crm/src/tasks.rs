//! Tasks: what somebody has to do, and by when.

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::{Result, Value};

use crate::timeline::{Subject, entry};
use crate::value::{is_loading, now_value, text_of};

pub(crate) fn definition() -> Collection {
    Collection::new("tasks", "Task", "Tasks")
        .describe("What is to be done, by whom and by when.")
        .fields(vec![
            Field::text("title").required().max(300),
            Field::textarea("description"),
            Field::select("status", &["open", "in_progress", "done", "cancelled"])
                .required()
                .default("open"),
            Field::select("priority", &["low", "normal", "high", "urgent"])
                .required()
                .default("normal"),
            Field::datetime("dueAt"),
            Field::datetime("completedAt").describe("Set when the task is done."),
            Field::relation("assignee", "users"),
            Field::relation("contact", "contacts").index(),
            Field::relation("deal", "deals").index(),
            Field::relation("company", "companies").index(),
        ])
        .title("title")
        .search(&["title", "description"])
        .sort("dueAt")
        .index(&["assignee", "status", "dueAt"])
        .index(&["status", "dueAt"])
        .trash()
}

const SUBJECT: Subject = Subject {
    noun: "Task",
    links: &[("contact", "contact"), ("deal", "deal"), ("company", "company")],
    watches: &[],
};

pub(crate) struct TaskHooks;

#[async_trait]
impl Hooks for TaskHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let loading = is_loading(ctx.actor);
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            if !is_done(change) {
                if !change.get("completedAt").is_null() {
                    change.set("completedAt", Value::Null);
                }
            } else if change.changed("status") {
                if change.input.get("completedAt").is_none_or(Value::is_null) {
                    change.set("completedAt", now_value());
                }
                if !loading {
                    change.events.push("task.completed".into());
                }
            }
        }
        Ok(())
    }

    /// A finished task is part of the story of the record it was about.
    async fn after(&self, ctx: &mut Context<'_>, changes: &[Change]) -> Result<()> {
        if is_loading(ctx.actor) {
            return Ok(());
        }
        let is_linked = |c: &Change| SUBJECT.links.iter().any(|(_, f)| !c.get(f).is_null());
        let rows: Vec<_> = changes
            .iter()
            .filter(|c| c.verb != Verb::Delete && is_done(c) && c.changed("status") && is_linked(c))
            .map(|c| {
                let title = format!("Task done: {}", text_of(c.get("title")).unwrap_or("untitled"));
                entry(ctx, &SUBJECT, c, "task", title, Value::Null)
            })
            .collect();
        if rows.is_empty() { Ok(()) } else { ctx.insert("activities", rows).await }
    }
}

fn is_done(change: &Change) -> bool {
    change.get("status").as_str() == Some("done")
}
