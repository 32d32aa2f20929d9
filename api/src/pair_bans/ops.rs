use entity::pair_ban::{ActiveModel, Column, Entity, Model};
use entity::user;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
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

/// How often the two may be suggested to each other anew at this very moment.
const ATTEMPTS: usize = 5;

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
    for _ in 0..ATTEMPTS {
        if let Some(ban) = try_ban(state, me, &body).await? {
            return Ok(ban);
        }
    }
    Err(Code::Unavailable.into())
}

/// None where the two were suggested to each other in between, as suggestions are locked before users. Then nothing is changed.
async fn try_ban(state: &AppState, me: &Caller<Admin>, body: &NewPairBan) -> Result<Option<Model>> {
    let (one_id, other_id) = (body.one_id.min(body.other_id), body.one_id.max(body.other_id));
    let txn = state.begin_write().await?;
    suggestions::ops::withdraw_between(&txn, state, one_id, other_id).await?;
    lock_members(&txn, body).await?;
    if suggestions::ops::has_open_between(&txn, state, one_id, other_id).await? {
        txn.rollback().await?;
        return Ok(None);
    }
    let row = ActiveModel {
        id: Set(state.new_id()),
        one_id: Set(one_id),
        other_id: Set(other_id),
        note: Set(body.note.clone()),
        created_by_id: Set(Some(me.id())),
        created_at: Set(state.clock.now()),
    };
    let row = row.insert(&txn).await?;
    let data = json!({ "before": {}, "after": { "oneId": one_id, "otherId": other_id } });
    events::record(&txn, state, Event::new(Kind::PairBanned, row.id).by_staff(me).with(data)).await?;
    txn.commit().await?;
    Ok(Some(row))
}

/// Neither is suggested to anybody until the transaction ends.
async fn lock_members(txn: &DatabaseTransaction, body: &NewPairBan) -> Result<()> {
    use user::{Column, Entity};

    let both = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in([body.one_id, body.other_id]));
    let members = both.filter(Column::ErasedAt.is_null()).order_by_asc(Column::Id).lock(LockType::NoKeyUpdate);
    let members: Vec<Uuid> = members.into_tuple().all(txn).await?;
    let named = [("/oneId", body.one_id), ("/otherId", body.other_id)];
    let unknown = named.into_iter().filter(|(_, id)| !members.contains(id));
    let faults: Vec<_> =
        unknown.map(|(pointer, _)| Fault::new(pointer, "unknown_user", "there is no such member")).collect();
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
