//! What the clock reminds of: requests that wait, meetings that come, mentorships that fell silent. The rules stand here; each stage
//! is given once, since it is noted down in the transaction of its event.

mod meetings;
mod requests;
mod silence;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::reminder::{ActiveModel, Column, Entity, Stage};
use entity::user;
use sea_orm::sea_query::{Expr, ExprTrait, IntoIden, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, TryInsertResult,
};
use uuid::Uuid;

use crate::error::Result;
use crate::jobs::turns;
use crate::state::AppState;

/// A request is brought to the mentor's mind on these days; where its time is over, it lapses.
const REQUEST: [(Stage, TimeDelta); 2] =
    [(Stage::RequestDay3, TimeDelta::days(3)), (Stage::RequestDay10, TimeDelta::days(10))];
/// Both sides are told of a meeting so long before it begins.
const MEETING: [(Stage, TimeDelta); 2] =
    [(Stage::MeetingDay, TimeDelta::hours(24)), (Stage::MeetingHour, TimeDelta::hours(1))];
/// The pair is asked after so long without a sign of life, staff after so long.
const SILENCE: [(Stage, TimeDelta); 2] =
    [(Stage::SilenceDay21, TimeDelta::days(21)), (Stage::SilenceDay28, TimeDelta::days(28))];

/// How often it is looked for what is due.
const EVERY: TimeDelta = TimeDelta::minutes(1);
const SILENCE_EVERY: TimeDelta = TimeDelta::hours(1);
/// A node that has a turn for longer is taken for dead; where it is not, what both remind of is still told once.
const LEASE: TimeDelta = TimeDelta::minutes(2);
/// For so long it is known what was reminded of.
const KEPT: TimeDelta = TimeDelta::days(400);
const AT_A_TIME: u64 = 200;

/// Reminds of what is due, where no other node does.
pub async fn work(state: &AppState) -> Result<()> {
    if let Some(turn) = turns::take(state, "reminders", LEASE).await? {
        requests::remind(state).await?;
        requests::lapse(state).await?;
        meetings::remind(state).await?;
        finish(state, &turn, EVERY).await?;
    }
    if let Some(turn) = turns::take(state, "silence", LEASE).await? {
        silence::remind(state).await?;
        forget_old(state).await?;
        finish(state, &turn, SILENCE_EVERY).await?;
    }
    Ok(())
}

async fn finish(state: &AppState, turn: &turns::Turn, pause: TimeDelta) -> Result<()> {
    let txn = state.begin_write().await?;
    turn.finish(&txn, state.clock.now() + pause).await?;
    Ok(txn.commit().await?)
}

async fn forget_old(state: &AppState) -> Result<()> {
    let txn = state.begin_write().await?;
    Entity::delete_many().filter(Column::CreatedAt.lt(state.clock.now() - KEPT)).exec(&txn).await?;
    Ok(txn.commit().await?)
}

/// Notes that the stage is given; whether it was not before.
async fn note(
    txn: &DatabaseTransaction,
    subject: Uuid,
    stage: Stage,
    about_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row =
        ActiveModel { subject_id: Set(subject), stage: Set(stage), about_at: Set(about_at), created_at: Set(now) };
    let once = OnConflict::new().do_nothing().to_owned();
    let noted = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    Ok(matches!(noted, TryInsertResult::Inserted(count) if count > 0))
}

/// A column of the rows that are looked for.
type Place<T, C> = (T, C);

/// The rows of `id` for which the stage was not given yet; what it is `about` may have changed since.
fn not_given<T: IntoIden, C: IntoIden>(stage: Stage, id: Place<T, C>, about: Place<T, C>) -> Condition {
    let given = Query::select()
        .expr(Expr::value(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::SubjectId)).equals(id))
        .and_where(Expr::col((Entity, Column::AboutAt)).equals(about))
        .and_where(Column::Stage.eq(stage))
        .to_owned();
    Condition::all().add(Expr::exists(given).not())
}

/// Those of `users` who are to be reminded of anything now: not the suspended, the paused and those who left.
async fn present(db: &impl ConnectionTrait, users: &[Uuid], now: DateTime<Utc>) -> Result<BTreeSet<Uuid>> {
    let there = Condition::all()
        .add(user::Column::Id.is_in(users.iter().copied()))
        .add(user::Column::Status.eq(user::Status::Active))
        .add(user::Column::ErasedAt.is_null())
        .add(Condition::any().add(user::Column::PausedUntil.is_null()).add(user::Column::PausedUntil.lte(now)));
    let ids = user::Entity::find().select_only().column(user::Column::Id).filter(there);
    Ok(ids.into_tuple::<Uuid>().all(db).await?.into_iter().collect())
}
