//! Two nodes behind a proxy are restarted one after the other under load, and nobody notices (promise M9).

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use support::{App, Balancer, Client, EventKey, Process, Redis};
use tokio::sync::watch;
use tokio::task::{JoinHandle, block_in_place};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::records::{assert_records, log_of};

/// What is handed on between two restarts: enough that both nodes had work.
const BETWEEN: usize = 20;

async fn serve(app: &App, redis: &Redis, at: Option<SocketAddr>) -> Process {
    let (database, redis) = (app.url(), redis.url());
    let variables =
        [("DATABASE_URL", database.as_str()), ("REDIS_URL", redis.as_str()), ("MENTORSHIP_RATE_LIMIT", "1000000")];
    match at {
        Some(address) => Process::serve_at(address, &variables).await,
        None => Process::serve(&variables).await,
    }
}

/// It is told to stop and ends by itself; it is started again where it was, and waited for until the proxy has taken it in.
async fn restart(node: Process, app: &App, redis: &Redis, balancer: &Balancer) -> Process {
    let address = node.address;
    node.signal("TERM");
    let (status, output) = block_in_place(|| node.wait());
    assert_eq!(status.code(), Some(0), "{output}");
    let again = serve(app, redis, Some(address)).await;
    balancer.wait_up(address).await;
    again
}

/// What the senders share.
#[derive(Default)]
struct Load {
    sent: AtomicUsize,
    is_over: AtomicBool,
}

impl Load {
    async fn wait_for_more(&self) {
        let wanted = self.sent.load(Ordering::Acquire) + BETWEEN;
        let more = async {
            while self.sent.load(Ordering::Acquire) < wanted {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(60), more).await.expect("somebody sends on");
    }
}

/// Sends one message after the other, and reads each back; comes back with the messages as they were acknowledged.
async fn send(who: Client, thread: String, load: Arc<Load>) -> Vec<Value> {
    let mut sent = Vec::new();
    while !load.is_over.load(Ordering::Acquire) {
        let body = json!({ "clientId": Uuid::new_v4(), "content": format!("{} {}", who.name, sent.len()) });
        let message = who.post(&thread, body).await.created();
        let newest = who.get(format!("{thread}?limit=1")).await.ok()["items"][0]["seq"].as_i64();
        assert!(newest >= message["seq"].as_i64(), "{newest:?} is the newest after {message}");
        sent.push(message);
        load.sent.fetch_add(1, Ordering::AcqRel);
    }
    sent
}

/// What a client heard, and how often its stream ended and was resumed.
struct Record {
    heard: Vec<EventKey>,
    resumed: usize,
}

/// Listens until it has heard as much as `expected` says, once that is known, or nothing comes any more; resumes by the last id
/// wherever its stream ends.
async fn listen(who: Client, mut after: String, mut expected: watch::Receiver<usize>) -> Record {
    let mut record = Record { heard: Vec::new(), resumed: 0 };
    let known = expected.clone();
    loop {
        let mut stream = who.stream(Some(&after)).await;
        loop {
            let heard = tokio::select! {
                heard = stream.next() => heard,
                _ = expected.wait_for(|count| record.heard.len() >= *count) => return record,
                () = silence(known.clone()) => return record,
            };
            match heard {
                Some(heard) if heard.is_event() => {
                    record.heard.push(heard.key());
                    after = heard.id;
                }
                Some(other) => assert_ne!(other.kind, "resync", "what came before is not told any more"),
                None => break,
            }
        }
        record.resumed += 1;
    }
}

/// For long, although it is known how much there is to hear.
async fn silence(mut expected: watch::Receiver<usize>) {
    expected.wait_for(|count| *count < usize::MAX).await.ok();
    sleep(Duration::from_secs(20)).await;
}

/// Each message that was acknowledged is in its thread once, as it was acknowledged, and nothing else is.
async fn assert_thread(who: &Client, thread: &str, mut sent: Vec<Value>) {
    sent.sort_by_key(|message| message["seq"].as_i64());
    let numbers: Vec<_> = sent.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (1..).take(sent.len()).collect();
    assert_eq!(numbers, expected);
    let text = |messages: &[Value]| -> Vec<_> {
        messages
            .iter()
            .map(|message| (message["id"].clone(), message["seq"].clone(), message["content"].clone()))
            .collect()
    };
    assert_eq!(text(&who.all(format!("{thread}?order=ASC&limit=100")).await), text(&sent));
}

/// Somebody who sends and listens at once.
struct Member {
    who: Client,
    thread: String,
    sending: JoinHandle<Vec<Value>>,
    listening: JoinHandle<Record>,
    expected: watch::Sender<usize>,
}

impl Member {
    fn start(who: Client, thread: String, cursor: &str, load: &Arc<Load>) -> Self {
        let (expected, known) = watch::channel(usize::MAX);
        let listening = tokio::spawn(listen(who.clone(), cursor.to_owned(), known));
        let sending = tokio::spawn(send(who.clone(), thread.clone(), Arc::clone(load)));
        Self { who, thread, sending, listening, expected }
    }
}

/// Two pairs, each of whose members sends to the other.
async fn members(app: &App, balancer: &Balancer, load: &Arc<Load>) -> Vec<Member> {
    let mut people = Vec::new();
    for names in [["Ann", "Bo"], ["Cy", "Dee"]] {
        let pair = [app.member(names[0]).await, app.member(names[1]).await];
        let thread = format!("/mentorships/{}/messages", app.mentorship(&pair[0], &pair[1]).await);
        people.extend(pair.map(|who| (who.at(balancer.base()), thread.clone())));
    }
    let cursor = people[0].0.get("/events/cursor").await.ok()["cursor"].as_str().unwrap().to_owned();
    people.into_iter().map(|(who, thread)| Member::start(who, thread, &cursor, load)).collect()
}

/// Each message is in its thread; to be asked once nobody sends any more.
async fn assert_threads(members: &mut [Member]) {
    let mut threads: BTreeMap<String, (Client, Vec<Value>)> = BTreeMap::new();
    for Member { who, thread, sending, .. } in members {
        let (_, sent) = threads.entry(thread.clone()).or_insert_with(|| (who.clone(), Vec::new()));
        sent.extend(sending.await.unwrap());
    }
    for (thread, (who, sent)) in threads {
        println!("{} messages, each once", sent.len());
        assert_thread(&who, &thread, sent).await;
    }
}

/// Each stream was resumed, and told everything once and in order.
async fn assert_streams(app: &App, members: Vec<Member>) {
    let (mut people, mut records) = (Vec::new(), Vec::new());
    for Member { who, listening, expected, .. } in members {
        expected.send_replace(log_of(app, &who).await.len());
        let record = listening.await.unwrap();
        assert!(record.resumed > 0, "both nodes ended, and the stream of {} did not", who.name);
        people.push(who);
        records.push(record.heard);
    }
    assert_records(app, &people, records).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_fails_no_request_and_loses_and_doubles_nothing() {
    let app = App::start().await;
    app.set_clock_to_now();
    let redis = Redis::start().await;
    let nodes = [serve(&app, &redis, None).await, serve(&app, &redis, None).await];
    let addresses = nodes.each_ref().map(|node| node.address);
    let balancer = Balancer::start(&addresses).await;
    let load = Arc::new(Load::default());
    let mut members = members(&app, &balancer, &load).await;

    load.wait_for_more().await;
    let mut again = Vec::new();
    for node in nodes {
        again.push(restart(node, &app, &redis, &balancer).await);
        load.wait_for_more().await;
    }
    load.is_over.store(true, Ordering::Release);
    assert_threads(&mut members).await;
    assert_streams(&app, members).await;
    assert_eq!(balancer.failures().await, 0, "the proxy met with faults that a client may have made good by itself");
}
