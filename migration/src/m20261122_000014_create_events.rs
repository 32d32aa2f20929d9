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

pub(crate) const ENTRIES: &str = "
CREATE VIEW event_entries AS
    SELECT id, stream_kind, stream_id, kind, actor_id, staff, data, request_id, occurred_at FROM events;
";

/// What is inserted into `event_entries` gets the next number of its stream, whose row stays locked until the commit: numbers
/// become visible in order and without holes.
pub(crate) const NUMBER_ON_POSTGRES: &str = "
CREATE FUNCTION number_event_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
BEGIN
    INSERT INTO event_streams (kind, id, last_seq) VALUES (NEW.stream_kind, NEW.stream_id, 1)
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = event_streams.last_seq + 1
        RETURNING last_seq INTO number;
    INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, request_id, occurred_at)
        VALUES (NEW.id, NEW.stream_kind, NEW.stream_id, number, NEW.kind, NEW.actor_id, NEW.staff, NEW.data,
            NEW.request_id, NEW.occurred_at);
    RETURN NEW;
END
$$;
CREATE TRIGGER tr_event_entries_number INSTEAD OF INSERT ON event_entries
    FOR EACH ROW EXECUTE FUNCTION number_event_entry();
";

pub(crate) const NUMBER_ON_SQLITE: &str = "
CREATE TRIGGER tr_event_entries_number INSTEAD OF INSERT ON event_entries
BEGIN
    INSERT INTO event_streams (kind, id, last_seq) VALUES (NEW.stream_kind, NEW.stream_id, 1)
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = last_seq + 1;
    INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, request_id, occurred_at)
        SELECT NEW.id, NEW.stream_kind, NEW.stream_id, last_seq, NEW.kind, NEW.actor_id, NEW.staff, NEW.data,
            NEW.request_id, NEW.occurred_at
        FROM event_streams WHERE kind = NEW.stream_kind AND id = NEW.stream_id;
END;
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
        sql::run(manager, ENTRIES).await?;
        let triggers = if on_postgres(manager) {
            [NUMBER_ON_POSTGRES, GUARD_ON_POSTGRES]
        } else {
            [NUMBER_ON_SQLITE, GUARD_ON_SQLITE]
        };
        for trigger in triggers {
            sql::run(manager, trigger).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager, "DROP VIEW event_entries").await?;
        sql::drop(manager, &["events", "event_streams"]).await?;
        if on_postgres(manager) {
            sql::run(manager, "DROP FUNCTION events_are_append_only(), number_event_entry()").await?;
        }
        Ok(())
    }
}
