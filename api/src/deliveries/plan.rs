//! From new notifications to deliveries. A notification is decided on once: its deliveries and the mark that it was decided on are
//! written in one transaction, so no node does it again, whenever one dies.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::delivery::{self, Channel, Status};
use entity::notification::{Column, Entity, Kind, Model};
use entity::notification_preferences::Digest;
use entity::user;
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use super::schedule;
use crate::error::Result;
use crate::state::AppState;

const AT_A_TIME: u64 = 200;

/// Decides on all that are new; how many there were.
pub async fn plan_new(state: &AppState) -> Result<usize> {
    let mut count = 0;
    while is_any_new(state).await? {
        let planned = plan_some(state).await?;
        if planned == 0 {
            break;
        }
        count += planned;
    }
    Ok(count)
}

async fn is_any_new(state: &AppState) -> Result<bool> {
    let first = Entity::find().select_only().column(Column::Id).filter(Column::PlannedAt.is_null()).limit(1);
    Ok(first.into_tuple::<Uuid>().one(state.read()).await?.is_some())
}

async fn plan_some(state: &AppState) -> Result<usize> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let new = Entity::find().filter(Column::PlannedAt.is_null()).order_by_asc(Column::Id).limit(AT_A_TIME);
    let new = new.lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked).all(&txn).await?;
    let users = users(&txn, &new).await?;
    let rows: Vec<_> = new
        .iter()
        .filter_map(|one| Some((one, users.get(&one.user_id)?)))
        .flat_map(|(one, user)| deliveries(state, one, user, now))
        .collect();
    insert(&txn, rows).await?;
    let planned = Entity::update_many().col_expr(Column::PlannedAt, Some(now).into());
    planned.filter(Column::Id.is_in(new.iter().map(|one| one.id))).exec(&txn).await?;
    txn.commit().await?;
    Ok(new.len())
}

async fn users(txn: &impl ConnectionTrait, new: &[Model]) -> Result<HashMap<Uuid, user::Model>> {
    let ids = new.iter().map(|one| one.user_id);
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(txn).await?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

async fn insert(txn: &DatabaseTransaction, rows: Vec<delivery::ActiveModel>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let once =
        OnConflict::columns([delivery::Column::NotificationId, delivery::Column::Channel]).do_nothing().to_owned();
    delivery::Entity::insert_many(rows).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(())
}

fn deliveries(
    state: &AppState,
    one: &Model,
    user: &user::Model,
    now: DateTime<Utc>,
) -> impl Iterator<Item = delivery::ActiveModel> {
    let zone = zone_of(user);
    let wanted = Channel::ALL.into_iter().filter(|channel| state.channels.has(*channel));
    let wanted = wanted.filter_map(|channel| Some((channel, wish(channel, one.kind, user)?))).collect::<Vec<_>>();
    wanted.into_iter().map(move |(channel, digest)| delivery::ActiveModel {
        id: Set(state.new_id()),
        notification_id: Set(one.id),
        user_id: Set(user.id),
        kind: Set(one.kind),
        channel: Set(channel),
        in_digest: Set(digest != Digest::Immediate),
        status: Set(Status::Pending),
        reason: Set(None),
        attempts: Set(0),
        due_at: Set(schedule::due_at(&user.notification_preferences, digest, zone, now)),
        parcel_id: Set(None),
        taken_by: Set(None),
        created_at: Set(now),
        sent_at: Set(None),
    })
}

/// Whether the member wants it by this channel now, and whether at once.
pub(super) fn wish(channel: Channel, kind: Kind, user: &user::Model) -> Option<Digest> {
    let preferences = &user.notification_preferences;
    let Some(group) = kind.group() else { return (channel == Channel::Email).then_some(Digest::Immediate) };
    let wanted = preferences.channels(group);
    let (is_wanted, digest) = match channel {
        Channel::Email => (wanted.email && preferences.digest != Digest::Off, preferences.digest),
        Channel::Sms => (wanted.sms, Digest::Immediate),
        Channel::Push => (wanted.push, Digest::Immediate),
    };
    let digest = if kind.is_urgent() { Digest::Immediate } else { digest };
    is_wanted.then_some(digest)
}

/// The member's zone; a name that is none any more is taken for UTC.
pub(super) fn zone_of(user: &user::Model) -> Tz {
    user.time_zone.parse().unwrap_or(Tz::UTC)
}
