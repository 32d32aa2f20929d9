//! Clients that send slowly: cut in time, and nobody else waits for them (promise K7).

use std::time::Duration;

use futures_util::future::join_all;
use support::App;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const SLOW: usize = 200;

#[tokio::test(flavor = "multi_thread")]
async fn slow_bodies_are_cut_and_hold_up_nobody() {
    let app = App::start_with(|config| config.body_timeout = 1).await;
    let slow = join_all((0..SLOW).map(|_| begin(&app, "Content-Length: 1000\r\n\r\n{\"email\":"))).await;
    let ann = app.member("Ann").await;
    for _ in 0..20 {
        ann.get("/me").await.ok();
    }
    for answer in join_all(slow.into_iter().map(read)).await {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains(r#""code":"request_timeout""#), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_makes_progress_is_awaited() {
    let app = App::start_with(|config| config.body_timeout = 1).await;
    let body = r#"{"email":"nobody@example.org","password":"long enough"}"#;
    let mut stream = begin(&app, &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())).await;
    for byte in body.as_bytes().chunks(8) {
        stream.write_all(byte).await.unwrap();
        stream.flush().await.unwrap();
    }
    let answer = read(stream).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_are_cut() {
    let app = App::start().await;
    let stream = begin(&app, "X-Slow: ").await;
    let answer = read(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

async fn begin(app: &App, rest: &str) -> TcpStream {
    let address = app.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let start = "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    stream.write_all(format!("{start}{rest}").as_bytes()).await.unwrap();
    stream
}

/// All that comes until the server closes, or has said everything it will.
async fn read(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let whole = async {
        while !String::from_utf8_lossy(&answer).trim_end().ends_with('}') {
            if stream.read_buf(&mut answer).await.unwrap_or(0) == 0 {
                return;
            }
        }
    };
    timeout(Duration::from_secs(20), whole).await.expect("the server never cut the connection");
    String::from_utf8(answer).unwrap()
}
