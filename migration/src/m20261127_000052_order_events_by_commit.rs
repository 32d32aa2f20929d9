//! The log in the order of its commits, so that whoever reads on from a place misses no entry that was committed late.
//!
//! PostgreSQL keeps the transaction of each entry: all before the oldest one under way are final. SQLite has one writer, whose
//! row numbers are in that order already.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql;

const UP: &str = "CREATE INDEX ix_users_paused_until ON users (paused_until) WHERE paused_until IS NOT NULL;";

const UP_ON_POSTGRES: &str = "
ALTER TABLE events ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX ix_events_transaction_id_id ON events (transaction_id, id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            sql::run(manager, UP_ON_POSTGRES).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            sql::run(manager, "ALTER TABLE events DROP COLUMN transaction_id").await?;
        }
        sql::run(manager, "DROP INDEX ix_users_paused_until").await
    }
}
