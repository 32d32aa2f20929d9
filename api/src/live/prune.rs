//! What nobody can resume from any more is deleted; the log itself stays.

use chrono::TimeDelta;
use entity::{event_receiver, stream_ticket};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::error::Result;
use crate::jobs::turns;
use crate::state::AppState;

const BETWEEN: TimeDelta = TimeDelta::hours(1);
/// A client that is within its days finds all of them.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// A node that has it for longer is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(10);

/// Deletes what is too old, where that is due and nobody else does. Tells whether it did.
pub async fn prune(state: &AppState) -> Result<bool> {
    let Some(turn) = turns::take(state, "event_receivers", LEASE).await? else { return Ok(false) };
    let now = state.clock.now();
    let oldest = now - TimeDelta::days(state.config.event_days.into()) - GRACE;
    let txn = state.begin_write().await?;
    if !turn.finish(&txn, now + BETWEEN).await? {
        return Ok(false);
    }
    event_receiver::Entity::delete_many().filter(event_receiver::Column::OccurredAt.lt(oldest)).exec(&txn).await?;
    stream_ticket::Entity::delete_many().filter(stream_ticket::Column::ExpiresAt.lte(now)).exec(&txn).await?;
    txn.commit().await?;
    Ok(true)
}

/// Whoever leaves is told nothing more.
pub async fn forget(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    let theirs = event_receiver::Entity::delete_many().filter(event_receiver::Column::UserId.eq(user));
    theirs.exec(txn).await?;
    Ok(())
}
