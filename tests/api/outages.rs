//! A database that is gone, that stands still, or that cannot store: refusals in time, and recovery by itself (promises M3–M5).

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use serde_json::json;
use support::{App, Client, Pair, Process, Proxy, is_postgres, on_database};
use tokio::time::timeout;
use uuid::Uuid;

use crate::crashes::assert_sound;

/// What no request may exceed, and no recovery.
const BOUND: Duration = Duration::from_secs(5);

/// In what time a database that is gone is told so.
const GONE: Duration = Duration::from_secs(3);

/// Cut and frozen links on PostgreSQL; on SQLite, where there is no link, a write lock that another process does not let go.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_refuses_in_time_and_recovers_by_itself() {
    let app = App::start().await;
    if is_postgres() {
        let (node, proxy) = behind_a_proxy(&app).await;
        refuses_and_recovers(&node, GONE, async || proxy.cut(), async |()| proxy.restore()).await;
        let (node, proxy) = behind_a_proxy(&app).await;
        refuses_and_recovers(&node, BOUND, async || proxy.freeze(), async |()| proxy.restore()).await;
    } else {
        let release = async |lock: DatabaseTransaction| lock.rollback().await.unwrap();
        refuses_and_recovers(&app, BOUND, async || locked(&app).await, release).await;
    }
}

async fn refuses_and_recovers<T>(app: &App, bound: Duration, fail: impl AsyncFnOnce() -> T, mend: impl AsyncFnOnce(T)) {
    let Pair { id, mentee, .. } = app.pair().await;
    assert_eq!(send(&mentee, id).await.status, 201);
    let fault = fail().await;
    let started = Instant::now();
    let answers = join_all((0..30).map(|_| send(&mentee, id))).await;
    assert!(started.elapsed() < bound, "requests hung for {:?}", started.elapsed());
    for answer in answers {
        answer.refused(503, "unavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    app.visitor().get("/health/live").await.ok();
    if is_postgres() {
        app.visitor().get("/health/ready").await.refused(503, "unavailable");
    }
    mend(fault).await;
    timeout(BOUND, async { while send(&mentee, id).await.status != 201 {} }).await.expect("it does not recover");
    app.visitor().get("/health/ready").await.ok();
}

/// A node that reaches the database of `app` through a proxy.
async fn behind_a_proxy(app: &App) -> (App, Proxy) {
    let proxy = Proxy::start().await;
    let through = proxy.url(&app.url());
    let node = app.another_node_with(|config| config.database_url = through.into()).await;
    (node, proxy)
}

/// Holds SQLite's write lock, as another process would.
async fn locked(app: &App) -> DatabaseTransaction {
    let other = support::connect(&support::config(&app.url())).await;
    let txn = other.writer().begin().await.unwrap();
    txn.execute_unprepared("UPDATE settings SET version = version").await.unwrap();
    txn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_reads_on_and_mends_without_a_restart() {
    let app = App::start().await;
    app.set_clock_to_now();
    let pair = app.pair().await;
    let process = Process::serve(&[("DATABASE_URL", &app.url())]).await;
    let mentee = pair.mentee.at(process.url(""));
    assert_eq!(send(&mentee, pair.id).await.status, 201);
    fill_disk(&app, &process, true).await;
    let stored = count(&mentee, pair.id).await;
    for _ in 0..8 {
        send(&mentee, pair.id).await.refused(503, "unavailable");
    }
    assert_eq!(count(&mentee, pair.id).await, stored);
    fill_disk(&app, &process, false).await;
    timeout(BOUND, async { while send(&mentee, pair.id).await.status != 201 {} }).await.expect("it does not mend");
    send(&mentee, pair.id).await.created();
    // Read over a connection that was not there: what is acknowledged is stored, not only seen by the one who wrote it.
    assert_eq!(count(&pair.mentee, pair.id).await, stored + 2);
    assert_sound(&app).await;
}

/// On SQLite no file grows any more. A full disk turns a managed PostgreSQL read-only, and so does a failover: both end the
/// connections.
async fn fill_disk(app: &App, process: &Process, full: bool) {
    if is_postgres() {
        let (url, another) = (app.url(), on_database(&app.url(), "postgres"));
        let name = url.split(['?', '/']).find(|part| part.starts_with("mentorship_test")).unwrap();
        let read_only = format!("ALTER DATABASE {name} SET default_transaction_read_only = {full}");
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        let from_outside = support::connect(&support::config(&another)).await;
        for statement in [read_only, end] {
            from_outside.writer().execute_unprepared(&statement).await.unwrap();
        }
    } else {
        process.limit_file_size(if full { "4096" } else { "unlimited" });
    }
}

async fn send(who: &Client, mentorship: Uuid) -> support::Answer {
    let body = json!({ "clientId": Uuid::new_v4(), "content": "x".repeat(3000) });
    who.post(format!("/mentorships/{mentorship}/messages"), body).await
}

/// The connections that ended are replaced one at a time, at their next use.
async fn count(who: &Client, mentorship: Uuid) -> usize {
    let read = async || who.get(format!("/mentorships/{mentorship}/messages?limit=100")).await;
    let page = timeout(BOUND, async {
        loop {
            let page = read().await;
            if page.status == 200 {
                return page.ok();
            }
        }
    });
    page.await.expect("it reads on")["items"].as_array().unwrap().len()
}
