//! By which policy and formula a suggestion was scored: 0 where it was before there were versions.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
ALTER TABLE suggestions ADD COLUMN policy_version integer NOT NULL DEFAULT 0;
ALTER TABLE suggestions ADD COLUMN algorithm_version integer NOT NULL DEFAULT 0;
";

const DOWN: &str = "
ALTER TABLE suggestions DROP COLUMN algorithm_version;
ALTER TABLE suggestions DROP COLUMN policy_version;
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
