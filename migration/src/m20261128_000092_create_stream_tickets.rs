//! Tickets that open a live stream, once, for whoever holds the session.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE stream_tickets (
    token_hash text NOT NULL CONSTRAINT pk_stream_tickets PRIMARY KEY,
    session_id {uuid} NOT NULL CONSTRAINT fk_stream_tickets_session_id REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at {instant} NOT NULL
);
CREATE INDEX ix_stream_tickets_session_id ON stream_tickets (session_id);
CREATE INDEX ix_stream_tickets_expires_at ON stream_tickets (expires_at);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["stream_tickets"]).await
    }
}
