//! What two servers on one database must agree on.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::processes::{EMAIL, Process, Site};

/// Sessions that are opened by one server and ended by the other.
const ROUNDS: usize = 100;

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_start_together_make_one_platform_and_one_demo() {
    let site = Site::new().await;
    let demo = [("MAINSTAY_DEMO", "1")];
    let mut processes = site.serve(&["one", "two", "three"], &demo);
    let firsts = processes.iter().filter(|p| p.said.contains("First owner")).count();
    assert_eq!(firsts, 1, "one of them registers the first owner");
    // The other two may be ready before the demo is whole; the one that makes it is not.
    for (what, sql) in [
        ("platforms", "SELECT count(*) FROM tenants WHERE kind = 'platform'"),
        ("demos", "SELECT count(*) FROM tenants WHERE slug = 'demo-agency'"),
    ] {
        assert_eq!(site.ask(sql).await, 1, "{what}");
    }
    let owners = format!("SELECT count(*) FROM users WHERE email = '{EMAIL}'");
    assert_eq!(site.ask(&owners).await, 1);
    let migrations = "SELECT count(*) - count(DISTINCT name) FROM app_migrations";
    assert_eq!(site.ask(migrations).await, 0);

    // And two commands that seed and remove at the same moment do not undo each other's half.
    let seeds: Vec<_> = [&["seed"][..], &["seed", "--remove-demo"], &["seed"]]
        .iter()
        .zip(["four", "five", "six"])
        .map(|(args, name)| site.command(name, args).spawn().unwrap())
        .collect();
    for mut seed in seeds {
        assert!(seed.wait().unwrap().success());
    }
    let half = "SELECT count(*) FROM tenants WHERE slug LIKE 'demo-agency-%'";
    assert_eq!(site.ask(half).await, 0, "nothing is left half made");
    while let Some(process) = processes.pop() {
        assert_eq!(process.stop(), Some(0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_is_served_by_two_processes_behind_one_port() {
    let site = Site::new().await;
    let mut processes = site.serve(&["one", "two"], &[]);
    let front = site.balance(&processes);
    let http = Client::new();
    let token = processes[0].sign_in(&http).await;

    let mut seen = BTreeSet::new();
    for n in 0..20 {
        let answer = front.send(&http, &token, Method::GET, "/api/users/me", None).await;
        seen.insert(answer.headers()["x-served-by"].to_str().unwrap().to_owned());
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["user"]["email"], EMAIL, "request {n}");
    }
    assert_eq!(seen.len(), 2, "both have answered: {seen:?}");

    reads_what_the_other_wrote(&http, &front, &token).await;
    hears_of_changed_reach(&http, &processes, &token).await;
    ends_sessions_everywhere(&http, &processes).await;

    // One goes; the port still answers.
    assert_eq!(processes.remove(0).stop(), Some(0));
    for _ in 0..10 {
        assert_eq!(front.me(&http, &token).await.as_deref(), Some(EMAIL));
    }
}

async fn reads_what_the_other_wrote(http: &Client, front: &Process, token: &str) {
    for n in 0..10 {
        let body = json!({ "firstName": format!("Person {n}") });
        let made = front.send(http, token, Method::POST, "/api/contacts", Some(body)).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = made.json().await.unwrap();
        let path = format!("/api/contacts/{}", made["doc"]["id"].as_str().unwrap());
        for _ in 0..2 {
            let read = front.send(http, token, Method::GET, &path, None).await;
            assert_eq!(read.status(), StatusCode::OK);
        }
    }
}

/// A tenant made through one server is within reach at the other, which had remembered the actor.
async fn hears_of_changed_reach(http: &Client, processes: &[Process], token: &str) {
    let [one, two] = processes else { panic!("two servers") };
    let mut late = Vec::new();
    for n in 0..20 {
        assert!(two.me(http, token).await.is_some());
        let body = json!({ "name": format!("Agency {n}"), "slug": format!("agency-{n}"), "kind": "agency" });
        let made = one.send(http, token, Method::POST, "/api/tenants", Some(body)).await;
        let made: Value = made.json().await.unwrap();
        let path = format!("/api/tenants/{}", made["doc"]["id"].as_str().unwrap());
        let began = Instant::now();
        while two.send(http, token, Method::GET, &path, None).await.status() != StatusCode::OK {
            assert!(began.elapsed() < Duration::from_secs(2), "the new tenant stays unknown");
            late.push(began.elapsed());
        }
    }
    println!("20 tenants made at one server: {} asked for at the other too early", late.len());
}

/// What a server remembers of a session ends with it, wherever it is ended.
async fn ends_sessions_everywhere(http: &Client, processes: &[Process]) {
    let [one, two] = processes else { panic!("two servers") };
    let mut late = Vec::new();
    for _ in 0..ROUNDS {
        let token = one.sign_in(http).await;
        assert!(two.me(http, &token).await.is_some());
        let ended = one.send(http, &token, Method::POST, "/api/users/logout", None).await;
        assert_eq!(ended.status(), StatusCode::OK);
        let began = Instant::now();
        while two.me(http, &token).await.is_some() {
            assert!(began.elapsed() < Duration::from_secs(2), "the session lives on");
            late.push(began.elapsed());
        }
    }
    println!(
        "{ROUNDS} sessions ended at one server: {} requests at the other were too late, {late:?}",
        late.len()
    );
    assert!(late.is_empty(), "the very next request is nobody's");
}
