//! Notes of a mentorship, shared or private.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE notes (
    {id},
    mentorship_id {uuid} NOT NULL CONSTRAINT fk_notes_mentorship_id REFERENCES mentorships (id) ON DELETE CASCADE,
    author_id {uuid} NOT NULL CONSTRAINT fk_notes_author_id REFERENCES users (id),
    visibility text NOT NULL CONSTRAINT ck_notes_visibility CHECK (visibility IN ('SHARED', 'PRIVATE')),
    text text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL
);
CREATE INDEX ix_notes_mentorship_id_id ON notes (mentorship_id, id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["notes"]).await
    }
}
