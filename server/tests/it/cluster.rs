//! The private PostgreSQL: private, durable, one owner, gone with its process.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use server::database::{self, Database, OWNER_ROLE};
use server::lock::{self, Claim};
use server::postgres::{Cluster, SUPERUSER};

use crate::support::cluster;

/// A data folder that PostgreSQL's user may enter.
fn data_folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("mainstay-data-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

async fn ask(url: &str, sql: &str) -> String {
    let client = database::connect(url).await.unwrap();
    client.query_one(sql, &[]).await.unwrap().get(0)
}

/// The process that runs on a cluster's files, if any does.
fn running_on(files: &Path) -> Option<u32> {
    let text = std::fs::read_to_string(files.join("postmaster.pid")).ok()?;
    let process: u32 = text.lines().next()?.parse().ok()?;
    PathBuf::from(format!("/proc/{process}")).exists().then_some(process)
}

#[tokio::test]
async fn it_listens_on_a_private_socket_only() {
    let cluster = cluster::shared().await;
    let url = cluster.url(SUPERUSER, SUPERUSER);
    assert_eq!(ask(&url, "SHOW listen_addresses").await, "");
    assert_eq!(ask(&url, "SHOW unix_socket_directories").await, cluster.socket().to_string_lossy());
    let mode = std::fs::metadata(cluster.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(ask(&url, "SHOW server_encoding").await, "UTF8");
    assert_eq!(ask(&url, "SHOW data_checksums").await, "on");
    assert_eq!(ask(&url, "SELECT lower('ÉÑ')").await, "éñ");
}

#[tokio::test]
async fn the_serving_role_has_no_power_over_the_database() {
    let cluster = cluster::shared().await;
    database::create(cluster, "roles").await.unwrap();
    database::create(cluster, "roles").await.unwrap();
    let database = Database::named(cluster, "roles");
    let power = "SELECT concat_ws(',', rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, \
                 pg_has_role('app_user', 'mainstay_owner', 'MEMBER'), \
                 has_database_privilege('roles', 'CREATE'), \
                 has_database_privilege('roles', 'TEMP')) FROM pg_roles WHERE rolname = current_user";
    assert_eq!(ask(database.url.expose(), power).await, "f,f,f,f,f,f,f");
    let client = database::connect(database.url.expose()).await.unwrap();
    assert!(client.batch_execute("CREATE TABLE public.t (a int)").await.is_err());
    assert!(client.batch_execute("SET ROLE mainstay_owner").await.is_err());
    let owner = database::connect(&cluster.url(OWNER_ROLE, "roles")).await.unwrap();
    owner.batch_execute("CREATE SCHEMA app; CREATE TABLE public.t (a int)").await.unwrap();
}

#[tokio::test]
async fn a_superuser_url_makes_the_roles_and_becomes_the_owner() {
    let cluster = cluster::shared().await;
    database::create(cluster, "external").await.unwrap();
    let mut database = Database::named(cluster, "external");
    database.owner_url = Some(server::config::Secret::new(cluster.url(SUPERUSER, "external")));
    let url = database.for_migrations().await.unwrap();
    let owner = database::connect(url.expose()).await.unwrap();
    owner.batch_execute("SET ROLE mainstay_owner; CREATE SCHEMA app").await.unwrap();
    // The serving role may not.
    database.owner_url = Some(database.url.clone());
    let error = database.for_migrations().await.unwrap_err().to_string();
    assert!(error.contains("app_user cannot become mainstay_owner"), "{error}");
}

#[tokio::test]
async fn a_second_start_reuses_the_data() {
    let data = data_folder();
    let first = Cluster::start(data.path()).await.unwrap();
    let files = first.files();
    Database::private(&first).await.unwrap();
    let owner = database::connect(&first.url(OWNER_ROLE, database::NAME)).await.unwrap();
    owner.batch_execute("CREATE TABLE kept AS SELECT 42 AS n").await.unwrap();
    drop(owner);
    first.stop().unwrap();
    assert_eq!(running_on(&files), None);

    let began = Instant::now();
    let second = Cluster::start(data.path()).await.unwrap();
    println!("ready in {:?}", began.elapsed());
    Database::private(&second).await.unwrap();
    let url = second.url(OWNER_ROLE, database::NAME);
    assert_eq!(ask(&url, "SELECT n::text FROM kept").await, "42");
    drop(second);
    assert_eq!(running_on(&files), None);
}

#[tokio::test]
async fn a_long_path_gets_its_socket_elsewhere() {
    let data = data_folder();
    let long = data.path().join("x".repeat(90));
    std::fs::create_dir(&long).unwrap();
    let cluster = Cluster::start(&long).await.unwrap();
    assert!(cluster.socket().starts_with("/tmp"));
    let mode = std::fs::metadata(cluster.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(ask(&cluster.url(SUPERUSER, SUPERUSER), "SELECT 'up'").await, "up");
    let socket = cluster.socket().to_owned();
    drop(cluster);
    std::fs::remove_dir(socket).unwrap();
}

#[tokio::test]
async fn a_temporary_cluster_leaves_nothing_behind() {
    let cluster = Cluster::temporary().await.unwrap();
    let home = cluster.files().parent().unwrap().to_owned();
    assert!(home.exists());
    drop(cluster);
    assert!(!home.exists());
}

#[tokio::test]
async fn a_broken_setting_is_told_in_postgres_own_words() {
    let data = data_folder();
    Cluster::start(data.path()).await.unwrap().stop().unwrap();
    let file = data.path().join("postgres/postgresql.conf");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("shared_buffers = ", "shared_buffers = much")).unwrap();
    let error = Cluster::start(data.path()).await.err().unwrap().to_string();
    assert!(error.contains("shared_buffers"), "{error}");
}

#[test]
fn a_data_folder_has_one_owner() {
    let data = tempfile::tempdir().unwrap();
    let Claim::Owner(owner) = lock::claim(data.path(), "serve").unwrap() else { panic!("taken") };
    let Claim::Taken(by) = lock::claim(data.path(), "seed").unwrap() else { panic!("not taken") };
    assert_eq!(by, format!("mainstay serve (process {})", std::process::id()));
    let borrower = lock::borrow(data.path()).unwrap();
    let waiting = std::thread::spawn(move || owner.wait_for_borrowers().unwrap());
    std::thread::sleep(Duration::from_millis(50));
    assert!(!waiting.is_finished());
    drop(borrower);
    waiting.join().unwrap();
    assert!(matches!(lock::claim(data.path(), "serve").unwrap(), Claim::Owner(_)));
}
