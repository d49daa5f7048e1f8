//! The 315 recorded exchanges of the wire contract's reference engine, played against this server in
//! their order, and a class for each: matched, differing on purpose, not built yet.
//!
//! Every exchange must match unless `tests/data/payload/differences.json` says why not; an entry that
//! is no longer true turns the test red as well. The tally is committed as `generated/contract.json` and
//! `docs/contract.md`.

mod classes;
mod compare;
mod definitions;
mod ids;
mod requests;
mod tally;
mod world;

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use classes::{Differences, Played};
use world::World;

/// One recorded request and what the reference engine answered.
#[derive(Debug, Deserialize)]
struct Exchange {
    name: String,
    method: String,
    path: String,
    body: Option<Value>,
    auth: Option<String>,
    status: u16,
    headers: serde_json::Map<String, Value>,
    response: String,
}

impl Exchange {
    /// The answer as JSON; plain text as a string.
    fn answer(&self) -> Value {
        serde_json::from_str(&self.response).unwrap_or_else(|_| Value::from(self.response.clone()))
    }

    /// `posts` of `/posts/1?depth=0`.
    fn collection(&self) -> &str {
        self.path.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default()
    }
}

fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/payload").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn recording() -> Vec<Exchange> {
    let text = data("exchanges.jsonl");
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn recorded_exchanges_are_answered_as_recorded_or_differ_for_a_reason() {
    let exchanges = recording();
    assert_eq!(exchanges.len(), 315);
    let mut world = World::new().await;
    let mut played = Vec::with_capacity(exchanges.len());
    for exchange in &exchanges {
        let answer = world.play(exchange).await;
        played.push(Played { exchange, answer });
    }
    let differences = Differences::read();
    let (tally, faults) = classes::judge(&differences, &played);
    println!("{}", tally.line());
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    tally::check_fresh(&tally);
}
