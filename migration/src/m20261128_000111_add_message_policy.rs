//! What may become of a message after it was sent, and how many strangers a member may write to first in a day.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
ALTER TABLE settings ADD COLUMN message_edit_minutes integer NOT NULL DEFAULT 15
    CONSTRAINT ck_settings_message_edit_minutes CHECK (message_edit_minutes BETWEEN 0 AND 10080);
ALTER TABLE settings ADD COLUMN message_deletion text NOT NULL DEFAULT 'ALWAYS'
    CONSTRAINT ck_settings_message_deletion CHECK (message_deletion IN ('NEVER', 'WHILE_EDITABLE', 'ALWAYS'));
ALTER TABLE settings ADD COLUMN first_messages_per_day integer NOT NULL DEFAULT 10
    CONSTRAINT ck_settings_first_messages_per_day CHECK (first_messages_per_day BETWEEN 1 AND 1000);
CREATE INDEX ix_messages_first ON messages (sender_id, sent_at) WHERE conversation_id IS NOT NULL AND seq = 1;
";

const DOWN: &str = "
DROP INDEX ix_messages_first;
ALTER TABLE settings DROP COLUMN first_messages_per_day;
ALTER TABLE settings DROP COLUMN message_deletion;
ALTER TABLE settings DROP COLUMN message_edit_minutes;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, DOWN).await
    }
}
