//! The matching policies: each change is a version of its own, and none is ever changed or taken out.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = r#"
CREATE TABLE matching_policies (
    version integer NOT NULL PRIMARY KEY CONSTRAINT ck_matching_policies_version CHECK (version > 0),
    terms {json} NOT NULL,
    rarity {json} NOT NULL,
    note text CONSTRAINT ck_matching_policies_note CHECK (length(note) BETWEEN 1 AND 500),
    created_by_id {uuid},
    created_at {instant} NOT NULL
);
INSERT INTO matching_policies (version, terms, rarity, created_at) VALUES (1,
    '{"weights":{"SKILLS":350,"FOCUS":100,"TOPICS_SOUGHT":100,"TOPICS_OFFERED":50,"HOURS":150,"SENIORITY":100,
        "INDUSTRIES":60,"SOFT_SKILLS":50,"LANGUAGES":20,"PLACE":20},
      "floors":{"mentee":25,"mentor":25},"seniority":[10,10,10,10,40,100,90,70,70],
      "levels":{"above":10,"equal":6,"below":3},"enoughMinutes":240,"languages":[0,50,100],
      "place":{"together":100,"remote":50,"apart":25},"crowding":{"upper":3,"lower":2},"listLength":10,
      "lambda":{"upper":1,"lower":1}}',
    '{}', '2026-11-27T00:00:00.000+00:00');
"#;

const GUARD_ON_POSTGRES: &str = "
CREATE FUNCTION matching_policies_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'matching policies are append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER tr_matching_policies_append_only BEFORE UPDATE OR DELETE ON matching_policies
    FOR EACH ROW EXECUTE FUNCTION matching_policies_are_append_only();
CREATE TRIGGER tr_matching_policies_no_truncate BEFORE TRUNCATE ON matching_policies
    FOR EACH STATEMENT EXECUTE FUNCTION matching_policies_are_append_only();
";

const GUARD_ON_SQLITE: &str = "
CREATE TRIGGER tr_matching_policies_no_update BEFORE UPDATE ON matching_policies
BEGIN SELECT RAISE(ABORT, 'matching policies are append-only'); END;
CREATE TRIGGER tr_matching_policies_no_delete BEFORE DELETE ON matching_policies
BEGIN SELECT RAISE(ABORT, 'matching policies are append-only'); END;
";

fn on_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == sea_orm::DbBackend::Postgres
}

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, UP).await?;
        sql::run(manager, if on_postgres(manager) { GUARD_ON_POSTGRES } else { GUARD_ON_SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::drop(manager, &["matching_policies"]).await?;
        if on_postgres(manager) {
            sql::run(manager, "DROP FUNCTION matching_policies_are_append_only()").await?;
        }
        Ok(())
    }
}
