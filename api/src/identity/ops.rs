mod create_owner;

use chrono::{DateTime, Utc};
use entity::{account, session, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

pub use create_owner::create_owner;

use super::wire::{Client, SignIn, SignUp, Tokens};
use crate::auth::{Caller, Claims, RefreshToken, Registered};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;
use crate::users;

pub(super) async fn sign_up(state: &AppState, body: SignUp) -> Result<()> {
    let hash = state.auth.passwords.hash(body.password).await?;
    let txn = state.begin_write().await?;
    let Some(user) = users::ops::create(&txn, state, body.name, body.email).await? else {
        return Ok(());
    };
    add_password(&txn, state, user.id, hash).await?;
    Ok(txn.commit().await?)
}

async fn add_password(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid, hash: String) -> Result<()> {
    let now = state.clock.now();
    let row = account::ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(user_id),
        provider: Set(account::PASSWORD.to_owned()),
        provider_account_id: Set(user_id.to_string()),
        password_hash: Set(Some(hash)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    account::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}

pub(super) async fn sign_in(state: &AppState, client: Client, body: SignIn) -> Result<Tokens> {
    let found = account::Entity::find()
        .find_also_related(user::Entity)
        .filter(account::Column::Provider.eq(account::PASSWORD))
        .filter(user::Column::EmailKey.eq(user::email_key(&body.email)))
        .one(state.read())
        .await?;
    let hash = found.as_ref().and_then(|(account, _)| account.password_hash.clone());
    if !state.auth.passwords.verify(body.password, hash).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let user = found.and_then(|(_, user)| user).ok_or(Code::InvalidCredentials)?;
    demand_unsuspended(&user)?;
    start_session(state, client, user).await
}

fn demand_unsuspended(user: &user::Model) -> Result<()> {
    if user.status == user::Status::Suspended { Err(Code::AccountSuspended.into()) } else { Ok(()) }
}

/// Asked again under a lock: a suspension either waits for this sign-in, and ends it, or is seen by it.
async fn demand_still_unsuspended(txn: &DatabaseTransaction, id: Uuid) -> Result<()> {
    let user = user::Entity::find().filter(user::Column::Id.eq(id)).lock(LockType::Share).one(txn).await?;
    demand_unsuspended(&user.ok_or(Code::InvalidCredentials)?)
}

async fn start_session(state: &AppState, client: Client, user: user::Model) -> Result<Tokens> {
    let now = state.clock.now();
    let token = RefreshToken { session_id: state.new_id(), counter: 0 };
    let refresh = token.seal(&state.auth);
    let session = session::ActiveModel {
        id: Set(token.session_id),
        user_id: Set(user.id),
        refresh_hash: Set(RefreshToken::hash(&refresh)),
        refresh_counter: Set(0),
        refresh_rotated_at: Set(None),
        created_at: Set(now),
        last_seen_at: Set(now),
        auth_time: Set(now),
        idle_expires_at: Set(now + RefreshToken::IDLE),
        expires_at: Set(now + RefreshToken::ABSOLUTE),
        user_agent: Set(client.user_agent),
        ..Default::default()
    };
    let txn = state.begin_write().await?;
    demand_still_unsuspended(&txn, user.id).await?;
    let session = session.insert(&txn).await?;
    let event = Event::new(Kind::SessionStarted, session.id).with(json!({ "userId": user.id }));
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    tokens(state, &session, refresh, user, now)
}

/// The next tokens of a session; reuse of a spent token ends it.
pub(super) async fn refresh(state: &AppState, text: &str) -> Result<Tokens> {
    let token = RefreshToken::open(&state.auth, text).ok_or(Code::InvalidRefreshToken)?;
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let session = lock_session(&txn, token.session_id).await?;
    let user = user::Entity::find().filter(user::Column::Id.eq(session.user_id)).one(&txn).await?;
    let user = user.ok_or(Code::InvalidRefreshToken)?;
    demand_unsuspended(&user)?;
    if !session.is_live(now) {
        return Err(Code::InvalidRefreshToken.into());
    }
    if token.counter == session.refresh_counter && RefreshToken::hash(text) == session.refresh_hash {
        return rotate(state, txn, session, user, now).await;
    }
    if is_retry(&session, token, now) {
        let current = RefreshToken { counter: session.refresh_counter, ..token }.seal(&state.auth);
        return tokens(state, &session, current, user, now);
    }
    end(&txn, state, session, session::EndedReason::Reused, now).await?;
    txn.commit().await?;
    state.auth.forget(user.id);
    Err(Code::InvalidRefreshToken.into())
}

async fn lock_session(txn: &DatabaseTransaction, id: Uuid) -> Result<session::Model> {
    let session = session::Entity::find().filter(session::Column::Id.eq(id)).lock_exclusive().one(txn).await?;
    Ok(session.ok_or(Code::InvalidRefreshToken)?)
}

fn is_retry(session: &session::Model, token: RefreshToken, now: DateTime<Utc>) -> bool {
    let rotated = session.refresh_rotated_at;
    token.counter + 1 == session.refresh_counter && rotated.is_some_and(|at| now - at <= RefreshToken::GRACE)
}

async fn rotate(
    state: &AppState,
    txn: DatabaseTransaction,
    session: session::Model,
    user: user::Model,
    now: DateTime<Utc>,
) -> Result<Tokens> {
    let next = RefreshToken { session_id: session.id, counter: session.refresh_counter + 1 };
    let refresh = next.seal(&state.auth);
    let idle_end = (now + RefreshToken::IDLE).min(session.expires_at);
    let mut row = session.into_active_model();
    row.refresh_hash = Set(RefreshToken::hash(&refresh));
    row.refresh_counter = Set(next.counter);
    row.refresh_rotated_at = Set(Some(now));
    row.last_seen_at = Set(now);
    row.idle_expires_at = Set(idle_end);
    let session = row.update(&txn).await?;
    events::record(&txn, state, Event::new(Kind::SessionRefreshed, session.id)).await?;
    txn.commit().await?;
    tokens(state, &session, refresh, user, now)
}

pub(super) async fn sign_out(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    let txn = state.begin_write().await?;
    let session = lock_session(&txn, me.session_id()).await?;
    if session.ended_at.is_some() {
        return Ok(());
    }
    end(&txn, state, session, session::EndedReason::SignedOut, state.clock.now()).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(())
}

/// Ends what `user_id` is signed in with. The event of the act that asks for it stands for all of them.
pub async fn end_all(
    txn: &DatabaseTransaction,
    user_id: Uuid,
    reason: session::EndedReason,
    now: DateTime<Utc>,
) -> Result<()> {
    let ended =
        session::ActiveModel { ended_at: Set(Some(now)), ended_reason: Set(Some(reason)), ..Default::default() };
    let live = session::Entity::update_many().set(ended).filter(session::Column::UserId.eq(user_id));
    live.filter(session::Column::EndedAt.is_null()).exec(txn).await?;
    Ok(())
}

async fn end(
    txn: &DatabaseTransaction,
    state: &AppState,
    session: session::Model,
    reason: session::EndedReason,
    now: DateTime<Utc>,
) -> Result<()> {
    let id = session.id;
    let mut row = session.into_active_model();
    row.ended_at = Set(Some(now));
    row.ended_reason = Set(Some(reason));
    row.update(txn).await?;
    events::record(txn, state, Event::new(Kind::SessionEnded, id).with(json!({ "reason": reason }))).await
}

fn tokens(
    state: &AppState,
    session: &session::Model,
    refresh: String,
    user: user::Model,
    now: DateTime<Utc>,
) -> Result<Tokens> {
    let claims = Claims::of_session(state, session, now);
    Ok(Tokens { access: state.auth.sign(&claims)?, refresh, refresh_expires_at: session.idle_expires_at, user })
}
