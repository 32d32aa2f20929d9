//! How much a mentee wants each of the skills sought.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
ALTER TABLE mentee_skills ADD COLUMN priority smallint NOT NULL DEFAULT 1
    CONSTRAINT ck_mentee_skills_priority CHECK (priority BETWEEN 1 AND 3);
";

const DOWN: &str = "ALTER TABLE mentee_skills DROP COLUMN priority;";

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
