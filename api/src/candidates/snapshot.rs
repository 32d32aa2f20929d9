//! The index as bytes in the database: written by one node once in a while, and read by whichever starts.

use chrono::{DateTime, TimeDelta, Utc};
use entity::index_snapshot::{Column, Entity, Model};
use entity::user;
use matching::{Index, Policy};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, TransactionTrait,
};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::load;
use crate::error::Result;
use crate::events::log::{self, Position};
use crate::jobs::turns;
use crate::matching_policies;
use crate::state::AppState;

const TURN: &str = "index_snapshot";
/// How old the one that is found is at most, where all goes well.
const BETWEEN: TimeDelta = TimeDelta::hours(1);
/// Reading everybody is no slower than catching up with this.
const OLDEST: TimeDelta = TimeDelta::hours(24);
/// A node that writes it for longer is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(5);
/// A node has taken in by then that somebody was erased.
const MARGIN: TimeDelta = TimeDelta::seconds(30);
/// Bytes of a part.
const PART: usize = 4 << 20;

/// Up to where an index is true.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub position: Position,
    /// What passes with time alone was taken in up to then
    pub at: DateTime<Utc>,
    /// When everybody was last read from the database or compared with it
    pub read_at: DateTime<Utc>,
}

/// Writes this node's index where that is due, and nobody else does. Tells whether it did.
pub async fn work(state: &AppState) -> Result<bool> {
    // What the index takes in meanwhile is in the log after the stamp as well, and may be taken in twice.
    let Some(stamp) = state.candidates.stamp() else { return Ok(false) };
    let Some(turn) = turns::take(state, TURN, LEASE).await? else { return Ok(false) };
    let candidates = state.candidates.clone();
    let bytes = spawn_blocking(move || candidates.read(Index::to_bytes)).await.map_err(anyhow::Error::from)?;
    let (txn, now) = (state.begin_write().await?, state.clock.now());
    let may_stay = turn.finish(&txn, now + BETWEEN).await? && !has_erased(&txn, stamp.at - MARGIN).await?;
    match bytes.filter(|_| may_stay) {
        Some(bytes) => replace(&txn, &stamp, &bytes).await?,
        None => turns::make_due(&txn, TURN, now + MARGIN).await?,
    }
    txn.commit().await?;
    Ok(may_stay)
}

/// Writes the index of everybody, for a database that was filled otherwise than by a node.
pub async fn make(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<()> {
    let position = log::present(db).await?;
    let index = load::everybody(db, matching_policies::ops::current(db).await?, now).await?;
    let txn = db.begin().await?;
    replace(&txn, &Stamp { position, at: now, read_at: now }, &index.to_bytes()).await?;
    txn.commit().await?;
    Ok(())
}

/// For whoever leaves: what was written with them in it goes, and is soon written anew. The turn comes first, so that who is
/// writing at this moment is waited for.
pub async fn forget(txn: &DatabaseTransaction, state: &AppState) -> Result<()> {
    turns::make_due(txn, TURN, state.clock.now() + MARGIN).await?;
    Entity::delete_many().exec(txn).await?;
    Ok(())
}

/// Whether anybody was erased after `since`.
async fn has_erased(txn: &DatabaseTransaction, since: DateTime<Utc>) -> Result<bool> {
    let erased = user::Entity::find().filter(user::Column::ErasedAt.gt(since)).select_only().column(user::Column::Id);
    Ok(erased.into_tuple::<Uuid>().one(txn).await?.is_some())
}

async fn replace(txn: &DatabaseTransaction, stamp: &Stamp, bytes: &[u8]) -> Result<()> {
    Entity::delete_many().exec(txn).await?;
    for (part, bytes) in (0..).zip(bytes.chunks(PART)) {
        let (log_position, bytes) = (stamp.position.to_string(), bytes.to_vec());
        let row = Model { part, log_position, true_at: stamp.at, read_at: stamp.read_at, bytes };
        Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The index that was written last, and up to where it was true; none where there is none that is of use.
pub async fn read(db: &impl ConnectionTrait, policy: Policy, now: DateTime<Utc>) -> Result<Option<(Index, Stamp)>> {
    let parts = Entity::find().order_by_asc(Column::Part).all(db).await?;
    let Some(first) = parts.first() else { return Ok(None) };
    let (at, read_at) = (first.true_at, first.read_at);
    let Some(position) = Position::parse(&first.log_position) else { return Ok(None) };
    // A database that was restored from a copy may count its transactions anew.
    if now - at > OLDEST || at > now || !position.is_before(log::present(db).await?) {
        return Ok(None);
    }
    let restore = move || {
        let bytes: Vec<_> = parts.into_iter().flat_map(|part| part.bytes).collect();
        Index::from_bytes(&bytes, policy, now)
    };
    let index = spawn_blocking(restore).await.map_err(anyhow::Error::from)?;
    Ok(index.map(|index| (index, Stamp { position, at, read_at })))
}
