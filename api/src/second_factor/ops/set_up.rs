use chrono::{DateTime, Utc};
use entity::second_factor::{ActiveModel, Column, Entity, Model};
use entity::{mail, user};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use uuid::Uuid;

use super::demand::new_step;
use super::{codes, lock, purpose};
use crate::auth::{Caller, Registered};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::mail::{To, queue};
use crate::second_factor::totp;
use crate::state::AppState;
use crate::{sessions, settings, users};

pub struct State {
    pub since: Option<DateTime<Utc>>,
    pub recovery_codes: u64,
}

pub async fn state_of(state: &AppState, me: &Caller<Registered>) -> Result<State> {
    let factor = Entity::find().filter(Column::UserId.eq(me.id())).one(state.read()).await?;
    let recovery_codes = codes::count_unused(state.read(), me.id()).await?;
    Ok(State { since: factor.and_then(|factor| factor.confirmed_at), recovery_codes })
}

/// What the app needs to know.
pub struct Setup {
    pub secret: String,
    pub link: String,
}

/// A new secret, which counts once it is confirmed.
pub async fn start(state: &AppState, me: &Caller<Registered>) -> Result<Setup> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    let user = users::ops::lock(&txn, me.id()).await?;
    if lock(&txn, user.id).await?.is_some_and(|factor| factor.confirmed_at.is_some()) {
        return Err(Error::refused(Code::AlreadyExists, "the second factor is enabled; disable it first"));
    }
    let secret = totp::secret();
    store(&txn, state, &user, &secret).await?;
    let programme = settings::ops::current(&txn).await?.name;
    txn.commit().await?;
    let (secret, link) = totp::shown(&secret, &programme, &user.email)?;
    Ok(Setup { secret, link })
}

async fn store(txn: &DatabaseTransaction, state: &AppState, user: &user::Model, secret: &totp::Secret) -> Result<()> {
    let row = ActiveModel {
        user_id: Set(user.id),
        secret: Set(state.auth.seal(&purpose(user.id), secret)?),
        created_at: Set(state.clock.now()),
        confirmed_at: Set(None),
        last_used_step: Set(0),
    };
    let replace = OnConflict::column(Column::UserId).update_columns([Column::Secret, Column::CreatedAt]).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

/// From now on it is asked for; whoever is signed in without it elsewhere is signed out.
pub async fn confirm(state: &AppState, me: &Caller<Registered>, code: &str) -> Result<Vec<String>> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    let factor = lock(&txn, me.id()).await?.filter(|factor| factor.confirmed_at.is_none());
    let factor = factor.ok_or(Code::InvalidTransition)?;
    let wrong = || Error::invalid("/code", "wrong_code", "not a code of now for this secret");
    let step = new_step(state, &factor, code)?.ok_or_else(wrong)?;
    let mut row = factor.into_active_model();
    row.confirmed_at = Set(Some(state.clock.now()));
    row.last_used_step = Set(step);
    row.update(&txn).await?;
    let codes = codes::renew(&txn, state, me.id()).await?;
    sessions::ops::end_others(&txn, state, me).await?;
    events::record(&txn, state, Event::new(Kind::UserSecondFactorEnabled, me.id()).by(me)).await?;
    queue(&txn, state, mail::Kind::SecondFactorEnabled, To::User(me.id())).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(codes)
}

pub async fn renew_codes(state: &AppState, me: &Caller<Registered>) -> Result<Vec<String>> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    let factor: Option<Model> = lock(&txn, me.id()).await?.filter(|factor| factor.confirmed_at.is_some());
    factor.ok_or(Code::InvalidTransition)?;
    let codes = codes::renew(&txn, state, me.id()).await?;
    events::record(&txn, state, Event::new(Kind::UserRecoveryCodesMade, me.id()).by(me)).await?;
    txn.commit().await?;
    Ok(codes)
}

pub async fn disable(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    let was_enabled = lock(&txn, me.id()).await?.is_some_and(|factor| factor.confirmed_at.is_some());
    remove(&txn, me.id()).await?;
    if was_enabled {
        events::record(&txn, state, Event::new(Kind::UserSecondFactorDisabled, me.id()).by(me)).await?;
        queue(&txn, state, mail::Kind::SecondFactorDisabled, To::User(me.id())).await?;
    }
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(())
}

/// With its recovery codes.
pub async fn remove(txn: &DatabaseTransaction, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(txn).await?;
    Ok(())
}
