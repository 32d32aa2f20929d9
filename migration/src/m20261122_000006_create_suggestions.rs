//! Suggested pairs and what each side answered.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE suggestions (
    {id},
    mentor_id {uuid} NOT NULL CONSTRAINT fk_suggestions_mentor_id REFERENCES users (id) ON DELETE CASCADE,
    mentee_id {uuid} NOT NULL CONSTRAINT fk_suggestions_mentee_id REFERENCES users (id) ON DELETE CASCADE,
    score smallint NOT NULL CONSTRAINT ck_suggestions_score CHECK (score BETWEEN 0 AND 100),
    reasons {json} NOT NULL,
    mentor_response text NOT NULL DEFAULT 'PENDING' CONSTRAINT ck_suggestions_mentor_response
        CHECK (mentor_response IN ('PENDING', 'ACCEPTED', 'DECLINED')),
    mentee_response text NOT NULL DEFAULT 'PENDING' CONSTRAINT ck_suggestions_mentee_response
        CHECK (mentee_response IN ('PENDING', 'ACCEPTED', 'DECLINED')),
    mentor_responded_at {instant},
    mentee_responded_at {instant},
    status text NOT NULL DEFAULT 'PENDING'
        CONSTRAINT ck_suggestions_status CHECK (status IN ('PENDING', 'ACCEPTED', 'DECLINED')),
    expires_at {instant} NOT NULL,
    replaced_at {instant},
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT ck_suggestions_replaced
        CHECK (replaced_at IS NULL OR (replaced_at >= expires_at AND status = 'PENDING')),
    CONSTRAINT ck_suggestions_not_self CHECK (mentor_id <> mentee_id),
    CONSTRAINT ck_suggestions_mentor_responded_at
        CHECK ((mentor_response = 'PENDING') = (mentor_responded_at IS NULL)),
    CONSTRAINT ck_suggestions_mentee_responded_at
        CHECK ((mentee_response = 'PENDING') = (mentee_responded_at IS NULL)),
    CONSTRAINT ck_suggestions_declined
        CHECK ((status = 'DECLINED') = (mentor_response = 'DECLINED' OR mentee_response = 'DECLINED')),
    CONSTRAINT ck_suggestions_accepted
        CHECK ((status = 'ACCEPTED') = (mentor_response = 'ACCEPTED' AND mentee_response = 'ACCEPTED'))
);
CREATE UNIQUE INDEX uq_suggestions_pending_pair ON suggestions (mentor_id, mentee_id)
    WHERE status = 'PENDING' AND replaced_at IS NULL;
CREATE INDEX ix_suggestions_created_at ON suggestions (created_at);
CREATE INDEX ix_suggestions_mentor_id_mentee_id ON suggestions (mentor_id, mentee_id);
CREATE INDEX ix_suggestions_mentor_id_id ON suggestions (mentor_id, id);
CREATE INDEX ix_suggestions_mentee_id_id ON suggestions (mentee_id, id);
CREATE INDEX ix_suggestions_expires_at ON suggestions (expires_at);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["suggestions"]).await
    }
}
