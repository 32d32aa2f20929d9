use entity::push_subscription::{ActiveModel, Column, Entity, Model, of_user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use url::Url;
use uuid::Uuid;

use super::wire::NewPushSubscription;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::http::{Listing, PageRequest};
use crate::push::Keys;
use crate::state::AppState;
use crate::users;

const MOST: u64 = 10;

pub(super) async fn list(state: &AppState, me: &Caller<Member>, page: &PageRequest) -> Result<Listing<Model>> {
    let after = page.after::<Uuid>()?.map(|id| Column::Id.lt(id));
    let rows = Entity::find().filter(of_user(me.id()).add_option(after)).order_by_desc(Column::Id).limit(page.fetch());
    page.listing(rows.all(state.read()).await?, |row| row.id)
}

pub(super) async fn get(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Model> {
    let mine = of_user(me.id()).add(Column::Id.eq(id));
    Ok(Entity::find().filter(mine).one(state.read()).await?.ok_or(Code::NotFound)?)
}

pub async fn of_member(db: &impl ConnectionTrait, user: Uuid) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(of_user(user)).order_by_asc(Column::Id).all(db).await?)
}

pub(super) async fn subscribe(
    state: &AppState,
    me: &Caller<Member>,
    body: NewPushSubscription,
    user_agent: Option<String>,
) -> Result<Model> {
    demand_usable(state, &body)?;
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    // Whoever has the browser now, also where another member had it.
    Entity::delete_many().filter(Column::Endpoint.eq(body.endpoint.as_str())).exec(&txn).await?;
    make_room(&txn, me.id()).await?;
    let row = ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(me.id()),
        endpoint: Set(body.endpoint),
        p256dh: Set(body.keys.p256dh),
        auth: Set(body.keys.auth),
        user_agent: Set(user_agent),
        created_at: Set(state.clock.now()),
    };
    let row = row.insert(&txn).await?;
    txn.commit().await?;
    Ok(row)
}

fn demand_usable(state: &AppState, body: &NewPushSubscription) -> Result<()> {
    let pusher = state.channels.push.as_ref().ok_or(Code::ChannelNotOffered)?;
    let fault = match Url::parse(&body.endpoint) {
        Ok(url) => pusher.fault_of(&url),
        Err(_) => Some("must be an address"),
    };
    if let Some(fault) = fault {
        return Err(Error::invalid("/endpoint", "not_allowed", fault));
    }
    match Keys::read(&body.keys.p256dh, &body.keys.auth) {
        Some(_) => Ok(()),
        None => Err(Error::invalid("/keys", "not_a_key", "must be the keys of a browser's subscription")),
    }
}

/// The oldest make room for one more.
async fn make_room(txn: &DatabaseTransaction, user: Uuid) -> Result<()> {
    let rows = Entity::find().filter(of_user(user)).order_by_desc(Column::Id).offset(MOST - 1).limit(MOST);
    let ids = rows.select_only().column(Column::Id).into_tuple::<Uuid>().all(txn).await?;
    if !ids.is_empty() {
        Entity::delete_many().filter(Column::Id.is_in(ids)).exec(txn).await?;
    }
    Ok(())
}

pub(super) async fn unsubscribe(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<()> {
    let txn = state.begin_write().await?;
    let gone = Entity::delete_many().filter(of_user(me.id()).add(Column::Id.eq(id))).exec(&txn).await?;
    txn.commit().await?;
    if gone.rows_affected == 1 { Ok(()) } else { Err(Code::NotFound.into()) }
}

pub async fn delete_all(txn: &impl ConnectionTrait, user: Uuid) -> Result<()> {
    Entity::delete_many().filter(of_user(user)).exec(txn).await?;
    Ok(())
}
