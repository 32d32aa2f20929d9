//! A small closed-loop load generator: each connection sends its next request when the last answer is in.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// What a run saw: answers with their latency in microseconds.
pub struct Measured {
    pub latency: Histogram<u64>,
    pub elapsed: Duration,
}

/// Makes the `n`-th request as bytes, or says that there is none; each connection walks its own numbers.
pub type Requests = std::sync::Arc<dyn Fn(u64) -> Result<Vec<u8>> + Send + Sync>;

pub async fn run(address: SocketAddr, requests: &Requests, connections: usize, seconds: u64) -> Result<Measured> {
    run_paced(address, requests, connections, seconds, Duration::ZERO).await
}

/// The same with a pause after each answer, for a load that leaves the server idle in between.
pub async fn run_paced(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    seconds: u64,
    pause: Duration,
) -> Result<Measured> {
    let started = Instant::now();
    let end = started + Duration::from_secs(seconds);
    let mut tasks = JoinSet::new();
    for connection in 0..connections {
        let requests = requests.clone();
        tasks.spawn(async move { drive(address, &requests, (connection, connections), end, pause).await });
    }
    let mut latency = Histogram::new(3)?;
    while let Some(task) = tasks.join_next().await {
        latency.add(task??)?;
    }
    Ok(Measured { latency, elapsed: started.elapsed() })
}

async fn drive(
    address: SocketAddr,
    requests: &Requests,
    (first, step): (usize, usize),
    end: Instant,
    pause: Duration,
) -> Result<Histogram<u64>> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut latency = Histogram::new(3)?;
    let mut buffer = Vec::with_capacity(64 * 1024);
    let mut number = first as u64;
    while Instant::now() < end {
        let request = requests(number)?;
        let sent = Instant::now();
        stream.write_all(&request).await?;
        let status = read_answer(&mut stream, &mut buffer).await?;
        ensure!((200..300).contains(&status), "answered {status}: {}", String::from_utf8_lossy(&buffer));
        latency.record(sent.elapsed().as_micros() as u64)?;
        number += step as u64;
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    Ok(latency)
}

/// Reads one answer with a `Content-Length` into `buffer` and tells its status.
pub async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    let mut whole = None;
    while whole.is_none_or(|whole| buffer.len() < whole) {
        let read = stream.read_buf(buffer).await?;
        ensure!(read > 0, "the server closed the connection");
        if whole.is_none() {
            whole = length_of(buffer)?;
        }
    }
    let status = buffer.get(9..12).context("no status line")?;
    Ok(std::str::from_utf8(status)?.parse()?)
}

fn length_of(buffer: &[u8]) -> Result<Option<usize>> {
    let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let head = std::str::from_utf8(&buffer[..end])?;
    let length = head.lines().find_map(|line| {
        line.to_ascii_lowercase().strip_prefix("content-length:").map(|length| length.trim().parse::<usize>())
    });
    Ok(Some(end + 4 + length.context("no content-length")??))
}

/// One request, for looking at its answer: status and body.
pub async fn once(address: SocketAddr, request: &[u8]) -> Result<(u16, Vec<u8>)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut buffer = Vec::new();
    let status = read_answer(&mut stream, &mut buffer).await?;
    let body = buffer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |end| end + 4);
    Ok((status, buffer.split_off(body)))
}
