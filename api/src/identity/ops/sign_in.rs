use entity::session::EndedReason;
use entity::{account, user};

use crate::accounts;
use crate::auth::{Caller, DeviceToken, Registered};
use crate::error::{Code, Result};
use crate::identity::wire::{Reauthenticate, SignIn};
use crate::second_factor::ops::{Guess, demand};
use crate::sessions::ops::{demand_unsuspended, end_this, start};
use crate::sessions::{Client, Tokens};
use crate::state::AppState;
use crate::throttle::Attempt;

const PASSWORD: &str = "password";

pub async fn sign_in(state: &AppState, mut client: Client, body: SignIn) -> Result<Tokens> {
    let place = state.auth.passwords.reserve()?;
    let found = accounts::ops::with_password(state.read(), &body.email).await?;
    let known = body.device_token.and_then(|text| DeviceToken::open(&state.auth, &text));
    let is_theirs = |known: &DeviceToken| found.as_ref().is_some_and(|(_, user)| user.id == known.user_id);
    client.device_id = known.filter(is_theirs).map(|known| known.device_id);
    let key = user::email_key(&body.email);
    // Strangers' failures count for all devices but those that the account is known on.
    let bucket = client.device_id.map_or_else(|| key.clone(), |device| format!("{key} {device}"));
    let attempt = Attempt::begin(state, PASSWORD, bucket, client.address).await?;
    let hash = found.as_ref().and_then(|(account, _)| account.password_hash.clone());
    if !attempt.conclude(place.verify(body.password.clone(), hash).await).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let (account, user) = found.ok_or(Code::InvalidCredentials)?;
    demand_unsuspended(&user)?;
    let better = place.better_hash(body.password, account.password_hash.as_deref()).await?;
    let guess = Guess::begin(state, &client, user.id, body.second_factor.as_deref()).await?;
    guess.settle(enter(state, client, &account, better, body.second_factor.as_deref()).await).await
}

/// A new session of the user whose password proved right; their second factor is still to be asked for.
async fn enter(
    state: &AppState,
    client: Client,
    account: &account::Model,
    better_hash: Option<String>,
    second_factor: Option<&str>,
) -> Result<Tokens> {
    let txn = state.begin_write().await?;
    demand(&txn, state, account.user_id, second_factor).await?;
    let tokens = start(&txn, state, client, account.user_id).await?;
    accounts::ops::demand_same_password(&txn, account).await?;
    if let Some(hash) = better_hash {
        accounts::ops::replace_hash(&txn, account, hash).await?;
    }
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
    let place = state.auth.passwords.reserve()?;
    let hash = accounts::ops::password_hash(state.read(), me.id()).await?;
    let attempt = Attempt::begin(state, PASSWORD, me.session_id().to_string(), client.address).await?;
    if !attempt.conclude(place.verify(body.password, hash).await).await? {
        return Err(Code::InvalidCredentials.into());
    }
    let guess = Guess::begin(state, &client, me.id(), body.second_factor.as_deref()).await?;
    guess.settle(replace_session(state, me, client, body.second_factor.as_deref()).await).await
}

async fn replace_session(
    state: &AppState,
    me: &Caller<Registered>,
    client: Client,
    second_factor: Option<&str>,
) -> Result<Tokens> {
    let txn = state.begin_write().await?;
    demand(&txn, state, me.id(), second_factor).await?;
    end_this(&txn, state, me, EndedReason::Revoked).await?;
    let tokens = start(&txn, state, client, me.id()).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(tokens)
}
