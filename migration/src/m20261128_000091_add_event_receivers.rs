//! Who may see an event, written with it, and the order in which everybody sees events.
//!
//! On PostgreSQL a transaction that began earlier may get a stream's lock later. So an event's `transaction_id` is raised to the
//! greatest that its stream has given out, and `place` says the order of those that share one: within its stream, an event comes
//! after all that have a lower number. While it is not committed its own transaction is under way, and that is not after it: no
//! reader that stops at the oldest transaction under way has passed it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::m20261122_000014_create_events::{ENTRIES, NUMBER_ON_POSTGRES, NUMBER_ON_SQLITE};
use crate::sql;

const UP: &str = "
CREATE TABLE event_receivers (
    user_id {uuid} NOT NULL,
    at bigint NOT NULL,
    place bigint NOT NULL,
    occurred_at {instant} NOT NULL,
    CONSTRAINT pk_event_receivers PRIMARY KEY (user_id, at, place)
)";

const UP_ON_POSTGRES: &str = "
CREATE INDEX ix_event_receivers_occurred_at ON event_receivers USING brin (occurred_at);
CREATE SEQUENCE event_places;
ALTER TABLE event_streams ADD COLUMN last_transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE event_streams ALTER COLUMN last_transaction_id SET DEFAULT '0';
ALTER TABLE events ADD COLUMN place bigint NOT NULL DEFAULT nextval('event_places'), ADD COLUMN receivers jsonb;
ALTER SEQUENCE event_places OWNED BY events.place;
DROP INDEX ix_events_transaction_id_id;
CREATE UNIQUE INDEX uq_events_transaction_id_place ON events (transaction_id, place);
CREATE OR REPLACE VIEW event_entries AS
    SELECT id, stream_kind, stream_id, kind, actor_id, staff, data, request_id, occurred_at, receivers FROM events;
CREATE OR REPLACE FUNCTION number_event_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number bigint;
    key xid8;
    drawn bigint;
BEGIN
    INSERT INTO event_streams AS stream (kind, id, last_seq, last_transaction_id)
        VALUES (NEW.stream_kind, NEW.stream_id, 1, pg_current_xact_id())
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = stream.last_seq + 1,
            last_transaction_id = greatest(stream.last_transaction_id, pg_current_xact_id())
        RETURNING last_seq, last_transaction_id INTO number, key;
    drawn := nextval('event_places');
    INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, request_id, occurred_at,
            transaction_id, place, receivers)
        VALUES (NEW.id, NEW.stream_kind, NEW.stream_id, number, NEW.kind, NEW.actor_id, NEW.staff, NEW.data,
            NEW.request_id, NEW.occurred_at, key, drawn, NEW.receivers);
    INSERT INTO event_receivers (user_id, at, place, occurred_at)
        SELECT receiver::uuid, key::text::bigint, drawn, NEW.occurred_at
        FROM jsonb_array_elements_text(NEW.receivers) AS receiver;
    RETURN NEW;
END
$$;
";

const DOWN_ON_POSTGRES: &str = "
DROP VIEW event_entries;
DROP FUNCTION number_event_entry();
ALTER TABLE events DROP COLUMN receivers, DROP COLUMN place;
CREATE INDEX ix_events_transaction_id_id ON events (transaction_id, id);
ALTER TABLE event_streams DROP COLUMN last_transaction_id;
";

/// The one writer of SQLite commits in the order of rows.
const UP_ON_SQLITE: &str = "
CREATE INDEX ix_event_receivers_occurred_at ON event_receivers (occurred_at);
ALTER TABLE events ADD COLUMN receivers jsonb_text;
DROP VIEW event_entries;
CREATE VIEW event_entries AS
    SELECT id, stream_kind, stream_id, kind, actor_id, staff, data, request_id, occurred_at, receivers FROM events;
CREATE TRIGGER tr_event_entries_number INSTEAD OF INSERT ON event_entries
BEGIN
    INSERT INTO event_streams (kind, id, last_seq) VALUES (NEW.stream_kind, NEW.stream_id, 1)
        ON CONFLICT (kind, id) DO UPDATE SET last_seq = last_seq + 1;
    INSERT INTO events (id, stream_kind, stream_id, seq, kind, actor_id, staff, data, request_id, occurred_at, receivers)
        SELECT NEW.id, NEW.stream_kind, NEW.stream_id, last_seq, NEW.kind, NEW.actor_id, NEW.staff, NEW.data,
            NEW.request_id, NEW.occurred_at, NEW.receivers
        FROM event_streams WHERE kind = NEW.stream_kind AND id = NEW.stream_id;
    INSERT INTO event_receivers (user_id, at, place, occurred_at)
        SELECT unhex(receiver.value), events.rowid, 0, NEW.occurred_at
        FROM events, json_each(NEW.receivers) AS receiver WHERE events.id = NEW.id;
END;
";

const DOWN_ON_SQLITE: &str = "
DROP VIEW event_entries;
ALTER TABLE events DROP COLUMN receivers;
";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if on_postgres(manager) {
            sql::run(manager, UP).await?;
            return sql::run(manager, UP_ON_POSTGRES).await;
        }
        sql::run(manager, &format!("{UP} WITHOUT ROWID")).await?;
        sql::run(manager, UP_ON_SQLITE).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (down, number) = if on_postgres(manager) {
            (DOWN_ON_POSTGRES, NUMBER_ON_POSTGRES)
        } else {
            (DOWN_ON_SQLITE, NUMBER_ON_SQLITE)
        };
        for text in [down, ENTRIES, number] {
            sql::run(manager, text).await?;
        }
        sql::drop(manager, &["event_receivers"]).await
    }
}

fn on_postgres(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::Postgres
}
