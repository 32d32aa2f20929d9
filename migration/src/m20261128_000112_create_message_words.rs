//! The words by which messages are found. They come ready made, so that both databases find the same.
//!
//! SQLite's `ascii` tokenizer splits at the spaces between our words and leaves other letters alone. What is deleted there is gone
//! from the index at once.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql;

const UP: &str = "
ALTER TABLE messages ADD COLUMN is_searchable boolean NOT NULL DEFAULT FALSE;
CREATE INDEX ix_messages_unsearchable ON messages (id) WHERE is_searchable = FALSE;
";

const UP_ON_POSTGRES: &str = "
CREATE TABLE message_words (
    message_id uuid NOT NULL PRIMARY KEY
        CONSTRAINT fk_message_words_message_id REFERENCES messages (id) ON DELETE CASCADE,
    words tsvector NOT NULL
);
CREATE INDEX ix_message_words_words ON message_words USING gin (words);
";

const UP_ON_SQLITE: &str = "
CREATE VIRTUAL TABLE message_words USING fts5 (message_id UNINDEXED, words, tokenize = 'ascii', detail = 'none');
INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1);
";

const DOWN: &str = "
DROP TABLE message_words;
DROP INDEX ix_messages_unsearchable;
ALTER TABLE messages DROP COLUMN is_searchable;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await?;
        let on_postgres = manager.get_database_backend() == DbBackend::Postgres;
        sql::run(manager, if on_postgres { UP_ON_POSTGRES } else { UP_ON_SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, DOWN).await
    }
}
