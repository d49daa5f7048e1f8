//! `mainstay serve`: from nothing to a server, and back to nothing.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use rest::serve::Ended;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::app::App;
use crate::config::Config;
use crate::instance::Instance;
use crate::threads;

/// Connections the kernel keeps waiting while we are busy.
const BACKLOG: u32 = 1024;

pub(super) async fn run(config: Config) -> Result<ExitCode> {
    let mut signals = Signals::listen()?;
    crate::descriptors::raise();
    // The port is ours before the database starts, but nobody can connect until it is ready.
    let socket = reserve(config.listen)?;
    let mut instance = tokio::select! {
        instance = Instance::own(&config, "serve") => instance?,
        () = signals.next() => return Ok(ExitCode::SUCCESS),
    };
    let outcome = async {
        let bound = socket.local_addr()?;
        let mut app = tokio::select! {
            app = open(&config, &instance, bound) => app?,
            () = signals.next() => return Ok(()),
        };
        let listener = socket.listen(BACKLOG).map_err(|e| refused(e, bound))?;
        announce(&config, &app);
        tokio::select! {
            outcome = serve(&mut app, config.pool, listener, &mut signals) => outcome,
            error = instance.keep_database_up() => {
                Err(error.context("the server ends; PostgreSQL's log is in the data folder"))
            }
        }
    }
    .await;
    instance.stop()?;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// The application on an up-to-date database that has an owner.
async fn open(config: &Config, instance: &Instance, bound: SocketAddr) -> Result<App> {
    instance.migrate().await?;
    let app = App::open(config, &instance.database, bound).await?;
    super::seed::first_start(config, &app).await?;
    Ok(app)
}

/// Answers requests until told to stop, and then those that are under way.
async fn serve(
    app: &mut App,
    connections: usize,
    listener: TcpListener,
    signals: &mut Signals,
) -> Result<()> {
    let (stop, stopped) = watch::channel(false);
    let (router, door) = (app.router(), app.door.clone());
    let count = threads::count(connections);
    app.engine.store().divide(count)?;
    let mut serving = std::pin::pin!(threads::serve(count, listener, door, router, stopped));
    tokio::select! {
        ended = &mut serving => return ended.map(drop),
        () = signals.next() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    tokio::select! {
        ended = serving => match ended? {
            Ended::Whole => {}
            Ended::Cut(left) => tracing::warn!(left, "requests were cut off"),
        },
        () = signals.next() => tracing::warn!("told to stop twice; requests were cut off"),
    }
    Ok(())
}

/// For a person; the log has its own line.
fn announce(config: &Config, app: &App) {
    tracing::info!(url = app.url, "ready");
    println!("\nMainstay is ready at {}", app.url);
    println!("Sign in as {}. Stop with Ctrl-C.\n", config.admin_email);
}

/// Takes the port without listening on it yet.
fn reserve(listen: SocketAddr) -> Result<TcpSocket> {
    let socket = if listen.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(listen).map_err(|e| refused(e, listen))?;
    Ok(socket)
}

fn refused(error: std::io::Error, listen: SocketAddr) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "{listen} is taken by another program. Stop it, or set MAINSTAY_LISTEN to another \
             port, such as {}:{}",
            listen.ip(),
            listen.port().wrapping_add(1)
        ),
        _ => anyhow!("{listen} cannot be listened on: {error}"),
    }
}

/// The ways to be told to stop: Ctrl-C, `kill`, a closed terminal.
struct Signals([Signal; 3]);

impl Signals {
    fn listen() -> Result<Signals> {
        let [a, b, c] =
            [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal);
        Ok(Signals([a?, b?, c?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}
