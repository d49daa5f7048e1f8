//! Rows 53 and 71: thousands of clients that send or take a byte now and then, some that let the largest
//! answers wait, and a server with hardly any descriptors. Others must not notice the first, the second must
//! not fill the memory, the third must shed and recover.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, ensure};
use async_trait::async_trait;
use testbed::{Api, Database, Instance, Setup};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::drill::{Drill, Figure, Priority, Site};
use crate::wrk::{Measured, Wrk};

const CROWD: usize = 5_000;
/// So many notes of 96 kB are the largest answer there is, nearly; so many ask for it.
const NOTES: usize = 300;
const READERS: usize = 24;
const SPAN: Duration = Duration::from_secs(10);
/// Below this a ratio of latencies says more about the machine than about us.
const NOISE: Duration = Duration::from_millis(2);

pub(crate) struct Crowd;

#[async_trait]
impl Drill for Crowd {
    fn name(&self) -> &'static str {
        "crowd"
    }

    fn about(&self) -> &'static str {
        "5,000 slow clients beside a few quick ones; slow readers of large answers; 64 descriptors"
    }

    fn rows(&self) -> &'static [u8] {
        &[53, 71]
    }

    fn priority(&self) -> Priority {
        Priority::P1
    }

    async fn run(&self, site: &Site) -> Result<Vec<Figure>> {
        let mut figures = slow_clients(&site.binary).await?;
        figures.extend(slow_readers(&site.binary).await?);
        figures.extend(few_descriptors(&site.binary).await?);
        Ok(figures)
    }
}

async fn slow_clients(binary: &Path) -> Result<Vec<Figure>> {
    let database = Database::start().await?;
    let mut instance = Instance::start_with(Setup::new(binary).on(&database)).await?;
    let api = Api::sign_in(&instance).await?;
    let tenant = api.account("quick").await?;
    for n in 0..50 {
        api.within(&tenant)
            .made("contacts", serde_json::json!({"firstName": format!("C{n}")}))
            .await?;
    }
    let quick = async || -> Result<Measured> {
        Wrk::start(&instance, &api, &tenant, "/api/contacts?limit=10&depth=0", 4, SPAN)?.end().await
    };
    quick().await?;
    let alone = quick().await?;
    let before = instance.resident_mb()?;
    let mut crowd = JoinSet::new();
    for n in 0..CROWD {
        let at = ([127, 0, 0, 1], instance.port).into();
        match n % 2 {
            0 => crowd.spawn(dawdle(at)),
            _ => crowd.spawn(sip(at)),
        };
    }
    tokio::time::sleep(Duration::from_secs(4)).await;
    let beside = quick().await?;
    let grown = instance.resident_mb()? - before;
    ensure!(instance.is_running()?, "the server ended");
    crowd.shutdown().await;
    let ratio = beside.p99.max(NOISE).as_secs_f64() / alone.p99.max(NOISE).as_secs_f64();
    let p1 = Priority::P1;
    Ok(vec![
        Figure::told("p99 of others, alone", format!("{:.2?}", alone.p99)),
        Figure::told("p99 of others, beside 5,000 slow clients", format!("{:.2?}", beside.p99)),
        Figure::at_most(p1, "that is", ratio, 2.0, " times"),
        Figure::none(p1, "requests of others that failed", beside.failed),
        Figure::told("memory the slow clients took", format!("{grown:.1} MB")),
    ])
}

/// One person asks for the largest answers there are, and reads them at 3 kB a second.
async fn slow_readers(binary: &Path) -> Result<Vec<Figure>> {
    let database = Database::start().await?;
    let mut instance = Instance::start_with(Setup::new(binary).on(&database)).await?;
    let api = Api::sign_in(&instance).await?;
    let tenant = api.account("slow").await?;
    let here = api.within(&tenant);
    let body = "slow reader ".repeat(8_000);
    for _ in 0..NOTES {
        here.made("notes", serde_json::json!({ "body": body })).await?;
    }
    let head = format!(
        "GET /api/notes?limit={NOTES}&depth=0 HTTP/1.1\r\nHost: x\r\nX-Tenant: {tenant}\r\n\
         Authorization: JWT {}\r\n\r\n",
        api.token()
    );
    instance.forget_peak()?;
    let before = instance.resident_mb()?;
    let statuses = Arc::new(Mutex::new(Vec::new()));
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        let at = ([127, 0, 0, 1], instance.port).into();
        readers.spawn(read_slowly(at, head.clone(), statuses.clone()));
    }
    let mut refused = 0;
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(250)).await;
        let small = here.get("/api/notes?limit=1&depth=0").await?;
        refused += usize::from(!small.status.is_success());
    }
    // What making the answers took is given back when the threads that made them end.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let (most, grown) = (instance.peak_mb()? - before, instance.resident_mb()? - before);
    readers.shutdown().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = here.get(&format!("/api/notes?limit={NOTES}&depth=0")).await?.status;
    ensure!(instance.is_running()?, "the server ended");
    let statuses = statuses.lock().await;
    let count = |status: &str| statuses.iter().filter(|s| s.as_str() == status).count();
    let (served, told) = (count("200"), count("503"));
    let p1 = Priority::P1;
    let what = format!("{READERS} who read 29 MB at 3 kB/s: memory they take");
    Ok(vec![
        Figure::at_most(p1, what, grown, 256.0, " MB"),
        Figure::at_most(p1, "and while their answers were made", most, 512.0, " MB"),
        Figure::at_least(p1, "of them served", served, 1),
        Figure::none(p1, "of them neither served nor told 503", READERS - served - told),
        Figure::none(p1, "small answers refused meanwhile (of 20)", refused),
        Figure::none(p1, "large answers refused afterwards", usize::from(!after.is_success())),
    ])
}

async fn read_slowly(
    at: SocketAddr,
    head: String,
    statuses: Arc<Mutex<Vec<String>>>,
) -> Result<()> {
    let mut stream = narrow(at).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut begin = [0; 12];
    stream.read_exact(&mut begin).await?;
    statuses.lock().await.push(String::from_utf8_lossy(&begin[9..]).into_owned());
    let mut little = [0; 3_000];
    while matches!(stream.read(&mut little).await, Ok(1..)) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Ok(())
}

/// A head that never ends, a byte a second; again when it is cut off.
async fn dawdle(at: SocketAddr) {
    loop {
        if let Ok(mut stream) = TcpStream::connect(at).await {
            let _ = stream.write_all(b"GET /api/healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
            while stream.write_all(b"a").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Asks for something large and takes a few bytes of it a second through the smallest window.
async fn sip(at: SocketAddr) {
    loop {
        if let Ok(mut stream) = narrow(at).await {
            let _ = stream.write_all(b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n").await;
            let mut little = [0; 64];
            while matches!(stream.read(&mut little).await, Ok(1..)) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn narrow(at: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(2048)?;
    socket.connect(at).await
}

async fn few_descriptors(binary: &Path) -> Result<Vec<Figure>> {
    let database = Database::start().await?;
    // The shell sets the limit and becomes the server.
    let script = tempfile::Builder::new().prefix("mainstay-few-").tempfile_in("/tmp")?;
    let text = format!("#!/bin/sh\nulimit -n 64\nexec '{}' \"$@\"\n", binary.display());
    std::fs::write(script.path(), text)?;
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(script.path(), executable)?;
    let script = script.into_temp_path();
    let setup = Setup::new(&script).on(&database).env("MAINSTAY_POOL", "4");
    let mut instance = Instance::start_with(setup).await?;
    let process = instance.process()?;
    let mut held = Vec::new();
    for _ in 0..300 {
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", instance.port)).await {
            held.push(stream);
        }
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut told = 0;
    for stream in &mut held {
        let mut head = [0; 12];
        let read = tokio::time::timeout(Duration::from_millis(20), stream.read(&mut head)).await;
        told += usize::from(matches!(read, Ok(Ok(12)) if head.ends_with(b"503")));
    }
    let served = async || {
        let client = reqwest::Client::builder().timeout(Duration::from_secs(5)).build()?;
        let answer = client.get(instance.url("/api/healthz")).send().await;
        anyhow::Ok(answer.is_ok_and(|a| a.status().is_success()))
    };
    let beside = served().await?;
    drop(held);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut failed = 0;
    for _ in 0..20 {
        failed += usize::from(!served().await?);
    }
    let restarted = usize::from(!instance.is_running()? || instance.process()? != process);
    let p1 = Priority::P1;
    Ok(vec![
        Figure::at_least(p1, "300 connections at 64 descriptors: told 503", told, 200),
        Figure::none(p1, "requests beside them that were not served", usize::from(!beside)),
        Figure::none(p1, "ends of the server", restarted),
        Figure::none(p1, "requests that failed once they were gone (of 20)", failed),
    ])
}
