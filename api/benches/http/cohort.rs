//! What a match run of a whole cohort takes, and what others notice of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::cases::{self, Member, get, render};
use crate::certificate;
use crate::cluster::Cluster;
use crate::load::{self, Requests};
use crate::server::Server;

const MENTEES: u32 = 10_000;
const MENTORS: u32 = 5_000;
const READERS: i64 = 2_000;
/// Connections of the others, and what they wait after an answer.
const CONNECTIONS: usize = 8;
const PAUSE: Duration = Duration::from_millis(20);
const LOOK: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_secs(120);

/// What a run before this one made is taken back, so that each finds the same people.
const TAKE_BACK: &str = "
    DELETE FROM suggestions s USING match_run_pairs p, match_runs r
        WHERE r.id = p.run_id AND r.published_as = 'SUGGESTIONS'
        AND s.mentor_id = p.mentor_id AND s.mentee_id = p.mentee_id AND s.created_at >= r.published_at;
    DELETE FROM mentorships WHERE origin = 'MATCH_RUN' AND created_at >= (SELECT min(created_at) FROM match_runs);
    DELETE FROM match_runs; DELETE FROM index_snapshots; DELETE FROM job_turns";

pub async fn measure(cluster: &Cluster, seconds: u64) -> Result<()> {
    cluster.connect().await?.batch_execute(TAKE_BACK).await?;
    let node = Server::api(cluster)?;
    let owner = cases::staff(cluster).await?;
    let members = Arc::new(cases::anybody(cluster, READERS).await?);
    let before = node.memory("VmRSS:")?;
    others(&node, &members, 1).await?;
    let idle = others(&node, &members, seconds).await?;
    let run = solved(&node, &owner, &members, idle).await?;
    let proof = node.send(&get(&format!("{}/certificate", path_of(&run)?), &owner.token)).await?;
    println!("its certificate holds for all {} possible pairs", certificate::check(&cluster.url, &proof).await?);
    println!("memory {:.0} MiB, at its highest {:.0} MiB (goal: below 1000)", before, node.memory("VmHWM:")?);
    let edits = (edited(&node, &owner, &run).await?, edited(&node, &owner, &run).await?);
    println!("a pair banned: {:.0} ms, another: {:.0} ms", edits.0, edits.1);
    let suggested = published(&node, &owner, &run, "SUGGESTIONS").await?;
    let again = solved(&node, &owner, &members, idle).await?;
    let opened = published(&node, &owner, &again, "MENTORSHIPS").await?;
    println!("published as suggestions in {suggested:.0} ms, another as mentorships in {opened:.0} ms");
    cluster.connect().await?.batch_execute(TAKE_BACK).await?;
    Ok(())
}

/// The p99 of `GET /me` in milliseconds.
async fn others(node: &Server, members: &Arc<Vec<Member>>, seconds: u64) -> Result<f64> {
    let members = Arc::clone(members);
    let requests: Requests = Arc::new(move |number| Ok(get("/me", &members[number as usize % members.len()].token)));
    let measured = load::run_paced(node.address(), &requests, CONNECTIONS, seconds, PAUSE).await?;
    Ok(measured.latency.value_at_quantile(0.99) as f64 / 1000.0)
}

/// A run that is ready, while others read.
async fn solved(node: &Server, owner: &Member, members: &Arc<Vec<Member>>, idle: f64) -> Result<Value> {
    let body = json!({ "filters": { "mostMentees": MENTEES, "mostMentors": MENTORS } }).to_string();
    let (began, run) =
        (Instant::now(), node.send(&render("POST /api/v1/admin/match-runs", &body, &owner.token)).await?);
    let path = path_of(&run)?;
    let ready = async {
        let (mut phases, mut last) = (Vec::new(), Value::Null);
        while last != "READY" {
            let run = node.send(&get(&path, &owner.token)).await?;
            if run["state"] != last {
                last = run["state"].clone();
                phases.push(format!("{} {:.1}", last.as_str().unwrap_or_default(), began.elapsed().as_secs_f64()));
            }
            ensure!(began.elapsed() < PATIENCE && last != "FAILED", "the run is {last}");
            tokio::time::sleep(LOOK).await;
        }
        Ok::<_, anyhow::Error>((began.elapsed(), phases.join(", ")))
    };
    let mut meanwhile: Vec<f64> = Vec::new();
    tokio::pin!(ready);
    let (took, phases) = loop {
        tokio::select! {
            done = &mut ready => break done?,
            p99 = others(node, members, 1) => meanwhile.push(p99?),
        }
    };
    let run = node.send(&get(&path, &owner.token)).await?;
    let summary = &run["summary"];
    println!(
        "{} mentees, {} mentors, {} pairs: ready after {:.1} s (goal: below 10; seconds at {phases})",
        summary["mentees"],
        summary["mentors"],
        summary["totals"]["pairs"],
        took.as_secs_f64()
    );
    let worst = meanwhile.iter().copied().fold(0.0, f64::max);
    println!(
        "p99 of others in the worst second {worst:.2} ms, idle {idle:.2} ms, ratio {:.2} (goal: below 2)",
        worst / idle
    );
    Ok(run)
}

/// Bans one pair more of the plan; the milliseconds of the answer.
async fn edited(node: &Server, owner: &Member, run: &Value) -> Result<f64> {
    let path = path_of(run)?;
    let now = node.send(&get(&path, &owner.token)).await?;
    let pair = node.send(&get(&format!("{path}/pairs?limit=1"), &owner.token)).await?["items"][0].clone();
    let mut bans = now["bans"].as_array().cloned().unwrap_or_default();
    bans.push(json!({ "mentorId": pair["mentor"]["id"], "menteeId": pair["mentee"]["id"] }));
    let whatever_version = format!("{}\r\nIf-Match: *", owner.token);
    let request = render(&format!("PATCH /api/v1{path}"), &json!({ "bans": bans }).to_string(), &whatever_version);
    let began = Instant::now();
    node.send(&request).await?;
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

/// The milliseconds until it is published.
async fn published(node: &Server, owner: &Member, run: &Value, how: &str) -> Result<f64> {
    let path = path_of(run)?;
    let began = Instant::now();
    let request = render(&format!("POST /api/v1{path}/publish"), &json!({ "as": how }).to_string(), &owner.token);
    node.send(&request).await?;
    while node.send(&get(&path, &owner.token)).await?["state"] != "PUBLISHED" {
        if began.elapsed() > PATIENCE {
            bail!("the run is not published");
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(began.elapsed().as_secs_f64() * 1000.0)
}

fn path_of(run: &Value) -> Result<String> {
    Ok(format!("/admin/match-runs/{}", run["id"].as_str().context("no id")?))
}
