//! When an account was erased: its row stays, without anything personal, for the history of others.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "ALTER TABLE users ADD COLUMN erased_at {instant};";

const DOWN: &str = "ALTER TABLE users DROP COLUMN erased_at;";

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
