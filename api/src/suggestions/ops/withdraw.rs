use chrono::{DateTime, Utc};
use entity::suggestion::{ActiveModel, Column, Entity, Reasons, Status, of_pair};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// For two who are kept apart: what is open between them lapses, on either side.
pub async fn withdraw_between(txn: &DatabaseTransaction, state: &AppState, one: Uuid, other: Uuid) -> Result<()> {
    let open = open_between(one, other, state.clock.now()).select_only().column(Column::Id);
    let ids = open.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).into_tuple().all(txn).await?;
    lapse(txn, state, ids).await
}

pub async fn has_open_between(db: &impl ConnectionTrait, state: &AppState, one: Uuid, other: Uuid) -> Result<bool> {
    Ok(open_between(one, other, state.clock.now()).count(db).await? > 0)
}

fn open_between(one: Uuid, other: Uuid, now: DateTime<Utc>) -> Select<Entity> {
    let open = Condition::all().add(Column::Status.ne(Status::Accepted)).add(Column::ExpiresAt.gt(now));
    Entity::find().filter(of_pair(one, other)).filter(open)
}

/// For whoever leaves: what waits for an answer lapses, and none tells any more what the two have in common. How many they have.
pub async fn withdraw_all(txn: &DatabaseTransaction, state: &AppState, user: Uuid) -> Result<u64> {
    let now = state.clock.now();
    let rows = of_user(user).select_only().columns([Column::Id, Column::Status, Column::ExpiresAt]);
    let rows = rows.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).into_tuple();
    let rows: Vec<(Uuid, Status, DateTime<Utc>)> = rows.all(txn).await?;
    let count = rows.len() as u64;
    let untold = ActiveModel { reasons: Set(Reasons::default()), updated_at: Set(now), ..Default::default() };
    Entity::update_many().set(untold).filter(theirs(user)).exec(txn).await?;
    let open = rows.into_iter().filter(|(_, status, end)| *status == Status::Pending && *end > now);
    lapse(txn, state, open.map(|(id, ..)| id).collect()).await?;
    Ok(count)
}

pub async fn count_of(db: &impl ConnectionTrait, user: Uuid) -> Result<u64> {
    Ok(of_user(user).count(db).await?)
}

fn of_user(user: Uuid) -> Select<Entity> {
    Entity::find().filter(theirs(user))
}

fn theirs(user: Uuid) -> Condition {
    Condition::any().add(Column::MentorId.eq(user)).add(Column::MenteeId.eq(user))
}

/// Ends these before their time, whose rows are locked. The log tells it to both, and the
/// mentors are less crowded from now on.
pub(super) async fn lapse(txn: &DatabaseTransaction, state: &AppState, ids: Vec<Uuid>) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let now = state.clock.now();
    let lapsed = ActiveModel { expires_at: Set(now), updated_at: Set(now), ..Default::default() };
    Entity::update_many().set(lapsed).filter(Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    let sides = Entity::find().select_only().columns([Column::Id, Column::MentorId, Column::MenteeId]);
    let sides = sides.filter(Column::Id.is_in(ids)).order_by_asc(Column::Id).into_tuple();
    let sides: Vec<(Uuid, Uuid, Uuid)> = sides.all(txn).await?;
    let event = |(id, mentor, mentee)| Event::new(Kind::SuggestionLapsed, id).telling([mentor, mentee]);
    events::record_all(txn, state, sides.into_iter().map(event).collect()).await
}
