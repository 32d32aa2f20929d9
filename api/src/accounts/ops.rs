mod identities;

use entity::account::{self, ActiveModel, Column, Entity, PASSWORD};
use entity::session::EndedReason;
use entity::verification_token::Purpose;
use entity::{mail, user};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use uuid::Uuid;

pub use identities::{add_identity, has_provider, join_identity, of_identity};
pub(super) use identities::{get, link, list, unlink};

use crate::auth::{Caller, Registered, password_policy};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::mail::{To, queue};
use crate::state::AppState;
use crate::{second_factor, sessions, settings, users, verification};

/// A password account and whose it is, by the address as it is compared.
pub async fn with_password(db: &impl ConnectionTrait, email: &str) -> Result<Option<(account::Model, user::Model)>> {
    let found = Entity::find()
        .find_also_related(user::Entity)
        .filter(Column::Provider.eq(PASSWORD))
        .filter(user::Column::EmailKey.eq(user::email_key(email)))
        .one(db)
        .await?;
    Ok(found.and_then(|(account, user)| Some((account, user?))))
}

/// The hash of the password of a user, where they have one.
pub async fn password_hash(db: &impl ConnectionTrait, user_id: Uuid) -> Result<Option<String>> {
    let account = Entity::find().filter(password_of(user_id)).one(db).await?;
    Ok(account.and_then(|account| account.password_hash))
}

/// 422 where `password` is known to everybody, or to everybody who knows `about` whom it is.
pub async fn demand_uncommon(db: &impl ConnectionTrait, password: &str, about: &[&str]) -> Result<()> {
    let programme = settings::ops::current(db).await?.name;
    password_policy::check(password, &[&[programme.as_str()], about].concat())
}

pub async fn set_password(state: &AppState, me: &Caller<Registered>, password: String) -> Result<()> {
    me.demand_recent(state.clock.now())?;
    let hash = state.auth.passwords.hash(password.clone()).await?;
    let txn = state.begin_write().await?;
    let user = users::ops::lock(&txn, me.id()).await?;
    demand_uncommon(&txn, &password, &[&user.name, &user.email]).await?;
    store_password(&txn, state, me.id(), hash).await?;
    sessions::ops::end_others(&txn, state, me).await?;
    events::record(&txn, state, Event::new(Kind::UserPasswordChanged, me.id()).by(me)).await?;
    queue(&txn, state, mail::Kind::PasswordChanged, To::User(me.id())).await?;
    txn.commit().await?;
    state.auth.forget(me.id());
    Ok(())
}

/// 401 where the password that was checked is not the one any more. Ask with the user locked, so that a change either comes first
/// and is seen, or waits and ends what begins now.
pub async fn demand_same_password(txn: &DatabaseTransaction, checked: &account::Model) -> Result<()> {
    let hash = password_hash(txn, checked.user_id).await?;
    if hash == checked.password_hash { Ok(()) } else { Err(Code::InvalidCredentials.into()) }
}

/// The first password of a user, or another one.
pub async fn store_password(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid, hash: String) -> Result<()> {
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.new_id()),
        user_id: Set(user_id),
        provider: Set(PASSWORD.to_owned()),
        provider_account_id: Set(user_id.to_string()),
        password_hash: Set(Some(hash)),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let replace = OnConflict::columns([Column::Provider, Column::ProviderAccountId])
        .update_columns([Column::PasswordHash, Column::UpdatedAt])
        .to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

/// The same password under a better hash, where it was not changed in the meantime.
pub async fn replace_hash(txn: &DatabaseTransaction, account: &account::Model, hash: String) -> Result<()> {
    let better = ActiveModel { password_hash: Set(Some(hash)), ..Default::default() };
    let unchanged =
        Condition::all().add(Column::Id.eq(account.id)).add(Column::PasswordHash.eq(account.password_hash.clone()));
    Entity::update_many().set(better).filter(unchanged).exec(txn).await?;
    Ok(())
}

/// Takes away all that lets somebody in as this user: whoever set it up need not be who has proved to own the address.
pub async fn strip(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid) -> Result<()> {
    delete_all(txn, user_id).await?;
    second_factor::ops::remove(txn, user_id).await?;
    sessions::ops::end_all(txn, state, user_id, EndedReason::Revoked).await?;
    let pending = [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::SignIn, Purpose::ChangeEmail];
    verification::ops::void_all(txn, state, user_id, &pending).await
}

/// Nobody signs in as this user any more.
pub async fn delete_all(txn: &DatabaseTransaction, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(txn).await?;
    Ok(())
}

fn password_of(user_id: Uuid) -> Condition {
    Condition::all().add(Column::Provider.eq(PASSWORD)).add(Column::UserId.eq(user_id))
}
