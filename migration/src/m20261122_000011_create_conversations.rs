//! Threads of two users outside a mentorship, one for a pair.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE conversations (
    {id},
    user_a_id {uuid} NOT NULL CONSTRAINT fk_conversations_user_a_id REFERENCES users (id),
    user_b_id {uuid} NOT NULL CONSTRAINT fk_conversations_user_b_id REFERENCES users (id),
    last_message_seq bigint NOT NULL DEFAULT 0,
    user_a_read_seq bigint NOT NULL DEFAULT 0,
    user_b_read_seq bigint NOT NULL DEFAULT 0,
    last_message_at {instant},
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT uq_conversations_pair UNIQUE (user_a_id, user_b_id),
    CONSTRAINT ck_conversations_ordered CHECK (user_a_id < user_b_id),
    CONSTRAINT ck_conversations_user_a_read_seq CHECK (user_a_read_seq BETWEEN 0 AND last_message_seq),
    CONSTRAINT ck_conversations_user_b_read_seq CHECK (user_b_read_seq BETWEEN 0 AND last_message_seq)
);
CREATE INDEX ix_conversations_user_a_id_updated_at_id ON conversations (user_a_id, updated_at, id);
CREATE INDEX ix_conversations_user_b_id_updated_at_id ON conversations (user_b_id, updated_at, id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["conversations"]).await
    }
}
