//! What is sent next, decided in a transaction: whether it still should be, whether now, and to where. A claim is also the time of
//! the next attempt, so where a node dies another one sends.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery::{ActiveModel, Channel, Column, Entity, Model, Reason, Status, due};
use entity::{notification, user};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::address::{self, Address};
use super::plan::{wish, zone_of};
use super::{quota, schedule, standing};
use crate::error::{Code, Result};
use crate::settings;
use crate::state::AppState;

/// So many notifications are told in one mail at most; what is left goes with the next.
const MOST_IN_A_MAIL: u64 = 100;

/// Deliveries that go out together, to where, and what is needed to write them.
pub(super) struct Parcel {
    /// The same at each attempt
    pub id: Uuid,
    pub attempts: i32,
    pub ids: Vec<Uuid>,
    pub told: Vec<notification::Model>,
    pub in_digest: bool,
    pub user: user::Model,
    pub address: Address,
    pub programme: String,
}

pub(super) enum Claimed {
    Parcel(Box<Parcel>),
    /// Was due, and is not sent now
    Settled,
}

/// Takes up what is due first on this channel.
pub(super) async fn next(state: &AppState, channel: Channel) -> Result<Option<Claimed>> {
    if !is_any_due(state, channel).await? {
        return Ok(None);
    }
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let rows = take(&txn, channel, now).await?;
    let claimed = match rows.first() {
        None => None,
        Some(first) => Some(claim(&txn, state, first.clone(), rows).await?),
    };
    txn.commit().await?;
    Ok(claimed)
}

async fn is_any_due(state: &AppState, channel: Channel) -> Result<bool> {
    let first = Entity::find().select_only().column(Column::Id).filter(due(channel, state.clock.now())).limit(1);
    Ok(first.into_tuple::<Uuid>().one(state.read()).await?.is_some())
}

/// The first that is due, and in a mail those that go with it.
async fn take(txn: &DatabaseTransaction, channel: Channel, now: DateTime<Utc>) -> Result<Vec<Model>> {
    let skip = (LockType::Update, LockBehavior::SkipLocked);
    let next = Entity::find().filter(due(channel, now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    let Some(first) = next.lock_with_behavior(skip.0, skip.1).one(txn).await? else { return Ok(Vec::new()) };
    if channel != Channel::Email {
        return Ok(vec![first]);
    }
    let like_it = Condition::all()
        .add(Column::UserId.eq(first.user_id))
        .add(Column::InDigest.eq(first.in_digest))
        .add_option((!first.in_digest).then(|| Column::Kind.eq(first.kind)))
        .add(first.parcel_id.map_or_else(|| Column::ParcelId.is_null(), |id| Column::ParcelId.eq(id)));
    let together = Entity::find().filter(due(channel, now)).filter(like_it).order_by_asc(Column::Id);
    let together = together.limit(MOST_IN_A_MAIL).lock_with_behavior(skip.0, skip.1).all(txn).await?;
    Ok(if together.is_empty() { vec![first] } else { together })
}

async fn claim(txn: &DatabaseTransaction, state: &AppState, first: Model, rows: Vec<Model>) -> Result<Claimed> {
    let now = state.clock.now();
    let user = user::Entity::find().filter(user::Column::Id.eq(first.user_id)).one(txn).await?.ok_or(Code::NotFound)?;
    let (rows, told) = sift(txn, rows, &user, now).await?;
    if rows.is_empty() {
        return Ok(Claimed::Settled);
    }
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    if let Some(later) = not_now(txn, &user, &first, now).await? {
        put_off(txn, &ids, later).await?;
        return Ok(Claimed::Settled);
    }
    let Some(address) = address::of(txn, first.channel, &user).await? else {
        skip(txn, &ids, Reason::NoAddress).await?;
        return Ok(Claimed::Settled);
    };
    let id = first.parcel_id.unwrap_or_else(|| state.new_id());
    let attempts = first.attempts + 1;
    let taken = ActiveModel {
        attempts: Set(attempts),
        due_at: Set(now + pause_after(attempts)),
        parcel_id: Set(Some(id)),
        ..Default::default()
    };
    Entity::update_many().set(taken).filter(Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    let programme = settings::ops::current(txn).await?.name;
    let in_digest = first.in_digest;
    Ok(Claimed::Parcel(Box::new(Parcel { id, attempts, ids, told, in_digest, user, address, programme })))
}

/// A minute, then twice as long each time.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::minutes(1 << attempts.clamp(1, 10).saturating_sub(1))
}

/// Those that are still worth sending, with their notifications; the others are settled with the reason.
async fn sift(
    txn: &DatabaseTransaction,
    rows: Vec<Model>,
    user: &user::Model,
    now: DateTime<Utc>,
) -> Result<(Vec<Model>, Vec<notification::Model>)> {
    let ids = rows.iter().map(|row| row.notification_id);
    let told = notification::Entity::find().filter(notification::Column::Id.is_in(ids)).all(txn).await?;
    let told: HashMap<_, _> = told.into_iter().map(|one| (one.id, one)).collect();
    let (mut kept, mut kept_told) = (Vec::new(), Vec::new());
    for row in rows {
        let Some(one) = told.get(&row.notification_id) else { continue };
        match reason_against(txn, &row, one, user, now).await? {
            Some(reason) => skip(txn, &[row.id], reason).await?,
            None => {
                kept.push(row);
                kept_told.push(one.clone());
            }
        }
    }
    Ok((kept, kept_told))
}

async fn reason_against(
    txn: &DatabaseTransaction,
    row: &Model,
    one: &notification::Model,
    user: &user::Model,
    now: DateTime<Utc>,
) -> Result<Option<Reason>> {
    Ok(if user.status != user::Status::Active || user.erased_at.is_some() {
        Some(Reason::Inactive)
    } else if one.read_at.is_some() {
        Some(Reason::Read)
    } else if wish(row.channel, one, user).is_none() {
        Some(Reason::Unsubscribed)
    } else if standing::is_outdated(txn, one, now).await? {
        Some(Reason::Outdated)
    } else {
        None
    })
}

/// Until when it has to wait: for the end of quiet hours, or because the member got many of the kind.
async fn not_now(
    txn: &DatabaseTransaction,
    user: &user::Model,
    first: &Model,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let awake = schedule::after_quiet(user.notification_preferences.quiet_hours, zone_of(user), now);
    if awake > now {
        return Ok(Some(awake));
    }
    quota::free_at(txn, first, now).await
}

async fn put_off(txn: &DatabaseTransaction, ids: &[Uuid], until: DateTime<Utc>) -> Result<()> {
    let later = ActiveModel { due_at: Set(until), ..Default::default() };
    Entity::update_many().set(later).filter(Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    Ok(())
}

async fn skip(txn: &DatabaseTransaction, ids: &[Uuid], reason: Reason) -> Result<()> {
    let skipped = ActiveModel { status: Set(Status::Skipped), reason: Set(Some(reason)), ..Default::default() };
    Entity::update_many().set(skipped).filter(Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    Ok(())
}
