//! Accounts at sign-in providers.

use entity::account::{ActiveModel, Column, Entity, Model, PASSWORD};
use entity::mail;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
};
use sea_orm::{ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{Caller, Registered};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{Listing, PageRequest};
use crate::mail::{To, queue};
use crate::oauth::ops::{Proven, take};
use crate::state::AppState;
use crate::users;

/// The account of whoever has proved this identity; the address plays no part in it.
pub async fn of_identity(db: &impl ConnectionTrait, proven: &Proven) -> Result<Option<Model>> {
    let this = Condition::all()
        .add(Column::Provider.eq(proven.provider.as_str()))
        .add(Column::ProviderAccountId.eq(proven.key()));
    Ok(Entity::find().filter(this).one(db).await?)
}

pub async fn has_provider(txn: &DatabaseTransaction, user_id: Uuid, provider: &str) -> Result<bool> {
    let of_provider = mine(user_id).add(Column::Provider.eq(provider));
    Ok(Entity::find().filter(of_provider).count(txn).await? > 0)
}

/// From now on the identity signs in as this user.
pub async fn add_identity(
    txn: &DatabaseTransaction,
    state: &AppState,
    user_id: Uuid,
    proven: &Proven,
) -> Result<Model> {
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(user_id),
        provider: Set(proven.provider.clone()),
        provider_account_id: Set(proven.key()),
        password_hash: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let account = row.insert(txn).await?;
    let data = json!({ "provider": proven.provider });
    let event = Event::new(Kind::AccountLinked, user_id).telling([user_id]).with(data);
    events::record(txn, state, event).await?;
    Ok(account)
}

/// The same for who was a member before: they are told.
pub async fn join_identity(
    txn: &DatabaseTransaction,
    state: &AppState,
    user_id: Uuid,
    proven: &Proven,
) -> Result<Model> {
    queue(txn, state, mail::Kind::AccountLinked, To::User(user_id)).await?;
    add_identity(txn, state, user_id, proven).await
}

pub async fn link(state: &AppState, me: &Caller<Registered>, code: &str, verifier: &str) -> Result<Model> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    let proven = take(&txn, state, code, verifier).await?;
    state.lock_word(&txn, &proven.key()).await?;
    users::ops::lock(&txn, me.id()).await?;
    if of_identity(&txn, &proven).await?.is_some() {
        return Err(Error::refused(Code::AlreadyExists, "somebody signs in with this identity already"));
    }
    if has_provider(&txn, me.id(), &proven.provider).await? {
        return Err(Error::refused(Code::AlreadyExists, "you have an account of this provider already"));
    }
    let account = join_identity(&txn, state, me.id(), &proven).await?;
    txn.commit().await?;
    Ok(account)
}

/// The way of signing in is gone, unless it is the last that works.
pub async fn unlink(state: &AppState, me: &Caller<Registered>, id: Uuid) -> Result<()> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    let all = Entity::find().filter(mine(me.id())).all(&txn).await?;
    let (these, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|account| account.id == id);
    let account = these.into_iter().next().ok_or(Code::NotFound)?;
    let works = |account: &Model| account.provider == PASSWORD || state.providers.get(&account.provider).is_some();
    if !others.iter().any(works) {
        return Err(Code::LastAccount.into());
    }
    let event = Event::new(Kind::AccountUnlinked, me.id()).by(me).with(json!({ "provider": account.provider }));
    account.delete(&txn).await?;
    events::record(&txn, state, event).await?;
    queue(&txn, state, mail::Kind::AccountUnlinked, To::User(me.id())).await?;
    Ok(txn.commit().await?)
}

pub async fn get(state: &AppState, me: &Caller<Registered>, id: Uuid) -> Result<Model> {
    let this = mine(me.id()).add(Column::Id.eq(id));
    Ok(Entity::find().filter(this).one(state.read()).await?.ok_or(Code::NotFound)?)
}

/// The oldest first.
pub async fn list(state: &AppState, me: &Caller<Registered>, page: PageRequest) -> Result<Listing<Model>> {
    let after = page.after::<Uuid>()?;
    let rest = mine(me.id()).add_option(after.map(|id| Column::Id.gt(id)));
    let oldest = Entity::find().filter(rest).order_by_asc(Column::Id).limit(page.fetch());
    page.listing(oldest.all(state.read()).await?, |account| account.id)
}

fn mine(user_id: Uuid) -> Condition {
    Condition::all().add(Column::UserId.eq(user_id))
}
