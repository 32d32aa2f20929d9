use chrono::{DateTime, TimeDelta, Utc};
use entity::mentorship::{self, Column, Entity};
use entity::reminder::Stage;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{AT_A_TIME, REQUEST, not_given, note, present};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::mentorships;
use crate::state::AppState;

/// Reminds mentors of requests; of one that was missed the later stage alone.
pub(super) async fn remind(state: &AppState) -> Result<()> {
    for (at, (stage, age)) in REQUEST.into_iter().enumerate() {
        let younger_than = REQUEST.get(at + 1).map(|(_, age)| *age);
        let due = waiting(state.clock.now(), stage, age, younger_than);
        let mut some = next(state, &due, None).await?;
        while let Some(last) = some.last().copied() {
            for id in some {
                remind_of(state, id, stage, age).await?;
            }
            some = next(state, &due, Some(last)).await?;
        }
    }
    Ok(())
}

fn waiting(now: DateTime<Utc>, stage: Stage, age: TimeDelta, younger_than: Option<TimeDelta>) -> Condition {
    mentorship::awaits_answer(now)
        .add(Column::CreatedAt.lte(now - age))
        .add_option(younger_than.map(|age| Column::CreatedAt.gt(now - age)))
        .add(not_given(stage, (Entity, Column::Id), (Entity, Column::CreatedAt)))
}

async fn next(state: &AppState, which: &Condition, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    let after = after.map(|id| Column::Id.gt(id));
    let some = Entity::find().select_only().column(Column::Id).filter(which.clone().add_option(after));
    Ok(some.order_by_asc(Column::Id).limit(AT_A_TIME).into_tuple().all(state.read()).await?)
}

async fn remind_of(state: &AppState, id: Uuid, stage: Stage, age: TimeDelta) -> Result<()> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let still = Entity::find().filter(Column::Id.eq(id)).filter(mentorship::awaits_answer(now));
    let Some(row) = still.lock(LockType::NoKeyUpdate).one(&txn).await? else { return Ok(()) };
    if note(&txn, id, stage, row.created_at, now).await? {
        let told = present(&txn, &[row.mentor_id], now).await?;
        let event = Event::new(Kind::RequestReminded, id).informing(told).with(json!({ "day": age.num_days() }));
        events::record(&txn, state, event).await?;
    }
    Ok(txn.commit().await?)
}

/// Ends the requests that nobody answered in time.
pub(super) async fn lapse(state: &AppState) -> Result<()> {
    let now = state.clock.now();
    let mut some = next(state, &mentorship::lapsed(now), None).await?;
    while let Some(last) = some.last().copied() {
        for id in some {
            lapse_one(state, id, now).await?;
        }
        some = next(state, &mentorship::lapsed(now), Some(last)).await?;
    }
    Ok(())
}

async fn lapse_one(state: &AppState, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    let txn = state.begin_write().await?;
    let still = Entity::find().filter(Column::Id.eq(id)).filter(mentorship::lapsed(now));
    let Some(row) = still.lock(LockType::NoKeyUpdate).one(&txn).await? else { return Ok(()) };
    mentorships::ops::expire(&txn, state, row).await?;
    Ok(txn.commit().await?)
}
