//! Runs that match a whole cohort at once: what was asked, the frozen input, and the plan.

use sea_orm_migration::prelude::*;

use crate::sql;

/// The index on what is the same for all of them lets one be under way.
const UP: &str = "
CREATE TABLE match_runs (
    {id},
    state text NOT NULL CONSTRAINT ck_match_runs_state CHECK (state IN ('QUEUED', 'SNAPSHOT', 'SCORING', 'SOLVING',
        'PROVING', 'READY', 'PUBLISHED', 'FAILED', 'CANCELLED', 'STALE')),
    mode text NOT NULL CONSTRAINT ck_match_runs_mode CHECK (mode IN ('BEST_TOTAL', 'PARTICIPATION_FIRST', 'STABLE')),
    floor smallint NOT NULL CONSTRAINT ck_match_runs_floor CHECK (floor BETWEEN 0 AND 100),
    minimum_one boolean NOT NULL,
    filters {json} NOT NULL,
    edits {json} NOT NULL,
    seed bigint NOT NULL CONSTRAINT ck_match_runs_seed CHECK (seed >= 0),
    policy_version integer,
    algorithm_version integer,
    snapshot_hash text,
    progress_phase text,
    progress_done bigint NOT NULL DEFAULT 0,
    progress_total bigint NOT NULL DEFAULT 0,
    summary {json},
    failure text,
    cancel_requested boolean NOT NULL DEFAULT FALSE,
    lease_holder {uuid},
    lease_until {instant},
    requested_by_id {uuid} CONSTRAINT fk_match_runs_requested_by_id REFERENCES users (id) ON DELETE SET NULL,
    published_as text CONSTRAINT ck_match_runs_published_as CHECK (published_as IN ('SUGGESTIONS', 'MENTORSHIPS')),
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    started_at {instant},
    finished_at {instant},
    published_at {instant},
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT ck_match_runs_published CHECK ((state = 'PUBLISHED') = (published_at IS NOT NULL)
        AND (published_at IS NULL) = (published_as IS NULL)),
    CONSTRAINT ck_match_runs_failure CHECK ((state = 'FAILED') = (failure IS NOT NULL)),
    CONSTRAINT ck_match_runs_lease CHECK ((lease_holder IS NULL) = (lease_until IS NULL))
);
CREATE UNIQUE INDEX uq_match_runs_under_way ON match_runs ((state IS NOT NULL))
    WHERE state IN ('QUEUED', 'SNAPSHOT', 'SCORING', 'SOLVING', 'PROVING');
CREATE INDEX ix_match_runs_requested_by_id ON match_runs (requested_by_id);

CREATE TABLE match_run_snapshots (
    run_id {uuid} NOT NULL PRIMARY KEY
        CONSTRAINT fk_match_run_snapshots_run_id REFERENCES match_runs (id) ON DELETE CASCADE,
    content {bytes} NOT NULL
);

CREATE TABLE match_run_results (
    run_id {uuid} NOT NULL PRIMARY KEY
        CONSTRAINT fk_match_run_results_run_id REFERENCES match_runs (id) ON DELETE CASCADE,
    content {bytes} NOT NULL
);

CREATE TABLE match_run_pairs (
    run_id {uuid} NOT NULL CONSTRAINT fk_match_run_pairs_run_id REFERENCES match_runs (id) ON DELETE CASCADE,
    mentee_id {uuid} NOT NULL CONSTRAINT fk_match_run_pairs_mentee_id REFERENCES users (id) ON DELETE CASCADE,
    mentor_id {uuid} NOT NULL CONSTRAINT fk_match_run_pairs_mentor_id REFERENCES users (id) ON DELETE CASCADE,
    points smallint NOT NULL CONSTRAINT ck_match_run_pairs_points CHECK (points BETWEEN 0 AND 1000),
    reasons {json} NOT NULL,
    PRIMARY KEY (run_id, mentee_id, mentor_id)
);
CREATE INDEX ix_match_run_pairs_mentee_id ON match_run_pairs (mentee_id);
CREATE INDEX ix_match_run_pairs_mentor_id ON match_run_pairs (mentor_id);
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["match_run_pairs", "match_run_results", "match_run_snapshots", "match_runs"]).await
    }
}
