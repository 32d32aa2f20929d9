//! Messages, each in one thread, numbered there.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE messages (
    {id},
    mentorship_id {uuid} CONSTRAINT fk_messages_mentorship_id REFERENCES mentorships (id) ON DELETE CASCADE,
    conversation_id {uuid} CONSTRAINT fk_messages_conversation_id REFERENCES conversations (id) ON DELETE CASCADE,
    sender_id {uuid} NOT NULL CONSTRAINT fk_messages_sender_id REFERENCES users (id),
    seq bigint NOT NULL CONSTRAINT ck_messages_seq CHECK (seq > 0),
    content text NOT NULL,
    client_id {uuid} NOT NULL,
    sent_at {instant} NOT NULL,
    edited_at {instant},
    deleted_at {instant},
    CONSTRAINT ck_messages_one_thread CHECK ((mentorship_id IS NULL) <> (conversation_id IS NULL))
);
CREATE INDEX ix_messages_sent_at ON messages (sent_at);
CREATE UNIQUE INDEX uq_messages_mentorship_seq ON messages (mentorship_id, seq)
    WHERE mentorship_id IS NOT NULL;
CREATE UNIQUE INDEX uq_messages_conversation_seq ON messages (conversation_id, seq)
    WHERE conversation_id IS NOT NULL;
CREATE UNIQUE INDEX uq_messages_mentorship_client ON messages (mentorship_id, sender_id, client_id)
    WHERE mentorship_id IS NOT NULL;
CREATE UNIQUE INDEX uq_messages_conversation_client ON messages (conversation_id, sender_id, client_id)
    WHERE conversation_id IS NOT NULL;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["messages"]).await
    }
}
