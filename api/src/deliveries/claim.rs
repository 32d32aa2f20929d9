//! What is sent next, decided in a transaction: whether it still should be, whether now, and to where. A claim is also the time of
//! the next attempt, so where a node dies another one sends.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::delivery::{ActiveModel, Browsers, Channel, Column, Entity, Model, Reason, Status, due};
use entity::notification_preferences::Digest;
use entity::{notification, user};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
};
use uuid::Uuid;

use super::address::{self, Address};
use super::plan::{wish, zone_of};
use super::replan::schedule_anew;
use super::{quota, schedule, standing};
use crate::error::Result;
use crate::retries;
use crate::settings;
use crate::state::AppState;

/// More than weeks bring: what is left would be a second mail. A mail has a line for each kind, however many there are.
const MOST_IN_A_MAIL: u64 = 5_000;

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
    /// Who needs it no more
    pub taken_by: Browsers,
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
    let claimed = match take(&txn, channel, now).await? {
        None => None,
        Some((user, rows)) => Some(claim(&txn, state, user, rows).await?),
    };
    txn.commit().await?;
    Ok(claimed)
}

pub(super) async fn is_any_due(state: &AppState, channel: Channel) -> Result<bool> {
    let first = Entity::find().select_only().column(Column::Id).filter(due(channel, state.clock.now())).limit(1);
    Ok(first.into_tuple::<Uuid>().one(state.read()).await?.is_some())
}

/// Of a member whose deliveries no other node is taking up: the first that is due, and in a mail those that go with it. None are left
/// where another node has taken them just before.
async fn take(
    txn: &DatabaseTransaction,
    channel: Channel,
    now: DateTime<Utc>,
) -> Result<Option<(user::Model, Vec<Model>)>> {
    let mut next = Entity::find().inner_join(user::Entity).select_also(user::Entity).filter(due(channel, now));
    next = next.order_by_asc(Column::DueAt).order_by_asc(Column::Id).limit(1);
    QueryTrait::query(&mut next).lock_with_tables_behavior(
        LockType::NoKeyUpdate,
        [user::Entity],
        LockBehavior::SkipLocked,
    );
    let Some((first, Some(user))) = next.one(txn).await? else { return Ok(None) };
    let it = Condition::all().add(Column::Id.eq(first.id));
    let these = if channel == Channel::Email { together_with(&first) } else { it };
    let rows = Entity::find().filter(due(channel, now)).filter(these).order_by_asc(Column::Id);
    let rows = rows.limit(MOST_IN_A_MAIL).lock(LockType::Update).all(txn).await?;
    Ok(Some((user, rows)))
}

fn together_with(first: &Model) -> Condition {
    Condition::all()
        .add(Column::UserId.eq(first.user_id))
        .add(Column::InDigest.eq(first.in_digest))
        .add_option((!first.in_digest).then(|| Column::Kind.eq(first.kind)))
        .add(first.parcel_id.map_or_else(|| Column::ParcelId.is_null(), |id| Column::ParcelId.eq(id)))
}

async fn claim(txn: &DatabaseTransaction, state: &AppState, user: user::Model, rows: Vec<Model>) -> Result<Claimed> {
    let now = state.clock.now();
    let (rows, told) = sift(txn, rows, &user, now).await?;
    let Some(first) = rows.first().cloned() else { return Ok(Claimed::Settled) };
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
        due_at: Set(retries::claimed_until(attempts, now)),
        parcel_id: Set(Some(id)),
        ..Default::default()
    };
    Entity::update_many().set(taken).filter(Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    let programme = settings::ops::current(txn).await?.name;
    let (in_digest, taken_by) = (first.in_digest, first.taken_by.unwrap_or_default());
    Ok(Claimed::Parcel(Box::new(Parcel { id, attempts, ids, told, in_digest, user, address, taken_by, programme })))
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
            None if is_rescheduled(txn, &row, user, now).await? => {}
            None => {
                kept.push(row);
                kept_told.push(one.clone());
            }
        }
    }
    Ok((kept, kept_told))
}

/// Whether it goes with a digest by now, or with none any more, as it was planned while that was changed.
async fn is_rescheduled(
    txn: &DatabaseTransaction,
    row: &Model,
    user: &user::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let wished = wish(row.channel, row.kind, user).filter(|digest| (*digest != Digest::Immediate) != row.in_digest);
    let Some(digest) = wished.filter(|_| row.attempts == 0) else { return Ok(false) };
    schedule_anew(txn, Condition::all().add(Column::Id.eq(row.id)), user, digest, now).await?;
    Ok(true)
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
    } else if wish(row.channel, row.kind, user).is_none() {
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
