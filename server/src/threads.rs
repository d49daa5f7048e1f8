//! The threads that serve, an event loop each.
//!
//! A connection belongs to the thread that took it, and so do the connections to the database that its
//! requests use: no request waits for another thread to wake up. What takes long without waiting (hashing
//! passwords) has threads of its own as before.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use rest::serve::{Door, Ended};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};

/// Connections to the database that a thread needs so as not to hold its requests up.
const LEAST_CONNECTIONS: usize = 4;

/// How long a thread that made something large waits for more of it: its memory is given back when it ends.
const IDLE: Duration = Duration::from_secs(2);

/// How many serve: one for each core, as long as there are connections to the database for them.
pub(crate) fn count(connections: usize) -> usize {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    cores.min(connections / LEAST_CONNECTIONS).max(1)
}

/// Serves `listener` on `count` threads until told to stop. They are left to the end of the process, for
/// what requests have left to be done after their answer.
pub(crate) async fn serve(
    count: usize,
    listener: TcpListener,
    door: Arc<Door>,
    router: Router,
    stop: watch::Receiver<bool>,
) -> Result<Ended> {
    let listener = listener.into_std()?;
    let mut ends = Vec::with_capacity(count);
    for n in 0..count {
        let (ended, end) = oneshot::channel();
        let one = One {
            runtime: Builder::new_current_thread().thread_keep_alive(IDLE).enable_all().build()?,
            listener: listener.try_clone()?,
            door: door.clone(),
            router: router.clone(),
            stop: stop.clone(),
            ended,
        };
        thread::Builder::new().name(format!("serve-{n}")).spawn(move || one.run(n))?;
        ends.push(end);
    }
    // Theirs alone: who connects after they have closed it is refused.
    drop(listener);
    let mut cut = 0;
    for end in ends {
        match end.await.context("a thread that serves ended")?? {
            Ended::Whole => {}
            Ended::Cut(left) => cut += left,
        }
    }
    Ok(if cut == 0 { Ended::Whole } else { Ended::Cut(cut) })
}

struct One {
    runtime: Runtime,
    listener: std::net::TcpListener,
    door: Arc<Door>,
    router: Router,
    stop: watch::Receiver<bool>,
    ended: oneshot::Sender<io::Result<Ended>>,
}

impl One {
    fn run(self, n: usize) {
        let One { runtime, listener, door, router, mut stop, ended } = self;
        store::serve_as(n);
        runtime.block_on(async move {
            let told = async move {
                let _ = stop.wait_for(|stop| *stop).await;
            };
            let outcome = match TcpListener::from_std(listener) {
                Ok(listener) => Ok(door.serve(listener, router, told).await),
                Err(error) => Err(error),
            };
            let _ = ended.send(outcome);
            std::future::pending::<()>().await;
        });
    }
}
