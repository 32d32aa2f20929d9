use chrono::{DateTime, Utc};
use entity::session::{EndedReason, Mode};
use entity::{mail, session, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};

use super::end::{end, lock};
use super::start::demand_unsuspended;
use crate::auth::RefreshToken;
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::mail::{To, queue};
use crate::sessions::Tokens;
use crate::state::AppState;

/// The next tokens of a session; reuse of a spent token ends it and is told to its user.
pub async fn refresh(state: &AppState, text: &str, mode: Mode) -> Result<Tokens> {
    let token = RefreshToken::open(&state.auth, text).ok_or(Code::InvalidRefreshToken)?;
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let session = lock(&txn, token.session_id).await?.ok_or(Code::InvalidRefreshToken)?;
    let user = user::Entity::find().filter(user::Column::Id.eq(session.user_id)).one(&txn).await?;
    let user = user.ok_or(Code::InvalidRefreshToken)?;
    demand_unsuspended(&user)?;
    if !session.is_live(now) || session.mode != mode {
        return Err(Code::InvalidRefreshToken.into());
    }
    if token.counter == session.refresh_counter && RefreshToken::hash(text) == session.refresh_hash {
        return rotate(state, txn, session, user, now).await;
    }
    if is_retry(&session, token, now) {
        let current = RefreshToken { counter: session.refresh_counter, ..token }.seal(&state.auth);
        return Tokens::of(state, &session, current, user);
    }
    tracing::warn!(target: "security", actor = %user.id, "a spent refresh token was used again: its session ends");
    end(&txn, state, session, EndedReason::Reused).await?;
    queue(&txn, state, mail::Kind::SessionReused, To::User(user.id)).await?;
    txn.commit().await?;
    state.auth.forget(user.id);
    Err(Code::InvalidRefreshToken.into())
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
    Tokens::of(state, &session, refresh, user)
}
