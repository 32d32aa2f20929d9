//! Live streams: how long a message takes to a client of another node beside a bare Redis, and what an idle connection costs.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures_util::StreamExt;
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::cases::{self, Member, get, render};
use crate::cluster::Cluster;
use crate::load;
use crate::server::Server;

const CLIENTS: usize = 1_000;
/// Whose streams are there before memory is looked at, so that what the server makes once for all is made.
const FIRST: usize = 20;
const MESSAGES: usize = 1_000;
const IDLE: usize = 5_000;
/// As many streams as one member may have.
const EACH: usize = 5;
/// Between two messages.
const PAUSE: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(10);

pub async fn measure(cluster: &Cluster) -> Result<()> {
    let redis = Redis::start()?;
    let [here, there] = [Server::with_redis(cluster, &redis.url())?, Server::with_redis(cluster, &redis.url())?];
    let members = cases::talkers(cluster, (CLIENTS + FIRST) as i64).await?;
    ensure!(members.len() == CLIENTS + FIRST, "the seeded database has {} who can talk", members.len());
    let (first, members) = members.split_at(FIRST);
    deliveries(members, &redis, [&here, &there]).await?;
    drop(there);
    idle(&Server::with_redis(cluster, &redis.url())?, first, members).await
}

type Sent = Arc<Mutex<HashMap<String, Instant>>>;

/// Each member listens on the one node; the messages are posted to the other.
async fn deliveries(members: &[Member], redis: &Redis, [here, there]: [&Server; 2]) -> Result<()> {
    let (sent, (heard, mut times)) = (Sent::default(), mpsc::unbounded_channel());
    for member in members {
        let stream = open(there.address(), member).await?;
        tokio::spawn(listen(stream, Arc::clone(&sent), heard.clone()));
    }
    let mut echo = Echo::open(redis).await?;
    let (mut ours, mut answers, mut bare) = (Histogram::new(3)?, Histogram::new(3)?, Histogram::new(3)?);
    for number in 0..MESSAGES {
        let (member, id) = (&members[number % members.len()], Uuid::new_v4().to_string());
        let body = json!({ "clientId": id, "content": "Shall we go through the first chapter?" }).to_string();
        let line = format!("POST /api/v1/mentorships/{}/messages", member.thread.context("no thread")?);
        let began = Instant::now();
        sent.lock().map_err(|_| anyhow::anyhow!("a lock is broken"))?.insert(id, began);
        let (status, body) = load::once(here.address(), &render(&line, &body, &member.token)).await?;
        ensure!(status == 201, "{status}: {}", String::from_utf8_lossy(&body));
        answers.record(began.elapsed().as_micros() as u64)?;
        let took =
            timeout(PATIENCE, times.recv()).await.context("a message was not delivered")?.context("nobody listens")?;
        ours.record(took.as_micros() as u64)?;
        bare.record(echo.once().await?.as_micros() as u64)?;
        sleep(PAUSE).await;
    }
    println!("{:<48} {:>9} {:>9}", format!("{MESSAGES} messages, {} clients", members.len()), "p50 ms", "p99 ms");
    for (what, times) in [
        ("POST to its answer", &answers),
        ("POST to delivery on the other node", &ours),
        ("bare Redis, published to heard", &bare),
    ] {
        println!("{what:<48} {:>9.2} {:>9.2}", millis(times, 0.5), millis(times, 0.99));
    }
    println!(
        "delivery / (answer + bare Redis), at p50: {:.2}",
        millis(&ours, 0.5) / (millis(&answers, 0.5) + millis(&bare, 0.5))
    );
    Ok(())
}

fn millis(times: &Histogram<u64>, quantile: f64) -> f64 {
    times.value_at_quantile(quantile) as f64 / 1000.0
}

async fn open(address: SocketAddr, member: &Member) -> Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&get("/events", &member.token)).await?;
    let mut buffer = Vec::with_capacity(2048);
    while !String::from_utf8_lossy(&buffer).contains("event: ready") {
        ensure!(stream.read_buf(&mut buffer).await? > 0, "no stream: {}", String::from_utf8_lossy(&buffer));
    }
    Ok(stream)
}

/// Tells when each message that is of `sent` came.
async fn listen(mut stream: TcpStream, sent: Sent, heard: mpsc::UnboundedSender<Duration>) {
    let mut text = Vec::new();
    while stream.read_buf(&mut text).await.is_ok_and(|read| read > 0) {
        let came = Instant::now();
        let all = String::from_utf8_lossy(&text).into_owned();
        let Some(end) = all.rfind("\n\n") else { continue };
        for part in all[..end].split("\"clientId\":\"").skip(1) {
            let posted = sent.lock().ok().and_then(|mut sent| sent.remove(part.get(..36)?));
            if let Some(posted) = posted {
                let _ = heard.send(came - posted);
            }
        }
        text = all.as_bytes()[end..].to_vec();
    }
}

/// What a connection takes that waits for something to happen.
async fn idle(node: &Server, first: &[Member], members: &[Member]) -> Result<()> {
    let mut streams = Vec::with_capacity(IDLE + EACH * FIRST);
    for member in first.iter().flat_map(|member| [member; EACH]) {
        streams.push(open(node.address(), member).await?);
    }
    sleep(PATIENCE / 4).await;
    let before = node.memory("VmRSS:")?;
    for number in 0..IDLE {
        streams.push(open(node.address(), &members[number / EACH]).await?);
    }
    sleep(PATIENCE / 4).await;
    let each = (node.memory("VmRSS:")? - before) * 1024.0 / IDLE as f64;
    println!(
        "\n{IDLE} idle streams: {each:.1} KiB each in the server (goal: below 12 KB); {before:.0} MiB without them"
    );
    Ok(())
}

/// A Redis of its own that keeps nothing.
struct Redis {
    child: Child,
    port: u16,
}

impl Redis {
    fn start() -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"]);
        let child = command.stdout(Stdio::null()).spawn().context("redis-server does not start")?;
        let redis = Self { child, port };
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(began.elapsed() < PATIENCE, "redis-server does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(redis)
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One who publishes, and one who hears it.
struct Echo {
    says: redis::aio::MultiplexedConnection,
    hears: redis::aio::PubSubStream,
}

impl Echo {
    async fn open(redis: &Redis) -> Result<Self> {
        let client = redis::Client::open(redis.url())?;
        let mut hears = client.get_async_pubsub().await?;
        hears.subscribe("echo").await?;
        Ok(Self { says: client.get_multiplexed_async_connection().await?, hears: hears.into_on_message() })
    }

    async fn once(&mut self) -> Result<Duration> {
        let began = Instant::now();
        redis::cmd("PUBLISH").arg("echo").arg("a").query_async::<i64>(&mut self.says).await?;
        self.hears.next().await.context("Redis says nothing")?;
        Ok(began.elapsed())
    }
}
