//! Nobody's mailbox is filled by somebody who asks again and again.

use std::time::Duration;

use serde_json::json;

use super::Harbor;

const GUEST: &str = "guest@elsewhere.example";

async fn written(harbor: &Harbor, address: &str) -> usize {
    // Letters are written after the answer.
    tokio::time::sleep(Duration::from_millis(800)).await;
    harbor.app.letters_to(address)
}

#[tokio::test]
async fn inviting_and_deleting_in_turns_sends_five_letters() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let mut statuses = Vec::new();
    for n in 0..12 {
        let email = if n % 2 == 0 { GUEST.to_owned() } else { GUEST.to_uppercase() };
        let data = json!({ "email": email, "role": "viewer" });
        let (status, body) = owner.post("/api/invitations?depth=0", data).await;
        statuses.push(status.as_u16());
        if let Some(id) = body["doc"]["id"].as_str() {
            harbor.app.letter(GUEST).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(owner.delete(&format!("/api/invitations/{id}")).await.0, 200);
        }
    }
    let letters = written(&harbor, GUEST).await;
    println!("row 56: 12 invitations of one address sent {letters} letters: {statuses:?}");
    assert_eq!(letters, 5);
    assert!(statuses[..5].iter().all(|s| *s == 201) && statuses[5..].iter().all(|s| *s == 429));
    // Somebody else can be invited, and an hour later so can the guest.
    let data = json!({ "email": "other@elsewhere.example", "role": "viewer" });
    assert_eq!(owner.post("/api/invitations", data).await.0, 201);
    let hour =
        "UPDATE letters SET sent = (SELECT array_agg(s - interval '1 hour') FROM unnest(sent) s)";
    harbor.sql(hour).await;
    let data = json!({ "email": GUEST, "role": "viewer" });
    assert_eq!(owner.post("/api/invitations", data).await.0, 201);
}

#[tokio::test]
async fn sending_again_and_again_ends() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    let data = json!({ "email": GUEST, "role": "viewer" });
    let (_, body) = owner.post("/api/invitations?depth=0", data).await;
    let path = format!("/api/invitations/{}/resend", body["doc"]["id"].as_str().unwrap());
    let mut statuses = Vec::new();
    for _ in 0..8 {
        written(&harbor, GUEST).await;
        harbor.sql("UPDATE invitation_tokens SET sent_at = sent_at - interval '1 minute'").await;
        statuses.push(owner.post(&path, json!({})).await.0.as_u16());
    }
    assert_eq!(written(&harbor, GUEST).await, 5);
    assert_eq!(statuses, [200, 200, 200, 200, 429, 429, 429, 429]);
}

#[tokio::test]
async fn forgetting_again_and_again_sends_five_letters() {
    let harbor = Harbor::new().await;
    for _ in 0..8 {
        let body = json!({ "email": super::OWNER });
        assert_eq!(harbor.app.anonymous().post("/api/users/forgot-password", body).await.0, 200);
        written(&harbor, super::OWNER).await;
        harbor
            .sql("UPDATE credentials SET reset_requested_at = reset_requested_at - interval '1 minute'")
            .await;
    }
    assert_eq!(written(&harbor, super::OWNER).await, 5);
    // The last letter's link is not replaced by one that was never sent.
    let token = harbor.app.mailed_token(super::OWNER, "reset-password").await;
    let body = json!({ "token": token, "password": "another long password" });
    assert_eq!(harbor.app.anonymous().post("/api/users/reset-password", body).await.0, 200);
}
