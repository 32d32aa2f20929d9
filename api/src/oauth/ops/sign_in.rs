use entity::user;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{Proven, look, take};
use crate::auth::DeviceToken;
use crate::error::{Code, Result};
use crate::oauth::member::{Member, member_of};
use crate::oauth::wire::Exchange;
use crate::second_factor::ops::{Guess, demand};
use crate::sessions::ops::demand_unsuspended;
use crate::sessions::{Client, Tokens};
use crate::state::AppState;
use crate::{accounts, sessions, users};

/// Signs in whoever proved at a provider who they are; a new member, where it is nobody yet.
pub async fn sign_in(state: &AppState, mut client: Client, body: Exchange) -> Result<Tokens> {
    let expected = expected(state, &body).await?;
    let known = body.device_token.as_deref().and_then(|text| DeviceToken::open(&state.auth, text));
    client.device_id = known.filter(|known| Some(known.user_id) == expected).map(|known| known.device_id);
    let given = body.second_factor.as_deref().filter(|_| expected.is_some());
    let guess = Guess::begin(state, &client, expected.unwrap_or_default(), given).await?;
    guess.settle(enter(state, client, &body).await).await
}

/// Who it will be, where it is a member already: whose tries at a second factor are counted.
async fn expected(state: &AppState, body: &Exchange) -> Result<Option<Uuid>> {
    let proven = look(state.read(), state, &body.code, &body.code_verifier).await?;
    if let Some(account) = accounts::ops::of_identity(state.read(), &proven).await? {
        return Ok(Some(account.user_id));
    }
    let Some(person) = member_of(&proven.identity) else { return Ok(None) };
    let same = user::Column::EmailKey.eq(user::email_key(&person.email));
    Ok(user::Entity::find().filter(same).one(state.read()).await?.map(|user| user.id))
}

async fn enter(state: &AppState, client: Client, body: &Exchange) -> Result<Tokens> {
    let txn = state.begin_write().await?;
    let proven = take(&txn, state, &body.code, &body.code_verifier).await?;
    let user_id = whose(&txn, state, &proven).await?;
    demand(&txn, state, user_id, body.second_factor.as_deref()).await?;
    let tokens = sessions::ops::start(&txn, state, client, user_id).await?;
    txn.commit().await?;
    state.auth.forget(user_id);
    Ok(tokens)
}

async fn whose(txn: &DatabaseTransaction, state: &AppState, proven: &Proven) -> Result<Uuid> {
    if let Some(account) = accounts::ops::of_identity(txn, proven).await? {
        return Ok(account.user_id);
    }
    let Some(person) = member_of(&proven.identity) else { return Err(Code::ProviderEmailUnverified.into()) };
    // Two first sign-ins of one identity: the second waits here, and then finds the account.
    state.lock_word(txn, &proven.key()).await?;
    match accounts::ops::of_identity(txn, proven).await? {
        Some(account) => Ok(account.user_id),
        None => join(txn, state, proven, person).await,
    }
}

/// The member who has the address, or a new one; the identity is theirs from now on.
async fn join(txn: &DatabaseTransaction, state: &AppState, proven: &Proven, person: Member) -> Result<Uuid> {
    let Some(user) = with_address(txn, &person.email).await? else {
        // Where somebody signs up with the address at this very moment, the next attempt finds them.
        let new = users::ops::create(txn, state, person.name, person.email).await?.ok_or(Code::Unavailable)?;
        let id = new.id;
        users::ops::mark_verified(txn, state, new).await?;
        accounts::ops::add_identity(txn, state, id, proven).await?;
        return Ok(id);
    };
    demand_unsuspended(&user)?;
    let id = user.id;
    if user.email_verified_at.is_none() {
        // Whoever registered the address before need not own it: nothing of what they set up remains.
        accounts::ops::strip(txn, state, id).await?;
        users::ops::mark_verified(txn, state, user).await?;
    } else if accounts::ops::has_provider(txn, id, &proven.provider).await? {
        return Err(Code::LinkRequired.into());
    }
    accounts::ops::join_identity(txn, state, id, proven).await?;
    Ok(id)
}

async fn with_address(txn: &DatabaseTransaction, email: &str) -> Result<Option<user::Model>> {
    let same = user::Column::EmailKey.eq(user::email_key(email));
    Ok(user::Entity::find().filter(same).lock(LockType::NoKeyUpdate).one(txn).await?)
}
