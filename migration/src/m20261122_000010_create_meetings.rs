//! Meetings of a mentorship.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE meetings (
    {id},
    mentorship_id {uuid} NOT NULL
        CONSTRAINT fk_meetings_mentorship_id REFERENCES mentorships (id) ON DELETE CASCADE,
    proposed_by_id {uuid} NOT NULL CONSTRAINT fk_meetings_proposed_by_id REFERENCES users (id),
    scheduled_at {instant} NOT NULL,
    duration_minutes smallint NOT NULL
        CONSTRAINT ck_meetings_duration_minutes CHECK (duration_minutes BETWEEN 5 AND 480),
    ends_at {instant} NOT NULL,
    time_zone text NOT NULL,
    location text,
    link text,
    agenda text,
    notes text,
    status text NOT NULL DEFAULT 'PROPOSED' CONSTRAINT ck_meetings_status
        CHECK (status IN ('PROPOSED', 'CONFIRMED', 'HELD', 'NO_SHOW', 'CANCELED')),
    sequence integer NOT NULL DEFAULT 0 CONSTRAINT ck_meetings_sequence CHECK (sequence >= 0),
    version integer NOT NULL DEFAULT 1,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT ck_meetings_ends_at CHECK (ends_at > scheduled_at)
);
CREATE INDEX ix_meetings_mentorship_id_id ON meetings (mentorship_id, id);
CREATE INDEX ix_meetings_mentorship_id_scheduled_at ON meetings (mentorship_id, scheduled_at);
CREATE INDEX ix_meetings_scheduled_at ON meetings (scheduled_at);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["meetings"]).await
    }
}
