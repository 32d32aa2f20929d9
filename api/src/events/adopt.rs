//! A log that was restored into another PostgreSQL cluster. Its transactions are of the old one: those that the new one has not come
//! to yet would keep every later event of their streams from being read, and come up again as new when it does.

use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult};

use crate::error::Result;
use crate::sql::Sql;
use crate::state::AppState;

/// What anybody can see was written by a transaction that this cluster has begun before: so nothing of its own is found by this.
const IS_THERE: &str = "SELECT EXISTS (SELECT 1 FROM events WHERE transaction_id >= x.xmax)
    OR EXISTS (SELECT 1 FROM event_streams WHERE last_transaction_id >= x.xmax) AS is_there
    FROM (SELECT pg_snapshot_xmax(pg_current_snapshot()) AS xmax) x";

/// They become events of this very transaction, in the order of their places: that is after all that stay as they are, and not
/// before what any node has read. Nobody writes an event meanwhile, and only the first of several nodes finds any.
const ADOPT: &str = "
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = 0;
LOCK TABLE event_streams IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE events DISABLE TRIGGER tr_events_append_only;
DO $$
DECLARE
    beyond bigint := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    key bigint := greatest(pg_current_xact_id()::text::bigint, beyond - 1);
BEGIN
    UPDATE event_streams SET last_transaction_id = key::text::xid8
        WHERE last_transaction_id >= beyond::text::xid8;
    UPDATE events SET transaction_id = key::text::xid8 WHERE transaction_id >= beyond::text::xid8;
    UPDATE event_receivers SET at = key WHERE at >= beyond;
END
$$;
ALTER TABLE events ENABLE TRIGGER tr_events_append_only;
";

#[derive(FromQueryResult)]
struct Found {
    is_there: bool,
}

/// Before a node reads the log: nothing in it is of a transaction to come.
pub async fn adopt(state: &AppState) -> Result<()> {
    let db = state.read();
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let mut sql = Sql::default();
    sql.text = IS_THERE.to_owned();
    let found: Vec<Found> = sql.all(db).await?;
    if !found.iter().any(|found| found.is_there) {
        return Ok(());
    }
    tracing::warn!("the log of events was restored from another cluster: it is numbered anew, and writers wait");
    let txn = state.begin_write().await?;
    txn.execute_unprepared(ADOPT).await?;
    Ok(txn.commit().await?)
}
