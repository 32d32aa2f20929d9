//! Users.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE users (
    {id},
    name text {ascii} NOT NULL CONSTRAINT ck_users_name CHECK (length(name) BETWEEN 1 AND 80),
    email text NOT NULL CONSTRAINT ck_users_email CHECK (length(email) BETWEEN 3 AND 254),
    email_key text {ascii} NOT NULL GENERATED ALWAYS AS (lower(email {ascii})) STORED,
    email_verified_at {instant},
    image text,
    title text,
    location text,
    time_zone text NOT NULL DEFAULT 'UTC',
    in_person boolean NOT NULL DEFAULT FALSE,
    about text,
    motivation text,
    side_projects text,
    linkedin_url text,
    gender text CONSTRAINT ck_users_gender CHECK (gender IN ('FEMALE', 'MALE', 'NON_BINARY', 'OTHER')),
    preferred_mentor_gender text NOT NULL DEFAULT 'ANY' CONSTRAINT ck_users_preferred_mentor_gender
        CHECK (preferred_mentor_gender IN ('ANY', 'FEMALE', 'MALE', 'NON_BINARY', 'OTHER')),
    seniority_level_id {uuid} CONSTRAINT fk_users_seniority_level_id REFERENCES seniority_levels (id),
    role text NOT NULL CONSTRAINT ck_users_role CHECK (role IN ('REGULAR', 'ADMIN', 'OWNER')),
    status text NOT NULL
        CONSTRAINT ck_users_status CHECK (status IN ('PENDING_APPROVAL', 'ACTIVE', 'SUSPENDED')),
    suspension_note text,
    active_mentor boolean NOT NULL DEFAULT FALSE,
    active_mentee boolean NOT NULL DEFAULT FALSE,
    mentor_capacity smallint NOT NULL DEFAULT 1
        CONSTRAINT ck_users_mentor_capacity CHECK (mentor_capacity BETWEEN 0 AND 50),
    paused_until {instant},
    onboarding_completed_at {instant},
    notification_preferences {json} NOT NULL,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL
);
CREATE UNIQUE INDEX uq_users_email_key ON users (email_key);
CREATE INDEX ix_users_seniority_level_id ON users (seniority_level_id);
CREATE INDEX ix_users_name ON users (lower(name));
CREATE INDEX ix_users_status_id ON users (status, id);
CREATE INDEX ix_users_role_id ON users (role, id);
CREATE INDEX ix_users_directory ON users (id)
    WHERE active_mentor AND status = 'ACTIVE' AND onboarding_completed_at IS NOT NULL;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["users"]).await
    }
}
