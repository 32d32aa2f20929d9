use entity::verification_token::Purpose;
use entity::{mail, user};
use sea_orm::DatabaseTransaction;

use super::token::{redeem_for_user, user_of};
use crate::error::Result;
use crate::http::ClientAddress;
use crate::mail::{To, queue};
use crate::second_factor::ops::{Guess, demand};
use crate::sessions::{Client, Tokens};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::{accounts, sessions, users};

pub async fn request_sign_in_link(state: &AppState, address: ClientAddress, email: String) -> Result<()> {
    count_attempt(state, address).await?;
    let txn = state.begin_write().await?;
    queue(&txn, state, mail::Kind::SignInLink, To::WhoeverHas(email)).await?;
    Ok(txn.commit().await?)
}

pub async fn sign_in_by_link(
    state: &AppState,
    client: Client,
    token: &str,
    second_factor: Option<&str>,
) -> Result<Tokens> {
    let id = user_of(state, Purpose::SignIn, token).await?;
    let guess = Guess::begin(state, &client, id, second_factor).await?;
    guess.settle(enter(state, client, token, second_factor).await).await
}

async fn enter(state: &AppState, client: Client, token: &str, second_factor: Option<&str>) -> Result<Tokens> {
    let txn = state.begin_write().await?;
    let user = redeem_for_user(&txn, state, Purpose::SignIn, token).await?;
    let id = user.id;
    claim_address(&txn, state, user).await?;
    demand(&txn, state, id, second_factor).await?;
    let tokens = sessions::ops::start(&txn, state, client, id).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(tokens)
}

/// Whoever reads the mailbox of an unverified account is its real owner: what somebody else may have set up with the address
/// before goes.
async fn claim_address(txn: &DatabaseTransaction, state: &AppState, user: user::Model) -> Result<()> {
    if user.email_verified_at.is_some() {
        return Ok(());
    }
    accounts::ops::strip(txn, state, user.id).await?;
    users::ops::mark_verified(txn, state, user).await
}
