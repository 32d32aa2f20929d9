use entity::mail;

use crate::accounts::ops::{demand_uncommon, store_password};
use crate::error::Result;
use crate::http::ClientAddress;
use crate::identity::wire::SignUp;
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::throttle::count_attempt;
use crate::users;

/// A new user, or a mail to whoever has the address that they have it already.
pub async fn sign_up(state: &AppState, address: ClientAddress, body: SignUp) -> Result<()> {
    count_attempt(state, address).await?;
    demand_uncommon(state.read(), &body.password, &[&body.name, &body.email]).await?;
    let hash = state.auth.passwords.hash(body.password).await?;
    let txn = state.begin_write().await?;
    match users::ops::create(&txn, state, body.name, body.email.clone()).await? {
        Some(user) => {
            store_password(&txn, state, user.id, hash).await?;
            queue(&txn, state, mail::Kind::VerifyEmail, To::User(user.id)).await?;
        }
        None => queue(&txn, state, mail::Kind::AlreadyMember, To::WhoeverHas(body.email)).await?,
    }
    Ok(txn.commit().await?)
}
