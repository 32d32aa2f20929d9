//! Blocks: somebody wants no contact with somebody else.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE blocks (
    {id},
    blocker_id {uuid} NOT NULL CONSTRAINT fk_blocks_blocker_id REFERENCES users (id) ON DELETE CASCADE,
    blocked_id {uuid} NOT NULL CONSTRAINT fk_blocks_blocked_id REFERENCES users (id) ON DELETE CASCADE,
    created_at {instant} NOT NULL,
    CONSTRAINT ck_blocks_not_self CHECK (blocker_id <> blocked_id),
    CONSTRAINT uq_blocks_pair UNIQUE (blocker_id, blocked_id)
);
CREATE INDEX ix_blocks_blocked_id ON blocks (blocked_id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["blocks"]).await
    }
}
