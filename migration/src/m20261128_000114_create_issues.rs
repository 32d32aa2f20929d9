//! Issues that members open for the admins, the messages that were frozen with them, and who was told that these were read.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE issues (
    {id},
    kind text NOT NULL CONSTRAINT ck_issues_kind CHECK (kind IN ('MESSAGE', 'USER', 'OTHER')),
    category text NOT NULL CONSTRAINT ck_issues_category
        CHECK (category IN ('SPAM', 'HARASSMENT', 'INAPPROPRIATE', 'SAFETY', 'TECHNICAL', 'OTHER')),
    status text NOT NULL CONSTRAINT ck_issues_status CHECK (status IN ('OPEN', 'ANSWERED', 'CLOSED')),
    reporter_id {uuid} NOT NULL CONSTRAINT fk_issues_reporter_id REFERENCES users (id),
    reported_id {uuid} CONSTRAINT fk_issues_reported_id REFERENCES users (id),
    message_id {uuid} CONSTRAINT fk_issues_message_id REFERENCES messages (id) ON DELETE SET NULL,
    mentorship_id {uuid} CONSTRAINT fk_issues_mentorship_id REFERENCES mentorships (id) ON DELETE SET NULL,
    conversation_id {uuid} CONSTRAINT fk_issues_conversation_id REFERENCES conversations (id) ON DELETE SET NULL,
    text text CONSTRAINT ck_issues_text CHECK (length(text) BETWEEN 1 AND 4000),
    assignee_id {uuid} CONSTRAINT fk_issues_assignee_id REFERENCES users (id) ON DELETE SET NULL,
    answer text CONSTRAINT ck_issues_answer CHECK (length(answer) BETWEEN 1 AND 4000),
    answered_at {instant},
    closed_at {instant},
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT ck_issues_closed CHECK ((status = 'CLOSED') = (closed_at IS NOT NULL)),
    CONSTRAINT ck_issues_answered CHECK (status <> 'ANSWERED' OR answered_at IS NOT NULL)
);
CREATE INDEX ix_issues_reporter_id_id ON issues (reporter_id, id);
CREATE INDEX ix_issues_reported_id_id ON issues (reported_id, id);
CREATE INDEX ix_issues_assignee_id_id ON issues (assignee_id, id);
CREATE INDEX ix_issues_status_id ON issues (status, id);
CREATE INDEX ix_issues_message_id ON issues (message_id);
CREATE INDEX ix_issues_mentorship_id ON issues (mentorship_id);
CREATE INDEX ix_issues_conversation_id ON issues (conversation_id);
CREATE UNIQUE INDEX uq_issues_open_message ON issues (reporter_id, message_id)
    WHERE kind = 'MESSAGE' AND status <> 'CLOSED';
CREATE UNIQUE INDEX uq_issues_open_user ON issues (reporter_id, reported_id)
    WHERE kind = 'USER' AND status <> 'CLOSED';
CREATE TABLE issue_messages (
    issue_id {uuid} NOT NULL CONSTRAINT fk_issue_messages_issue_id REFERENCES issues (id) ON DELETE CASCADE,
    seq bigint NOT NULL CONSTRAINT ck_issue_messages_seq CHECK (seq > 0),
    message_id {uuid} NOT NULL,
    sender_id {uuid} NOT NULL CONSTRAINT fk_issue_messages_sender_id REFERENCES users (id),
    content text,
    sent_at {instant} NOT NULL,
    PRIMARY KEY (issue_id, seq)
);
CREATE INDEX ix_issue_messages_sender_id ON issue_messages (sender_id);
CREATE TABLE thread_accesses (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_thread_accesses_user_id REFERENCES users (id) ON DELETE CASCADE,
    mentorship_id {uuid} CONSTRAINT fk_thread_accesses_mentorship_id REFERENCES mentorships (id) ON DELETE CASCADE,
    conversation_id {uuid} CONSTRAINT fk_thread_accesses_conversation_id REFERENCES conversations (id) ON DELETE CASCADE,
    first_seq bigint NOT NULL CONSTRAINT ck_thread_accesses_first_seq CHECK (first_seq > 0),
    last_seq bigint NOT NULL CONSTRAINT ck_thread_accesses_last_seq CHECK (last_seq >= first_seq),
    accessed_at {instant} NOT NULL,
    CONSTRAINT ck_thread_accesses_one_thread CHECK ((mentorship_id IS NULL) <> (conversation_id IS NULL))
);
CREATE INDEX ix_thread_accesses_user_id_id ON thread_accesses (user_id, id);
CREATE INDEX ix_thread_accesses_mentorship_id ON thread_accesses (mentorship_id);
CREATE INDEX ix_thread_accesses_conversation_id ON thread_accesses (conversation_id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["thread_accesses", "issue_messages", "issues"]).await
    }
}
