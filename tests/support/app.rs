use std::future::Future;
use std::panic::resume_unwind;
use std::sync::{LazyLock, mpsc};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use api::config::{Config, EmailVerification};
use api::events::Kind;
use api::events::log::Entry;
use api::server::{self, Running};
use api::state::{AppState, Clock, Db};
use chrono::{DateTime, Utc};
use sea_orm::DatabaseConnection;
use secrecy::ExposeSecret;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

use crate::client::Client;
use crate::database::Database;

/// Where every test's clock stands at first: a Monday.
const START: &str = "2026-11-02T09:00:00Z";

/// Servers run apart from the tests' own runtimes, so that one can be stopped while a test's thread waits for it.
static BACKGROUND: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

/// For how long a connection is used again. The server closes one that was idle for five seconds, about as long as the first answer of
/// a process is checked on a busy machine: a request must not meet that.
const POOLED: Duration = Duration::from_secs(2);

/// A server of its own on a database of its own; both end with it.
pub struct App {
    pub state: AppState,
    pub clock: Clock,
    base: String,
    db: Db,
    http: reqwest::Client,
    handle: ServerHandle,
    database: Option<Database>,
}

impl App {
    /// On an empty, migrated database.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with other settings than the usual of tests.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(background(Database::empty()).await, change).await
    }

    /// On a database with the demonstration data.
    pub async fn seeded() -> Self {
        Self::seeded_with(|_| {}).await
    }

    pub async fn seeded_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(background(Database::seeded()).await, change).await
    }

    async fn on(database: Database, change: impl FnOnce(&mut Config)) -> Self {
        log_where_asked();
        let mut config = config(&database.url);
        change(&mut config);
        let clock = Clock::manual(START.parse::<DateTime<Utc>>().unwrap());
        let db = connect(&config).await;
        Self::serve(config, clock, db, Some(database)).await
    }

    /// Another node on the same database, at the same time of day.
    pub async fn another_node(&self) -> Self {
        self.another_node_with(|_| {}).await
    }

    /// The same with other settings; the test itself goes on by its own connection.
    pub async fn another_node_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::clone(&self.state.config);
        change(&mut config);
        Self::serve(config, self.clock.clone(), self.db.clone(), None).await
    }

    async fn serve(config: Config, clock: Clock, db: Db, database: Option<Database>) -> Self {
        let at_server = clock.clone();
        let (address, state, handle) = background(async move {
            let Running { server, address, state } = server::start(config, at_server).await.unwrap();
            let handle = server.handle();
            tokio::spawn(server);
            state.candidates.loaded().await;
            (address, state, handle)
        })
        .await;
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(POOLED)
            .build()
            .unwrap();
        Self { state, clock, base: format!("http://{address}"), db, http, handle, database }
    }

    /// Moves the clock to the time of day, which the real program goes by.
    pub fn set_clock_to_now(&self) {
        self.clock.advance(Clock::system().now() - self.clock.now());
    }

    /// For a test that wrote to the database past the API: whom it concerns, the node's index reads again.
    pub fn concerns(&self, kind: Kind, subject: Uuid) {
        self.state.candidates.note(vec![Entry { kind, subject }]);
    }

    /// A connection of the test's own.
    pub fn db(&self) -> &DatabaseConnection {
        self.db.writer()
    }

    /// Where the server listens: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Where the database is.
    pub fn url(&self) -> String {
        self.state.config.database_url.expose_secret().to_owned()
    }

    /// Nobody: a client without a token.
    pub fn visitor(&self) -> Client {
        Client::new(self.http.clone(), self.base.clone())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let (handle, database) = (self.handle.clone(), self.database.take());
        let (done, wait) = mpsc::channel();
        BACKGROUND.spawn(async move {
            handle.stop(false).await;
            if let Some(database) = database {
                database.discard().await;
            }
            done.send(()).ok();
        });
        wait.recv().ok();
    }
}

/// Runs `work` apart from the test's runtime: what it opens stays open when the test's runtime is busy.
async fn background<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    BACKGROUND.spawn(work).await.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

/// An Ed25519 key for where the one of development is refused.
pub const SIGNING_KEY: &str = "MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ";

/// The settings of tests, whatever the environment holds.
pub fn config(url: &str) -> Config {
    let settings = [
        ("DATABASE_URL", url),
        ("PORT", "0"),
        ("MENTORSHIP_WORKERS", "2"),
        ("MENTORSHIP_SQLITE_SYNCHRONOUS", "NORMAL"),
        ("MENTORSHIP_DRAIN_SECONDS", "0"),
        ("MENTORSHIP_SHUTDOWN_SECONDS", "1"),
        // The tests keep every core busy: what waits for the rest would wait for them.
        ("MENTORSHIP_HASH_NICENESS", "0"),
    ];
    let mut config = Config::from_variables(settings.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap();
    config.email_verification = EmailVerification::Off;
    config
}

pub async fn connect(config: &Config) -> Db {
    Db::connect(config, 1).await.unwrap().remove(0)
}

fn log_where_asked() {
    if let Ok(filter) = EnvFilter::try_from_default_env() {
        // The first test of the process sets it; the others find it set.
        tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init().ok();
    }
}
