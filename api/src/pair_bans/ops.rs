use entity::pair_ban::{ActiveModel, Column, Entity, Model};
use entity::user;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::wire::{NewPairBan, PairBanFilter};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::state::AppState;
use crate::suggestions;

pub(super) async fn list(state: &AppState, filter: &PairBanFilter, page: &PageRequest) -> Result<Listing<Model>> {
    let of_member =
        filter.user_id.map(|user| Condition::any().add(Column::OneId.eq(user)).add(Column::OtherId.eq(user)));
    let after = page.after::<Uuid>()?.map(|id| Column::Id.lt(id));
    let wanted = Condition::all().add_option(of_member).add_option(after);
    let newest = Entity::find().filter(wanted).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(newest.all(state.read()).await?, |ban| ban.id)
}

pub(super) async fn get(state: &AppState, id: Uuid) -> Result<Model> {
    Ok(Entity::find().filter(Column::Id.eq(id)).one(state.read()).await?.ok_or(Code::NotFound)?)
}

pub(super) async fn ban(state: &AppState, me: &Caller<Admin>, body: NewPairBan) -> Result<Model> {
    if body.one_id == body.other_id {
        return Err(Error::invalid("/otherId", "same_person", "nobody is kept apart from themselves"));
    }
    let txn = state.begin_write().await?;
    demand_members(&txn, &body).await?;
    let (one_id, other_id) = (body.one_id.min(body.other_id), body.one_id.max(body.other_id));
    let row = ActiveModel {
        id: Set(state.new_id()),
        one_id: Set(one_id),
        other_id: Set(other_id),
        note: Set(body.note),
        created_by_id: Set(Some(me.id())),
        created_at: Set(state.clock.now()),
    };
    let row = row.insert(&txn).await?;
    suggestions::ops::withdraw_between(&txn, state, one_id, other_id).await?;
    let data = json!({ "before": {}, "after": { "oneId": one_id, "otherId": other_id } });
    events::record(&txn, state, Event::new(Kind::PairBanned, row.id).by_staff(me).with(data)).await?;
    txn.commit().await?;
    Ok(row)
}

async fn demand_members(db: &impl ConnectionTrait, body: &NewPairBan) -> Result<()> {
    let mut faults = Vec::new();
    for (pointer, id) in [("/oneId", body.one_id), ("/otherId", body.other_id)] {
        let member = user::Entity::find().filter(user::Column::Id.eq(id)).filter(user::Column::ErasedAt.is_null());
        if member.count(db).await? == 0 {
            faults.push(Fault::new(pointer, "unknown_user", "there is no such member"));
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

pub(super) async fn lift(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let ban = Entity::find().filter(Column::Id.eq(id)).lock_exclusive().one(&txn).await?.ok_or(Code::NotFound)?;
    Entity::delete_many().filter(Column::Id.eq(id)).exec(&txn).await?;
    let data = json!({ "before": { "oneId": ban.one_id, "otherId": ban.other_id },
        "after": { "oneId": null, "otherId": null } });
    events::record(&txn, state, Event::new(Kind::PairBanLifted, id).by_staff(me).with(data)).await?;
    Ok(txn.commit().await?)
}

/// Refuses a pair that the staff keep apart, in the words for one that is not available: neither learns of it.
pub async fn demand_none(db: &impl ConnectionTrait, one: Uuid, other: Uuid) -> Result<()> {
    let same = Condition::all().add(Column::OneId.eq(one.min(other))).add(Column::OtherId.eq(one.max(other)));
    let bans = Entity::find().filter(same).count(db).await?;
    if bans == 0 { Ok(()) } else { Err(Code::NotSuggestable.into()) }
}
