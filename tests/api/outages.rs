//! A database that is gone, that stands still, or that cannot store: refusals in time, and recovery by itself (promises M3–M5).

use std::path::PathBuf;
use std::time::{Duration, Instant};

use api::state::{Clock, Db};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DatabaseTransaction, TransactionTrait};
use secrecy::ExposeSecret;
use serde_json::json;
use support::{App, Client, Pair, Process, Proxy, is_postgres, on_database};
use tokio::time::timeout;
use uuid::Uuid;

/// What no request may exceed, and no recovery.
const BOUND: Duration = Duration::from_secs(5);

/// Cut and frozen links on PostgreSQL; on SQLite, where there is no link, a write lock that another process does not let go.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_fails_refuses_in_time_and_recovers_by_itself() {
    if is_postgres() {
        let (app, proxy) = behind_a_proxy().await;
        refuses_and_recovers(&app, async || proxy.cut(), async |()| proxy.restore()).await;
        let (app, proxy) = behind_a_proxy().await;
        refuses_and_recovers(&app, async || proxy.freeze(), async |()| proxy.restore()).await;
    } else {
        let app = App::start().await;
        let release = async |lock: DatabaseTransaction| lock.rollback().await.unwrap();
        refuses_and_recovers(&app, async || locked(&app).await, release).await;
    }
}

async fn refuses_and_recovers<T>(app: &App, fail: impl AsyncFnOnce() -> T, mend: impl AsyncFnOnce(T)) {
    let Pair { id, mentee, .. } = app.pair().await;
    assert_eq!(send(&mentee, id).await.status, 201);
    let fault = fail().await;
    let started = Instant::now();
    let answers = join_all((0..30).map(|_| send(&mentee, id))).await;
    assert!(started.elapsed() < BOUND, "requests hung for {:?}", started.elapsed());
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

async fn behind_a_proxy() -> (App, Proxy) {
    let server = std::env::var("TEST_POSTGRES_URL").unwrap();
    let (_, folder) = server.split_once("host=").expect("a server on a socket, as scripts/postgres.sh makes it");
    let proxy = Proxy::before(PathBuf::from(folder).join(".s.PGSQL.5432")).await;
    let through = format!("postgres://postgres@{}/postgres", proxy.address);
    let app = App::start_with(move |config| {
        let url = config.database_url.expose_secret();
        let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
        config.database_url = on_database(&through, name).into();
    })
    .await;
    (app, proxy)
}

/// Holds SQLite's write lock, as another process would.
async fn locked(app: &App) -> DatabaseTransaction {
    let other = Db::connect(&support::config(&app.url()), 1).await.unwrap().remove(0);
    let txn = other.writer().begin().await.unwrap();
    txn.execute_unprepared("UPDATE settings SET version = version").await.unwrap();
    txn
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_reads_on_and_mends_without_a_restart() {
    let app = App::start().await;
    app.clock.advance(Clock::system().now() - app.clock.now());
    let pair = app.pair().await;
    if is_postgres() {
        // A full disk turns a managed PostgreSQL read-only; so does a failover.
        let mentee = &pair.mentee;
        let url = app.url();
        let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
        app.db()
            .execute_unprepared(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on"))
            .await
            .unwrap();
        let process = Process::serve(&[("DATABASE_URL", &url)]).await;
        let mentee = mentee.at(process.url(""));
        send(&mentee, pair.id).await.refused(503, "unavailable");
        mentee.get(format!("/mentorships/{}/messages", pair.id)).await.ok();
    } else {
        let process = Process::serve(&[("DATABASE_URL", &app.url())]).await;
        let mentee = pair.mentee.at(process.url(""));
        assert_eq!(send(&mentee, pair.id).await.status, 201);
        process.limit_file_size("4096");
        let stored = count(&mentee, pair.id).await;
        send(&mentee, pair.id).await.refused(503, "unavailable");
        assert_eq!(count(&mentee, pair.id).await, stored);
        process.limit_file_size("unlimited");
        timeout(BOUND, async { while send(&mentee, pair.id).await.status != 201 {} }).await.expect("it does not mend");
        assert!(count(&mentee, pair.id).await > stored);
    }
}

async fn send(who: &Client, mentorship: Uuid) -> support::Answer {
    let body = json!({ "clientId": Uuid::new_v4(), "content": "x".repeat(3000) });
    who.post(format!("/mentorships/{mentorship}/messages"), body).await
}

async fn count(who: &Client, mentorship: Uuid) -> usize {
    let page = who.get(format!("/mentorships/{mentorship}/messages?limit=100")).await.ok();
    page["items"].as_array().unwrap().len()
}
