//! Mentorships; each is also a thread of messages.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE mentorships (
    {id},
    mentor_id {uuid} NOT NULL CONSTRAINT fk_mentorships_mentor_id REFERENCES users (id),
    mentee_id {uuid} NOT NULL CONSTRAINT fk_mentorships_mentee_id REFERENCES users (id),
    origin text NOT NULL
        CONSTRAINT ck_mentorships_origin CHECK (origin IN ('SUGGESTION', 'REQUEST', 'ADMIN', 'MATCH_RUN')),
    status text NOT NULL
        CONSTRAINT ck_mentorships_status CHECK (status IN ('PENDING', 'ACTIVE', 'COMPLETED', 'CANCELED')),
    suggestion_id {uuid} CONSTRAINT fk_mentorships_suggestion_id REFERENCES suggestions (id) ON DELETE SET NULL,
    previous_id {uuid} CONSTRAINT fk_mentorships_previous_id REFERENCES mentorships (id) ON DELETE SET NULL,
    message text,
    accepted_at {instant},
    approved_at {instant},
    expires_at {instant},
    start_date {instant},
    end_date {instant},
    ended_by_id {uuid} CONSTRAINT fk_mentorships_ended_by_id REFERENCES users (id),
    end_reason text CONSTRAINT ck_mentorships_end_reason CHECK (end_reason IN ('GOALS_REACHED', 'NOT_A_FIT',
        'NO_TIME', 'NO_RESPONSE', 'DECLINED', 'WITHDRAWN', 'EXPIRED', 'CONDUCT', 'OTHER')),
    end_note text,
    last_message_seq bigint NOT NULL DEFAULT 0,
    mentor_read_seq bigint NOT NULL DEFAULT 0,
    mentee_read_seq bigint NOT NULL DEFAULT 0,
    last_message_at {instant},
    version integer NOT NULL DEFAULT 1,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT ck_mentorships_not_self CHECK (mentor_id <> mentee_id),
    CONSTRAINT ck_mentorships_expires_at CHECK ((origin = 'REQUEST') = (expires_at IS NOT NULL)),
    CONSTRAINT ck_mentorships_ended CHECK ((status IN ('COMPLETED', 'CANCELED')) = (end_date IS NOT NULL)),
    CONSTRAINT ck_mentorships_not_ended CHECK (status IN ('COMPLETED', 'CANCELED')
        OR (ended_by_id IS NULL AND end_reason IS NULL AND end_note IS NULL)),
    CONSTRAINT ck_mentorships_canceled CHECK (status <> 'CANCELED' OR end_reason IS NOT NULL),
    CONSTRAINT ck_mentorships_started CHECK (status NOT IN ('ACTIVE', 'COMPLETED')
        OR (start_date IS NOT NULL AND accepted_at IS NOT NULL)),
    CONSTRAINT ck_mentorships_dates CHECK (end_date >= start_date),
    CONSTRAINT ck_mentorships_mentor_read_seq CHECK (mentor_read_seq BETWEEN 0 AND last_message_seq),
    CONSTRAINT ck_mentorships_mentee_read_seq CHECK (mentee_read_seq BETWEEN 0 AND last_message_seq)
);
CREATE UNIQUE INDEX uq_mentorships_open_pair ON mentorships ({least}(mentor_id, mentee_id), {greatest}(mentor_id, mentee_id))
    WHERE status IN ('PENDING', 'ACTIVE');
CREATE INDEX ix_mentorships_mentor_id_id ON mentorships (mentor_id, id);
CREATE INDEX ix_mentorships_mentee_id_id ON mentorships (mentee_id, id);
CREATE INDEX ix_mentorships_status_id ON mentorships (status, id);
CREATE INDEX ix_mentorships_suggestion_id ON mentorships (suggestion_id);
CREATE INDEX ix_mentorships_previous_id ON mentorships (previous_id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["mentorships"]).await
    }
}
