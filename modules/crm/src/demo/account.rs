//! One account filled: settings, companies, contacts, then the [`story`](super::story) of its deals.

use engine::Engine;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{Actor, Currency, Doc, Grant, Id, Reach, Result, Role, Timestamp, Who, iso};
use serde_json::{Value, json};

use super::random::Random;
use super::trades::Trade;
use super::words::{FIRST, JOBS, LAST, PLACES, SOURCES, STREETS, TAGS};
use super::{create, doc};
use crate::LIFECYCLE;

pub(super) const DAY: i64 = 86_400_000;

pub(super) struct Account<'a> {
    pub(super) engine: &'a Engine,
    pub(super) actor: &'a Actor,
    pub(super) trade: &'a Trade,
    /// Manager, two sellers, a viewer.
    pub(super) people: Vec<Id>,
    pub(super) now: Timestamp,
    pub(super) random: Random,
}

/// A company made, with what its contacts need of it.
pub(super) struct Client {
    pub(super) id: Id,
    pub(super) name: String,
    domain: String,
}

/// A contact made, with its company's place.
pub(super) struct Person {
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) client: Option<usize>,
}

impl<'a> Account<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        actor: &'a Actor,
        trade: &'a Trade,
        people: Vec<Id>,
        now: Timestamp,
    ) -> Account<'a> {
        Account { engine, actor, trade, people, now, random: Random::new(trade.seed) }
    }

    pub(super) async fn fill(mut self) -> Result<()> {
        let tags = TAGS.iter().map(|(name, color)| doc(json!({ "name": name, "color": color })));
        let tags = self.create("tags", tags.collect()).await?;
        let services = self.services().await?;
        let stages = self.pipeline().await?;
        let clients = self.clients(&tags).await?;
        let persons = self.persons(&clients, &tags).await?;
        self.tell(&clients, &persons, &services, &stages).await
    }

    async fn services(&mut self) -> Result<Vec<Id>> {
        let made = self.trade.services.iter().map(|(name, category, price, billing)| {
            let price = self.money(*price);
            doc(json!({ "name": name, "category": category, "price": price, "billing": billing }))
        });
        self.create("services", made.collect()).await
    }

    async fn pipeline(&mut self) -> Result<Vec<Id>> {
        let pipeline = doc(json!({ "name": "Sales", "order": 1, "isDefault": true }));
        let pipeline = self.create("pipelines", vec![pipeline]).await?;
        let pipeline = pipeline.first().map(Id::to_string);
        let stages = (1..).zip(self.trade.stages).map(|(order, (name, probability, kind))| {
            doc(json!({
                "pipeline": pipeline,
                "name": name,
                "order": order,
                "probability": probability,
                "kind": kind,
            }))
        });
        self.create("stages", stages.collect()).await
    }

    async fn clients(&mut self, tags: &[Id]) -> Result<Vec<Client>> {
        let (mut docs, mut clients) = (Vec::new(), Vec::new());
        for at in 0..self.trade.companies {
            let head = self.trade.heads[at % self.trade.heads.len()];
            let tail =
                self.trade.tails[(at + at / self.trade.heads.len()) % self.trade.tails.len()];
            let name = format!("{head} {tail}");
            let domain = format!("{}.example", name.to_lowercase().replace(' ', "-"));
            let (city, region, country) = *self.random.pick(&PLACES);
            docs.push(doc(json!({
                "name": name,
                "domain": domain,
                "website": format!("https://www.{domain}"),
                "phone": self.phone(),
                "industry": self.random.pick(self.trade.industries),
                "employees": self.random.between(4, 900),
                "annualRevenue": { "amount": self.random.between(20, 9_000) * 1_000_000, "currency": self.trade.currency },
                "founded": self.random.between(1952, 2021),
                "address": {
                    "line1": format!("{} {}", self.random.between(1, 240), self.random.pick(&STREETS)),
                    "city": city,
                    "region": region,
                    "country": country,
                },
                "owner": self.seller(),
                "lifecycle": self.random.pick(&LIFECYCLE[1..]),
                "source": self.random.pick(&SOURCES),
                "tags": self.tags(tags),
                "createdAt": self.past(60, 400),
            })));
            clients.push((name, domain));
        }
        let ids = self.create("companies", docs).await?;
        let made = ids.into_iter().zip(clients);
        Ok(made.map(|(id, (name, domain))| Client { id, name, domain }).collect())
    }

    async fn persons(&mut self, clients: &[Client], tags: &[Id]) -> Result<Vec<Person>> {
        let (mut docs, mut persons) = (Vec::new(), Vec::new());
        for at in 0..self.trade.contacts {
            // 72 × 72 names: a step that shares no factor with 72 × 72 meets each once.
            let name = (at * 1_237 + self.trade.companies * 31) % (FIRST.len() * LAST.len());
            let (first, last) = (FIRST[name % FIRST.len()], LAST[name / FIRST.len()]);
            let client = self.random.chance(85).then(|| self.random.below(clients.len()));
            let domain = client.map_or("post.example", |c| clients[c].domain.as_str());
            let created =
                if self.random.chance(60) { self.past(1, 60) } else { self.past(61, 300) };
            let mut person = doc(json!({
                "firstName": first,
                "lastName": last,
                "email": format!("{first}.{last}@{domain}").to_lowercase(),
                "phone": self.phone(),
                "jobTitle": self.random.pick(&JOBS),
                "company": client.map(|c| clients[c].id.to_string()),
                "owner": self.seller(),
                "lifecycle": self.random.pick(&LIFECYCLE),
                "source": self.random.pick(&SOURCES),
                "tags": self.tags(tags),
                "createdAt": created.clone(),
            }));
            self.trace(&mut person, created);
            docs.push(person);
            persons.push((format!("{first} {last}"), client));
        }
        let ids = self.create("contacts", docs).await?;
        let made = ids.into_iter().zip(persons);
        Ok(made.map(|(id, (name, client))| Person { id, name, client }).collect())
    }

    /// How a contact came, and whether it may be written to.
    fn trace(&mut self, person: &mut Doc, created: Value) {
        if self.random.chance(30) {
            let campaign = *self.random.pick(&["spring", "autumn-fair", "newsletter-7"]);
            let source = *self.random.pick(&["search", "newsletter", "social"]);
            person.insert(
                "utm".into(),
                json!({ "source": source, "medium": "web", "campaign": campaign }),
            );
        }
        if self.random.chance(45) {
            let consent = json!({ "marketing": true, "at": created, "source": "Website form" });
            person.insert("consent".into(), consent);
        }
    }

    pub(super) async fn create(&self, slug: &str, docs: Vec<Doc>) -> Result<Vec<Id>> {
        create(self.engine, self.actor, slug, docs).await
    }

    /// One of the account's people acting for themselves, so that the timeline names them.
    pub(super) fn person(&self, at: usize) -> Result<Actor> {
        let tenant = self.actor.current().ok_or_else(kernel::Error::forbidden)?;
        let currency = Currency::parse(self.trade.currency).unwrap_or(Currency::USD);
        let grant = Grant { tenant, role: Role::Member, currency };
        let who = Who::User(self.people[at]);
        Ok(Actor { who, ..Actor::system("seed", Reach::new(vec![grant], Some(tenant))) })
    }

    pub(super) fn money(&self, major: i64) -> Value {
        json!({ "amount": major * 100, "currency": self.trade.currency })
    }

    /// Manager or one of the sellers.
    pub(super) fn seller(&mut self) -> String {
        let at = self.random.below(3);
        self.people[at].to_string()
    }

    fn tags(&mut self, tags: &[Id]) -> Vec<String> {
        let count = if self.random.chance(40) { self.random.between(1, 2) } else { 0 };
        (0..count).map(|_| self.random.pick(tags).to_string()).collect()
    }

    /// A number of the ranges kept free for fiction.
    fn phone(&mut self) -> String {
        let area = *self.random.pick(&[202, 206, 303, 312, 415, 512, 617, 702, 843, 907]);
        format!("+1 {area} 555 01{:02}", self.random.between(0, 99))
    }

    /// A working hour between `least` and `most` days ago.
    pub(super) fn past(&mut self, least: i64, most: i64) -> Value {
        let days = self.random.between(least, most);
        Value::String(iso(self.working_hour(-days)))
    }

    /// A time between 8:00 and 17:45 on the day `days` from now; never later than now for days
    /// gone by.
    pub(super) fn working_hour(&mut self, days: i64) -> Timestamp {
        let day = (self.now.as_millisecond() + days * DAY).div_euclid(DAY) * DAY;
        let quarter = self.random.between(8 * 4, 18 * 4 - 1);
        let at = instant(day + quarter * 900_000, self.now);
        if days <= 0 { at.min(self.now) } else { at }
    }
}

pub(super) fn instant(ms: i64, or: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(or)
}

pub(super) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
