//! The drills of `make soak` in a few seconds each: the same servers, databases and questions.

use std::path::PathBuf;

use soak::Site;

async fn drilled(names: &[&str]) {
    let site = Site { binary: PathBuf::from(env!("CARGO_BIN_EXE_mainstay")), brief: true };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let report = soak::run(&site, &names).await.unwrap();
    assert!(!report.missed(), "{report}");
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    drilled(&["kill"]).await;
}

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_database_crashes_and_the_service_comes_back() {
    drilled(&["crash"]).await;
}

#[tokio::test]
async fn changes_at_the_same_time_leave_a_possible_history() {
    drilled(&["races"]).await;
}

#[tokio::test]
async fn who_is_being_served_when_the_server_is_told_to_stop_is_served_to_the_end() {
    drilled(&["shutdown"]).await;
}
