//! The life of a token: 256 random bits that only the mail holds. The database has their hash, the purpose, the account and the
//! address; a newer one voids those before it.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use entity::user;
use entity::verification_token::{ActiveModel, Column, Entity, Model, Purpose, live};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::{Code, Result};
use crate::state::AppState;

const PREFIX: &str = "mvt_";

fn secret() -> String {
    let random: [u8; 32] = rand::random();
    format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(random))
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// A new token for the present address of `user`: the text to mail.
pub async fn issue(
    txn: &DatabaseTransaction,
    state: &AppState,
    purpose: Purpose,
    user: &user::Model,
) -> Result<String> {
    let text = secret();
    insert(txn, state, purpose, Some(user.id), user.email.clone(), None, &text).await?;
    Ok(text)
}

/// A token of which nobody knows the text until [`renew`] gives it another, when it is mailed.
pub(super) async fn reserve(
    txn: &DatabaseTransaction,
    state: &AppState,
    purpose: Purpose,
    user_id: Uuid,
    email: String,
) -> Result<Uuid> {
    insert(txn, state, purpose, Some(user_id), email, None, &secret()).await
}

/// The same for who is no user yet.
pub(super) async fn reserve_invitation(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Admin>,
    email: String,
) -> Result<Uuid> {
    insert(txn, state, Purpose::Invitation, None, email, Some(me.id()), &secret()).await
}

async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
    purpose: Purpose,
    user_id: Option<Uuid>,
    email: String,
    created_by: Option<Uuid>,
    text: &str,
) -> Result<Uuid> {
    let now = state.clock.now();
    let older = match user_id {
        Some(id) => Condition::all().add(Column::UserId.eq(id)),
        None => Condition::all().add(Column::Email.eq(email.as_str())),
    };
    void(txn, state, older.add(Column::Purpose.eq(purpose))).await?;
    let row = ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(user_id),
        purpose: Set(purpose),
        email: Set(email),
        token_hash: Set(hash(text)),
        created_by: Set(created_by),
        created_at: Set(now),
        expires_at: Set(now + purpose.lifetime()),
        used_at: Set(None),
    };
    Ok(row.insert(txn).await?.id)
}

/// Another text for a token, and its whole time from now.
pub async fn renew(txn: &DatabaseTransaction, state: &AppState, token: Model) -> Result<String> {
    let text = secret();
    let expires_at = state.clock.now() + token.purpose.lifetime();
    let mut row = token.into_active_model();
    row.token_hash = Set(hash(&text));
    row.expires_at = Set(expires_at);
    row.update(txn).await?;
    Ok(text)
}

/// Uses the token up, once however many try at the same time; 401 where it is not one for `purpose`, or is used or old.
pub(super) async fn redeem(txn: &DatabaseTransaction, state: &AppState, purpose: Purpose, text: &str) -> Result<Model> {
    let this = Entity::find().filter(usable(state, purpose, text));
    let token = this.lock_exclusive().one(txn).await?.ok_or(Code::InvalidToken)?;
    let mut row = token.into_active_model();
    row.used_at = Set(Some(state.clock.now()));
    Ok(row.update(txn).await?)
}

fn usable(state: &AppState, purpose: Purpose, text: &str) -> Condition {
    live(state.clock.now()).add(Column::TokenHash.eq(hash(text))).add(Column::Purpose.eq(purpose))
}

/// Whose the token is, which stays good.
pub(super) async fn user_of(state: &AppState, purpose: Purpose, text: &str) -> Result<Uuid> {
    let token = Entity::find().filter(usable(state, purpose, text)).one(state.read()).await?;
    Ok(token.and_then(|token| token.user_id).ok_or(Code::InvalidToken)?)
}

/// The same for a token of a user: they are locked, and it counts only while the address is theirs that it was sent to.
pub(super) async fn redeem_for_user(
    txn: &DatabaseTransaction,
    state: &AppState,
    purpose: Purpose,
    text: &str,
) -> Result<user::Model> {
    let token = redeem(txn, state, purpose, text).await?;
    let user = locked_user(txn, &token).await?;
    if user.email == token.email { Ok(user) } else { Err(Code::InvalidToken.into()) }
}

pub(super) async fn locked_user(txn: &DatabaseTransaction, token: &Model) -> Result<user::Model> {
    let id = token.user_id.ok_or(Code::InvalidToken)?;
    crate::users::ops::lock(txn, id).await
}

/// Voids whatever was mailed to a user, of these purposes.
pub async fn void_all(txn: &impl ConnectionTrait, state: &AppState, user_id: Uuid, purposes: &[Purpose]) -> Result<()> {
    let these = Condition::all().add(Column::UserId.eq(user_id)).add(Column::Purpose.is_in(purposes.iter().copied()));
    void(txn, state, these).await
}

pub(super) async fn void(txn: &impl ConnectionTrait, state: &AppState, which: Condition) -> Result<()> {
    let now = state.clock.now();
    let used = ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    Entity::update_many().set(used).filter(live(now)).filter(which).exec(txn).await?;
    Ok(())
}
