//! Two nodes, a Redis and clients that come and go: every client's record equals the log (promises I1, I7, I8, M6).
//!
//! Its full form: `LIVE_CLIENTS=100 LIVE_THREADS=100 LIVE_MESSAGES=10000 cargo test -p tests --test api -- live_nodes::`

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use support::{App, Client, EventKey, Process, Redis};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use crate::records::{assert_records, log_of};

/// How large the run is.
struct Size {
    clients: usize,
    threads: usize,
    messages: usize,
}

impl Size {
    fn asked() -> Self {
        let or = |name: &str, small| env::var(name).map_or(small, |text| text.parse().unwrap());
        let (clients, threads) = (or("LIVE_CLIENTS", 12), or("LIVE_THREADS", 12));
        Self { clients, threads, messages: or("LIVE_MESSAGES", 400) }
    }
}

/// Those who write and listen, and the threads that they share: each with the next one.
struct Stage {
    app: App,
    people: Vec<Client>,
    threads: Vec<(Uuid, Client, Client)>,
    cursor: String,
}

async fn stage(size: &Size, redis: &str) -> Stage {
    let redis = redis.to_owned();
    let app = App::start_with(|config| {
        config.redis_url = redis.into();
        config.rate_limit = 1_000_000;
    })
    .await;
    app.set_clock_to_now();
    let mut people = Vec::new();
    for number in 0..size.clients {
        people.push(app.member(&format!("Member {number}")).await);
    }
    let mut threads = Vec::new();
    for number in 0..size.threads {
        let (one, other) = (&people[number % size.clients], &people[(number + 1) % size.clients]);
        threads.push((app.mentorship(one, other).await, one.clone(), other.clone()));
    }
    let cursor = people[0].get("/events/cursor").await.ok()["cursor"].as_str().unwrap().to_owned();
    Stage { app, people, threads, cursor }
}

/// Where the second node is at the moment; none while it is dead.
type Place = watch::Receiver<Option<String>>;

/// Listens until told to stop and all that is in `expected` was heard; comes back wherever it is cut.
async fn listen(client: Client, mut place: Place, mut after: String, until: Arc<AtomicUsize>) -> Vec<EventKey> {
    let mut record: Vec<EventKey> = Vec::new();
    let is_whole = |record: &Vec<EventKey>| record.len() >= until.load(Ordering::Acquire);
    while !is_whole(&record) {
        let base = place.wait_for(Option::is_some).await.unwrap().clone().unwrap();
        let Some(mut stream) = client.at(base).try_stream(Some(&after)).await else { continue };
        let lasts = 20 + record.len() % 37;
        for _ in 0..lasts {
            // A stream that is silent for long may be over, or all was said.
            match timeout(Duration::from_millis(500), stream.next()).await {
                Ok(Some(heard)) if heard.is_event() => {
                    record.push(heard.key());
                    after.clone_from(&heard.id);
                }
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(_) if is_whole(&record) => break,
                Err(_) => {}
            }
        }
    }
    record
}

/// Writes its share of the messages, each until it is acknowledged.
async fn write(stage: &Stage, place: Place, number: usize, size: &Size, sent: &AtomicUsize) {
    let home = stage.app.base().to_owned();
    let mut turn = number;
    while turn < size.messages {
        let (id, one, other) = &stage.threads[turn % size.threads];
        let sender = if (turn / size.threads).is_multiple_of(2) { one } else { other };
        let body = json!({ "clientId": Uuid::new_v4(), "content": format!("message {turn}") });
        let path = format!("/mentorships/{id}/messages");
        loop {
            let there = place.borrow().clone().filter(|_| turn.is_multiple_of(3)).unwrap_or_else(|| home.clone());
            match sender.at(there).try_post(&path, &body).await {
                Some(200 | 201) => break,
                Some(status) => assert!(matches!(status, 503), "{status}"),
                None => {}
            }
        }
        sent.fetch_add(1, Ordering::AcqRel);
        turn += WRITERS;
    }
}

const WRITERS: usize = 8;

async fn wait_for(sent: &AtomicUsize, count: usize) {
    while sent.load(Ordering::Acquire) < count {
        tokio::task::yield_now().await;
    }
}

async fn serve(app: &App, redis: &str) -> Process {
    let settings = [("DATABASE_URL", app.url()), ("REDIS_URL", redis.to_owned())];
    let settings: Vec<_> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Process::serve(&[&settings[..], &[("MENTORSHIP_RATE_LIMIT", "1000000")]].concat()).await
}

/// On SQLite as on PostgreSQL: clients of two nodes, of which one is killed and restarted, and a Redis that is stopped and started.
#[tokio::test(flavor = "multi_thread")]
async fn every_record_equals_the_log() {
    let size = Size::asked();
    let mut redis = Redis::start().await;
    let stage = Arc::new(stage(&size, &redis.url()).await);
    let process = serve(&stage.app, &redis.url()).await;
    let (moves, place) = watch::channel(Some(process.url("")));
    let (_home, at_home) = watch::channel(Some(stage.app.base().to_owned()));
    let sent = Arc::new(AtomicUsize::new(0));

    let mut expected = Vec::new();
    let mut listening = Vec::new();
    for (number, who) in stage.people.iter().enumerate() {
        let until = Arc::new(AtomicUsize::new(usize::MAX));
        expected.push(Arc::clone(&until));
        let place = if number % 2 == 0 { place.clone() } else { at_home.clone() };
        listening.push(tokio::spawn(listen(who.clone(), place, stage.cursor.clone(), until)));
    }
    let mut writing = JoinSet::new();
    for number in 0..WRITERS {
        let (stage, place, sent) = (Arc::clone(&stage), place.clone(), Arc::clone(&sent));
        writing.spawn(async move { write(&stage, place, number, &Size::asked(), &sent).await });
    }

    wait_for(&sent, size.messages / 4).await;
    moves.send_replace(None);
    process.signal("KILL");
    process.wait();
    wait_for(&sent, size.messages / 3).await;
    let process = serve(&stage.app, &redis.url()).await;
    moves.send_replace(Some(process.url("")));
    wait_for(&sent, size.messages / 2).await;
    redis.stop();
    wait_for(&sent, size.messages * 3 / 4).await;
    redis.run().await;
    writing.join_all().await;

    for (who, until) in stage.people.iter().zip(&expected) {
        until.store(log_of(&stage.app, who).await.len(), Ordering::Release);
    }
    let mut records = Vec::new();
    for one in listening {
        records.push(timeout(Duration::from_secs(60), one).await.expect("somebody does not hear all").unwrap());
    }
    assert_records(&stage.app, &stage.people, records).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_hears_of_the_other_with_redis_and_without() {
    let mut redis = Redis::start().await;
    let url = redis.url();
    let app = App::start_with(|config| config.redis_url = url.into()).await;
    let node = app.another_node().await;
    let pair = app.pair().await;
    let there = pair.mentee.at(node.base().to_owned());
    let mut stream = there.stream(None).await;
    stream.expect("ready").await;
    let path = format!("/mentorships/{}", pair.id);
    becomes(&app, "ok").await;
    for wanted in ["ok", "degraded", "ok"] {
        becomes(&app, wanted).await;
        let sent = crate::live::send(&app, &pair.mentor, &path, wanted).await;
        assert_eq!(stream.expect("mentorship.message_sent").await.data["message"], sent);
        match wanted {
            "ok" => redis.stop(),
            _ => redis.run().await,
        }
    }
}

/// Whether it reaches its Redis.
pub async fn becomes(app: &App, wanted: &str) {
    while app.visitor().get("/health/ready").await.ok()["status"] != wanted {
        tokio::task::yield_now().await;
    }
}
