//! What is told to a user in the app.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE notifications (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_notifications_user_id REFERENCES users (id) ON DELETE CASCADE,
    kind text NOT NULL CONSTRAINT ck_notifications_kind CHECK (kind IN (
        'SUGGESTION_NEW', 'SUGGESTION_MATCHED',
        'MENTORSHIP_REQUESTED', 'MENTORSHIP_STARTED', 'MENTORSHIP_DECLINED', 'MENTORSHIP_COMPLETED',
        'MENTORSHIP_CANCELED',
        'GOAL_ADDED', 'GOAL_ACHIEVED', 'NOTE_SHARED',
        'MEETING_PROPOSED', 'MEETING_CONFIRMED', 'MEETING_MOVED', 'MEETING_CANCELED',
        'MESSAGE_NEW', 'ACCOUNT_APPROVED', 'ROLE_CHANGED')),
    subject_kind text NOT NULL,
    subject_id {uuid} NOT NULL,
    actor_id {uuid} CONSTRAINT fk_notifications_actor_id REFERENCES users (id) ON DELETE SET NULL,
    read_at {instant},
    created_at {instant} NOT NULL
);
CREATE INDEX ix_notifications_user_id_id ON notifications (user_id, id);
CREATE INDEX ix_notifications_user_id_id_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX uq_notifications_unread_thread ON notifications (user_id, subject_id)
    WHERE kind = 'MESSAGE_NEW' AND read_at IS NULL;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["notifications"]).await
    }
}
