use chrono::{DateTime, TimeDelta, Utc};
use entity::delivery::Channel;
use entity::phone_number::{ActiveModel, CODE_LIFETIME, Column, Entity, Model, of_user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::codes::code_of;
use crate::auth::{Caller, Member};
use crate::error::{Code, Error, Result};
use crate::state::AppState;
use crate::users;

/// As many codes to a number, and as many for a member, in so long: whoever asks, and to wherever.
const QUOTAS: [(u64, TimeDelta); 2] = [(3, TimeDelta::hours(1)), (10, LONGEST_QUOTA)];
/// For how long a code counts.
const LONGEST_QUOTA: TimeDelta = TimeDelta::days(1);

/// What a member gave.
pub struct Numbers {
    pub verified: Option<Model>,
    pub pending: Option<Model>,
}

pub(super) async fn mine(state: &AppState, me: &Caller<Member>) -> Result<Numbers> {
    numbers(state.read(), me.id(), state.clock.now()).await
}

async fn numbers(db: &impl ConnectionTrait, user: Uuid, now: DateTime<Utc>) -> Result<Numbers> {
    let with_number = Entity::find().filter(of_user(user)).filter(Column::Number.is_not_null());
    let verified = with_number.clone().filter(Column::VerifiedAt.is_not_null());
    let verified = verified.order_by_desc(Column::VerifiedAt).one(db).await?;
    let newest = with_number.order_by_desc(Column::Id).one(db).await?;
    Ok(Numbers { verified, pending: newest.filter(|row| row.awaits_code(now)) })
}

/// The number that text messages go to.
pub async fn verified(db: &impl ConnectionTrait, user: Uuid) -> Result<Option<String>> {
    let proved = Entity::find().filter(of_user(user)).filter(Column::VerifiedAt.is_not_null());
    Ok(proved.order_by_desc(Column::VerifiedAt).one(db).await?.and_then(|row| row.number))
}

pub(super) async fn replace(state: &AppState, me: &Caller<Member>, number: String) -> Result<()> {
    if !state.channels.has(Channel::Sms) {
        return Err(Code::ChannelNotOffered.into());
    }
    let (now, key) = (state.clock.now(), key_of(state, &number));
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    state.lock_word(&txn, &format!("phone code {key}")).await?;
    demand_few(&txn, Condition::all().add(Column::NumberKey.eq(key.as_str())), now).await?;
    demand_few(&txn, of_user(me.id()), now).await?;
    let row = ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(Some(me.id())),
        number: Set(Some(number)),
        number_key: Set(key),
        code_due_at: Set(Some(now)),
        code_attempts: Set(0),
        code_tries: Set(0),
        expires_at: Set(now + CODE_LIFETIME),
        verified_at: Set(None),
        created_at: Set(now),
    };
    row.insert(&txn).await?;
    Ok(txn.commit().await?)
}

async fn demand_few(txn: &DatabaseTransaction, like_it: Condition, now: DateTime<Utc>) -> Result<()> {
    for (most, span) in QUOTAS {
        let recent = like_it.clone().add(Column::CreatedAt.gt(now - span));
        if Entity::find().filter(recent).count(txn).await? >= most {
            return Err(Error::later(Code::TooManyAttempts, span));
        }
    }
    Ok(())
}

pub(super) async fn verify(state: &AppState, me: &Caller<Member>, code: &str) -> Result<Numbers> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    users::ops::lock(&txn, me.id()).await?;
    let Some(row) = numbers(&txn, me.id(), now).await?.pending else { return Err(wrong_code()) };
    let is_right = code == code_of(state, row.id);
    let tries = row.code_tries + 1;
    let mut row = row.into_active_model();
    row.code_tries = Set(tries);
    if is_right {
        row.verified_at = Set(Some(now));
        row.code_due_at = Set(None);
        forget_numbers(&txn, of_user(me.id()).add(Column::VerifiedAt.is_not_null())).await?;
    }
    row.update(&txn).await?;
    let numbers = numbers(&txn, me.id(), now).await?;
    txn.commit().await?;
    if is_right { Ok(numbers) } else { Err(wrong_code()) }
}

fn wrong_code() -> Error {
    Error::invalid("/code", "wrong_code", "it is not the code that was sent last, or is no longer good")
}

pub(super) async fn remove(state: &AppState, me: &Caller<Member>) -> Result<()> {
    let txn = state.begin_write().await?;
    forget_numbers(&txn, of_user(me.id())).await?;
    Ok(txn.commit().await?)
}

/// Takes the numbers away. What counts for a quota stays, without them.
async fn forget_numbers(txn: &DatabaseTransaction, which: Condition) -> Result<()> {
    let none = ActiveModel { number: Set(None), verified_at: Set(None), code_due_at: Set(None), ..Default::default() };
    Entity::update_many().set(none).filter(which).exec(txn).await?;
    Ok(())
}

/// Takes away what a member who leaves gave. A line that says neither whose nor which number stays for as long as it counts; the
/// next who leaves takes it along.
pub async fn forget(txn: &DatabaseTransaction, state: &AppState, user: Uuid) -> Result<()> {
    forget_numbers(txn, of_user(user)).await?;
    let nobody = ActiveModel { user_id: Set(None), ..Default::default() };
    Entity::update_many().set(nobody).filter(of_user(user)).exec(txn).await?;
    let counted_since = state.clock.now() - LONGEST_QUOTA;
    let stale = Condition::all().add(Column::UserId.is_null()).add(Column::CreatedAt.lte(counted_since));
    Entity::delete_many().filter(stale).exec(txn).await?;
    Ok(())
}

fn key_of(state: &AppState, number: &str) -> String {
    blake3::Hash::from_bytes(state.auth.mac("phone number", number.as_bytes())).to_hex().to_string()
}
