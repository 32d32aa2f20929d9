use entity::block::{self, ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::BlockOut;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::state::AppState;
use crate::{mentorships, people, suggestions, users};

/// A block, and whether this call or an earlier one added it.
pub enum Added {
    Now(BlockOut),
    Before(BlockOut),
}

pub(super) async fn list(state: &AppState, me: &Caller<Member>, page: &PageRequest) -> Result<Listing<BlockOut>> {
    let rows = Entity::find()
        .filter(block::made_by(me.id()))
        .apply_if(page.after::<Uuid>()?, |query, id| query.filter(Column::Id.lt(id)))
        .order_by_desc(Column::Id)
        .limit(page.fetch())
        .all(state.read())
        .await?;
    let page = page.listing(rows, |row| row.id)?;
    let mut cards = people::by_id(state.read(), page.items.iter().map(|row| row.blocked_id)).await?;
    let items = page.items.iter().filter_map(|row| Some(BlockOut::new(row, cards.remove(&row.blocked_id)?)));
    Ok(Listing { items: items.collect(), next_cursor: page.next_cursor })
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<BlockOut> {
    let found = Entity::find().filter(block::made_by(me.id())).filter(Column::Id.eq(id)).one(state.read()).await?;
    shown(state.read(), &found.ok_or(Code::NotFound)?).await
}

async fn shown(db: &impl ConnectionTrait, row: &Model) -> Result<BlockOut> {
    let card = people::by_id(db, [row.blocked_id]).await?.remove(&row.blocked_id).ok_or(Code::NotFound)?;
    Ok(BlockOut::new(row, card))
}

pub(super) async fn add(state: &AppState, me: &Caller<Member>, other: Uuid) -> Result<Added> {
    if other == me.id() {
        return Err(Error::invalid("/userId", "oneself", "nobody blocks themselves"));
    }
    let txn = state.begin_write().await?;
    if users::ops::known(&txn, me, other).await?.is_staff() {
        return Err(Error::invalid("/userId", "staff_member", "staff cannot be blocked"));
    }
    let (is_new, row) = insert_once(&txn, state, me.id(), other).await?;
    let out = shown(&txn, &row).await?;
    if !is_new {
        return Ok(Added::Before(out));
    }
    end_contact(&txn, state, me.id(), other).await?;
    let event = Event::new(Kind::BlockAdded, row.id).by(me).with(json!({ "userId": other }));
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    Ok(Added::Now(out))
}

/// Whoever is making suggestions for one of the two holds their row: what they suggest by then lapses too, and who comes later
/// sees the block.
async fn end_contact(txn: &DatabaseTransaction, state: &AppState, me: Uuid, other: Uuid) -> Result<()> {
    suggestions::ops::withdraw_between(txn, state, me, other).await?;
    mentorships::ops::lapse_between(txn, state, me, other).await?;
    users::ops::lock_both(txn, me, other).await?;
    suggestions::ops::withdraw_between(txn, state, me, other).await
}

async fn insert_once(txn: &DatabaseTransaction, state: &AppState, me: Uuid, other: Uuid) -> Result<(bool, Model)> {
    let id = state.new_id();
    let row =
        ActiveModel { id: Set(id), blocker_id: Set(me), blocked_id: Set(other), created_at: Set(state.clock.now()) };
    let once = OnConflict::columns([Column::BlockerId, Column::BlockedId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(txn).await?;
    let found = Entity::find().filter(block::made_by(me)).filter(Column::BlockedId.eq(other)).one(txn).await?;
    // Lifted at this very moment.
    let found = found.ok_or(Code::Unavailable)?;
    Ok((found.id == id, found))
}

pub(super) async fn lift(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let mine = || block::made_by(me.id()).add(Column::Id.eq(id));
    let found = Entity::find().filter(mine()).one(&txn).await?.ok_or(Code::NotFound)?;
    if Entity::delete_many().filter(mine()).exec(&txn).await?.rows_affected == 0 {
        return Err(Code::NotFound.into());
    }
    let event = Event::new(Kind::BlockLifted, id).by(me).with(json!({ "userId": found.blocked_id }));
    events::record(&txn, state, event).await?;
    Ok(txn.commit().await?)
}

/// Refuses a pair of whom one blocks the other, in the words for one that is not available: neither learns of it.
pub async fn demand_none(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<()> {
    if are_apart(db, one, other).await? { Err(Code::NotSuggestable.into()) } else { Ok(()) }
}

/// Whether one of the two blocks the other.
pub async fn are_apart(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<bool> {
    Ok(Entity::find().filter(block::between(one, other)).count(db).await? > 0)
}

/// Of whoever leaves.
pub async fn delete_all(txn: &DatabaseTransaction, user: Uuid) -> Result<()> {
    let theirs = Condition::any().add(Column::BlockerId.eq(user)).add(Column::BlockedId.eq(user));
    Entity::delete_many().filter(theirs).exec(txn).await?;
    Ok(())
}
