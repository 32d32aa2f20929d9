//! A process killed at any moment: what was acknowledged is stored, nothing is half-done (promise M1).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::json;
use support::{App, Client, Pair, Process};
use tokio::task::JoinSet;
use uuid::Uuid;

const WRITERS: usize = 8;
const BEFORE_THE_KILL: usize = 60;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_kill() {
    let app = App::start().await;
    app.set_clock_to_now();
    let pair = app.pair().await;
    let mut acknowledged = BTreeSet::new();
    for _ in 0..3 {
        let process = Process::restart(&[("DATABASE_URL", &app.url())]).await;
        acknowledged.extend(write_until_killed(&pair, process).await);
        assert_stored(&app, &pair, &acknowledged).await;
    }
}

/// Eight writers send until the process is killed under them; answers the client ids that were acknowledged.
async fn write_until_killed(pair: &Pair, process: Process) -> BTreeSet<String> {
    let sent = Arc::new(AtomicUsize::new(0));
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let sender = if writer % 2 == 0 { &pair.mentor } else { &pair.mentee };
        writers.spawn(write(sender.at(process.url("")), pair.id, Arc::clone(&sent)));
    }
    while sent.load(Ordering::Relaxed) < BEFORE_THE_KILL {
        tokio::task::yield_now().await;
    }
    process.signal("KILL");
    process.wait();
    writers.join_all().await.into_iter().flatten().collect()
}

async fn write(sender: Client, mentorship: Uuid, sent: Arc<AtomicUsize>) -> Vec<String> {
    let mut acknowledged = Vec::new();
    loop {
        let id = Uuid::new_v4().to_string();
        let body = json!({ "clientId": id, "content": format!("message {id}") });
        match sender.try_post(format!("/mentorships/{mentorship}/messages"), &body).await {
            Some(status) => assert_eq!(status, 201),
            None => return acknowledged,
        }
        acknowledged.push(id);
        sent.fetch_add(1, Ordering::Relaxed);
    }
}

async fn assert_stored(app: &App, pair: &Pair, acknowledged: &BTreeSet<String>) {
    let stored = pair.mentor.all(format!("/mentorships/{}/messages?order=ASC&limit=100", pair.id)).await;
    let ids: BTreeSet<_> = stored.iter().map(|message| message["clientId"].as_str().unwrap().to_owned()).collect();
    assert!(acknowledged.is_subset(&ids), "an acknowledged message is lost");
    let seqs: Vec<_> = stored.iter().map(|message| message["seq"].as_i64().unwrap()).collect();
    assert!(seqs.iter().copied().eq(1..=seqs.len() as i64), "the thread has a hole: {seqs:?}");
    let (messages, events, last) = counts(app).await;
    assert_eq!((messages, events, last), (seqs.len() as i64, messages, messages), "something is half-done");
    assert_sound(app).await;
}

/// The database's own check of itself finds nothing. It is asked for on a connection of its own: one that has searched before takes
/// what others indexed since for damage.
pub async fn assert_sound(app: &App) {
    if app.db().get_database_backend() == DbBackend::Sqlite {
        let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
        let own = Database::connect(app.url()).await.unwrap();
        let check = own.query_one_raw(check).await.unwrap().unwrap();
        assert_eq!(check.try_get_by_index::<String>(0).unwrap(), "ok");
    }
}

async fn counts(app: &App) -> (i64, i64, i64) {
    let count = async |sql: &str| {
        let statement = Statement::from_string(app.db().get_database_backend(), sql);
        app.db().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap()
    };
    (
        count("SELECT COUNT(*) FROM messages").await,
        count("SELECT COUNT(*) FROM events WHERE kind LIKE '%.message_sent'").await,
        count("SELECT last_message_seq FROM mentorships").await,
    )
}
