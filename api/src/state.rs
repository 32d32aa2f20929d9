//! What every request shares: database, clock, configuration, tokens; and where SQLite and PostgreSQL differ.

mod clock;
mod lifecycle;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use secrecy::ExposeSecret;
use uuid::Uuid;

pub use clock::Clock;
pub use lifecycle::{Lifecycle, UnderWay};

use crate::at_once::AtOnce;
use crate::auth::Auth;
use crate::candidates::Candidates;
use crate::config::{Config, Synchronous};
use crate::deliveries::Channels;
use crate::error::Result;
use crate::http::idempotency;
use crate::live::Live;
use crate::mail::Mailer;
use crate::match_runs::Solver;
use crate::oauth::Providers;
use crate::sql;
use crate::suggestions::ops::Refills;
use crate::throttle::Throttle;

#[derive(Clone)]
pub struct AppState {
    db: Db,
    pub clock: Clock,
    pub config: Arc<Config>,
    pub auth: Arc<Auth>,
    pub throttle: Arc<Throttle>,
    pub mailer: Arc<Mailer>,
    pub providers: Arc<Providers>,
    pub lifecycle: Lifecycle,
    pub searches: AtOnce,
    pub exports: AtOnce,
    pub solver: Arc<Solver>,
    pub candidates: Arc<Candidates>,
    pub refills: Refills,
    pub live: Arc<Live>,
    pub channels: Arc<Channels>,
}

impl AppState {
    /// The state of one worker; `shared` are those things that all workers have in common.
    pub fn new(db: Db, clock: Clock, shared: &Shared) -> Self {
        let Shared { config, auth, throttle, mailer, providers, lifecycle, .. } = shared.clone();
        let Shared { searches, exports, solver, candidates, refills, live, channels, .. } = shared.clone();
        Self {
            db,
            clock,
            config,
            auth,
            throttle,
            mailer,
            providers,
            lifecycle,
            searches,
            exports,
            solver,
            candidates,
            refills,
            live,
            channels,
        }
    }

    /// For statements that only read.
    pub fn read(&self) -> &DatabaseConnection {
        &self.db.read
    }

    /// A transaction that will write: on SQLite it takes the write lock at once, so it never fails half-way for want of it.
    /// Where the request claimed an idempotency key, the transaction begins with saying that it was done.
    pub async fn begin_write(&self) -> Result<DatabaseTransaction> {
        let txn = self.db.begin_write().await?;
        idempotency::mark_done(&txn).await?;
        Ok(txn)
    }

    /// Whoever locks the same word waits until `txn` ends. SQLite has one writer at a time anyway.
    pub async fn lock_word(&self, txn: &DatabaseTransaction, word: &str) -> Result<()> {
        sql::lock_word(txn, word).await
    }

    /// A new UUIDv7 (RFC 9562, section 5.7), rising within this process.
    #[expect(clippy::disallowed_methods, reason = "the one place where ids are made")]
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// What all workers of a process share.
#[derive(Clone)]
pub struct Shared {
    pub config: Arc<Config>,
    pub auth: Arc<Auth>,
    pub throttle: Arc<Throttle>,
    pub mailer: Arc<Mailer>,
    pub providers: Arc<Providers>,
    pub lifecycle: Lifecycle,
    pub searches: AtOnce,
    pub exports: AtOnce,
    pub solver: Arc<Solver>,
    pub candidates: Arc<Candidates>,
    pub refills: Refills,
    pub live: Arc<Live>,
    pub channels: Arc<Channels>,
}

impl Shared {
    pub fn new(config: Config) -> anyhow::Result<Self> {
        let (auth, mailer) = (Arc::new(Auth::new(&config)?), Arc::new(Mailer::new(&config)?));
        let throttle = Arc::new(Throttle::new(&config, Arc::clone(&auth))?);
        let providers = Arc::new(Providers::new(&config)?);
        let searches = AtOnce::new("searches", config.search_permit_count());
        let exports = AtOnce::new("exports", config.export_permits);
        let (lifecycle, solver) = (Lifecycle::default(), Arc::new(Solver::new(&config)?));
        let (candidates, refills) = (Arc::default(), Refills::default());
        let live = Arc::new(Live::new(&config)?);
        let channels = Arc::new(Channels::new(&config)?);
        let config = Arc::new(config);
        Ok(Self {
            config,
            auth,
            throttle,
            mailer,
            providers,
            lifecycle,
            searches,
            exports,
            solver,
            candidates,
            refills,
            live,
            channels,
        })
    }
}

/// One of so many connections to PostgreSQL is for reading. A read is short and none waits for another's lock or for the disk,
/// as writes do: few connections serve it best.
const CONNECTIONS_PER_READER: u32 = 4;

/// Two pools on one database, the one for reading and the other for writing, which on SQLite is a single connection.
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
}

impl Db {
    /// A handle for each of `count` workers. PostgreSQL gives each pools of its own (a connection lives on the runtime that
    /// opened it); SQLite shares its one writer.
    pub async fn connect(config: &Config, count: usize) -> Result<Vec<Self>, DbErr> {
        if config.database_url.expose_secret().starts_with("sqlite") {
            let db = Self::connect_sqlite(config).await?;
            return Ok(vec![db; count]);
        }
        let each = config.database_connections.div_ceil(count.max(1) as u32);
        let reading = (each / CONNECTIONS_PER_READER).max(1);
        let mut handles = Vec::with_capacity(count);
        for _ in 0..count {
            let read = Database::connect(postgres_options(config, reading)).await?;
            let write = Database::connect(postgres_options(config, (each - reading).max(1))).await?;
            handles.push(Self { read, write });
        }
        Ok(handles)
    }

    async fn connect_sqlite(config: &Config) -> Result<Self, DbErr> {
        create_folder(config.database_url.expose_secret());
        let write = Database::connect(sqlite_options(config, 1)).await?;
        let read = Database::connect(sqlite_options(config, config.database_connections.clamp(1, 8))).await?;
        Ok(Self { read, write })
    }

    pub fn writer(&self) -> &DatabaseConnection {
        &self.write
    }

    pub fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    async fn begin_write(&self) -> Result<DatabaseTransaction, DbErr> {
        let immediate =
            (self.write.get_database_backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        self.write
            .begin_with_options(TransactionOptions { sqlite_transaction_mode: immediate, ..Default::default() })
            .await
    }
}

fn shared_options(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.database_url.expose_secret());
    let wait = Duration::from_secs(config.acquire_timeout);
    options
        .max_connections(connections)
        .acquire_timeout(wait)
        .connect_timeout(wait)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(Duration::from_secs(30));
    options
}

fn postgres_options(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = shared_options(config, connections);
    options
        .min_connections(0)
        .connect_lazy(true)
        .set_application_name("mentorship")
        .statement_timeout(Duration::from_secs(config.request_timeout));
    // A lock that does not come leaves time to say so before the request is cut.
    let lock_timeout = (config.request_timeout * 750).to_string();
    options.map_sqlx_postgres_opts(move |postgres| {
        postgres.options([("lock_timeout", lock_timeout.as_str()), ("jit", "off")])
    });
    options
}

fn sqlite_options(config: &Config, connections: u32) -> ConnectOptions {
    use sqlx::Connection;
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

    let synchronous = match config.sqlite_synchronous {
        Synchronous::Full => SqliteSynchronous::Full,
        Synchronous::Normal => SqliteSynchronous::Normal,
    };
    let busy = Duration::from_secs(config.acquire_timeout);
    let mut options = shared_options(config, connections);
    // SQLite itself rolls back what does not fit on the disk, and sqlx then counts one transaction too many: what follows on
    // such a connection is answered as stored and is not. So it is closed and another one opened.
    options
        .map_sqlx_sqlite_before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }));
    options.max_lifetime(None).idle_timeout(None).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(busy)
            .optimize_on_close(true, None)
    });
    options
}

fn create_folder(url: &str) {
    let file = url.trim_start_matches("sqlite:").trim_start_matches("//").split('?').next().unwrap_or_default();
    if let Some(folder) = Path::new(file).parent() {
        // A folder that cannot be made shows in the next line, when the file in it cannot be opened.
        let _ = std::fs::create_dir_all(folder);
    }
}

#[cfg(test)]
mod tests {
    use sea_orm::{ConnectionTrait, Statement};

    use super::*;

    /// What survives a power cut, and what keeps foreign keys true, holds on every connection.
    #[tokio::test]
    async fn sqlite_is_durable_and_checks_foreign_keys() {
        let folder = std::env::temp_dir().join(format!("mentorship-state-{}", std::process::id()));
        let url = format!("sqlite://{}/test.db", folder.display());
        let config = Config::from_variables([("DATABASE_URL".to_owned(), url)]).unwrap();
        let db = Db::connect(&config, 1).await.unwrap().remove(0);
        for connection in [db.writer(), db.reader()] {
            for (pragma, expected) in [("synchronous", "2"), ("foreign_keys", "1"), ("journal_mode", "wal")] {
                let ask = format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}");
                let row = connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, ask)).await.unwrap();
                assert_eq!(row.unwrap().try_get_by_index::<String>(0).unwrap(), expected, "{pragma}");
            }
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
