//! Running the steps: one process at a time, and all of a run or nothing of it.

use std::collections::HashSet;
use std::time::Duration;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, EntityTrait, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::seaql_migrations;

use crate::Migrator;

/// Any number will do, as long as all releases use the same.
const POSTGRES_LOCK: i64 = 0x6D65_6E74_6F72;
const SQLITE_RETRY: Duration = Duration::from_millis(50);
const SQLITE_PATIENCE: u32 = 6_000;

/// Applies what is due. Several processes may call this at once: one does the work, the others wait for it and find
/// nothing to do. The run is one transaction that also holds the lock, so one that dies leaves nothing behind.
pub async fn migrate_up(db: &DatabaseConnection) -> Result<(), DbErr> {
    if !pending(db).await? {
        return Ok(());
    }
    let alone = begin_alone(db).await?;
    if lacks_steps(&alone).await? {
        Migrator::up(&alone, None).await?;
    }
    alone.commit().await
}

/// Takes back the last `steps` migrations, or all, with the rows in them.
pub async fn migrate_down(db: &DatabaseConnection, steps: Option<u32>) -> Result<(), DbErr> {
    let alone = begin_alone(db).await?;
    Migrator::down(&alone, steps).await?;
    alone.commit().await
}

/// Whether the database lacks a step this release knows. Steps of a newer release do not matter: while nodes are
/// replaced one by one, the old ones go on working.
pub async fn pending(db: &DatabaseConnection) -> Result<bool, DbErr> {
    lacks_steps(db).await
}

async fn lacks_steps<'c, C>(db: &'c C) -> Result<bool, DbErr>
where
    C: ConnectionTrait,
    &'c C: IntoSchemaManagerConnection<'c>,
{
    if !SchemaManager::new(db).has_table("seaql_migrations").await? {
        return Ok(true);
    }
    let applied = seaql_migrations::Entity::find().all(db).await?;
    let applied: HashSet<String> = applied.into_iter().map(|step| step.version).collect();
    Ok(Migrator::migrations().iter().any(|step| !applied.contains(step.name())))
}

async fn begin_alone(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    match db.get_database_backend() {
        DbBackend::Postgres => begin_alone_on_postgres(db).await,
        _ => begin_alone_on_sqlite(db).await,
    }
}

async fn begin_alone_on_postgres(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let alone = db.begin().await?;
    // The pool's time-outs are for requests: waiting for another node's run, and a long step, are in order.
    let wait = format!(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock({POSTGRES_LOCK})"
    );
    alone.execute_unprepared(&wait).await?;
    Ok(alone)
}

/// The write lock of the file is the lock; its holder dies with its process.
async fn begin_alone_on_sqlite(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let mut tries = 0;
    loop {
        match db.begin_with_options(immediate).await {
            Err(error) if is_busy(&error) && tries < SQLITE_PATIENCE => {
                tries += 1;
                tokio::time::sleep(SQLITE_RETRY).await;
            }
            outcome => return outcome,
        }
    }
}

fn is_busy(error: &DbErr) -> bool {
    error.to_string().contains("database is locked")
}
