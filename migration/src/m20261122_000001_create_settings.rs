//! The one row of settings.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE settings (
    id smallint NOT NULL PRIMARY KEY CONSTRAINT ck_settings_id CHECK (id = 1),
    name text NOT NULL CONSTRAINT ck_settings_name CHECK (length(name) BETWEEN 1 AND 80),
    tagline text,
    logo_url text,
    brand_color text,
    member_approval boolean NOT NULL DEFAULT FALSE,
    mentorship_approval boolean NOT NULL DEFAULT FALSE,
    cooling_off_days integer NOT NULL DEFAULT 90
        CONSTRAINT ck_settings_cooling_off_days CHECK (cooling_off_days BETWEEN 0 AND 3650),
    suggestion_days integer NOT NULL DEFAULT 30
        CONSTRAINT ck_settings_suggestion_days CHECK (suggestion_days BETWEEN 1 AND 365),
    request_days integer NOT NULL DEFAULT 14
        CONSTRAINT ck_settings_request_days CHECK (request_days BETWEEN 1 AND 365),
    max_open_requests integer NOT NULL DEFAULT 5
        CONSTRAINT ck_settings_max_open_requests CHECK (max_open_requests BETWEEN 1 AND 100),
    version integer NOT NULL DEFAULT 1,
    updated_at {instant} NOT NULL
);
INSERT INTO settings (id, name, updated_at) VALUES (1, 'Mentorship', {now});
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["settings"]).await
    }
}
