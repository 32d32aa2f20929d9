//! The end of the real binary: it drains, finishes what is under way, and says what it cut (promise M8).

use serde_json::json;
use support::{App, Process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn serve(app: &App, drain: &str, shutdown: &str) -> Process {
    let drain = ("MENTORSHIP_DRAIN_SECONDS", drain);
    Process::serve(&[("DATABASE_URL", &app.url()), drain, ("MENTORSHIP_SHUTDOWN_SECONDS", shutdown)]).await
}

async fn wait_red(process: &Process, http: &reqwest::Client) {
    while http.get(process.url("/health/ready")).send().await.unwrap().status() != 503 {
        tokio::task::yield_now().await;
    }
}

/// Until nobody is let in any more.
async fn wait_closed(process: &Process) {
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    while http.get(process.url("/health/live")).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

/// A sign-up of which the server has everything but the last byte.
async fn unfinished(process: &Process) -> (TcpStream, Vec<u8>) {
    let body = json!({ "name": "Ada", "email": "ada@example.org", "password": "a long walk by the river" }).to_string();
    let (first, last) = body.as_bytes().split_at(body.len() - 1);
    let head = format!(
        "POST /api/v1/auth/sign-up HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        process.address,
        body.len()
    );
    let mut stream = TcpStream::connect(process.address).await.unwrap();
    stream.write_all(&[head.as_bytes(), first].concat()).await.unwrap();
    (stream, last.to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_serves_on_and_finishes_what_is_under_way() {
    let app = App::start().await;
    app.owner().await;
    let process = serve(&app, "2", "20").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let (mut stream, last) = unfinished(&process).await;

    process.signal("TERM");
    wait_red(&process, &http).await;
    assert_eq!(http.get(process.url("/health/live")).send().await.unwrap().status(), 200);
    assert_eq!(http.get(process.url("/api/v1/settings")).send().await.unwrap().status(), 200);

    wait_closed(&process).await;
    stream.write_all(&last).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    let (status, output) = process.wait();
    assert_eq!(status.code(), Some(0), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_cuts_the_stop_short() {
    let app = App::start().await;
    app.owner().await;
    let process = serve(&app, "60", "60").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let _under_way = unfinished(&process).await;
    process.signal("TERM");
    wait_red(&process, &http).await;
    process.signal("TERM");
    let (status, output) = process.wait();
    assert!(status.code().is_some_and(|code| code != 0), "{status}");
    assert!(output.contains("cut short by a second signal, with 1 requests under way"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deadline_cuts_the_stop_short() {
    let app = App::start().await;
    app.owner().await;
    let process = serve(&app, "1", "1").await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let _under_way = unfinished(&process).await;
    process.signal("INT");
    wait_red(&process, &http).await;
    let (status, output) = process.wait();
    assert!(status.code().is_some_and(|code| code != 0), "{status}");
    assert!(output.contains("cut short by the deadline, with 1 requests under way"), "{output}");
}
