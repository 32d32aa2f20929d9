//! What a flood of sign-ins does to everybody else, and how many get through beside what argon2 alone would allow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use argon2::{Argon2, PasswordHasher};
use hdrhistogram::Histogram;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::cases;
use crate::cluster::Cluster;
use crate::load::{self, Measured};
use crate::server::Server;

const PARALLEL: usize = 200;

/// Others call now and then, so that their time is the server's and not that of a queue of their own.
const OTHERS: usize = 8;
const PAUSE: Duration = Duration::from_millis(20);

/// As the answer to a refusal asks for, and up to as much again: people do not come back at the same instant.
fn retry_after() -> Duration {
    Duration::from_secs(1).mul_f64(1.0 + rand::random::<f64>())
}

const MEMBERS: &str = "SELECT u.email FROM users u JOIN accounts a ON a.user_id = u.id \
    WHERE a.provider = $1 AND u.status = 'ACTIVE' ORDER BY u.id LIMIT 5000";

pub async fn measure(cluster: &Cluster, api: &Server, seconds: u64) -> Result<()> {
    let others = cases::readers(cluster).await?;
    load::run_paced(api.address(), &others, OTHERS, 1, PAUSE).await?;
    let idle = load::run_paced(api.address(), &others, OTHERS, seconds, PAUSE).await?;
    let bare = tokio::task::spawn_blocking(move || bare_argon2(seconds)).await?;
    let flood = tokio::spawn(flood(api.address(), Arc::new(requests(cluster).await?), seconds));
    let meanwhile = load::run_paced(api.address(), &others, OTHERS, seconds, PAUSE).await?;
    let (done, refused) = flood.await??;

    let (idle, meanwhile) = (p99_ms(&idle), p99_ms(&meanwhile));
    println!(
        "GET /me, p99: idle {idle:.2} ms; during {PARALLEL} parallel sign-ins {meanwhile:.2} ms; ratio {:.2} (goal: below 3)",
        meanwhile / idle
    );
    let rate = done.len() as f64 / seconds as f64;
    println!("sign-ins a second: {rate:.1}; argon2 alone: {bare:.1}; {:.0} %", 100.0 * rate / bare);
    let slowest = refused.value_at_quantile(0.99) as f64 / 1000.0;
    println!("refused with 503: {}, 99 % of them within {slowest:.1} ms (goal: below 100)", refused.len());
    Ok(())
}

fn p99_ms(measured: &Measured) -> f64 {
    measured.latency.value_at_quantile(0.99) as f64 / 1000.0
}

/// Hashes a second with a thread a core, as many as the server computes at once.
fn bare_argon2(seconds: u64) -> f64 {
    let end = Instant::now() + Duration::from_secs(seconds);
    let count = AtomicU64::new(0);
    let hash = || Argon2::default().hash_password_with_salt(seeder::PASSWORD.as_bytes(), &[7; 16]).is_ok();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while Instant::now() < end && hash() {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    count.into_inner() as f64 / seconds as f64
}

async fn requests(cluster: &Cluster) -> Result<Vec<Vec<u8>>> {
    let rows = cluster.connect().await?.query(MEMBERS, &[&entity::account::PASSWORD]).await?;
    ensure!(!rows.is_empty(), "the seeded database has nobody with a password");
    let body = |email: &str| format!(r#"{{"email":"{email}","password":"{}"}}"#, seeder::PASSWORD);
    Ok(rows.iter().map(|row| cases::render("POST /api/v1/auth/sign-in", &body(row.get("email")), "none")).collect())
}

/// The times of sign-ins, and those of refusals.
type Times = (Histogram<u64>, Histogram<u64>);

async fn flood(address: SocketAddr, requests: Arc<Vec<Vec<u8>>>, seconds: u64) -> Result<Times> {
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut tasks = JoinSet::new();
    for first in 0..PARALLEL {
        tasks.spawn(sign_in_again_and_again(address, Arc::clone(&requests), first, end));
    }
    let (mut done, mut refused) = (Histogram::new(3)?, Histogram::new(3)?);
    while let Some(task) = tasks.join_next().await {
        let (of_one, refused_one) = task??;
        done.add(of_one)?;
        refused.add(refused_one)?;
    }
    Ok((done, refused))
}

async fn sign_in_again_and_again(
    address: SocketAddr,
    requests: Arc<Vec<Vec<u8>>>,
    first: usize,
    end: Instant,
) -> Result<Times> {
    let (mut done, mut refused) = (Histogram::new(3)?, Histogram::new(3)?);
    let mut stream = TcpStream::connect(address).await?;
    let mut buffer = Vec::with_capacity(4096);
    for request in requests.iter().cycle().skip(first * requests.len() / PARALLEL) {
        let sent = Instant::now();
        if sent >= end {
            break;
        }
        stream.write_all(request).await?;
        let status = load::read_answer(&mut stream, &mut buffer).await.context("a sign-in")?;
        let time = sent.elapsed().as_micros() as u64;
        match status {
            200 => done.record(time)?,
            503 => {
                refused.record(time)?;
                tokio::time::sleep(retry_after()).await;
            }
            other => anyhow::bail!("a sign-in was answered {other}: {}", String::from_utf8_lossy(&buffer)),
        }
    }
    Ok((done, refused))
}
