use entity::session::EndedReason;

use crate::accounts;
use crate::auth::{Caller, Registered};
use crate::error::{Code, Result};
use crate::identity::wire::{Reauthenticate, SignIn};
use crate::sessions::ops::{demand_unsuspended, end_this, start};
use crate::sessions::{Client, Tokens};
use crate::state::AppState;

pub async fn sign_in(state: &AppState, client: Client, body: SignIn) -> Result<Tokens> {
    let found = accounts::ops::with_password(state.read(), &body.email).await?;
    let hash = found.as_ref().and_then(|(account, _)| account.password_hash.clone());
    if !state.auth.passwords.verify(body.password.clone(), hash).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let (account, user) = found.ok_or(Code::InvalidCredentials)?;
    demand_unsuspended(&user)?;
    let better = state.auth.passwords.better_hash(body.password, account.password_hash.as_deref()).await?;
    let txn = state.begin_write().await?;
    if let Some(hash) = better {
        accounts::ops::replace_hash(&txn, &account, hash).await?;
    }
    let tokens = start(&txn, state, client, user.id).await?;
    txn.commit().await?;
    Ok(tokens)
}

/// A new session with a fresh proof, in the place of the one that asks.
pub async fn reauthenticate(
    state: &AppState,
    me: &Caller<Registered>,
    client: Client,
    body: Reauthenticate,
) -> Result<Tokens> {
    let hash = accounts::ops::password_hash(state.read(), me.id()).await?;
    if !state.auth.passwords.verify(body.password, hash).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let txn = state.begin_write().await?;
    end_this(&txn, state, me, EndedReason::Revoked).await?;
    let tokens = start(&txn, state, client, me.id()).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(tokens)
}
