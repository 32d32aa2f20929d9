//! Publishing a plan as work that is asked for, and what came in its way.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
ALTER TABLE match_runs ADD COLUMN publication {json};
ALTER TABLE match_runs ADD COLUMN conflicts {json};
CREATE INDEX ix_match_runs_publication ON match_runs (id) WHERE publication IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX ix_match_runs_publication;
ALTER TABLE match_runs DROP COLUMN publication;
ALTER TABLE match_runs DROP COLUMN conflicts;
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
