//! Work that comes round on the clock, and is done by one node each time.

use chrono::{DateTime, TimeDelta, Utc};
use entity::job_turn::{ActiveModel, Column, Entity, is_free};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::error::Result;
use crate::state::AppState;

/// A turn that this node has.
pub struct Turn {
    name: &'static str,
    holder: Uuid,
}

/// Takes the turn of `name` where it is due and nobody is at it; somebody else's is over `lease` after they took it.
pub async fn take(state: &AppState, name: &'static str, lease: TimeDelta) -> Result<Option<Turn>> {
    let now = state.clock.now();
    let known = Entity::find().filter(Column::Name.eq(name)).count(state.read()).await? > 0;
    if known && Entity::find().filter(is_free(name, now)).count(state.read()).await? == 0 {
        return Ok(None);
    }
    let txn = state.begin_write().await?;
    let first = ActiveModel { name: Set(name.to_owned()), due_at: Set(now), holder: Set(None), lease_until: Set(None) };
    let once = OnConflict::column(Column::Name).do_nothing().to_owned();
    Entity::insert(first).on_conflict(once).try_insert().exec_without_returning(&txn).await?;
    let holder = state.new_id();
    let held = ActiveModel { holder: Set(Some(holder)), lease_until: Set(Some(now + lease)), ..Default::default() };
    let taken = Entity::update_many().set(held).filter(is_free(name, now)).exec(&txn).await?.rows_affected == 1;
    txn.commit().await?;
    Ok(taken.then_some(Turn { name, holder }))
}

/// Brings the next turn of `name` forward to now.
pub async fn make_due(txn: &DatabaseTransaction, name: &str, now: DateTime<Utc>) -> Result<()> {
    let due = ActiveModel { due_at: Set(now), ..Default::default() };
    Entity::update_many().set(due).filter(Column::Name.eq(name)).exec(txn).await?;
    Ok(())
}

impl Turn {
    /// Ends the turn with the work that `txn` does; the next is due at `next`. Tells whether the turn was still this node's.
    pub async fn finish(&self, txn: &DatabaseTransaction, next: DateTime<Utc>) -> Result<bool> {
        let over = ActiveModel { due_at: Set(next), holder: Set(None), lease_until: Set(None), ..Default::default() };
        let mine = Entity::update_many().set(over).filter(Column::Name.eq(self.name));
        Ok(mine.filter(Column::Holder.eq(self.holder)).exec(txn).await?.rows_affected == 1)
    }
}
