//! What matching costs where members are many: a node's start and memory, lists beside the cheapest read, and how soon a change shows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::cases::{self, Member, get, render};
use crate::cluster::Cluster;
use crate::load::{self, Measured, Requests};
use crate::server::Server;

/// Members who read, each a few times at most, so that most lists are read for the first time.
const READERS: i64 = 20_000;
/// Connections of each kind of request, and what they wait after an answer.
const EACH: usize = 8;
const PAUSE: Duration = Duration::from_millis(20);
const CHANGES: usize = 20;
const PATIENCE: Duration = Duration::from_secs(120);

pub async fn measure(cluster: &Cluster, seconds: u64) -> Result<()> {
    let node = start(cluster).await?;
    let owner = cases::staff(cluster).await?;
    let index = read(&node, "/owner/matching-index", &owner).await?;
    println!(
        "index: {} mentors, {} mentees, {:.1} MB (goal: below 64); memory of the process {:.0} MiB, at its highest {:.0} MiB",
        index["mentors"],
        index["mentees"],
        index["memoryBytes"].as_f64().context("no size")? / 1e6,
        node.memory("VmRSS:")?,
        node.memory("VmHWM:")?
    );
    let members = Arc::new(cases::anybody(cluster, READERS).await?);
    println!("\n{:<34} {:>9} {:>9} {:>9} {:>9} {:>9}", "", "req/s", "p50 ms", "p99 ms", "p99.9 ms", "ratio");
    compare(&node, &members, "with pauses", (seconds, PAUSE)).await?;
    compare(&node, &members, "without a pause", (seconds, Duration::ZERO)).await?;
    let other = Server::api(cluster)?;
    changes(cluster, [&node, &other]).await?;
    follow(cluster, [&node, &other], &owner).await
}

/// Two starts: of everybody, and of the snapshot that the first one wrote.
async fn start(cluster: &Cluster) -> Result<Server> {
    let client = cluster.connect().await?;
    client.batch_execute("DELETE FROM index_snapshots; DELETE FROM job_turns").await?;
    let first = Server::api(cluster)?;
    println!("start to ready, everybody read from the database: {:.0} ms", first.ready_ms());
    let began = Instant::now();
    while client.query_one("SELECT count(*) FROM index_snapshots", &[]).await?.get::<_, i64>(0) == 0 {
        ensure!(began.elapsed() < PATIENCE, "no snapshot was written");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let size = client.query_one("SELECT sum(length(bytes))::bigint FROM index_snapshots", &[]).await?.get::<_, i64>(0);
    drop(first);
    let second = Server::api(cluster)?;
    println!("with a snapshot ({:.1} MB): {:.0} ms (goal: below 10,000)", size as f64 / 1e6, second.ready_ms());
    Ok(second)
}

/// Both reads at the same time, each by members in turn.
async fn compare(node: &Server, members: &Arc<Vec<Member>>, how: &str, pace: (u64, Duration)) -> Result<()> {
    let paths = ["/me", "/me/suggestions"];
    let [me, lists] = paths.map(|path| -> Requests {
        let members = Arc::clone(members);
        Arc::new(move |number| Ok(get(path, &members[number as usize % members.len()].token)))
    });
    load::run_paced(node.address(), &me, EACH, 1, pace.1).await?;
    let run = |requests| load::run_paced(node.address(), requests, EACH, pace.0, pace.1);
    let (me, lists) = tokio::try_join!(run(&me), run(&lists))?;
    let ratio = millis(&lists, 0.99) / millis(&me, 0.99);
    for (path, measured, ratio) in [(paths[0], &me, 1.0), (paths[1], &lists, ratio)] {
        let rate = measured.latency.len() as f64 / measured.elapsed.as_secs_f64();
        let [half, most, nearly_all] = [0.5, 0.99, 0.999].map(|quantile| millis(measured, quantile));
        let name = format!("GET {path}, {how}");
        println!("{name:<34} {rate:>9.0} {half:>9.2} {most:>9.2} {nearly_all:>9.2} {ratio:>9.2}");
    }
    Ok(())
}

fn millis(measured: &Measured, quantile: f64) -> f64 {
    measured.latency.value_at_quantile(quantile) as f64 / 1000.0
}

/// Members who seek something else: their next list here has somebody new, and soon so has the other node's.
async fn changes(cluster: &Cluster, [node, other]: [&Server; 2]) -> Result<()> {
    let seekers = cases::seekers(cluster, CHANGES as i64).await?;
    let (mut at_once, mut writes, mut elsewhere) = (0, Vec::new(), Vec::new());
    for (member, skill) in &seekers {
        let before = ids(&read(node, "/me/suggestions", member).await?);
        let body = json!({ "items": [{ "skill": skill }] }).to_string();
        let began = Instant::now();
        node.send(&render("PUT /api/v1/me/mentee-skills", &body, &member.token)).await?;
        writes.push(began.elapsed());
        let after = ids(&read(node, "/me/suggestions", member).await?);
        at_once += usize::from(after != before);
        elsewhere.push(wait(async || Ok(ids(&read(other, "/me/suggestions", member).await?) == after)).await?);
    }
    println!(
        "\nsought skills changed: another list on the same node at once for {at_once} of {}; on the other node after {:.0} ms \
        at most (goal: below 2,000); the change itself {:.0} ms at most",
        seekers.len(),
        slowest(&elsewhere),
        slowest(&writes)
    );
    Ok(())
}

/// A mentor who stops is gone from the index of the other node.
async fn follow(cluster: &Cluster, [node, other]: [&Server; 2], owner: &Member) -> Result<()> {
    let mut times = Vec::new();
    for (member, _) in &cases::seekers(cluster, CHANGES as i64).await? {
        let mentors = read(other, "/owner/matching-index", owner).await?["mentors"].clone();
        let body = json!({ "activeMentor": false }).to_string();
        node.send(&render("PATCH /api/v1/me", &body, &member.token)).await?;
        times.push(wait(async || Ok(read(other, "/owner/matching-index", owner).await?["mentors"] != mentors)).await?);
    }
    println!("mentors who stopped: gone from the index of the other node after {:.0} ms at most", slowest(&times));
    Ok(())
}

fn slowest(times: &[Duration]) -> f64 {
    times.iter().max().map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}

/// How long until it is so.
async fn wait(is_so: impl AsyncFn() -> Result<bool>) -> Result<Duration> {
    let began = Instant::now();
    while !is_so().await? {
        ensure!(began.elapsed() < PATIENCE, "a change does not show");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(began.elapsed())
}

fn ids(list: &Value) -> Vec<Value> {
    list["items"].as_array().into_iter().flatten().map(|item| item["id"].clone()).collect()
}

async fn read(node: &Server, path: &str, member: &Member) -> Result<Value> {
    node.send(&get(path, &member.token)).await
}
