//! Heads of requests at and past what can be read. What the framework refuses before there is a request has no problem document,
//! which docs/api-design.md says; its status and the end of the connection are held here (promises L1, L9).

use std::time::Duration;

use support::App;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// All that is answered to `text` until the server closes the connection.
async fn answer_to(app: &App, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).await.unwrap();
    // The server may answer and close before it has read everything.
    stream.write_all(text).await.ok();
    let mut answer = Vec::new();
    let read = async { while stream.read_buf(&mut answer).await.unwrap_or(0) > 0 {} };
    timeout(Duration::from_secs(20), read).await.expect("the server does not close the connection");
    String::from_utf8(answer).unwrap()
}

fn head(target: &str, headers: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").into_bytes()
}

fn assert_bare(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(answer.to_lowercase().contains("content-length: 0\r\n"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn heads_that_are_too_large_to_read_are_431() {
    let app = App::start().await;
    let many = |count: usize| (0..count).map(|number| format!("X-{number}: 1\r\n")).collect::<String>();
    let close = "Connection: close\r\n";
    let read = answer_to(&app, &head("/health/live", &format!("{close}{}", many(94)))).await;
    assert!(read.starts_with("HTTP/1.1 200 "), "{read}");
    assert_bare(&answer_to(&app, &head("/health/live", &format!("{close}{}", many(95)))).await, 431);
    let long = |length: usize| format!("{close}X-Long: {}\r\n", "a".repeat(length));
    let told = answer_to(&app, &head("/health/live", &long(100 * 1024))).await;
    assert!(told.starts_with("HTTP/1.1 431 ") && told.contains("headers_too_large"), "{told}");
    assert_bare(&answer_to(&app, &head("/health/live", &long(128 * 1024))).await, 431);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_request_is_400_and_the_end_of_the_connection() {
    let app = App::start().await;
    let framing = "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n";
    let unreadable: [&[u8]; 7] = [
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nBad Name: 1\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n",
        b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        &head("/health/live", framing),
        &head(&format!("/{}", "a".repeat(66 * 1024)), ""),
    ];
    for text in unreadable {
        assert_bare(&answer_to(&app, text).await, 400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_percent_encoded_and_bounded() {
    let app = App::start().await;
    let close = "Connection: close\r\n";
    for target in ["/caf\u{e9}", "/api/v1/settings?name=caf\u{e9}"] {
        assert_bare(&answer_to(&app, &head(target, "")).await, 400);
    }
    for length in [9 * 1024, 60 * 1024] {
        for target in [format!("/{}", "a".repeat(length)), format!("/api/v1/settings?{}", "a".repeat(length))] {
            let told = answer_to(&app, &head(&target, close)).await;
            assert!(told.starts_with("HTTP/1.1 414 ") && told.contains("uri_too_long"), "{told:.300}");
            assert!(told.contains("application/problem+json"), "{told:.300}");
        }
    }
    let read = answer_to(&app, &head("/caf%C3%A9", close)).await;
    assert!(read.starts_with("HTTP/1.1 404 "), "{read}");
}
