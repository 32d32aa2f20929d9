//! Mail that is to be sent, what its tokens are good for, and how a session takes its refresh token.

use sea_orm_migration::prelude::*;

use crate::sql;

/// Tokens that were mailed before are void: none lasts longer than a day, and the address can be asked for another.
const UP: &str = "
ALTER TABLE sessions ADD COLUMN mode text NOT NULL DEFAULT 'BEARER'
    CONSTRAINT ck_sessions_mode CHECK (mode IN ('BEARER', 'COOKIE'));

DROP TABLE verification_tokens;
CREATE TABLE verification_tokens (
    {id},
    user_id {uuid} CONSTRAINT fk_verification_tokens_user_id REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CONSTRAINT ck_verification_tokens_purpose
        CHECK (purpose IN ('VERIFY_EMAIL', 'RESET_PASSWORD', 'SIGN_IN', 'INVITATION', 'CHANGE_EMAIL', 'UNDO_EMAIL_CHANGE')),
    email text NOT NULL,
    token_hash text NOT NULL CONSTRAINT uq_verification_tokens_token_hash UNIQUE,
    created_by {uuid} CONSTRAINT fk_verification_tokens_created_by REFERENCES users (id) ON DELETE SET NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    used_at {instant},
    CONSTRAINT ck_verification_tokens_user_id CHECK ((purpose = 'INVITATION') = (user_id IS NULL))
);
CREATE INDEX ix_verification_tokens_user_id_purpose ON verification_tokens (user_id, purpose);
CREATE INDEX ix_verification_tokens_created_by ON verification_tokens (created_by);
CREATE INDEX ix_verification_tokens_invitations ON verification_tokens (id) WHERE purpose = 'INVITATION';

CREATE TABLE mails (
    {id},
    kind text NOT NULL,
    user_id {uuid} CONSTRAINT fk_mails_user_id REFERENCES users (id) ON DELETE CASCADE,
    token_id {uuid} CONSTRAINT fk_mails_token_id REFERENCES verification_tokens (id) ON DELETE CASCADE,
    email_key text {ascii} NOT NULL,
    status text NOT NULL CONSTRAINT ck_mails_status CHECK (status IN ('QUEUED', 'SENT', 'DROPPED', 'FAILED')),
    attempts integer NOT NULL DEFAULT 0,
    due_at {instant} NOT NULL,
    content {json},
    created_at {instant} NOT NULL,
    sent_at {instant}
);
CREATE INDEX ix_mails_due_at ON mails (due_at, id) WHERE status = 'QUEUED';
CREATE INDEX ix_mails_email_key_kind_sent_at ON mails (email_key, kind, sent_at);
CREATE INDEX ix_mails_user_id ON mails (user_id);
CREATE INDEX ix_mails_token_id ON mails (token_id);
";

const DOWN: &str = "
DROP TABLE mails;
DROP TABLE verification_tokens;
CREATE TABLE verification_tokens (
    {id},
    user_id {uuid} CONSTRAINT fk_verification_tokens_user_id REFERENCES users (id) ON DELETE CASCADE,
    purpose text NOT NULL CONSTRAINT ck_verification_tokens_purpose
        CHECK (purpose IN ('VERIFY_EMAIL', 'RESET_PASSWORD', 'SIGN_IN', 'INVITATION', 'CHANGE_EMAIL')),
    email text NOT NULL,
    token_hash text NOT NULL CONSTRAINT uq_verification_tokens_token_hash UNIQUE,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    used_at {instant}
);
CREATE INDEX ix_verification_tokens_user_id_purpose ON verification_tokens (user_id, purpose);
ALTER TABLE sessions DROP COLUMN mode;
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
