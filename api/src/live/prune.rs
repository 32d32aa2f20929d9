//! What nobody can resume from any more is deleted; the log itself stays.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{event_receiver, stream_ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

use crate::error::Result;
use crate::jobs::turns;
use crate::state::AppState;

const BETWEEN: TimeDelta = TimeDelta::hours(1);
/// A client that is within its days finds all of them.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// A node that has it for longer is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Rows that are deleted at once: others write meanwhile.
const AT_ONCE: u64 = 5000;

/// Deletes what is too old, where that is due and nobody else does. Tells whether it did.
pub async fn prune(state: &AppState) -> Result<bool> {
    let Some(turn) = turns::take(state, "event_receivers", LEASE).await? else { return Ok(false) };
    let now = state.clock.now();
    let oldest = now - TimeDelta::days(state.config.event_days.into()) - GRACE;
    while prune_some(state, oldest).await? == AT_ONCE {}
    let txn = state.begin_write().await?;
    if !turn.finish(&txn, now + BETWEEN).await? {
        return Ok(false);
    }
    stream_ticket::Entity::delete_many().filter(stream_ticket::Column::ExpiresAt.lte(now)).exec(&txn).await?;
    txn.commit().await?;
    Ok(true)
}

async fn prune_some(state: &AppState, oldest: DateTime<Utc>) -> Result<u64> {
    let txn = state.begin_write().await?;
    let sql = format!(
        "DELETE FROM event_receivers WHERE (user_id, at, place) IN
        (SELECT user_id, at, place FROM event_receivers WHERE occurred_at < $1 LIMIT {AT_ONCE})"
    );
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, [oldest.into()]);
    let pruned = txn.execute_raw(statement).await?.rows_affected();
    txn.commit().await?;
    Ok(pruned)
}

/// Whoever leaves is told nothing more.
pub async fn forget(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    let theirs = event_receiver::Entity::delete_many().filter(event_receiver::Column::UserId.eq(user));
    theirs.exec(txn).await?;
    Ok(())
}
