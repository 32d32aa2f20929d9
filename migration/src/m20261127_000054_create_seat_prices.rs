//! What the next seat of each mentor is worth to others, and whose turn it is to work something out once in a while.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE seat_prices (
    mentor_id {uuid} NOT NULL PRIMARY KEY CONSTRAINT fk_seat_prices_mentor_id REFERENCES users (id) ON DELETE CASCADE,
    price smallint NOT NULL CONSTRAINT ck_seat_prices_price CHECK (price BETWEEN 0 AND 1000),
    round_id {uuid} NOT NULL,
    computed_at {instant} NOT NULL
);
CREATE INDEX ix_seat_prices_round_id ON seat_prices (round_id);
CREATE TABLE job_turns (
    name text NOT NULL PRIMARY KEY,
    due_at {instant} NOT NULL,
    holder {uuid},
    lease_until {instant},
    CONSTRAINT ck_job_turns_lease CHECK ((holder IS NULL) = (lease_until IS NULL))
);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["job_turns", "seat_prices"]).await
    }
}
