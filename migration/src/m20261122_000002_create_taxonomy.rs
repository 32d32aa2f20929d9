//! What members choose from: skills, soft skills, topics, industries and seniority levels.

use sea_orm_migration::prelude::*;

use crate::sql;

const TERMS: [(&str, &str); 5] = [
    ("skills", ""),
    ("soft_skills", ""),
    ("topics", ""),
    ("industries", ""),
    (
        "seniority_levels",
        "rank smallint NOT NULL CONSTRAINT uq_seniority_levels_rank UNIQUE
            CONSTRAINT ck_seniority_levels_rank CHECK (rank > 0),",
    ),
];

fn create(table: &str, own_columns: &str) -> String {
    format!(
        "CREATE TABLE {table} (
            {{id}},
            name text NOT NULL CONSTRAINT ck_{table}_name CHECK (length(name) BETWEEN 1 AND 80),
            slug text NOT NULL CONSTRAINT uq_{table}_slug UNIQUE
                CONSTRAINT ck_{table}_slug CHECK (length(slug) BETWEEN 1 AND 80),
            {own_columns}
            merged_into_id {{uuid}} CONSTRAINT fk_{table}_merged_into_id REFERENCES {table} (id),
            retired_at {{instant}},
            created_at {{instant}} NOT NULL,
            updated_at {{instant}} NOT NULL,
            CONSTRAINT ck_{table}_not_merged_into_self CHECK (merged_into_id <> id)
        );
        CREATE UNIQUE INDEX uq_{table}_name ON {table} (lower(name {{ascii}})) WHERE retired_at IS NULL;
        CREATE INDEX ix_{table}_merged_into_id ON {table} (merged_into_id);"
    )
}

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, own_columns) in TERMS {
            sql::run(manager, &create(table, own_columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &TERMS.map(|(table, _)| table)).await
    }
}
