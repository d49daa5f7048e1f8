//! Every mutation leaves exactly one audit row and one event, whatever the collection.

use std::collections::BTreeMap;

use define::Rule;
use kernel::{Id, Role};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::office::{Office, id_of, path};
use crate::matrix::digest::Witness;
use crate::matrix::generate::{Maker, amendment};
use crate::support::app::{TestApp, read};

/// The records of one mutation.
struct Record {
    tenant: Id,
    actor: (String, Option<Id>, Option<String>),
    session: Option<Id>,
    /// IP, user agent, request id.
    request: [String; 3],
    verb: String,
    collection: String,
    document: Id,
    before: Value,
    after: Value,
    events: Value,
    payload: Value,
}

const RECORDS: &str = "
    SELECT a.tenant_id, a.actor_kind, a.actor_id, a.actor_name, a.session_id, a.ip, a.user_agent,
           a.request_id, a.verb, a.collection, a.document_id, a.before::text, a.after::text,
           o.events::text, o.payload::text, o.tenant_id, o.collection, o.document_id, a.at = o.at
      FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM audit WHERE id > $1) a
      FULL JOIN (SELECT *, row_number() OVER (ORDER BY id) AS n FROM outbox WHERE id > $1) o
     USING (n) ORDER BY n";

/// What was recorded later than an id made then; audit rows and events come in pairs.
async fn since(client: &Client, known: Id) -> Vec<Record> {
    let rows = client.query(RECORDS, &[&known]).await.unwrap();
    let parsed = |text: Option<String>| {
        text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
    };
    let record = |row: &tokio_postgres::Row| {
        let record = Record {
            tenant: row.get(0),
            actor: (row.get(1), row.get(2), row.get(3)),
            session: row.get(4),
            request: [row.get(5), row.get(6), row.get(7)],
            verb: row.get(8),
            collection: row.get(9),
            document: row.get(10),
            before: parsed(row.get(11)),
            after: parsed(row.get(12)),
            events: parsed(row.get(13)),
            payload: parsed(row.get(14)),
        };
        assert_eq!(row.get::<_, Option<Id>>(15), Some(record.tenant));
        assert_eq!(row.get::<_, Option<&str>>(16), Some(record.collection.as_str()));
        assert_eq!(row.get::<_, Option<Id>>(17), Some(record.document));
        assert_eq!(row.get::<_, Option<bool>>(18), Some(true), "written at the same moment");
        record
    };
    rows.iter().map(record).collect()
}

/// The records of whatever was done since the last look.
struct Records {
    witness: Witness,
    known: Id,
}

impl Records {
    async fn of(app: &TestApp) -> Records {
        Records { witness: Witness::of(app).await, known: kernel::new_id() }
    }

    async fn latest(&mut self) -> Vec<Record> {
        let latest = since(&self.witness.client, self.known).await;
        self.known = kernel::new_id();
        latest
    }

    async fn one(&mut self) -> Record {
        let mut latest = self.latest().await;
        // A new person comes with a membership, which has a record of its own.
        if latest.iter().any(|r| r.collection == "users" && r.verb == "create") {
            latest.retain(|r| r.collection != "memberships");
        }
        // A new default pipeline takes the place of the former one, which is a change of that one.
        if latest.iter().any(|r| r.collection == "pipelines" && r.verb == "create") {
            latest.retain(|r| r.collection != "pipelines" || r.verb == "create");
        }
        // The handles by which a contact is known are records of their own.
        if latest.iter().any(|r| r.collection == "contacts") {
            latest.retain(|r| r.collection != "identities");
        }
        let what: Vec<_> = latest.iter().map(|r| (&r.verb, &r.collection, &r.events)).collect();
        assert_eq!(latest.len(), 1, "one mutation, one record: {what:?}");
        latest.remove(0)
    }
}

#[tokio::test]
async fn each_mutating_verb_of_each_collection_leaves_one_record() {
    let app = TestApp::start().await;
    let agency = app.tenant(app.platform(), "agency").await;
    let account = app.tenant(agency, "account").await;
    let boss = app.user(agency, "boss@agency.example.test", Role::Owner).await;
    let me = app.sign_in("boss@agency.example.test").await;
    let mut maker =
        Maker::new(&app, &BTreeMap::from([("agency", agency), ("account", account)])).await;
    let mut records = Records::of(&app).await;
    let collections: Vec<_> = app.engine().collections().cloned().collect();
    for collection in collections.iter().filter(|c| c.access.create != Rule::Never) {
        let slug = collection.slug.as_str();
        let home = if slug == "tenants" { agency } else { account };
        // Read back and seen again below, so that the last step alone is counted.
        let data = match slug {
            "memberships" => {
                let user = maker.make(agency, "users").await;
                json!({ "tenant": account, "user": user, "role": "member" })
            }
            _ => maker.data(home, slug).await,
        };
        records.latest().await;
        let check = |record: &Record, verb: &str, doc: &Value| {
            assert_eq!((record.verb.as_str(), record.collection.as_str()), (verb, slug));
            assert_eq!(record.document, id_of(doc), "{slug}");
            // People are nobody's: their records are kept where they were written.
            let at = if slug == "users" && verb != "create" { agency } else { home };
            assert_eq!(record.tenant, at, "{verb} {slug}");
            assert_eq!(record.actor.1, Some(boss), "{verb} {slug}");
        };
        // Of what is confidential the audit says that it was done, and nothing of what it was.
        let reveal = |record: &mut Record, before: Value, after: Value| {
            if collection.confidential {
                assert_eq!((&record.before, &record.after), (&Value::Null, &Value::Null), "{slug}");
                (record.before, record.after) = (before, after);
            }
        };
        let past = |verb: &str| json!(format!("{}.{verb}d", collection.event()));

        let (status, made) = me.post(&format!("/api/{slug}?depth=0"), data).await;
        assert_eq!(status, StatusCode::CREATED, "{slug}: {made}");
        let doc = &made["doc"];
        let mut record = records.one().await;
        check(&record, "create", doc);
        reveal(&mut record, Value::Null, doc.clone());
        assert_eq!((&record.before, &record.after), (&Value::Null, doc), "{slug}");
        assert_eq!(record.payload, json!({ "doc": doc, "changed": {} }), "{slug}");
        assert_eq!(record.events.as_array().unwrap().last(), Some(&past("create")), "{slug}");

        let change = match slug {
            "memberships" => json!({ "role": "viewer" }),
            _ => amendment(collection, "amended"),
        };
        if collection.access.update != Rule::Never {
            let (status, body) =
                me.patch(&format!("{}?depth=0", path(slug, doc)), change.clone()).await;
            assert_eq!(status, StatusCode::OK, "{slug}: {body}");
            let after = &body["doc"];
            // A tenant's own records are kept in it, its birth and death above it.
            let mut record = records.one().await;
            if slug == "tenants" {
                record.tenant = home;
            }
            check(&record, "update", doc);
            let former = record.payload["changed"].clone();
            let latter = former.as_object().unwrap().keys().map(|k| (k.clone(), after[k].clone()));
            let latter = latter.collect();
            reveal(&mut record, former, latter);
            let field = change.as_object().unwrap().keys().next().unwrap();
            assert_eq!(record.before[field], doc[field], "{slug}");
            assert_eq!(record.after[field], after[field], "{slug}");
            assert_ne!(record.before[field], record.after[field], "{slug}");
            let keys =
                |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(&record.before), keys(&record.after), "{slug}");
            assert!(record.before["updatedAt"] != record.after["updatedAt"], "{slug}");
            assert!(keys(&record.before).len() < keys(doc).len() / 2, "only what changed: {slug}");
            assert_eq!(record.payload, json!({ "doc": after, "changed": record.before }), "{slug}");
            assert_eq!(record.events.as_array().unwrap().last(), Some(&past("update")), "{slug}");
        }

        if !matches!(slug, "memberships" | "users" | "identities") {
            let other = match slug {
                "tenants" => json!({ "slug": "copied" }),
                "invitations" => json!({ "email": "copied@example.test" }),
                _ => json!({}),
            };
            let copy = format!("{}/duplicate?depth=0", path(slug, doc));
            let (status, body) = me.post(&copy, other).await;
            assert_eq!(status, StatusCode::OK, "{slug}: {body}");
            check(&records.one().await, "create", &body["doc"]);
        }

        if collection.trash {
            let (status, body) =
                me.patch(&path(slug, doc), json!({ "deletedAt": "2026-11-21T10:00:00Z" })).await;
            assert_eq!(status, StatusCode::OK, "{slug}: {body}");
            let record = records.one().await;
            check(&record, "update", doc);
            assert_eq!(record.before["deletedAt"], Value::Null);
        }

        let trash = if collection.trash { "?trash=true&depth=0" } else { "?depth=0" };
        let (status, body) = me.delete(&format!("{}{trash}", path(slug, doc))).await;
        assert_eq!(status, StatusCode::OK, "{slug}: {body}");
        let mut record = records.one().await;
        check(&record, "delete", doc);
        reveal(&mut record, body["doc"].clone(), Value::Null);
        assert_eq!((&record.before, &record.after), (&body["doc"], &Value::Null), "{slug}");
        assert_eq!(record.payload, json!({ "doc": body["doc"], "changed": {} }), "{slug}");
        assert_eq!(record.events, json!([past("delete")]), "{slug}");

        // Refused, absent or out of reach: no record.
        let (status, _) = me.post(&format!("/api/{slug}"), json!({})).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{slug}");
        let (status, _) = me.patch(&path(slug, doc), change).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{slug}");
        let (status, _) = me.delete(&path(slug, doc)).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{slug}");
        assert!(records.latest().await.is_empty(), "{slug}");
    }
}

#[tokio::test]
async fn a_record_says_who_asked_and_from_where() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let mut records = Records::of(&app).await;
    let request = office.me.request(Method::POST, "/api/companies?depth=0");
    let request = request.header("User-Agent", "Ledger/2.1").header("X-Request-Id", "req-77");
    let answer = read(request.json(&json!({ "name": "Harbor" })).send().await.unwrap()).await;
    assert_eq!(answer.0, StatusCode::CREATED, "{}", answer.1);
    let record = records.one().await;
    let email = "admin@north.example.test".to_owned();
    assert_eq!(record.actor, ("user".to_owned(), Some(office.my_id), Some(email)));
    assert_eq!(record.request, ["127.0.0.1", "Ledger/2.1", "req-77"]);
    assert_eq!(record.tenant, office.tenant);
    let sql = format!("SELECT id FROM sessions WHERE user_id = '{}'", office.my_id);
    let session = records.witness.client.query_one(&sql, &[]).await.unwrap().get(0);
    assert_eq!(record.session, Some(session));

    // The product itself.
    app.create(office.tenant, "companies", json!({ "name": "Yard" })).await;
    let record = records.one().await;
    assert_eq!(record.actor, ("system".to_owned(), None, Some("test".to_owned())));
    assert_eq!((record.session, &record.request[0]), (None, &String::new()));
}

#[tokio::test]
async fn events_are_named_the_most_telling_first() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let mut records = Records::of(&app).await;
    let mut events = async || records.one().await.events;

    let deal = office.deal(&stages.new).await;
    assert_eq!(events().await, json!(["deal.created"]));
    for (data, names) in [
        (json!({ "name": "Berth" }), json!(["deal.updated"])),
        (json!({ "stage": stages.talk["id"] }), json!(["deal.stage_changed", "deal.updated"])),
        (json!({ "owner": office.my_id }), json!(["deal.owner_changed", "deal.updated"])),
        (
            json!({ "stage": stages.won["id"] }),
            json!(["deal.won", "deal.stage_changed", "deal.updated"]),
        ),
        (
            json!({ "stage": stages.lost["id"] }),
            json!(["deal.lost", "deal.stage_changed", "deal.updated"]),
        ),
        (
            json!({ "stage": stages.new["id"], "owner": null }),
            json!(["deal.reopened", "deal.owner_changed", "deal.stage_changed", "deal.updated"]),
        ),
    ] {
        office.change("deals", &deal, data).await;
        assert_eq!(events().await, names);
    }
    office.make("deals", json!({ "name": "Sold", "stage": stages.won["id"] })).await;
    assert_eq!(events().await, json!(["deal.won", "deal.created"]));

    let harbor = office.company("Harbor").await;
    assert_eq!(events().await, json!(["company.created"]));
    office.change("companies", &harbor, json!({ "lifecycle": "customer" })).await;
    assert_eq!(events().await, json!(["company.lifecycle_changed", "company.updated"]));
    let ann = office.contact("Ann", &harbor).await;
    assert_eq!(events().await, json!(["contact.created"]));
    office.change("contacts", &ann, json!({ "lifecycle": "customer" })).await;
    assert_eq!(events().await, json!(["contact.lifecycle_changed", "contact.updated"]));

    let task = office.make("tasks", json!({ "title": "Call" })).await;
    assert_eq!(events().await, json!(["task.created"]));
    office.change("tasks", &task, json!({ "status": "done" })).await;
    assert_eq!(events().await, json!(["task.completed", "task.updated"]));

    let data = json!({ "title": "Visit", "startsAt": "2026-12-01T09:00:00Z" });
    let visit = office.make("appointments", data).await;
    assert_eq!(events().await, json!(["appointment.scheduled", "appointment.created"]));
    for (data, name) in [
        (json!({ "startsAt": "2026-12-02T09:00:00Z" }), "appointment.rescheduled"),
        (json!({ "status": "cancelled" }), "appointment.cancelled"),
        (json!({ "status": "no_show" }), "appointment.no_show"),
        (json!({ "status": "completed" }), "appointment.completed"),
    ] {
        office.change("appointments", &visit, data).await;
        assert_eq!(events().await, json!([name, "appointment.updated"]));
    }
    office.change("appointments", &visit, json!({ "location": "Quay" })).await;
    assert_eq!(events().await, json!(["appointment.updated"]));
}
