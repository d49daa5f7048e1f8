//! The words of records are written, changed and taken away with them.

use kernel::Role;
use serde_json::json;

use super::{Pier, listed, titles};
use crate::matrix::digest::Witness;

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn words_follow_every_kind_of_change() {
    let pier = Pier::new().await;
    let owner = pier.owner().await;
    let id = pier.contact("Greta", "Olive", "greta@pier.example", "").await;
    let path = format!("/api/contacts/{id}");
    assert_eq!(titles(&owner, "olive").await, ["Greta Olive"]);
    // The name is made by a hook of the two others.
    owner.patch(&path, json!({ "lastName": "Plum" })).await;
    assert_eq!(titles(&owner, "olive").await, NOTHING);
    assert_eq!(titles(&owner, "greta plum").await, ["Greta Plum"]);
    owner.patch(&path, json!({ "email": "g@quay.example" })).await;
    assert_eq!(titles(&owner, "greta@pier").await, NOTHING);
    assert_eq!(titles(&owner, "quay").await, ["Greta Plum"]);
    owner.patch(&path, json!({ "jobTitle": "Cook" })).await;
    assert_eq!(titles(&owner, "plum").await, ["Greta Plum"]);

    owner
        .patch("/api/contacts?where[lastName][equals]=Plum", json!({ "firstName": "Gerda" }))
        .await;
    assert_eq!(titles(&owner, "gerda").await, ["Gerda Plum"]);
    let (_, copy) = owner.post(&format!("{path}/duplicate"), json!({ "lastName": "Pear" })).await;
    assert_eq!(titles(&owner, "gerda").await, ["Gerda Pear", "Gerda Plum"]);

    owner.patch(&path, json!({ "deletedAt": "2026-11-21T00:00:00.000Z" })).await;
    assert_eq!(titles(&owner, "gerda").await, ["Gerda Pear"]);
    assert_eq!(listed(&owner, "contacts", "gerda", "").await, 1);
    assert_eq!(listed(&owner, "contacts", "gerda", "&trash=true").await, 2);
    owner.patch(&format!("{path}?trash=true"), json!({ "deletedAt": null })).await;
    assert_eq!(titles(&owner, "gerda").await, ["Gerda Pear", "Gerda Plum"]);

    owner.delete(&path).await;
    assert_eq!(titles(&owner, "gerda").await, ["Gerda Pear"]);
    let pear = copy["doc"]["id"].as_str().unwrap();
    owner.delete(&format!("/api/contacts?where[id][equals]={pear}")).await;
    assert_eq!(titles(&owner, "gerda").await, NOTHING);
    let witness = Witness::of(&pier.app).await;
    assert_eq!(witness.number("SELECT count(*) FROM search_words").await, 0);
}

#[tokio::test]
async fn a_refused_write_leaves_the_words() {
    let pier = Pier::new().await;
    let owner = pier.owner().await;
    let id = pier.contact("Greta", "Olive", "", "").await;
    let wrong = json!({ "firstName": "Nora", "email": "no address" });
    assert_eq!(owner.patch(&format!("/api/contacts/{id}"), wrong).await.0, 400);
    assert_eq!(titles(&owner, "greta").await, ["Greta Olive"]);
    assert_eq!(titles(&owner, "nora").await, NOTHING);
}

/// What the product writes on the timeline by itself would be found instead of what it is about.
#[tokio::test]
async fn the_products_own_timeline_is_not_found() {
    let pier = Pier::new().await;
    pier.contact("Greta", "Olive", "", "").await;
    assert_eq!(titles(&pier.owner().await, "created").await, NOTHING);
}

#[tokio::test]
async fn a_word_that_outlived_its_record_finds_nothing() {
    let pier = Pier::new().await;
    pier.contact("Greta", "Olive", "", "").await;
    let gone = "INSERT INTO search_words SELECT tenant_id, collection, word, weight, gen_random_uuid() FROM search_words";
    let witness = Witness::of(&pier.app).await;
    witness.client.batch_execute(gone).await.unwrap();
    let owner = pier.owner().await;
    assert_eq!(titles(&owner, "greta olive").await, ["Greta Olive"]);
    assert_eq!(listed(&owner, "contacts", "greta olive", "").await, 1);
}

#[tokio::test]
async fn a_tenant_goes_with_its_words() {
    let pier = Pier::new().await;
    let agency = pier.app.tenant(pier.app.platform(), "agency").await;
    let account = pier.app.tenant(agency, "gone").await;
    pier.app.user(agency, "owner@agency.example", Role::Owner).await;
    pier.app.create(account, "tags", json!({ "name": "gone too" })).await;
    let above = pier.app.sign_in("owner@agency.example").await;
    let (status, body) = above.delete(&format!("/api/tenants/{account}")).await;
    assert_eq!(status, 200, "{body}");
    let witness = Witness::of(&pier.app).await;
    assert_eq!(witness.number("SELECT count(*) FROM search_words").await, 0);
}

/// What the migration makes of the records there are is what writing them makes.
#[tokio::test]
async fn the_backfill_writes_what_the_engine_writes() {
    let pier = Pier::new().await;
    pier.contact("Ána", "Ruíz", "ana@pier.example", "+34 612 34 56 78").await;
    let make = |slug: &'static str, data| pier.app.create(pier.account, slug, data);
    let company =
        json!({ "name": "Pier SL", "phone": "555-0100 22", "address": { "city": "Vigo" } });
    make("companies", company).await;
    make("notes", json!({ "body": "Ana ana ANA\nsecond line" })).await;
    make("activities", json!({ "subject": "Called Ana", "kind": "call" })).await;
    make("tasks", json!({ "title": "Ana", "description": "ana again" })).await;
    make("appointments", json!({ "title": "Lunch", "startsAt": "2026-11-21" })).await;
    make("services", json!({ "name": "Mooring", "category": "Berths" })).await;
    make("tags", json!({ "name": "vip" })).await;
    let pipeline = make("pipelines", json!({ "name": "Sales" })).await;
    let stage = make("stages", json!({ "name": "New", "pipeline": pipeline })).await;
    make("deals", json!({ "name": "Berth 7", "stage": stage, "reference": "B/7-2026" })).await;
    let migration = store::migrate::all().into_iter().find(|m| m.name == "0002_search").unwrap();
    let backfill = migration.sql.split("-- Backfill").nth(1).unwrap();
    let backfill = backfill.split_once('\n').unwrap().1;
    let witness = Witness::of(&pier.app).await;
    let before = witness.look().await;
    let rows = witness.number("SELECT count(*) FROM search_words").await;
    assert!(rows > 30, "{rows}");
    witness.client.batch_execute("DELETE FROM search_words").await.unwrap();
    witness.client.batch_execute(backfill).await.unwrap();
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}

/// Words that are missing, wrong or of records that are gone; the product's own lines stay without.
#[tokio::test]
async fn reindexing_puts_every_word_right_and_touches_no_other() {
    let pier = Pier::new().await;
    for n in 0..12 {
        let name = format!("Olive{n}");
        pier.contact("Greta", &name, &format!("g{n}@pier.example"), "+34 612 34 56 78").await;
    }
    let company = json!({ "name": "Pier SL", "address": { "city": "Vigo" } });
    pier.app.create(pier.account, "companies", company).await;
    pier.app
        .create(pier.account, "activities", json!({ "subject": "Called Greta", "kind": "call" }))
        .await;
    let witness = Witness::of(&pier.app).await;
    let before = witness.look().await;
    for spoil in [
        "SELECT 1",
        "DELETE FROM search_words",
        "DELETE FROM search_words WHERE word = 'greta'",
        "UPDATE search_words SET word = 'wrong' || word WHERE word LIKE 'olive%'",
        "INSERT INTO search_words SELECT tenant_id, collection, word, weight, gen_random_uuid() FROM search_words",
    ] {
        witness.client.batch_execute(spoil).await.unwrap();
        let actor = pier.app.everywhere().await.select(pier.account).unwrap();
        let engine = pier.app.engine();
        let mut words = 0;
        for collection in engine.collections().filter(|c| !c.search.is_empty()) {
            let done = engine.reindex(&actor, &collection.slug, None).await.unwrap();
            assert_eq!(done.last, None);
            words += done.words;
            while engine.forget_orphans(&actor, &collection.slug).await.unwrap() > 0 {}
        }
        assert_eq!(
            words == 0,
            spoil.starts_with("SELECT") || spoil.starts_with("INSERT"),
            "{spoil}"
        );
        assert_eq!(witness.changed_since(&before).await, Vec::<String>::new(), "{spoil}");
    }
}
