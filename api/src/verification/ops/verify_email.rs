use entity::mail;
use entity::verification_token::Purpose;

use super::token::redeem_for_user;
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::ClientAddress;
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::users;

/// Nothing is sent to who is verified already.
pub async fn request_verification(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    let txn = state.begin_write().await?;
    queue(&txn, state, mail::Kind::VerifyEmail, To::User(me.id())).await?;
    Ok(txn.commit().await?)
}

pub async fn verify_email(state: &AppState, address: ClientAddress, token: &str) -> Result<()> {
    count_attempt(state, address).await?;
    let txn = state.begin_write().await?;
    let user = redeem_for_user(&txn, state, Purpose::VerifyEmail, token).await?;
    let id = user.id;
    users::ops::mark_verified(&txn, state, user).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(())
}
