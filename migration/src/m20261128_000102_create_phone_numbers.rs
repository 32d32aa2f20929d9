//! Numbers that members have proved to read, and the codes that were sent to prove it.

use sea_orm_migration::prelude::*;

use crate::sql;

/// Where a number was taken back, what counts for a quota stays without it, and without the member who is gone.
const UP: &str = "
CREATE TABLE phone_numbers (
    {id},
    user_id {uuid} CONSTRAINT fk_phone_numbers_user_id REFERENCES users (id) ON DELETE CASCADE,
    number text,
    number_key text NOT NULL,
    code_due_at {instant},
    code_attempts integer NOT NULL DEFAULT 0,
    code_tries integer NOT NULL DEFAULT 0,
    expires_at {instant} NOT NULL,
    verified_at {instant},
    created_at {instant} NOT NULL,
    CONSTRAINT ck_phone_numbers_number CHECK (number IS NULL OR user_id IS NOT NULL)
);
CREATE INDEX ix_phone_numbers_user_id_id ON phone_numbers (user_id, id);
CREATE INDEX ix_phone_numbers_number_key_created_at ON phone_numbers (number_key, created_at);
CREATE INDEX ix_phone_numbers_code_due_at ON phone_numbers (code_due_at) WHERE code_due_at IS NOT NULL;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["phone_numbers"]).await
    }
}
