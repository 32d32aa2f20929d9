//! Goals of a mentorship and their milestones.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE goals (
    {id},
    mentorship_id {uuid} NOT NULL CONSTRAINT fk_goals_mentorship_id REFERENCES mentorships (id) ON DELETE CASCADE,
    created_by_id {uuid} NOT NULL CONSTRAINT fk_goals_created_by_id REFERENCES users (id),
    kind text NOT NULL CONSTRAINT ck_goals_kind CHECK (kind IN ('SHORT_TERM', 'LONG_TERM')),
    title text NOT NULL CONSTRAINT ck_goals_title CHECK (length(title) >= 1),
    description text,
    due_date {date},
    progress smallint NOT NULL DEFAULT 0 CONSTRAINT ck_goals_progress CHECK (progress BETWEEN 0 AND 100),
    status text NOT NULL DEFAULT 'OPEN'
        CONSTRAINT ck_goals_status CHECK (status IN ('OPEN', 'ACHIEVED', 'DROPPED')),
    version integer NOT NULL DEFAULT 1,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    CONSTRAINT ck_goals_achieved CHECK (status <> 'ACHIEVED' OR progress = 100)
);
CREATE INDEX ix_goals_mentorship_id_id ON goals (mentorship_id, id);

CREATE TABLE milestones (
    {id},
    goal_id {uuid} NOT NULL CONSTRAINT fk_milestones_goal_id REFERENCES goals (id) ON DELETE CASCADE,
    title text NOT NULL CONSTRAINT ck_milestones_title CHECK (length(title) >= 1),
    position smallint NOT NULL,
    due_date {date},
    done_at {instant},
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL
);
CREATE INDEX ix_milestones_goal_id_position_id ON milestones (goal_id, position, id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["milestones", "goals"]).await
    }
}
