//! `mainstay isolation` on a demo installation: it holds, leaves no trace, and turns red when anything is
//! loosened.

use server::config::{Config, Values};
use server::isolation::report::Format;
use server::isolation::run;

use crate::matrix::digest::Witness;
use crate::support::app::TestApp;

pub(super) fn config(data: &std::path::Path) -> Config {
    let env = [
        ("MAINSTAY_DATA", data.to_str().unwrap()),
        ("MAINSTAY_POOL", "4"),
        // An installation may be as strict as it likes: the check is not turned away for asking too often.
        ("MAINSTAY_REQUESTS_PER_MINUTE", "60"),
        ("MAINSTAY_SIGN_INS_PER_MINUTE", "1"),
    ];
    Config::from_values(Values::of(&env, None)).unwrap()
}

async fn with_demo() -> TestApp {
    let app = TestApp::start().await;
    assert!(crm::demo::seed(app.engine(), &app.owner, kernel::now(), None).await.unwrap());
    app
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_holds_on_a_demo_installation_and_leaves_no_trace() {
    let app = with_demo().await;
    let witness = Witness::of(&app).await;
    let data = tempfile::tempdir().unwrap();
    let config = config(data.path());
    let before = witness.look().await;
    let report = run(&config, &app.database).await.unwrap();
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
    assert!(!data.path().join("isolation").exists());
    let failures: Vec<_> = report.failures().collect();
    assert!(report.passed(), "{failures:#?} {:?}", report.coverage.left_out);
    println!("{} {:?}", report.verdict(), report.totals());
    assert!(report.attempts() > 3_000, "{}", report.attempts());
    assert!(report.coverage.tables >= 30 && report.coverage.routes >= 200);
    for format in [Format::Text, Format::Json, Format::Html] {
        let text = report.written(format, false).unwrap();
        assert!(text.contains("contacts") && text.len() < 100_000, "{format:?} {}", text.len());
        assert!(!text.contains("<script") && !text.contains("src="), "{format:?}");
    }
    if let Some(folder) = std::env::var_os("ISOLATION_REPORTS") {
        let path = std::path::Path::new(&folder).join("isolation-report.html");
        std::fs::write(path, report.written(Format::Html, false).unwrap()).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_loosened_is_reported_and_a_cut_check_is_cleared() {
    let app = TestApp::start().await;
    let witness = Witness::of(&app).await;
    let data = tempfile::tempdir().unwrap();
    let config = config(data.path());
    let before = witness.look().await;
    // One that is dropped in the middle, as soon as its people are there.
    let planted = async {
        let people = "SELECT count(*) FROM users WHERE email LIKE '%@isolation-check.invalid'";
        while witness.number(people).await < 3 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        report = run(&config, &app.database) => panic!("it ended before it was cut: {}", report.is_ok()),
        () = planted => {}
    }
    assert!(!witness.changed_since(&before).await.is_empty(), "nothing was there to clear");
    // Its lock goes with its connection.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let open = "ALTER POLICY deals_select ON deals USING (true)";
    witness.client.batch_execute(open).await.unwrap();
    let report = run(&config, &app.database).await.unwrap();
    assert!(!report.passed());
    let failures: Vec<_> = report.failures().cloned().collect();
    assert!(failures.iter().any(|f| f.starts_with("deals: reading")), "{failures:#?}");
    assert!(failures.iter().any(|f| f == "open-policy: deals.deals_select"), "{failures:#?}");
    assert_eq!(witness.changed_since(&before).await, Vec::<String>::new());
}
