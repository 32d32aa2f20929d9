//! "Not now": until when a side does not want to see a suggestion; and pairs that the staff keep apart.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
ALTER TABLE settings ADD COLUMN not_now_days integer NOT NULL DEFAULT 30
    CONSTRAINT ck_settings_not_now_days CHECK (not_now_days BETWEEN 1 AND 365);
ALTER TABLE suggestions ADD COLUMN mentor_not_before {instant};
ALTER TABLE suggestions ADD COLUMN mentee_not_before {instant};
CREATE TABLE pair_bans (
    {id},
    one_id {uuid} NOT NULL CONSTRAINT fk_pair_bans_one_id REFERENCES users (id) ON DELETE CASCADE,
    other_id {uuid} NOT NULL CONSTRAINT fk_pair_bans_other_id REFERENCES users (id) ON DELETE CASCADE,
    note text NOT NULL CONSTRAINT ck_pair_bans_note CHECK (length(note) BETWEEN 1 AND 1000),
    created_by_id {uuid} CONSTRAINT fk_pair_bans_created_by_id REFERENCES users (id) ON DELETE SET NULL,
    created_at {instant} NOT NULL,
    CONSTRAINT ck_pair_bans_order CHECK (one_id < other_id),
    CONSTRAINT uq_pair_bans_pair UNIQUE (one_id, other_id)
);
CREATE INDEX ix_pair_bans_other_id ON pair_bans (other_id);
CREATE INDEX ix_pair_bans_created_by_id ON pair_bans (created_by_id);
";

const DOWN: &str = "
DROP TABLE pair_bans;
ALTER TABLE suggestions DROP COLUMN mentee_not_before;
ALTER TABLE suggestions DROP COLUMN mentor_not_before;
ALTER TABLE settings DROP COLUMN not_now_days;
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
