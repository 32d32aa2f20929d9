//! The log of events: nothing in it is ever changed or taken out.

use sea_orm_migration::prelude::*;

use crate::sql;

const UP: &str = "
CREATE TABLE event_streams (
    kind text NOT NULL,
    id {uuid} NOT NULL,
    last_seq bigint NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE events (
    {id},
    stream_kind text NOT NULL,
    stream_id {uuid} NOT NULL,
    seq bigint NOT NULL CONSTRAINT ck_events_seq CHECK (seq > 0),
    kind text NOT NULL,
    actor_id {uuid},
    staff boolean NOT NULL DEFAULT FALSE,
    data {json} NOT NULL,
    request_id text,
    occurred_at {instant} NOT NULL,
    CONSTRAINT uq_events_stream_seq UNIQUE (stream_kind, stream_id, seq)
);
CREATE INDEX ix_events_id_staff ON events (id) WHERE staff;
CREATE INDEX ix_events_actor_id_id_staff ON events (actor_id, id) WHERE staff;
CREATE INDEX ix_events_stream_id_id_staff ON events (stream_id, id) WHERE staff;
CREATE INDEX ix_events_kind_id_staff ON events (kind, id) WHERE staff;
";

const GUARD_ON_POSTGRES: &str = "
CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER tr_events_append_only BEFORE UPDATE OR DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_are_append_only();
CREATE TRIGGER tr_events_no_truncate BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only();
";

const GUARD_ON_SQLITE: &str = "
CREATE TRIGGER tr_events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER tr_events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
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
        sql::drop(manager, &["events", "event_streams"]).await?;
        if on_postgres(manager) {
            sql::run(manager, "DROP FUNCTION events_are_append_only()").await?;
        }
        Ok(())
    }
}
