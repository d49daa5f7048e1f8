//! Answers that are asked for and not read.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};

use super::{Harbor, docs};

/// Asks through the smallest window; the connection, and the beginning of its answer.
async fn ask(harbor: &Harbor, token: &str, path: &str) -> (TcpStream, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let at = harbor.app.url.trim_start_matches("http://").parse().unwrap();
    let mut stream = socket.connect(at).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut begin = vec![0; 1024];
    let n = timeout(Duration::from_secs(60), stream.read(&mut begin)).await.unwrap().unwrap();
    (stream, String::from_utf8_lossy(&begin[..n]).into_owned())
}

/// Each answer of 30 MB was kept until its reader had it: 24 readers at 3 kB a second held 720 MB.
#[tokio::test]
async fn answers_that_are_not_read_are_not_heaped_up() {
    let harbor = Harbor::new().await;
    let owner = harbor.owner().await;
    harbor
        .sql(
            "INSERT INTO notes (tenant_id, id, body, updated_at, created_at)
             SELECT ACCOUNT, gen_random_uuid(), repeat('slow reader ', 8000), now(), now()
             FROM generate_series(1, 300)",
        )
        .await;
    let path = "/api/notes?limit=300&depth=0";
    let mut readers = Vec::new();
    let mut refused = 0;
    for _ in 0..8 {
        let (stream, begin) = ask(&harbor, owner.token(), path).await;
        if begin.starts_with("HTTP/1.1 200") {
            readers.push(stream);
            continue;
        }
        assert!(begin.starts_with("HTTP/1.1 503") && begin.contains("waits to be read"), "{begin}");
        assert!(begin.to_lowercase().contains("retry-after: "), "{begin}");
        refused += 1;
    }
    println!("{} answers of 30 MB at once for one person", readers.len());
    assert!((2..=3).contains(&readers.len()) && refused >= 5, "{refused} were refused");
    // Small answers are there for the same person, and large ones once the others are gone.
    let (status, body) = owner.get("/api/notes?limit=1&depth=0").await;
    assert_eq!((status.as_u16(), docs(&body).len()), (200, 1));
    drop(readers);
    for tries in 0.. {
        let (stream, begin) = ask(&harbor, owner.token(), path).await;
        drop(stream);
        if begin.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(tries < 20, "{begin}");
        sleep(Duration::from_millis(100)).await;
    }
}
