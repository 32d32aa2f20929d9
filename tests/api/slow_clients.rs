//! Clients that send or read slowly: cut in time, and nobody else waits for them (promise K7).

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;
use support::{App, Client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

const SLOW: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn slow_bodies_are_cut_and_hold_up_nobody() {
    let app = App::start_with(|config| config.body_timeout = 2).await;
    let ann = app.member("Ann").await;
    let alone = percentile_95(&ann).await;
    let slow = join_all((0..SLOW).map(|_| begin(&app, "Content-Length: 1000\r\n\r\n{\"email\":"))).await;
    let beside = percentile_95(&ann).await;
    println!("p95 of others: {alone:?} alone, {beside:?} beside {SLOW} slow bodies");
    for answer in join_all(slow.into_iter().map(read)).await {
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
        assert!(answer.contains(r#""code":"request_timeout""#), "{answer}");
    }
}

async fn percentile_95(client: &Client) -> Duration {
    let mut times = Vec::new();
    for _ in 0..100 {
        let start = Instant::now();
        client.get("/me").await.ok();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[94]
}

/// Sends `pieces` at this distance; what is answered, and after how long.
async fn dribble(app: &App, headers: &str, pieces: Vec<Vec<u8>>, distance: Duration) -> (String, Duration) {
    let length: usize = pieces.iter().map(Vec::len).sum();
    let start = Instant::now();
    let stream = begin(app, &format!("{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n")).await;
    let (input, mut output) = stream.into_split();
    let sending = tokio::spawn(async move {
        for piece in pieces {
            if output.write_all(&piece).await.is_err() {
                break;
            }
            sleep(distance).await;
        }
        // Kept open, so that nothing but the server ends it.
        output
    });
    let answer = read(input).await;
    sending.abort();
    (answer, start.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_makes_progress_is_awaited() {
    let app = App::start_with(|config| config.body_timeout = 1).await;
    let text = r#"{"email":"nobody@example.org","password":"long enough"}"#;
    let body = format!("{text}{}", " ".repeat(5 * 1024 - text.len())).into_bytes();
    let pieces = |size: usize| body.chunks(size).map(<[u8]>::to_vec).collect();
    let (answer, took) = dribble(&app, "", pieces(1024), Duration::from_millis(600)).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    assert!(took > Duration::from_secs(2), "{took:?}");
    let (answer, _) = dribble(&app, "", pieces(64), Duration::from_millis(600)).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_body_unpacks_to_is_no_progress() {
    let app = App::start_with(|config| config.body_timeout = 1).await;
    let text = r#"{"email":"nobody@example.org","password":"long enough"}"#;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(format!("{text}{}", " ".repeat(200 * 1024)).as_bytes()).unwrap();
    let body = encoder.finish().unwrap();
    let gzip = "Content-Encoding: gzip\r\n";
    let (answer, _) = dribble(&app, gzip, vec![body.clone()], Duration::ZERO).await;
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let (most, rest) = body.split_at(body.len() - 20);
    let (answer, _) = dribble(&app, gzip, vec![most.to_vec(), rest.to_vec()], Duration::from_secs(30)).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_headers_are_cut() {
    let app = App::start().await;
    let answer = read(begin(&app, "X-Slow: ").await).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

/// Asks for far more than the buffers between hold, and takes nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_is_cut() {
    let app = App::start_with(|config| config.answer_timeout = 2).await;
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).await.unwrap();
    let (_, mut output) = stream.split();
    let asked = async {
        loop {
            output.write_all(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
        }
        #[expect(unreachable_code, reason = "names the type of the error")]
        Ok::<(), std::io::Error>(())
    };
    let cut = timeout(Duration::from_secs(20), asked).await.expect("the server waits for ever").unwrap_err();
    println!("{cut}");
    let ann = app.member("Ann").await;
    ann.get("/me").await.ok();
}

async fn begin(app: &App, rest: &str) -> TcpStream {
    let address = app.base().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let start = "POST /api/v1/auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    stream.write_all(format!("{start}{rest}").as_bytes()).await.unwrap();
    stream
}

/// All that comes until the server closes, or has said everything it will.
async fn read(mut stream: impl AsyncReadExt + Unpin) -> String {
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
