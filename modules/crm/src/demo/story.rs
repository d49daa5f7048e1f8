//! What happened in an account in the last two months: deals on their way through the pipeline,
//! talks about them, and what is planned.

use kernel::{Doc, Id, Result, Timestamp, Value, iso};
use serde_json::json;

use super::account::{Account, Client, DAY, Person, day_of, instant};
use super::words::{APPOINTMENTS, CALLS, EMAILS, LOST, MEETINGS, NOTES, SOURCES, TASKS};
use super::{create, doc};

/// A deal made and what it hangs on.
struct Deal {
    id: Id,
    name: String,
    contact: Id,
    company: Option<Id>,
    /// Place of its stage.
    stage: usize,
    began: Timestamp,
    closed: Option<Timestamp>,
}

impl Account<'_> {
    pub(super) async fn tell(
        &mut self,
        clients: &[Client],
        persons: &[Person],
        services: &[Id],
        stages: &[Id],
    ) -> Result<()> {
        let deals = self.deals(clients, persons, services, stages).await?;
        self.journeys(&deals, stages).await?;
        self.talks(&deals, persons, clients).await?;
        self.notes(&deals, persons).await?;
        self.tasks(&deals).await?;
        self.appointments(&deals).await
    }

    async fn deals(
        &mut self,
        clients: &[Client],
        persons: &[Person],
        services: &[Id],
        stages: &[Id],
    ) -> Result<Vec<Deal>> {
        let employed: Vec<&Person> = persons.iter().filter(|p| p.client.is_some()).collect();
        let (mut docs, mut deals) = (Vec::new(), Vec::new());
        for _ in 0..self.trade.deals {
            let person = *self.random.pick(&employed);
            let client = person.client.and_then(|at| clients.get(at));
            let service = self.random.below(services.len());
            let (title, _, price, _) = self.trade.services[service];
            let stage = self.random.below(stages.len());
            let kind = self.trade.stages[stage].2;
            let began = self.random.between(6, 60);
            let began = self.working_hour(-began);
            let closed = (kind != "open").then(|| self.later(began));
            let whom = client.map_or(person.name.as_str(), |c| c.name.as_str());
            let name = format!("{title} for {whom}");
            let worth = price * self.random.between(1, 6);
            let mut data = doc(json!({
                "name": name,
                "stage": stages[stage].to_string(),
                "value": self.money(worth),
                "primaryContact": person.id.to_string(),
                "serviceInterest": [services[service].to_string()],
                "owner": self.seller(),
                "source": self.random.pick(&SOURCES),
                "createdAt": iso(began),
            }));
            match closed {
                Some(closed) => data.insert("closedAt".into(), iso(closed).into()),
                None => {
                    let expected = self.now.as_millisecond() + self.random.between(3, 75) * DAY;
                    let day = day_of(instant(expected, self.now)).to_string();
                    data.insert("expectedClose".into(), day.into())
                }
            };
            if kind == "lost" {
                data.insert("lostReason".into(), (*self.random.pick(&LOST)).into());
            }
            docs.push(data);
            let company = client.map(|c| c.id);
            deals.push((name, person.id, company, stage, began, closed));
        }
        let ids = self.create("deals", docs).await?;
        let made = ids.into_iter().zip(deals).map(
            |(id, (name, contact, company, stage, began, closed))| Deal {
                id,
                name,
                contact,
                company,
                stage,
                began,
                closed,
            },
        );
        Ok(made.collect())
    }

    /// The steps each deal took to its stage, as the product would have written them.
    async fn journeys(&mut self, deals: &[Deal], stages: &[Id]) -> Result<()> {
        let mut rows = Vec::new();
        for deal in deals {
            rows.push(event(deal, "created", "Deal created".to_owned(), Value::Null, deal.began));
            let kind = self.trade.stages[deal.stage].2;
            let open = self.trade.stages.iter().take_while(|s| s.2 == "open").count();
            let last_open = if kind == "open" { deal.stage } else { self.random.below(open) };
            let mut path: Vec<usize> = (0..=last_open).collect();
            if kind != "open" {
                path.push(deal.stage);
            }
            let end = deal.closed.unwrap_or_else(|| self.later(deal.began));
            for (step, pair) in path.windows(2).enumerate() {
                let (from, to) = (pair[0], pair[1]);
                let at = between(deal.began, end, step + 1, path.len() - 1, self.now);
                let title =
                    format!("Stage: {} → {}", self.trade.stages[from].0, self.trade.stages[to].0);
                let meta = json!({ "field": "stage", "from": stages[from].to_string(), "to": stages[to].to_string() });
                rows.push(event(deal, "stage_changed", title, meta, at));
            }
            if kind != "open" {
                let title = format!("Status: Open → {}", define::words(kind));
                let meta = json!({ "field": "status", "from": "open", "to": kind });
                rows.push(event(deal, "status_changed", title, meta, end));
            }
        }
        self.create("activities", rows).await.map(|_| ())
    }

    /// Calls, e-mails and meetings, each by one of the people.
    async fn talks(
        &mut self,
        deals: &[Deal],
        persons: &[Person],
        clients: &[Client],
    ) -> Result<()> {
        let mut by_person: [Vec<Doc>; 3] = Default::default();
        for deal in deals {
            for _ in 0..self.random.between(1, 4) {
                let at = self.later(deal.began);
                let mut talk = self.talk(at);
                link(&mut talk, Some(deal.id), Some(deal.contact), deal.company);
                by_person[self.random.below(3)].push(talk);
            }
        }
        for _ in 0..persons.len() / 2 {
            let person = self.random.pick(persons);
            let company = person.client.and_then(|at| clients.get(at)).map(|c| c.id);
            let days = self.random.between(0, 60);
            let at = self.working_hour(-days);
            let mut talk = self.talk(at);
            link(&mut talk, None, Some(person.id), company);
            by_person[self.random.below(3)].push(talk);
        }
        for (at, talks) in by_person.into_iter().enumerate() {
            create(self.engine, &self.person(at)?, "activities", talks).await?;
        }
        Ok(())
    }

    fn talk(&mut self, at: Timestamp) -> Doc {
        let (kind, (subject, body)) = match self.random.below(3) {
            0 => ("call", *self.random.pick(&CALLS)),
            1 => ("email", *self.random.pick(&EMAILS)),
            _ => ("meeting", *self.random.pick(&MEETINGS)),
        };
        let at = iso(at);
        doc(json!({ "kind": kind, "subject": subject, "body": body, "at": at, "createdAt": at }))
    }

    async fn notes(&mut self, deals: &[Deal], persons: &[Person]) -> Result<()> {
        let mut by_person: [Vec<Doc>; 3] = Default::default();
        for at in 0..24 {
            let mut note = doc(json!({
                "body": self.random.pick(&NOTES),
                "pinned": self.random.chance(15),
                "createdAt": self.past(0, 60),
            }));
            if at % 2 == 0 {
                let deal = self.random.pick(deals);
                link(&mut note, Some(deal.id), Some(deal.contact), deal.company);
            } else {
                link(&mut note, None, Some(self.random.pick(persons).id), None);
            }
            by_person[self.random.below(3)].push(note);
        }
        for (at, notes) in by_person.into_iter().enumerate() {
            create(self.engine, &self.person(at)?, "notes", notes).await?;
        }
        Ok(())
    }

    async fn tasks(&mut self, deals: &[Deal]) -> Result<()> {
        let mut docs = Vec::new();
        for _ in 0..24 {
            let deal = self.random.pick(deals);
            let days = self.random.between(-25, 20);
            let due = self.working_hour(days);
            let is_done = days < -2 && self.random.chance(85);
            let mut task = doc(json!({
                "title": format!("{}: {}", self.random.pick(&TASKS), deal.name),
                "status": if is_done { "done" } else { *self.random.pick(&["open", "open", "in_progress"]) },
                "priority": self.random.pick(&["low", "normal", "normal", "high", "urgent"]),
                "dueAt": iso(due),
                "assignee": self.seller(),
                "createdAt": self.past(26, 45),
            }));
            if is_done {
                task.insert("completedAt".into(), iso(due).into());
            }
            link(&mut task, Some(deal.id), Some(deal.contact), deal.company);
            docs.push(task);
        }
        self.create("tasks", docs).await.map(|_| ())
    }

    async fn appointments(&mut self, deals: &[Deal]) -> Result<()> {
        let mut docs = Vec::new();
        for _ in 0..16 {
            let deal = self.random.pick(deals);
            let (title, location) = *self.random.pick(&APPOINTMENTS);
            let days = self.random.between(-30, 21);
            let starts = self.working_hour(days);
            let ends = starts.as_millisecond() + self.random.between(1, 3) * 1_800_000;
            let status = match (days < 0, self.random.between(1, 10)) {
                (false, _) => "scheduled",
                (true, 1) => "no_show",
                (true, 2) => "cancelled",
                (true, _) => "completed",
            };
            let mut appointment = doc(json!({
                "title": format!("{title}: {}", deal.name),
                "startsAt": iso(starts),
                "endsAt": iso(instant(ends, starts)),
                "location": location,
                "status": status,
                "organizer": self.seller(),
                "attendees": [deal.contact.to_string()],
                "createdAt": self.past(31, 45),
            }));
            link(&mut appointment, Some(deal.id), Some(deal.contact), deal.company);
            docs.push(appointment);
        }
        self.create("appointments", docs).await.map(|_| ())
    }

    /// A moment between `began` and now.
    fn later(&mut self, began: Timestamp) -> Timestamp {
        let (from, to) = (began.as_millisecond(), self.now.as_millisecond());
        let minutes = (to - from).max(0) / 60_000;
        instant(from + self.random.between(minutes / 3, minutes) * 60_000, self.now)
    }
}

fn event(deal: &Deal, kind: &str, subject: String, meta: Value, at: Timestamp) -> Doc {
    let at = iso(at);
    let mut row =
        doc(json!({ "kind": kind, "subject": subject, "meta": meta, "at": at, "createdAt": at }));
    link(&mut row, Some(deal.id), Some(deal.contact), deal.company);
    row
}

fn link(doc: &mut Doc, deal: Option<Id>, contact: Option<Id>, company: Option<Id>) {
    for (name, id) in [("deal", deal), ("contact", contact), ("company", company)] {
        if let Some(id) = id {
            doc.insert(name.into(), id.to_string().into());
        }
    }
}

/// The moment of step `step` of `steps` on the way from `began` to `end`.
fn between(
    began: Timestamp,
    end: Timestamp,
    step: usize,
    steps: usize,
    or: Timestamp,
) -> Timestamp {
    let (from, to) = (began.as_millisecond(), end.as_millisecond());
    let (step, steps) = (step as i64, steps.max(1) as i64);
    instant(from + (to - from) * step / steps, or)
}
