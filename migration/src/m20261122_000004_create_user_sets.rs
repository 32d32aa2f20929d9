//! What belongs to a user in numbers: terms on both sides, languages, industries, availability, survey steps.

use sea_orm_migration::prelude::*;

use crate::sql;

const PLAIN: &str = "
CREATE TABLE user_languages (
    user_id {uuid} NOT NULL CONSTRAINT fk_user_languages_user_id REFERENCES users (id) ON DELETE CASCADE,
    language text NOT NULL,
    PRIMARY KEY (user_id, language)
);
CREATE TABLE availability_windows (
    user_id {uuid} NOT NULL CONSTRAINT fk_availability_windows_user_id REFERENCES users (id) ON DELETE CASCADE,
    weekday smallint NOT NULL CONSTRAINT ck_availability_windows_weekday CHECK (weekday BETWEEN 1 AND 7),
    start_minute smallint NOT NULL
        CONSTRAINT ck_availability_windows_start_minute CHECK (start_minute BETWEEN 0 AND 1439),
    end_minute smallint NOT NULL,
    PRIMARY KEY (user_id, weekday, start_minute),
    CONSTRAINT ck_availability_windows_end_minute CHECK (end_minute > start_minute AND end_minute <= 1440)
);
CREATE TABLE onboarding_steps (
    user_id {uuid} NOT NULL CONSTRAINT fk_onboarding_steps_user_id REFERENCES users (id) ON DELETE CASCADE,
    step text NOT NULL
        CONSTRAINT ck_onboarding_steps_step CHECK (step IN ('GENERAL', 'MENTOR', 'MENTEE', 'PREFERENCES')),
    saved_at {instant} NOT NULL,
    PRIMARY KEY (user_id, step)
);
";

/// Table, column, what it refers to, columns of its own.
const TERM_SETS: [(&str, &str, &str, bool); 7] = [
    ("user_industries", "industry_id", "industries", false),
    ("mentor_skills", "skill_id", "skills", true),
    ("mentee_skills", "skill_id", "skills", true),
    ("mentor_soft_skills", "soft_skill_id", "soft_skills", false),
    ("mentee_soft_skills", "soft_skill_id", "soft_skills", false),
    ("mentor_topics", "topic_id", "topics", false),
    ("mentee_topics", "topic_id", "topics", false),
];

fn create(table: &str, column: &str, terms: &str, levelled: bool) -> String {
    let level = if levelled {
        format!("level smallint CONSTRAINT ck_{table}_level CHECK (level BETWEEN 1 AND 5),")
    } else {
        String::new()
    };
    format!(
        "CREATE TABLE {table} (
            user_id {{uuid}} NOT NULL CONSTRAINT fk_{table}_user_id REFERENCES users (id) ON DELETE CASCADE,
            {column} {{uuid}} NOT NULL CONSTRAINT fk_{table}_{column} REFERENCES {terms} (id),
            {level}
            PRIMARY KEY (user_id, {column})
        );
        CREATE INDEX ix_{table}_{column}_user_id ON {table} ({column}, user_id);"
    )
}

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, PLAIN).await?;
        for (table, column, terms, levelled) in TERM_SETS {
            sql::run(manager, &create(table, column, terms, levelled)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &TERM_SETS.map(|(table, ..)| table)).await?;
        sql::drop(manager, &["onboarding_steps", "availability_windows", "user_languages"]).await
    }
}
