use entity::mentorship::{self, Actor, Column, EndReason, Entity};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

use super::lapse;
use super::step::{Step, carry_out, refusal};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::state::AppState;

/// Cancels what the caller has open with others, as withdrawn: that says what happened, and both may read it.
pub async fn leave_all(txn: &DatabaseTransaction, state: &AppState, me: &Caller<Registered>) -> Result<()> {
    let (by, reason, now) = (Actor::Participant(me.id()), EndReason::Withdrawn, state.clock.now());
    let rows = open_of(me.id()).order_by_asc(Column::Id).lock(LockType::NoKeyUpdate).all(txn).await?;
    for row in rows {
        if row.has_lapsed(now) {
            lapse::expire(txn, state, row).await?;
            continue;
        }
        let canceled = row.clone().cancel(by, reason, None, now).map_err(|error| refusal(error, &row))?;
        let Some(moved) = canceled else { continue };
        carry_out(txn, state, me, (&row, moved), &Step::Cancel { reason, note: None }, by).await?;
    }
    Ok(())
}

/// Whether the user has any mentorship open.
pub async fn has_open(db: &impl ConnectionTrait, user: Uuid) -> Result<bool> {
    Ok(open_of(user).count(db).await? > 0)
}

fn open_of(user: Uuid) -> Select<Entity> {
    Entity::find().filter(mentorship::of_participant(user)).filter(mentorship::open())
}
