use entity::session::EndedReason;
use entity::verification_token::Purpose;
use entity::{mail, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::token::{redeem_for_user, void_all};
use crate::auth::{Admin, Caller};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::ClientAddress;
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::{accounts, sessions, users};

pub async fn request_password_reset(state: &AppState, address: ClientAddress, email: String) -> Result<()> {
    count_attempt(state, address).await?;
    let txn = state.begin_write().await?;
    queue(&txn, state, mail::Kind::ResetPassword, To::WhoeverHas(email)).await?;
    Ok(txn.commit().await?)
}

/// Staff starts it for somebody, and sees nothing of it.
pub async fn start_password_reset(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<()> {
    let found = user::Entity::find().filter(user::Column::Id.eq(id)).one(state.read()).await?;
    let user = found.ok_or(Code::NotFound)?;
    if user.is_staff() && me.role() != user::Role::Owner {
        return Err(Code::StaffAccount.into());
    }
    user.demand_not_erased()?;
    let txn = state.begin_write().await?;
    queue(&txn, state, mail::Kind::ResetPassword, To::User(id)).await?;
    let started = json!({ "before": { "resetStartedAt": null }, "after": { "resetStartedAt": state.clock.now() } });
    events::record(&txn, state, Event::new(Kind::UserResetStarted, id).by_staff(me).with(started)).await?;
    Ok(txn.commit().await?)
}

/// Ends everything that was open under the old password, changes of the address under way included.
pub async fn reset_password(state: &AppState, address: ClientAddress, token: &str, password: String) -> Result<()> {
    count_attempt(state, address).await?;
    let hash = state.auth.passwords.hash(password.clone()).await?;
    let txn = state.begin_write().await?;
    let user = redeem_for_user(&txn, state, Purpose::ResetPassword, token).await?;
    let id = user.id;
    accounts::ops::demand_uncommon(&txn, &password, &[&user.name, &user.email]).await?;
    accounts::ops::store_password(&txn, state, id, hash).await?;
    users::ops::mark_verified(&txn, state, user).await?;
    sessions::ops::end_all(&txn, state, id, EndedReason::Revoked).await?;
    void_all(&txn, state, id, &[Purpose::ResetPassword, Purpose::SignIn, Purpose::ChangeEmail]).await?;
    events::record(&txn, state, Event::new(Kind::UserPasswordChanged, id).telling([id])).await?;
    queue(&txn, state, mail::Kind::PasswordChanged, To::User(id)).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(())
}
