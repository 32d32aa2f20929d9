//! Whether the time of an answer tells if somebody has an address: pairs of requests in turn, the ratio of their medians, and the
//! rank test of Mann and Whitney for the two sets of times coming from one distribution.

use std::time::Instant;

use anyhow::{Result, ensure};
use uuid::Uuid;

use crate::cases;
use crate::cluster::Cluster;
use crate::server::Server;

const PAIRS: usize = 200;
const WARM_UP: usize = 20;

/// Ten failures of an account are free.
const ACCOUNTS: i64 = (PAIRS + WARM_UP) as i64 / 10;

const MEMBERS: &str = "SELECT u.id, u.email FROM users u JOIN accounts a ON a.user_id = u.id \
    WHERE a.provider = $1 AND u.status = 'ACTIVE' AND u.role = 'REGULAR' ORDER BY u.id DESC LIMIT $2";
const SET_STATUS: &str = "UPDATE users SET status = $1 WHERE id = ANY($2)";

pub async fn measure(cluster: &Cluster, api: &Server) -> Result<()> {
    let database = cluster.connect().await?;
    let (ids, mut members) = members(&database, 3 * ACCOUNTS).await?;
    let suspended = members.split_off(2 * ACCOUNTS as usize);
    let ids = &ids[2 * ACCOUNTS as usize..];
    database.execute(SET_STATUS, &[&"SUSPENDED", &ids]).await?;
    let outcome = compare_all(api, &members, &suspended).await;
    database.execute(SET_STATUS, &[&"ACTIVE", &ids]).await?;
    outcome
}

async fn compare_all(api: &Server, members: &[String], suspended: &[String]) -> Result<()> {
    let unknown = |at: usize| format!("nobody.{at}@example.net");
    let sign_in = |email: String| request("sign-in", &format!(r#""email":"{email}","password":"not the password""#));
    let member = |at: usize| members[at % members.len()].clone();
    println!("{:<52}{:>10}{:>10}{:>8}{:>8}", "", "first ms", "second ms", "ratio", "p");
    compare(api, "sign-in: a wrong password, an unknown address", |at| sign_in(member(at)), |at| sign_in(unknown(at)))
        .await?;
    compare(
        api,
        "sign-in: a suspended account, an unknown address",
        |at| sign_in(suspended[at % suspended.len()].clone()),
        |at| sign_in(unknown(PAIRS * 2 + at)),
    )
    .await?;
    let run: u64 = rand::random();
    let sign_up = |email: String| {
        request("sign-up", &format!(r#""name":"Ada","email":"{email}","password":"a long walk by the river""#))
    };
    compare(
        api,
        "sign-up: a taken address, a fresh one",
        |at| sign_up(member(at)),
        |at| sign_up(format!("ada.{run}.{at}@example.net")),
    )
    .await?;
    let link = |email: String| request("sign-in-link", &format!(r#""email":"{email}""#));
    compare(api, "sign-in link: a member, an unknown address", |at| link(member(at)), |at| link(unknown(at))).await
}

async fn members(database: &tokio_postgres::Client, count: i64) -> Result<(Vec<Uuid>, Vec<String>)> {
    let rows = database.query(MEMBERS, &[&entity::account::PASSWORD, &count]).await?;
    ensure!(rows.len() == count as usize, "too few members: seed more with --users");
    Ok(rows.iter().map(|row| (row.get::<_, Uuid>(0), row.get::<_, String>(1))).unzip())
}

fn request(operation: &str, fields: &str) -> Vec<u8> {
    cases::render(&format!("POST /api/v1/auth/{operation}"), &format!("{{{fields}}}"), "none")
}

/// Each address is used once, so that no attempt is throttled.
async fn compare(
    api: &Server,
    name: &str,
    first: impl Fn(usize) -> Vec<u8>,
    second: impl Fn(usize) -> Vec<u8>,
) -> Result<()> {
    let (mut one, mut other, mut statuses) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..PAIRS + WARM_UP {
        // In turn also within a pair: what follows on the heels of another request may find caches warm.
        let order = if at % 2 == 0 { [0, 1] } else { [1, 0] };
        for which in order {
            let bytes = if which == 0 { first(at) } else { second(at) };
            let sent = Instant::now();
            let (status, _) = api.once(&bytes).await?;
            let time = sent.elapsed().as_secs_f64() * 1000.0;
            statuses.push(status);
            if at >= WARM_UP {
                if which == 0 { one.push(time) } else { other.push(time) }
            }
        }
    }
    statuses.sort_unstable();
    statuses.dedup();
    ensure!(statuses.len() == 1, "{name} is told by the status: {statuses:?}");
    let (a, b) = (median(&one), median(&other));
    println!("{name:<52}{a:>10.2}{b:>10.2}{:>8.2}{:>8.3}", a / b, same_distribution(&one, &other));
    Ok(())
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// The two-sided p of the Mann-Whitney U test, by the normal approximation.
fn same_distribution(one: &[f64], other: &[f64]) -> f64 {
    let (n, m) = (one.len() as f64, other.len() as f64);
    let above = |x: &f64| {
        other
            .iter()
            .map(|y| {
                if x > y {
                    1.0
                } else if x == y {
                    0.5
                } else {
                    0.0
                }
            })
            .sum::<f64>()
    };
    let u: f64 = one.iter().map(above).sum();
    let z = (u - n * m / 2.0) / (n * m * (n + m + 1.0) / 12.0).sqrt();
    2.0 * upper_tail(z.abs())
}

/// The upper tail of the normal distribution: Abramowitz and Stegun, 26.2.17.
fn upper_tail(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let polynomial = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429]
        .iter()
        .rev()
        .fold(0.0, |sum, factor| (sum + factor) * t);
    (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * polynomial
}
