use entity::suggestion::{ActiveModel, Column, Entity, Reasons, Status, of_pair};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::error::Result;
use crate::state::AppState;

/// For two who are kept apart: what is open between them lapses, on either side.
pub async fn withdraw_between(txn: &DatabaseTransaction, state: &AppState, one: Uuid, other: Uuid) -> Result<()> {
    let now = state.clock.now();
    let open = Condition::all().add(Column::Status.ne(Status::Accepted)).add(Column::ExpiresAt.gt(now));
    let lapsed = ActiveModel { expires_at: Set(now), updated_at: Set(now), ..Default::default() };
    Entity::update_many().set(lapsed).filter(of_pair(one, other)).filter(open).exec(txn).await?;
    Ok(())
}

/// For whoever leaves: what waits for an answer lapses, and none tells any more what the two have in common.
pub async fn withdraw_all(txn: &DatabaseTransaction, state: &AppState, user: Uuid) -> Result<()> {
    let now = state.clock.now();
    let theirs = || Condition::any().add(Column::MentorId.eq(user)).add(Column::MenteeId.eq(user));
    let locked = Entity::find().select_only().column(Column::Id).filter(theirs());
    locked.order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).into_tuple::<Uuid>().all(txn).await?;
    let untold = ActiveModel { reasons: Set(Reasons::default()), updated_at: Set(now), ..Default::default() };
    Entity::update_many().set(untold).filter(theirs()).exec(txn).await?;
    let open = Condition::all().add(Column::Status.eq(Status::Pending)).add(Column::ExpiresAt.gt(now));
    let lapsed = ActiveModel { expires_at: Set(now), ..Default::default() };
    Entity::update_many().set(lapsed).filter(theirs()).filter(open).exec(txn).await?;
    Ok(())
}
