//! A network that swallows what it is sent, and says nothing of it.

use std::time::{Duration, Instant};

use server::config::Secret;
use server::database::{Database, SERVING_ROLE};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_postgres::config::Host;

use crate::support::app::{OWNER, TestApp};
use crate::support::database;

/// A wire to a test's database.
struct Wire {
    url: Secret,
    /// How often it has changed: at odd numbers nothing passes, and what was connected before never again.
    changes: watch::Sender<u32>,
    carrying: JoinHandle<()>,
}

impl Wire {
    async fn to(database: &Database) -> Wire {
        let to: tokio_postgres::Config = database.url.expose().parse().unwrap();
        let Some(Host::Unix(folder)) = to.get_hosts().first() else { panic!("{to:?}") };
        let socket = folder.join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let name = to.get_dbname().unwrap();
        let url = format!("postgresql://{SERVING_ROLE}@127.0.0.1:{port}/{name}?sslmode=disable");
        let changes = watch::Sender::new(0);
        let changed = changes.subscribe();
        let carrying = tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                let (mut changed, socket) = (changed.clone(), socket.clone());
                tokio::spawn(async move {
                    let now = *changed.borrow_and_update();
                    let mut far = UnixStream::connect(socket).await.unwrap();
                    if now % 2 == 0 {
                        tokio::select! {
                            _ = copy_bidirectional(&mut near, &mut far) => return,
                            _ = changed.wait_for(|n| *n != now) => {}
                        }
                    }
                    // Neither end is told.
                    std::future::pending::<()>().await;
                });
            }
        });
        Wire { url: Secret::new(url), changes, carrying }
    }

    fn cut(&self) {
        self.changes.send_modify(|n| *n += 1);
    }

    /// For new connections.
    fn mend(&self) {
        self.cut();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_was_cut_while_nobody_used_it_is_not_used_again() {
    let database = database::fresh().await;
    let wire = Wire::to(&database).await;
    let database = Database { url: Secret::new(wire.url.expose()), ..database };
    let app = TestApp::start_on(database, &[]).await;
    let owner = app.sign_in(OWNER).await;
    let some = || futures_util::future::join_all((0..8).map(|_| owner.get("/api/contacts")));
    assert!(some().await.iter().all(|(status, _)| *status == 200));
    wire.cut();
    // Nobody asks for anything until it is known that the database is lost, nor until it is back.
    tokio::time::sleep(Duration::from_millis(5_500)).await;
    assert_eq!(owner.get("/api/contacts").await.0, 503, "it was lost");
    wire.mend();
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let began = Instant::now();
    for (status, answer) in some().await {
        assert_eq!(status, 200, "{answer}");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
}

/// Those who waited are told when the connections are closed, which is no sign of life: nobody begins to wait
/// again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_lost_stays_lost_until_it_answers() {
    let database = database::fresh().await;
    let wire = Wire::to(&database).await;
    let database = Database { url: Secret::new(wire.url.expose()), ..database };
    let app = TestApp::start_on(database, &[]).await;
    let owner = app.sign_in(OWNER).await;
    let some = || futures_util::future::join_all((0..20).map(|_| owner.get("/api/contacts")));
    assert!(some().await.iter().all(|(status, _)| *status == 200));
    wire.cut();
    let cut = Instant::now();
    let mut slowest = Duration::ZERO;
    while cut.elapsed() < Duration::from_secs(9) {
        let began = Instant::now();
        assert!(some().await.iter().all(|(status, _)| *status == 503));
        if cut.elapsed() > Duration::from_secs(5) {
            slowest = slowest.max(began.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(slowest < Duration::from_secs(1), "one waited for {slowest:?}");
}
