//! Ways of signing in, signed-in devices, and single-use tokens.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE accounts (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_accounts_user_id REFERENCES users (id) ON DELETE CASCADE,
    provider text NOT NULL,
    provider_account_id text NOT NULL,
    password_hash text,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT uq_accounts_provider_account UNIQUE (provider, provider_account_id),
    CONSTRAINT ck_accounts_password_hash CHECK ((provider = 'password') = (password_hash IS NOT NULL))
);
CREATE INDEX ix_accounts_user_id ON accounts (user_id);

CREATE TABLE sessions (
    {id},
    user_id {uuid} NOT NULL CONSTRAINT fk_sessions_user_id REFERENCES users (id) ON DELETE CASCADE,
    refresh_hash text NOT NULL CONSTRAINT uq_sessions_refresh_hash UNIQUE,
    refresh_counter bigint NOT NULL DEFAULT 0 CONSTRAINT ck_sessions_refresh_counter CHECK (refresh_counter >= 0),
    refresh_rotated_at {instant},
    created_at {instant} NOT NULL,
    last_seen_at {instant} NOT NULL,
    auth_time {instant} NOT NULL,
    idle_expires_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    ended_at {instant},
    ended_reason text CONSTRAINT ck_sessions_ended_reason
        CHECK (ended_reason IN ('SIGNED_OUT', 'REUSED', 'SUSPENDED', 'EXPIRED', 'REVOKED')),
    user_agent text,
    address_hint text,
    CONSTRAINT ck_sessions_ended CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);
CREATE INDEX ix_sessions_user_id_ended_at ON sessions (user_id, ended_at);

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
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["verification_tokens", "sessions", "accounts"]).await
    }
}
