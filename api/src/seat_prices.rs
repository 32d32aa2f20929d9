//! What the next seat of each mentor is worth to others: worked out once in a while, for the rank of suggestions.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::seat_price::{ActiveModel, Column, Entity};
use entity::side::Side;
use matching::Profile;
use matching::cohort::{self, Unwatched};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use uuid::Uuid;

use crate::candidates::blocks;
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::jobs::turns::{self, Turn};
use crate::lot;
use crate::matching_policies;
use crate::settings;
use crate::state::AppState;

/// A node that has it for longer is taken for dead.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Rows that are read or written at once.
const AT_ONCE: usize = 1000;

/// Works the prices out where it is due, and nobody else does. Tells whether it did.
pub async fn work(state: &AppState) -> Result<bool> {
    let Some(turn) = turns::take(state, "seat_prices", LEASE).await? else { return Ok(false) };
    let now = state.clock.now();
    let prices = prices(state, now).await?;
    let changed = changed(state, prices).await?;
    store(state, &turn, changed, now).await?;
    Ok(true)
}

async fn prices(state: &AppState, now: DateTime<Utc>) -> Result<BTreeMap<Uuid, u16>> {
    let db = state.read();
    let [mentors, mentees] = people(state, now).await?;
    let blocks = blocks::of_everybody(db, &settings::ops::current(db).await?, now).await?;
    let policy = matching_policies::ops::current(db).await?;
    let solve = move || matching::prices(&policy, &mentors, &mentees, &blocks, now, &Unwatched);
    match state.solver.run(solve).await? {
        Ok(prices) => Ok(prices),
        Err(error @ (cohort::Error::OutOfSteps | cohort::Error::TooLarge)) => {
            tracing::warn!(%error, "seats keep the prices they have");
            Ok(BTreeMap::new())
        }
        Err(error) => Err(anyhow::Error::from(error).into()),
    }
}

/// Mentors and mentees: all, or where they are too many to be worked on at once the groups of either side whose turn it is. As
/// many seats come to a mentee there as among all, so that prices are about the same.
async fn people(state: &AppState, now: DateTime<Utc>) -> Result<[Vec<Profile>; 2]> {
    let mentors = lot::available(state.read(), Side::Mentor, now).await?;
    let mentees = lot::available(state.read(), Side::Mentee, now).await?;
    let most = u32::try_from(mentors.len().max(mentees.len())).unwrap_or(u32::MAX);
    let groups = most.div_ceil(state.config.seat_price_people.max(1)).max(1);
    let round = now.timestamp() / (60 * i64::from(state.config.seat_price_minutes.max(1)));
    let turn = u32::try_from(round.rem_euclid(groups.into())).unwrap_or_default();
    let group = async |side, ids| load(state, side, &lot::group(ids, groups, turn), now).await;
    Ok([group(Side::Mentor, mentors).await?, group(Side::Mentee, mentees).await?])
}

async fn load(state: &AppState, side: Side, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Profile>> {
    let mut people = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        people.extend(profiles::load(state.read(), side, Who::These(some), now).await?.into_values());
    }
    Ok(people)
}

/// Those that are not as they were.
async fn changed(state: &AppState, mut prices: BTreeMap<Uuid, u16>) -> Result<BTreeMap<Uuid, u16>> {
    let before = Entity::find().all(state.read()).await?;
    let before: BTreeMap<_, _> = before.into_iter().map(|row| (row.mentor_id, row.price.unsigned_abs())).collect();
    prices.retain(|mentor, price| before.get(mentor).copied().unwrap_or_default() != *price);
    Ok(prices)
}

async fn store(state: &AppState, turn: &Turn, changed: BTreeMap<Uuid, u16>, now: DateTime<Utc>) -> Result<()> {
    let round = state.new_id();
    let txn = state.begin_write().await?;
    if !turn.finish(&txn, now + TimeDelta::minutes(state.config.seat_price_minutes.into())).await? {
        return Ok(());
    }
    let rows: Vec<_> = changed.iter().map(|(mentor, price)| row(*mentor, *price, round, now)).collect();
    for some in rows.chunks(AT_ONCE) {
        write(&txn, some).await?;
    }
    if !rows.is_empty() {
        events::record(&txn, state, Event::new(Kind::SeatPricesChanged, round)).await?;
    }
    Ok(txn.commit().await?)
}

fn row(mentor: Uuid, price: u16, round: Uuid, now: DateTime<Utc>) -> ActiveModel {
    let price = i16::try_from(price).unwrap_or(i16::MAX);
    ActiveModel { mentor_id: Set(mentor), price: Set(price), round_id: Set(round), computed_at: Set(now) }
}

async fn write(txn: &DatabaseTransaction, rows: &[ActiveModel]) -> Result<()> {
    let again = OnConflict::column(Column::MentorId)
        .update_columns([Column::Price, Column::RoundId, Column::ComputedAt])
        .to_owned();
    Entity::insert_many(rows.to_vec()).on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}
