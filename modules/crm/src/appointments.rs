//! Appointments: meetings with a beginning, an end and people.

use async_trait::async_trait;
use define::{Collection, Field};
use engine::{Change, Context, Hooks, Verb};
use kernel::{FieldError, Result};

use crate::value::{instant_of, is_loading};

pub(crate) fn definition() -> Collection {
    Collection::new("appointments", "Appointment", "Appointments")
        .describe("Meetings: when, where and with whom.")
        .fields(vec![
            Field::text("title").required().max(300),
            Field::textarea("description"),
            Field::datetime("startsAt").required(),
            Field::datetime("endsAt"),
            Field::text("location").max(300),
            Field::select("status", &["scheduled", "completed", "cancelled", "no_show"])
                .required()
                .default("scheduled"),
            Field::relation("organizer", "users"),
            Field::relation("attendees", "contacts").many(),
            Field::relation("contact", "contacts").index(),
            Field::relation("deal", "deals").index(),
            Field::relation("company", "companies").index(),
        ])
        .title("title")
        .search(&["title", "location", "description"])
        .sort("startsAt")
        .index(&["startsAt"])
        .index(&["organizer", "startsAt"])
        .trash()
}

pub(crate) struct AppointmentHooks;

#[async_trait]
impl Hooks for AppointmentHooks {
    async fn before(&self, ctx: &mut Context<'_>, changes: &mut [Change]) -> Result<()> {
        let loading = is_loading(ctx.actor);
        for change in changes.iter_mut().filter(|c| c.verb != Verb::Delete) {
            let span = (instant_of(change.get("startsAt")), instant_of(change.get("endsAt")));
            if let (Some(starts), Some(ends)) = span
                && ends < starts
            {
                let error =
                    FieldError::new("endsAt", "An appointment cannot end before it starts.");
                change.errors.push(error.labeled("Ends At"));
            }
            if !loading && let Some(event) = event(change) {
                change.events.push(event.into());
            }
        }
        Ok(())
    }
}

fn event(change: &Change) -> Option<&'static str> {
    let status = change.get("status").as_str()?;
    if change.verb == Verb::Create || change.changed("status") {
        return match status {
            "scheduled" => Some("appointment.scheduled"),
            "completed" => Some("appointment.completed"),
            "cancelled" => Some("appointment.cancelled"),
            "no_show" => Some("appointment.no_show"),
            _ => None,
        };
    }
    let moved = change.changed("startsAt") || change.changed("endsAt");
    (status == "scheduled" && moved).then_some("appointment.rescheduled")
}
