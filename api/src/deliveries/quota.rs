//! As many mails of a kind to one member in so long (promise K4). What comes beyond is not lost: it waits, and goes with the next.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery::{Channel, Column, Entity, Model, Status};
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Result;

const QUOTAS: [(usize, TimeDelta); 2] = [(3, TimeDelta::hours(1)), (10, TimeDelta::days(1))];

/// When another may go out, where that is not now.
pub(super) async fn free_at(
    txn: &DatabaseTransaction,
    first: &Model,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    if first.channel != Channel::Email {
        return Ok(None);
    }
    let like_it = Condition::all()
        .add(Column::UserId.eq(first.user_id))
        .add(Column::Channel.eq(Channel::Email))
        .add(Column::InDigest.eq(first.in_digest))
        .add_option((!first.in_digest).then(|| Column::Kind.eq(first.kind)))
        .add(Condition::any().add(Column::SentAt.gt(now - QUOTAS[1].1)).add(under_way(first)));
    let sent: Vec<(Option<Uuid>, Option<DateTime<Utc>>)> = Entity::find()
        .select_only()
        .columns([Column::ParcelId, Column::SentAt])
        .filter(like_it)
        .into_tuple()
        .all(txn)
        .await?;
    let parcels: BTreeMap<_, _> =
        sent.into_iter().filter_map(|(parcel, at)| Some((parcel?, at.unwrap_or(now)))).collect();
    let mut times: Vec<_> = parcels.into_values().collect();
    times.sort_unstable();
    Ok(QUOTAS.iter().filter_map(|(most, span)| freed(&times, *most, *span)).filter(|at| *at > now).max())
}

/// What was taken up before and will go out, unless it is refused, counts as if it went now.
fn under_way(first: &Model) -> Condition {
    let other = first.parcel_id.map(|id| Column::ParcelId.ne(id));
    Condition::all()
        .add(Column::Status.is_in([Status::Pending, Status::Failed]))
        .add(Column::ParcelId.is_not_null())
        .add_option(other)
}

/// When the last so many are no longer all within the span.
fn freed(times: &[DateTime<Utc>], most: usize, span: TimeDelta) -> Option<DateTime<Utc>> {
    times.len().checked_sub(most).and_then(|at| times.get(at)).map(|at| *at + span)
}
