use entity::mail;
use entity::session::EndedReason;
use entity::verification_token::Purpose;

use super::token::{locked_user, redeem, reserve, void_all};
use crate::auth::{Caller, Registered};
use crate::error::Result;
use crate::http::ClientAddress;
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::{sessions, users};

/// Asks the new address, and tells the old one. Whether somebody has the new one shows only to who reads its mailbox.
pub async fn change_email(state: &AppState, me: &Caller<Registered>, email: String) -> Result<()> {
    me.demand_recent(state.clock.now())?;
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    let token = reserve(&txn, state, Purpose::ChangeEmail, me.id(), email).await?;
    queue(&txn, state, mail::Kind::ChangeEmail, To::HolderOf(token)).await?;
    queue(&txn, state, mail::Kind::EmailChangeRequested, To::User(me.id())).await?;
    Ok(txn.commit().await?)
}

pub async fn confirm_email(state: &AppState, address: ClientAddress, token: &str) -> Result<()> {
    count_attempt(state, address).await?;
    let txn = state.begin_write().await?;
    let token = redeem(&txn, state, Purpose::ChangeEmail, token).await?;
    let user = locked_user(&txn, &token).await?;
    let (id, old) = (user.id, user.email.clone());
    users::ops::change_email(&txn, state, user, token.email).await?;
    void_all(&txn, state, id, &[Purpose::VerifyEmail, Purpose::SignIn, Purpose::ResetPassword]).await?;
    let undo = reserve(&txn, state, Purpose::UndoEmailChange, id, old).await?;
    queue(&txn, state, mail::Kind::EmailChanged, To::HolderOf(undo)).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(())
}

/// The old address is back, nobody is signed in, and a link to a new password is on its way there.
pub async fn undo_email_change(state: &AppState, address: ClientAddress, token: &str) -> Result<()> {
    count_attempt(state, address).await?;
    let txn = state.begin_write().await?;
    let token = redeem(&txn, state, Purpose::UndoEmailChange, token).await?;
    let user = locked_user(&txn, &token).await?;
    let id = user.id;
    users::ops::change_email(&txn, state, user, token.email).await?;
    let others = [Purpose::VerifyEmail, Purpose::SignIn, Purpose::ResetPassword, Purpose::ChangeEmail];
    void_all(&txn, state, id, &others).await?;
    sessions::ops::end_all(&txn, state, id, EndedReason::Revoked).await?;
    queue(&txn, state, mail::Kind::ResetPassword, To::User(id)).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(())
}
