use chrono::{DateTime, TimeDelta, Utc};
use entity::meeting::{Column, Entity, Model, Status};
use entity::mentorship;
use entity::reminder::Stage;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::{AT_A_TIME, MEETING, not_given, note, present};
use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// Reminds both sides of confirmed meetings; of one whose first reminder was missed by the last alone.
pub(super) async fn remind(state: &AppState) -> Result<()> {
    for (at, (stage, ahead)) in MEETING.into_iter().enumerate() {
        let further_than = MEETING.get(at + 1).map_or(TimeDelta::zero(), |(_, ahead)| *ahead);
        let due = coming(state.clock.now(), stage, ahead, further_than);
        let mut some = next(state, &due, None).await?;
        while let Some(last) = some.last().copied() {
            for id in some {
                remind_of(state, id, stage, ahead).await?;
            }
            some = next(state, &due, Some(last)).await?;
        }
    }
    Ok(())
}

/// A meeting that was moved is reminded of anew.
fn coming(now: DateTime<Utc>, stage: Stage, ahead: TimeDelta, further_than: TimeDelta) -> Condition {
    Condition::all()
        .add(Column::Status.eq(Status::Confirmed))
        .add(Column::ScheduledAt.gt(now + further_than))
        .add(Column::ScheduledAt.lte(now + ahead))
        .add(not_given(stage, (Entity, Column::Id), (Entity, Column::ScheduledAt)))
}

async fn next(state: &AppState, which: &Condition, after: Option<Uuid>) -> Result<Vec<Uuid>> {
    let after = after.map(|id| Column::Id.gt(id));
    let some = Entity::find().select_only().column(Column::Id).filter(which.clone().add_option(after));
    Ok(some.order_by_asc(Column::Id).limit(AT_A_TIME).into_tuple().all(state.read()).await?)
}

async fn remind_of(state: &AppState, id: Uuid, stage: Stage, ahead: TimeDelta) -> Result<()> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let still = Entity::find().filter(Column::Id.eq(id)).filter(Column::Status.eq(Status::Confirmed));
    let Some(row) = still.lock(LockType::NoKeyUpdate).one(&txn).await? else { return Ok(()) };
    if note(&txn, id, stage, row.scheduled_at, now).await? && !was_settled_late(&row, ahead) {
        let pair = mentorship::Entity::find().filter(mentorship::Column::Id.eq(row.mentorship_id)).one(&txn).await?;
        let sides = pair.map(|pair| [pair.mentor_id, pair.mentee_id]).unwrap_or_default();
        let told = present(&txn, &sides, now).await?;
        let data = json!({ "mentorshipId": row.mentorship_id, "hours": ahead.num_hours() });
        let event = Event::new(Kind::MeetingReminded, id).informing(told).with(data);
        events::record(&txn, state, event).await?;
    }
    Ok(txn.commit().await?)
}

/// Whether the reminder would tell what both have just agreed on.
fn was_settled_late(row: &Model, ahead: TimeDelta) -> bool {
    row.updated_at > row.scheduled_at - ahead
}
