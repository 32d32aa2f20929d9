//! The matching index as a node had it a short while ago, so that another need not read everybody to start.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql;

const UP: &str = "
CREATE TABLE index_snapshots (
    part smallint NOT NULL PRIMARY KEY CONSTRAINT ck_index_snapshots_part CHECK (part >= 0),
    log_position text NOT NULL,
    true_at {instant} NOT NULL,
    read_at {instant} NOT NULL,
    bytes {bytes} NOT NULL
);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            // It is packed already: trying to compress it takes longer than writing it.
            sql::run(manager, "ALTER TABLE index_snapshots ALTER COLUMN bytes SET STORAGE EXTERNAL").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["index_snapshots"]).await
    }
}
