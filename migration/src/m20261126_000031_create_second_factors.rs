//! Second factors and their recovery codes, and whether the staff must have one.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE second_factors (
    user_id {uuid} NOT NULL PRIMARY KEY CONSTRAINT fk_second_factors_user_id REFERENCES users (id) ON DELETE CASCADE,
    secret text NOT NULL,
    created_at {instant} NOT NULL,
    confirmed_at {instant},
    last_used_step bigint NOT NULL DEFAULT 0
        CONSTRAINT ck_second_factors_last_used_step CHECK (last_used_step >= 0)
);

CREATE TABLE recovery_codes (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_recovery_codes_user_id REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash text NOT NULL CONSTRAINT uq_recovery_codes_code_hash UNIQUE,
    used_at {instant}
);
CREATE INDEX ix_recovery_codes_user_id ON recovery_codes (user_id);

ALTER TABLE settings ADD COLUMN staff_second_factor boolean NOT NULL DEFAULT FALSE;
";

const DOWN: &str = "
ALTER TABLE settings DROP COLUMN staff_second_factor;
DROP TABLE recovery_codes;
DROP TABLE second_factors;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, DOWN).await
    }
}
