//! The answer to a write that covered whatever a filter found.

use axum::http::StatusCode;
use axum::response::Response;
use define::Collection;
use engine::Bulk;
use kernel::{Error, Kind};

use crate::reply;

#[derive(Clone, Copy)]
pub(super) enum Verb {
    Update,
    Delete,
}

impl Verb {
    pub(super) fn infinitive(self) -> &'static str {
        match self {
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Verb::Update => "Updated",
            Verb::Delete => "Deleted",
        }
    }
}

/// 200 when all went well, else 400; what was written stays written.
pub(super) fn answer(collection: &Collection, done: &Bulk, verb: Verb) -> Response {
    let (written, failed) = (done.docs.len(), done.errors.len());
    let total = written + failed;
    if failed == 0 {
        let label = label(collection, written);
        let message = format!("{} {written} {label} successfully.", verb.done());
        return reply::ok(body(done, &message));
    }
    let label = label(collection, total);
    let message = format!("Unable to {} {failed} out of {total} {label}.", verb.infinitive());
    reply::json(StatusCode::BAD_REQUEST, body(done, &message))
}

/// `Deal` for exactly one, `Deals` otherwise.
fn label(collection: &Collection, count: usize) -> &str {
    if count == 1 { &collection.labels.singular } else { &collection.labels.plural }
}

fn body(done: &Bulk, message: &str) -> String {
    let size: usize = done.docs.iter().map(|d| d.len() + 1).sum();
    let mut text = String::with_capacity(size + done.errors.len() * 120 + 96);
    text.push_str("{\"docs\":[");
    for (at, doc) in done.docs.iter().enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        text.push_str(doc);
    }
    text.push_str("],\"errors\":[");
    for (at, (id, error)) in done.errors.iter().enumerate() {
        text.push_str(if at > 0 { "," } else { "" });
        text.push_str(&format!("{{\"id\":\"{id}\",\"isPublic\":true,\"message\":"));
        reply::push_text(&mut text, shown(error));
        text.push('}');
    }
    text.push_str("],\"message\":");
    reply::push_text(&mut text, message);
    text.push('}');
    text
}

fn shown(error: &Error) -> &str {
    match error.kind {
        Kind::Internal => "Something went wrong.",
        _ => &error.message,
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use kernel::FieldError;

    use super::*;

    async fn read(done: Bulk, verb: Verb) -> (u16, String) {
        let response = answer(&Collection::new("deals", "Deal", "Deals"), &done, verb);
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn labels_follow_the_count() {
        let doc = || r#"{"id":"1"}"#.to_owned();
        let with = |docs: Vec<String>| Bulk { docs, ..Bulk::default() };
        let (status, text) = read(with(vec![]), Verb::Update).await;
        assert_eq!(status, 200);
        assert_eq!(text, r#"{"docs":[],"errors":[],"message":"Updated 0 Deals successfully."}"#);
        let (_, text) = read(with(vec![doc()]), Verb::Delete).await;
        assert!(text.ends_with(r#""message":"Deleted 1 Deal successfully."}"#), "{text}");
        let (_, text) = read(with(vec![doc(), doc()]), Verb::Delete).await;
        assert!(text.starts_with(r#"{"docs":[{"id":"1"},{"id":"1"}]"#), "{text}");
    }

    #[tokio::test]
    async fn failures_answer_400_and_hide_our_faults() {
        let id = kernel::new_id();
        let wrong = Error::validation("deals", vec![FieldError::new("name", "x").labeled("Name")]);
        let errors = vec![(id, wrong), (id, Error::internal("secret"))];
        let done = Bulk { docs: vec!["{}".into()], errors };
        let (status, text) = read(done, Verb::Update).await;
        assert_eq!(status, 400);
        assert_eq!(
            text,
            format!(
                "{{\"docs\":[{{}}],\"errors\":[{{\"id\":\"{id}\",\"isPublic\":true,\"message\":\"The \
                 following field is invalid: Name\"}},{{\"id\":\"{id}\",\"isPublic\":true,\"message\":\
                 \"Something went wrong.\"}}],\"message\":\"Unable to update 2 out of 3 Deals.\"}}"
            )
        );
    }
}
