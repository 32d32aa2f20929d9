//! Weekly reports of how matching treats people: figures of groups, and nothing about a person.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE matching_reports (
    {id},
    from_at {instant} NOT NULL CONSTRAINT uq_matching_reports_from_at UNIQUE,
    to_at {instant} NOT NULL,
    report {json} NOT NULL,
    created_at {instant} NOT NULL,
    CONSTRAINT ck_matching_reports_period CHECK (from_at < to_at)
);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["matching_reports"]).await
    }
}
