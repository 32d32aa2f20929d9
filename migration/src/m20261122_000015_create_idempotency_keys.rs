//! Requests that are done once, and first answers kept for a retry.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE idempotency_keys (
    digest text NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL,
    holder {uuid} NOT NULL,
    fingerprint text NOT NULL,
    done boolean NOT NULL DEFAULT FALSE,
    status smallint,
    headers {json},
    body {bytes},
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL
);
CREATE INDEX ix_idempotency_keys_expires_at ON idempotency_keys (expires_at);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["idempotency_keys"]).await
    }
}
