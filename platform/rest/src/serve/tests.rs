//! Connections over real sockets, with a router of three lines behind the door.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::{Door, Ended, Limits};
use crate::client_ip::Proxies;

struct Served {
    at: SocketAddr,
    door: Arc<Door>,
    stop: watch::Sender<bool>,
    ended: JoinHandle<Ended>,
}

fn short() -> Limits {
    Limits {
        head: Duration::from_millis(750),
        idle: Duration::from_millis(1500),
        stall: Duration::from_millis(1000),
        drain: Duration::from_secs(5),
        ..Limits::default()
    }
}

async fn serve(limits: Limits, proxies: Proxies) -> Served {
    let app = Router::new()
        .route("/", get(async || "hello"))
        .route(
            "/slow",
            get(async || {
                sleep(Duration::from_secs(1)).await;
                "slow"
            }),
        )
        .route("/large", get(async || Body::from(vec![b'x'; 64 << 20])))
        .route("/refuse", post(async |_: Request| "enough"))
        .route(
            "/body",
            post(async |request: Request| {
                let (parts, body) = request.into_parts();
                match crate::body::read(&parts, body).await {
                    Ok(bytes) => bytes.len().to_string(),
                    Err(error) => format!("{:?}", error.kind),
                }
            }),
        );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let door = Arc::new(Door::new(limits, proxies));
    let (stop, mut stopped) = watch::channel(false);
    let serving = door.clone();
    let ended = tokio::spawn(async move {
        let told = async move {
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        serving.serve(listener, app, told).await
    });
    Served { at, door, stop, ended }
}

impl Served {
    async fn open(&self) -> TcpStream {
        TcpStream::connect(self.at).await.unwrap()
    }

    async fn answer(&self, request: &str) -> String {
        let mut stream = self.open().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        all(&mut stream).await
    }
}

/// What comes until the other side closes.
async fn all(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(8), stream.read_to_end(&mut bytes)).await;
    read.expect("nobody closed the connection").unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One request on a connection that stays open; `None` when it was closed instead.
async fn ask(stream: &mut TcpStream, path: &str) -> Option<String> {
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut text = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let n = stream.read(&mut chunk).await.ok().filter(|n| *n > 0)?;
        text.extend_from_slice(&chunk[..n]);
        let so_far = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = so_far.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|l| l.strip_prefix("content-length: "));
        if length.and_then(|n| n.parse().ok()) == Some(body.len()) {
            return Some(so_far);
        }
    }
}

async fn is_closed(stream: &mut TcpStream) -> bool {
    let read = timeout(Duration::from_millis(50), stream.read(&mut [0; 16])).await;
    matches!(read, Ok(Ok(0) | Err(_)))
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let served = serve(short(), Proxies::default()).await;
    let (mut silent, mut dawdling) = (served.open().await, served.open().await);
    let started = Instant::now();
    let mut written = 0;
    // A byte now and then does not prolong it.
    for byte in b"GET / HTTP/1.1\r\nHost: a-name-that-takes-its-time\r\n" {
        if dawdling.write_all(&[*byte]).await.is_err() || is_closed(&mut dawdling).await {
            break;
        }
        written += 1;
        sleep(Duration::from_millis(50)).await;
    }
    assert!(written < 25 && started.elapsed() < Duration::from_secs(3), "{written}");
    assert_eq!(all(&mut silent).await, "");
    assert_eq!(served.door.connections(), 0);
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let served = serve(short(), Proxies::default()).await;
    let mut stream = served.open().await;
    assert!(ask(&mut stream, "/").await.unwrap().ends_with("hello"));
    sleep(Duration::from_millis(1100)).await;
    assert!(ask(&mut stream, "/slow").await.unwrap().ends_with("slow"), "working is not idling");
    assert_eq!(all(&mut stream).await, "");
}

#[tokio::test]
async fn heads_are_bounded() {
    let served = serve(Limits::default(), Proxies::default()).await;
    let field = |n: usize| "a".repeat(n);
    for (size, status) in [(60_000, "200"), (64 * 1024, "431"), (1 << 20, "431")] {
        let request =
            format!("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: {}\r\n\r\n", field(size));
        let answer = served.answer(&request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{size}: {answer:.80}");
    }
    let many = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect::<String>();
    let answer = served.answer(&format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer:.80}");
}

#[tokio::test]
async fn who_sends_more_than_is_read_still_hears_the_answer() {
    let served = serve(Limits::default(), Proxies::default()).await;
    let mut stream = served.open().await;
    let (mut reading, mut writing) = stream.split();
    let head = format!("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 10 << 20);
    let send = async {
        let _ = writing.write_all(head.as_bytes()).await;
        let _ = writing.write_all(&vec![b' '; 10 << 20]).await;
    };
    let mut heard = Vec::new();
    let (_, read) = tokio::join!(send, reading.read_to_end(&mut heard));
    read.unwrap();
    assert!(String::from_utf8_lossy(&heard).ends_with("enough"));
}

#[tokio::test]
async fn a_body_that_stops_is_not_waited_for() {
    let (parts, ()) = Request::post("/").body(()).unwrap().into_parts();
    let endless = futures_util::stream::pending::<Result<bytes::Bytes, std::io::Error>>();
    let body = Body::from_stream(endless);
    let read = crate::body::read_within(&parts, body, Duration::from_millis(50)).await;
    assert_eq!(read.unwrap_err().kind, kernel::Kind::Late);
}

#[tokio::test]
async fn bodies_in_pieces_are_whole() {
    let served = serve(Limits::default(), Proxies::default()).await;
    let answer = served
        .answer(
            "POST /body HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n\
             3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
        )
        .await;
    assert!(answer.ends_with("\r\n7"), "{answer}");
}

/// A reader with the smallest window that takes a little and then nothing.
#[tokio::test]
async fn who_takes_nothing_is_cut() {
    let served = serve(short(), Proxies::default()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(served.at).await.unwrap();
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    let mut chunk = [0; 1024];
    let started = Instant::now();
    while served.door.connections() > 0 {
        let _ = timeout(Duration::from_millis(10), stream.read(&mut chunk)).await;
        sleep(Duration::from_millis(100)).await;
        assert!(started.elapsed() < Duration::from_secs(6), "a slow reader is still served");
    }
    // Who reads is not.
    let mut stream = served.open().await;
    stream.write_all(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(all(&mut stream).await.len() > 64 << 20);
}

#[tokio::test]
async fn an_address_has_its_share() {
    let limits = Limits { per_address: 2, ..Limits::default() };
    let served = serve(limits.clone(), Proxies::new(Vec::new())).await;
    let mut held = [served.open().await, served.open().await];
    for stream in &mut held {
        assert!(ask(stream, "/").await.is_some());
    }
    let refused = all(&mut served.open().await).await;
    assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after: 2"), "{refused}");
    drop(held);
    sleep(Duration::from_millis(100)).await;
    assert!(ask(&mut served.open().await, "/").await.is_some());
    // A proxy brings everybody's.
    let served = serve(limits, Proxies::default()).await;
    let mut many = Vec::new();
    for _ in 0..5 {
        let mut stream = served.open().await;
        assert!(ask(&mut stream, "/").await.is_some());
        many.push(stream);
    }
}

#[tokio::test]
async fn a_full_house_makes_room_for_those_who_ask() {
    let served = serve(Limits { connections: 8, ..Limits::default() }, Proxies::default()).await;
    let mut dawdlers = Vec::new();
    for _ in 0..8 {
        let mut stream = served.open().await;
        stream.write_all(b"GET / HT").await.unwrap();
        dawdlers.push(stream);
    }
    sleep(Duration::from_millis(900)).await;
    assert!(ask(&mut served.open().await, "/").await.unwrap().ends_with("hello"));
    // All at work: nobody is ended for a newcomer.
    drop(dawdlers);
    sleep(Duration::from_millis(100)).await;
    let mut busy = JoinSet::new();
    for _ in 0..8 {
        let mut stream = served.open().await;
        busy.spawn(async move { ask(&mut stream, "/slow").await });
    }
    sleep(Duration::from_millis(300)).await;
    let refused = all(&mut served.open().await).await;
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(busy.join_all().await.iter().all(Option::is_some));
}

/// Clients ask as fast as they can while the server stops: whatever was asked is answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_fails_no_request_in_flight() {
    for _ in 0..2 {
        let served = serve(Limits::default(), Proxies::default()).await;
        let (failed, answered) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let stopping = Arc::new(AtomicBool::new(false));
        let mut clients = JoinSet::new();
        for n in 0..40 {
            let (at, stopping) = (served.at, stopping.clone());
            let (failed, answered) = (failed.clone(), answered.clone());
            clients.spawn(async move {
                loop {
                    let mut stream = match TcpStream::connect(at).await {
                        Ok(stream) => stream,
                        Err(e) if e.kind() == ErrorKind::ConnectionRefused => return,
                        // The listener closed between the handshake and the accept.
                        Err(e) if e.kind() == ErrorKind::ConnectionReset => return,
                        Err(e) => panic!("{e}"),
                    };
                    let is_new = stopping.load(Ordering::SeqCst);
                    let mut asked = 0;
                    let last = loop {
                        match ask(&mut stream, if n % 8 == 0 { "/slow" } else { "/" }).await {
                            Some(text) if text.contains("connection: close") => break true,
                            Some(_) => asked += 1,
                            None => break false,
                        }
                        answered.fetch_add(1, Ordering::Relaxed);
                    };
                    let refused = is_new && asked == 0;
                    if !last && !refused {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        let mut idle = served.open().await;
        assert!(ask(&mut idle, "/").await.is_some());
        sleep(Duration::from_millis(1200)).await;
        stopping.store(true, Ordering::SeqCst);
        let started = Instant::now();
        served.stop.send_replace(true);
        assert!(is_closed(&mut idle).await, "an idle connection is held");
        assert_eq!(served.ended.await.unwrap(), Ended::Whole);
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        clients.join_all().await;
        let answered = answered.load(Ordering::Relaxed);
        println!("SIGTERM: {answered} answered, {} failed", failed.load(Ordering::Relaxed));
        assert!(answered > 1000 && failed.load(Ordering::Relaxed) == 0);
    }
}

#[tokio::test]
async fn a_stopping_server_cuts_what_does_not_end() {
    let limits = Limits { drain: Duration::from_millis(600), ..Limits::default() };
    let served = serve(limits, Proxies::default()).await;
    let mut stream = served.open().await;
    stream
        .write_all(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab")
        .await
        .unwrap();
    sleep(Duration::from_millis(100)).await;
    served.stop.send_replace(true);
    assert_eq!(served.ended.await.unwrap(), Ended::Cut(1));
    assert_eq!(served.door.connections(), 0);
}

/// A client opens all its connections at once, and one loop is awake to take them.
#[tokio::test]
async fn loops_share_the_connections_alike() {
    let door = Arc::new(Door::new(short(), Proxies::default()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    let listener = listener.into_std().unwrap();
    let mut streams = Vec::new();
    for _ in 0..16 {
        streams.push(TcpStream::connect(at).await.unwrap());
    }
    let mut loops = JoinSet::new();
    for name in ["first", "second"] {
        let app = Router::new().route("/", get(async move || name));
        let listener = TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
        let door = door.clone();
        loops.spawn(async move { door.serve(listener, app, std::future::pending()).await });
    }
    let mut answered = [0, 0];
    for stream in &mut streams {
        let text = ask(stream, "/").await.unwrap();
        answered[usize::from(text.ends_with("second"))] += 1;
    }
    assert_eq!(answered, [8, 8]);
    loops.abort_all();
    while loops.join_next().await.is_some() {}
    assert!(door.halls().is_empty(), "a loop that ended takes no connections");
}
