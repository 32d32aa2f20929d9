//! What goes out of notifications: by which channel, when, and what came of it; and which reminders were given.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql;

const OLD_KINDS: &str = "'SUGGESTION_NEW', 'SUGGESTION_MATCHED',
        'MENTORSHIP_REQUESTED', 'MENTORSHIP_STARTED', 'MENTORSHIP_DECLINED', 'MENTORSHIP_COMPLETED',
        'MENTORSHIP_CANCELED',
        'GOAL_ADDED', 'GOAL_ACHIEVED', 'NOTE_SHARED',
        'MEETING_PROPOSED', 'MEETING_CONFIRMED', 'MEETING_MOVED', 'MEETING_CANCELED',
        'MESSAGE_NEW', 'ACCOUNT_APPROVED', 'ROLE_CHANGED'";
const NEW_KINDS: &str = "'REQUEST_WAITING', 'MEETING_REMINDER', 'MENTORSHIP_SILENT'";

/// Those that are there were told before anything went out: nothing does for them.
const ADD_PLANNED_AT: &str = "
ALTER TABLE notifications ADD COLUMN planned_at {instant};
UPDATE notifications SET planned_at = created_at;
CREATE INDEX ix_notifications_id_new ON notifications (id) WHERE planned_at IS NULL;
";

const UP: &str = "
CREATE TABLE deliveries (
    {id},
    notification_id {uuid} NOT NULL CONSTRAINT fk_deliveries_notification_id
        REFERENCES notifications (id) ON DELETE CASCADE,
    user_id {uuid} NOT NULL CONSTRAINT fk_deliveries_user_id REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL,
    channel text NOT NULL CONSTRAINT ck_deliveries_channel CHECK (channel IN ('EMAIL', 'SMS', 'PUSH')),
    in_digest boolean NOT NULL,
    status text NOT NULL CONSTRAINT ck_deliveries_status
        CHECK (status IN ('PENDING', 'SENT', 'SKIPPED', 'FAILED', 'DEAD')),
    reason text CONSTRAINT ck_deliveries_reason CHECK (reason IN (
        'READ', 'UNSUBSCRIBED', 'INACTIVE', 'NO_ADDRESS', 'OUTDATED', 'REFUSED', 'UNREACHABLE')),
    attempts integer NOT NULL DEFAULT 0,
    due_at {instant} NOT NULL,
    parcel_id {uuid},
    created_at {instant} NOT NULL,
    sent_at {instant},
    CONSTRAINT uq_deliveries_notification_id_channel UNIQUE (notification_id, channel),
    CONSTRAINT ck_deliveries_sent_at CHECK ((status = 'SENT') = (sent_at IS NOT NULL))
);
CREATE INDEX ix_deliveries_channel_due_at ON deliveries (channel, due_at, id) WHERE status IN ('PENDING', 'FAILED');
CREATE INDEX ix_deliveries_user_id_id ON deliveries (user_id, id);
CREATE INDEX ix_deliveries_status_id ON deliveries (status, id);
CREATE INDEX ix_deliveries_user_id_sent_at ON deliveries (user_id, sent_at) WHERE channel = 'EMAIL';

CREATE TABLE reminders (
    subject_id {uuid} NOT NULL,
    stage text NOT NULL CONSTRAINT ck_reminders_stage CHECK (stage IN (
        'REQUEST_DAY3', 'REQUEST_DAY10', 'MEETING_DAY', 'MEETING_HOUR', 'SILENCE_DAY21', 'SILENCE_DAY28')),
    about_at {instant} NOT NULL,
    created_at {instant} NOT NULL,
    CONSTRAINT pk_reminders PRIMARY KEY (subject_id, stage, about_at)
);
CREATE INDEX ix_reminders_created_at ON reminders (created_at);
CREATE INDEX ix_mentorships_waiting ON mentorships (created_at) WHERE status = 'PENDING' AND accepted_at IS NULL;
CREATE INDEX ix_mentorships_active ON mentorships (id) WHERE status = 'ACTIVE';
CREATE INDEX ix_meetings_confirmed ON meetings (scheduled_at) WHERE status = 'CONFIRMED';
";

const DOWN: &str = "
DROP INDEX ix_meetings_confirmed;
DROP INDEX ix_mentorships_active;
DROP INDEX ix_mentorships_waiting;
DROP TABLE reminders;
DROP TABLE deliveries;
DROP INDEX ix_notifications_id_new;
ALTER TABLE notifications DROP COLUMN planned_at;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        admit(manager, &format!("{OLD_KINDS}, {NEW_KINDS}")).await?;
        sql::run(manager, ADD_PLANNED_AT).await?;
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, DOWN).await?;
        sql::run(manager, &format!("DELETE FROM notifications WHERE kind IN ({NEW_KINDS})")).await?;
        admit(manager, OLD_KINDS).await
    }
}

/// Lets notifications be of these kinds and of no other.
async fn admit(manager: &SchemaManager<'_>, kinds: &str) -> Result<(), DbErr> {
    let change = match manager.get_database_backend() {
        DbBackend::Postgres => CHECK_ANEW,
        _ => TABLE_ANEW,
    };
    sql::run(manager, &change.replace("{kinds}", kinds)).await
}

const CHECK_ANEW: &str = "
ALTER TABLE notifications DROP CONSTRAINT ck_notifications_kind;
ALTER TABLE notifications ADD CONSTRAINT ck_notifications_kind CHECK (kind IN (
        {kinds}));
";

/// SQLite changes no constraint of a table that is there.
const TABLE_ANEW: &str = "
CREATE TABLE notifications_anew (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_notifications_user_id REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT ck_notifications_kind CHECK (kind IN (
        {kinds})),
    subject_kind text NOT NULL,
    subject_id {uuid} NOT NULL,
    actor_id {uuid} CONSTRAINT fk_notifications_actor_id REFERENCES users (id) ON DELETE SET NULL,
    read_at {instant},
    created_at {instant} NOT NULL
);
INSERT INTO notifications_anew (id, user_id, kind, subject_kind, subject_id, actor_id, read_at, created_at)
    SELECT id, user_id, kind, subject_kind, subject_id, actor_id, read_at, created_at FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_anew RENAME TO notifications;
CREATE INDEX ix_notifications_user_id_id ON notifications (user_id, id);
CREATE INDEX ix_notifications_user_id_id_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX uq_notifications_unread_thread ON notifications (user_id, subject_id)
    WHERE kind = 'MESSAGE_NEW' AND read_at IS NULL;
";
