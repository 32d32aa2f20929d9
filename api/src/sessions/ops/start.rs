use entity::{session, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{DeviceToken, RefreshToken};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::sessions::{Client, Tokens};
use crate::state::AppState;

/// A new session of a user who has just proved who they are.
pub async fn start(txn: &DatabaseTransaction, state: &AppState, client: Client, user_id: Uuid) -> Result<Tokens> {
    let user = still_unsuspended(txn, user_id).await?;
    let now = state.clock.now();
    let device = DeviceToken { device_id: client.device_id.unwrap_or_else(|| state.new_id()), user_id };
    let token = RefreshToken { session_id: state.new_id(), counter: 0 };
    let refresh = token.seal(&state.auth);
    let session = session::ActiveModel {
        id: Set(token.session_id),
        user_id: Set(user_id),
        refresh_hash: Set(RefreshToken::hash(&refresh)),
        refresh_counter: Set(0),
        refresh_rotated_at: Set(None),
        created_at: Set(now),
        last_seen_at: Set(now),
        auth_time: Set(now),
        idle_expires_at: Set(now + RefreshToken::IDLE),
        expires_at: Set(now + RefreshToken::ABSOLUTE),
        user_agent: Set(client.user_agent),
        address_hint: Set(Some(client.address.to_string())),
        mode: Set(client.mode),
        ..Default::default()
    };
    let session = session.insert(txn).await?;
    let event = Event::new(Kind::SessionStarted, session.id).with(json!({ "userId": user_id }));
    events::record(txn, state, event).await?;
    Ok(Tokens::of(state, &session, refresh, user)?.on(device.seal(&state.auth)?))
}

pub fn demand_unsuspended(user: &user::Model) -> Result<()> {
    if user.status == user::Status::Suspended { Err(Code::AccountSuspended.into()) } else { Ok(()) }
}

/// Asked under a lock: a suspension either waits for this sign-in, and ends it, or is seen by it.
pub async fn still_unsuspended(txn: &DatabaseTransaction, id: Uuid) -> Result<user::Model> {
    let user = user::Entity::find().filter(user::Column::Id.eq(id)).lock(LockType::Share).one(txn).await?;
    let user = user.filter(|user| user.erased_at.is_none()).ok_or(Code::InvalidCredentials)?;
    demand_unsuspended(&user)?;
    Ok(user)
}
