//! An import that is killed, again and again, and run again with the same file.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use testbed::Instance;

const ROWS: i64 = 6_000;

const MAPPING: &str = r#"
[[step]]
name = "people"
file = "people.csv"
collection = "contacts"
key = ["email"]

[step.fields]
firstName = "first"
lastName = "last"
email = "email"
company = { column = "company", match = "name" }
"#;

const COMPANIES: &str = r#"
[[step]]
name = "companies"
file = "people.csv"
collection = "companies"
key = ["name"]
distinct = true

[step.fields]
name = "company"
"#;

#[tokio::test]
async fn one_that_was_cut_goes_on_without_making_anything_twice() {
    let instance = Instance::start(Path::new(env!("CARGO_BIN_EXE_mainstay"))).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut csv = "first,last,email,company\n".to_owned();
    for n in 0..ROWS {
        writeln!(csv, "Ann,Number{n},ann{n}@cut.example,Company {}", n % 40).unwrap();
    }
    std::fs::write(folder.path().join("people.csv"), csv).unwrap();
    let mapping = folder.path().join("mapping.toml");
    std::fs::write(&mapping, format!("{COMPANIES}{MAPPING}")).unwrap();
    let import = || {
        let mapping = mapping.to_str().unwrap();
        let data = folder.path().to_str().unwrap();
        instance.command(&["import", mapping, "--data", data, "--account", "cut", "--create"])
    };
    let client = instance.superuser().await.unwrap();
    let count = async |sql: &str| -> i64 { client.query_one(sql, &[]).await.unwrap().get(0) };

    for _ in 0..2 {
        let before = count("SELECT count(*) FROM contacts").await;
        let mut child = import().stdout(std::process::Stdio::null()).spawn().unwrap();
        while count("SELECT count(*) FROM contacts").await < before + 1_000 {
            assert_eq!(child.try_wait().unwrap(), None, "it was over before it could be killed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let there = count("SELECT count(*) FROM contacts").await;
    assert!((2_000..ROWS).contains(&there), "{there}");

    let output = import().output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(count("SELECT count(*) FROM contacts").await, ROWS);
    assert_eq!(count("SELECT count(DISTINCT email) FROM contacts").await, ROWS);
    assert_eq!(count("SELECT count(*) FROM companies").await, 40);
    assert_eq!(count("SELECT count(*) FROM contacts WHERE company_id IS NULL").await, 0);
    // What was there when it went on was only read.
    let told = "SELECT count(*) FROM audit WHERE collection = 'contacts'";
    assert_eq!(count(told).await, ROWS);
}
