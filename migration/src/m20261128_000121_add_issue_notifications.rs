//! Notifications of what became of an issue, and which browsers have taken a delivery that others are yet to take.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::sql;

const OLD_KINDS: &str = "'SUGGESTION_NEW', 'SUGGESTION_MATCHED',
        'MENTORSHIP_REQUESTED', 'MENTORSHIP_STARTED', 'MENTORSHIP_DECLINED', 'MENTORSHIP_COMPLETED',
        'MENTORSHIP_CANCELED',
        'GOAL_ADDED', 'GOAL_ACHIEVED', 'NOTE_SHARED',
        'MEETING_PROPOSED', 'MEETING_CONFIRMED', 'MEETING_MOVED', 'MEETING_CANCELED',
        'MESSAGE_NEW', 'ACCOUNT_APPROVED', 'ROLE_CHANGED',
        'REQUEST_WAITING', 'MEETING_REMINDER', 'MENTORSHIP_SILENT'";
const NEW_KINDS: &str = "'ISSUE_ANSWERED', 'ISSUE_CLOSED'";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        admit(manager, &format!("{OLD_KINDS}, {NEW_KINDS}")).await?;
        sql::run(manager, "ALTER TABLE deliveries ADD COLUMN taken_by {json}").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, "ALTER TABLE deliveries DROP COLUMN taken_by").await?;
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

/// SQLite changes no constraint of a table that is there, and deliveries go with the notifications of a table that is dropped.
const TABLE_ANEW: &str = "
CREATE TABLE deliveries_kept AS SELECT * FROM deliveries;
CREATE TABLE notifications_anew (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_notifications_user_id REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT ck_notifications_kind CHECK (kind IN (
        {kinds})),
    subject_kind text NOT NULL,
    subject_id {uuid} NOT NULL,
    actor_id {uuid} CONSTRAINT fk_notifications_actor_id REFERENCES users (id) ON DELETE SET NULL,
    read_at {instant},
    created_at {instant} NOT NULL,
    planned_at {instant}
);
INSERT INTO notifications_anew (id, user_id, kind, subject_kind, subject_id, actor_id, read_at, created_at, planned_at)
    SELECT id, user_id, kind, subject_kind, subject_id, actor_id, read_at, created_at, planned_at FROM notifications;
DROP TABLE notifications;
ALTER TABLE notifications_anew RENAME TO notifications;
CREATE INDEX ix_notifications_user_id_id ON notifications (user_id, id);
CREATE INDEX ix_notifications_user_id_id_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX uq_notifications_unread_thread ON notifications (user_id, subject_id)
    WHERE kind = 'MESSAGE_NEW' AND read_at IS NULL;
CREATE INDEX ix_notifications_id_new ON notifications (id) WHERE planned_at IS NULL;
INSERT INTO deliveries SELECT * FROM deliveries_kept;
DROP TABLE deliveries_kept;
";
