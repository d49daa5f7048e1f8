//! A deal's company is its primary contact's; without a contact it is free to choose.

use serde_json::{Value, json};

use super::office::Office;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_deal_takes_the_company_of_its_primary_contact() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (harbor, yard) = (office.company("Harbor").await, office.company("Yard").await);
    let ann = office.contact("Ann", &harbor).await;

    // What is sent for it is ignored while there is a contact, at birth and later.
    let data = json!({
        "name": "Berth", "stage": stages.new["id"], "primaryContact": ann["id"], "company": yard["id"],
    });
    let deal = office.make("deals", data).await;
    assert_eq!(deal["company"], harbor["id"]);
    let deal = office.change("deals", &deal, json!({ "company": yard["id"] })).await;
    assert_eq!(deal["company"], harbor["id"]);
    let deal = office.change("deals", &deal, json!({ "company": null })).await;
    assert_eq!(deal["company"], harbor["id"]);

    // It stays when the contact goes, and is then free.
    let deal = office.change("deals", &deal, json!({ "primaryContact": null })).await;
    assert_eq!(deal["company"], harbor["id"]);
    let deal = office.change("deals", &deal, json!({ "company": yard["id"] })).await;
    assert_eq!(deal["company"], yard["id"]);
    let both = json!({ "primaryContact": ann["id"], "company": null });
    assert_eq!(office.change("deals", &deal, both).await["company"], harbor["id"]);
    let both = json!({ "primaryContact": null, "company": yard["id"] });
    assert_eq!(office.change("deals", &deal, both).await["company"], yard["id"]);
}

#[tokio::test]
async fn deals_follow_their_contact_to_another_company() {
    let app = TestApp::start().await;
    let office = Office::open(&app, "north").await;
    let stages = office.pipeline("Sales").await;
    let (harbor, yard) = (office.company("Harbor").await, office.company("Yard").await);
    let (ann, bob) = (office.contact("Ann", &harbor).await, office.contact("Bob", &harbor).await);
    let deal_of = async |contact: &Value| {
        let data =
            json!({ "name": "Berth", "stage": stages.new["id"], "primaryContact": contact["id"] });
        office.make("deals", data).await
    };
    let (first, second) = (deal_of(&ann).await, deal_of(&ann).await);
    let other = deal_of(&bob).await;

    office.change("contacts", &ann, json!({ "company": yard["id"] })).await;
    for (deal, company) in [(&first, &yard), (&second, &yard), (&other, &harbor)] {
        assert_eq!(office.see("deals", deal).await["company"], company["id"]);
    }
    office.change("contacts", &ann, json!({ "company": null })).await;
    assert_eq!(office.see("deals", &first).await["company"], Value::Null);

    // In a bulk change as well.
    let everyone = "/api/contacts?where[id][exists]=true";
    let (status, body) = office.me.patch(everyone, json!({ "company": yard["id"] })).await;
    assert_eq!((status.as_u16(), body["docs"].as_array().unwrap().len()), (200, 2), "{body}");
    let filter = format!("where[company][equals]={}", yard["id"].as_str().unwrap());
    assert_eq!(office.count("deals", &filter).await, 3);

    // A refused change moves nothing.
    let wrong = json!({ "company": harbor["id"], "firstName": "" });
    assert_eq!(office.refused("contacts", &ann, wrong).await, "firstName: This field is required.");
    assert_eq!(office.see("deals", &first).await["company"], yard["id"]);
}
