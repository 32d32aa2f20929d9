//! Sign-ins that a provider has finished, handed to the application by a code that is good once.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE oauth_handovers (
    {id},
    state_hash text NOT NULL CONSTRAINT uq_oauth_handovers_state_hash UNIQUE,
    code_hash text CONSTRAINT uq_oauth_handovers_code_hash UNIQUE,
    code_challenge text,
    code_expires_at {instant},
    identity text,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    CONSTRAINT ck_oauth_handovers_code CHECK (
        (code_hash IS NULL) = (code_challenge IS NULL)
        AND (code_hash IS NULL) = (code_expires_at IS NULL)
        AND (code_hash IS NULL) = (identity IS NULL)
    )
);
CREATE INDEX ix_oauth_handovers_expires_at ON oauth_handovers (expires_at);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["oauth_handovers"]).await
    }
}
