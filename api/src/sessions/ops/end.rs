use entity::session::{ActiveModel, Column, EndedReason, Entity, Mode, Model, live};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{Caller, RefreshToken, Registered};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;

pub async fn sign_out(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    end_where(state, me.session_id(), |_| true, EndedReason::SignedOut).await.map(|_| ())
}

/// Whatever token it was, its session is over afterwards.
pub async fn sign_out_by_token(state: &AppState, text: &str) -> Result<()> {
    let Some(token) = RefreshToken::open(&state.auth, text) else { return Ok(()) };
    let by_cookie = |session: &Model| session.mode == Mode::Cookie;
    end_where(state, token.session_id, by_cookie, EndedReason::SignedOut).await.map(|_| ())
}

pub async fn end_one(state: &AppState, me: &Caller<Registered>, id: Uuid) -> Result<()> {
    let is_there = end_where(state, id, |session| session.user_id == me.id(), EndedReason::Revoked).await?;
    if is_there { Ok(()) } else { Err(Code::NotFound.into()) }
}

/// Ends the session where it is one that `may` be ended; whether it is.
async fn end_where(state: &AppState, id: Uuid, may: impl FnOnce(&Model) -> bool, reason: EndedReason) -> Result<bool> {
    let txn = state.begin_write().await?;
    let Some(session) = lock(&txn, id).await?.filter(may) else { return Ok(false) };
    if session.ended_at.is_some() {
        return Ok(true);
    }
    let user = session.user_id;
    end(&txn, state, session, reason).await?;
    txn.commit().await?;
    state.auth.forget(user);
    Ok(true)
}

/// Ends the session that asks, where nobody has ended it before.
pub async fn end_this<R>(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<R>,
    reason: EndedReason,
) -> Result<()> {
    let session = lock(txn, me.session_id()).await?.filter(|session| session.is_live(state.clock.now()));
    end(txn, state, session.ok_or(Code::Unauthenticated)?, reason).await
}

pub async fn sign_out_everywhere(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    let txn = state.begin_write().await?;
    end_all(&txn, state, me.id(), EndedReason::SignedOut).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(())
}

/// Ends what `user_id` is signed in with.
pub async fn end_all(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid, reason: EndedReason) -> Result<()> {
    end_many(txn, state, user_id, None, reason).await
}

/// The same but for the session that asks.
pub async fn end_others<R>(txn: &DatabaseTransaction, state: &AppState, me: &Caller<R>) -> Result<()> {
    end_many(txn, state, me.id(), Some(me.session_id()), EndedReason::Revoked).await
}

/// Ends them without a trace, for whoever leaves.
pub async fn delete_all(txn: &DatabaseTransaction, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(txn).await?;
    Ok(())
}

async fn end_many(
    txn: &DatabaseTransaction,
    state: &AppState,
    user_id: Uuid,
    but: Option<Uuid>,
    reason: EndedReason,
) -> Result<()> {
    let now = state.clock.now();
    let these = live(now).add(Column::UserId.eq(user_id)).add_option(but.map(|id| Column::Id.ne(id)));
    let sessions = Entity::find().filter(these).lock_exclusive().all(txn).await?;
    for session in sessions {
        end(txn, state, session, reason).await?;
    }
    Ok(())
}

pub(super) async fn lock(txn: &DatabaseTransaction, id: Uuid) -> Result<Option<Model>> {
    let this = Condition::all().add(Column::Id.eq(id));
    Ok(Entity::find().filter(this).lock_exclusive().one(txn).await?)
}

pub(super) async fn end(
    txn: &DatabaseTransaction,
    state: &AppState,
    session: Model,
    reason: EndedReason,
) -> Result<()> {
    let id = session.id;
    let mut row: ActiveModel = session.into_active_model();
    row.ended_at = Set(Some(state.clock.now()));
    row.ended_reason = Set(Some(reason));
    row.update(txn).await?;
    events::record(txn, state, Event::new(Kind::SessionEnded, id).with(json!({ "reason": reason }))).await
}
