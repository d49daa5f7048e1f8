//! Odd searches: refused with a reason or answered with nothing, never a fault.

use serde_json::json;

use super::{Pier, encoded, search};

#[tokio::test]
async fn what_holds_no_word_finds_nothing() {
    let pier = Pier::new().await;
    pier.contact("Ana", "Ruiz", "", "").await;
    let owner = pier.owner().await;
    for q in
        ["", "   ", "!!!", "'\"%_\\", "😀", "\u{0}", "@", "+", "\u{301}", "\u{10FFFF}", "();--"]
    {
        assert!(search(&owner, q, "").await.is_empty(), "{q:?}");
        let (status, page) = owner.get(&format!("/api/contacts?q={}", encoded(q))).await;
        assert_eq!(status, 200, "{q:?}: {page}");
        // Nothing typed is no search; what can match nothing matches nothing.
        let expected = i64::from(q.trim().is_empty());
        assert_eq!(page["totalDocs"], json!(expected), "{q:?}");
    }
    for q in ["ana\u{0}ruiz", "ana😀ruiz", "a r", &"ana ".repeat(100), "%61na", "ａｎａ"] {
        let expected = usize::from(!q.starts_with('%'));
        assert_eq!(search(&owner, q, "").await.len(), expected, "{q:?}");
    }
    let (status, body) = owner.get("/api/search").await;
    assert_eq!((status.as_u16(), body), (200, json!({ "results": [] })));
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_by_name() {
    let pier = Pier::new().await;
    let owner = pier.owner().await;
    let long = "a".repeat(10_000);
    for (path, named) in [
        ("/api/search?q=a&limit=0", "between 1 and 50"),
        ("/api/search?q=a&limit=51", "between 1 and 50"),
        ("/api/search?q=a&limit=-1", "between 1 and 50"),
        ("/api/search?q=a&collections=nothing", "nothing"),
        ("/api/search?q=a&collections=contacts,users", "users"),
        ("/api/search?q=a&collections=stages", "stages"),
        ("/api/stages?q=a", "stages"),
        ("/api/users/count?q=a", "users"),
        (&format!("/api/search?q={long}"), "longer than 500"),
        (&format!("/api/contacts?q={long}"), "longer than 500"),
        (&format!("/api/search?q=a&collections={long}"), "aaaa"),
    ] {
        let (status, body) = owner.get(path).await;
        assert_eq!(status, 400, "{path}: {body}");
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(named), "{path}: {message}");
    }
    for path in ["/api/search?q=a&limit=x", "/api/search?q[a]=b", "/api/search?q[]=a&q[]=b"] {
        assert_eq!(owner.get(path).await.0, 200, "{path}");
    }
}
