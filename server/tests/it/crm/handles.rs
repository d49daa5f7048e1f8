//! Handles, tags and addresses: one normal form, and one of each in a tenant.

use serde_json::{Value, json};

use super::office::Office;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_handle_belongs_to_one_contact_of_a_tenant() {
    let app = TestApp::start().await;
    let north = Office::open(&app, "north").await;
    let south = Office::open(&app, "south").await;
    let (ann, bob) =
        (north.contact("Ann", &Value::Null).await, north.contact("Bob", &Value::Null).await);
    let of = |contact: &Value, channel: &str, handle: &str| json!({ "contact": contact["id"], "channel": channel, "handle": handle });
    for (channel, handle, normal) in [
        ("email", " Ann@Example.TEST ", "ann@example.test"),
        ("whatsapp", "+1 (555) 010-2030", "+15550102030"),
        ("phone", "0044 20 7946 0000", "+442079460000"),
        ("instagram", "@Ann.Sails", "@ann.sails"),
    ] {
        let made = north.make("identities", of(&ann, channel, handle)).await;
        assert_eq!(made["handle"], normal);
        let said = north.not_made("identities", of(&bob, channel, &handle.to_uppercase())).await;
        assert_eq!(said, "handle: Value must be unique");
        let theirs = south.contact("Ann", &Value::Null).await;
        assert_eq!(south.make("identities", of(&theirs, channel, handle)).await["handle"], normal);
    }
    // The same word on another channel is another handle.
    north.make("identities", of(&bob, "telegram", "@ann.sails")).await;
    let mine = north.make("identities", of(&bob, "web", "bob")).await;
    let taken = json!({ "channel": "instagram", "handle": "@ANN.sails" });
    let said = north.refused("identities", &mine, taken).await;
    assert_eq!(said, "handle: Value must be unique");
}

#[tokio::test]
async fn address_and_phone_of_a_contact_join_the_identities() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let data =
        json!({ "firstName": "Ann", "email": "Ann@Example.test", "phone": "+1 555 010 2030" });
    let ann = office.make("contacts", data).await;
    assert_eq!(ann["email"], "ann@example.test");
    let data = json!({ "firstName": "Twin", "email": "ANN@example.test" });
    let twin = office.make("contacts", data).await;
    let handles = async |contact: &Value| -> Vec<String> {
        let filter =
            format!("sort=channel&where[contact][equals]={}", contact["id"].as_str().unwrap());
        let rows = office.list("identities", &filter).await;
        rows.iter().map(|row| row["handle"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(handles(&ann).await, ["ann@example.test", "+15550102030"]);
    // The first who has a handle keeps it.
    assert_eq!(handles(&twin).await, Vec::<String>::new());
    office.change("contacts", &twin, json!({ "email": "twin@example.test" })).await;
    assert_eq!(handles(&twin).await, ["twin@example.test"]);
}

#[tokio::test]
async fn tags_are_unique_in_a_tenant() {
    let app = TestApp::start().await;
    let north = Office::open(&app, "north").await;
    let south = Office::open(&app, "south").await;
    let vip = north.make("tags", json!({ "name": " VIP " })).await;
    assert_eq!(vip["name"], "VIP");
    let again = json!({ "name": "VIP" });
    assert_eq!(north.not_made("tags", again.clone()).await, "name: Value must be unique");
    south.make("tags", again.clone()).await;
    let other = north.make("tags", json!({ "name": "Partner" })).await;
    assert_eq!(north.refused("tags", &other, again).await, "name: Value must be unique");
}

#[tokio::test]
async fn an_appointment_does_not_end_before_it_starts() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let data = |ends: &str| json!({ "title": "Visit", "startsAt": "2026-12-01T09:00:00Z", "endsAt": ends });
    let wrong = "endsAt: An appointment cannot end before it starts.";
    assert_eq!(office.not_made("appointments", data("2026-12-01T08:59:59Z")).await, wrong);
    let visit = office.make("appointments", data("2026-12-01T09:00:00Z")).await;
    let later = json!({ "startsAt": "2026-12-01T10:00:00+00:00" });
    assert_eq!(office.refused("appointments", &visit, later).await, wrong);
    office.change("appointments", &visit, json!({ "endsAt": null })).await;
}

#[tokio::test]
async fn names_and_domains_are_filled_in() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let data = json!({ "name": "Harbor", "website": "https://www.Harbor.example.test/about" });
    let harbor = office.make("companies", data).await;
    assert_eq!(harbor["domain"], "harbor.example.test");
    let data = json!({ "firstName": "Ann", "lastName": "Sailor", "name": "Somebody" });
    let ann = office.make("contacts", data).await;
    assert_eq!(ann["name"], "Ann Sailor");
    let ann = office.change("contacts", &ann, json!({ "lastName": null })).await;
    assert_eq!(ann["name"], "Ann");
    let given = json!({ "consent": { "marketing": true } });
    let ann = office.change("contacts", &ann, given).await;
    assert!(ann["consent"]["at"].is_string(), "{ann}");
}
