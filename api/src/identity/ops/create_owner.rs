use entity::user;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::accounts::ops::{demand_uncommon, store_password};
use crate::error::{Code, Error, Result};
use crate::http::json;
use crate::identity::wire::SignUp;
use crate::state::AppState;
use crate::{settings, users};

/// The first owner, verified and active. There is no second time: after that, owners make owners.
pub async fn create_owner(state: &AppState, name: String, email: String, password: String) -> Result<user::Model> {
    let body = json!({ "name": name, "email": email, "password": password }).to_string();
    // Read as a sign-up is, so that what is stored is what a later sign-in sends.
    let body: SignUp = json::read(body.as_bytes())?;
    demand_uncommon(state.read(), &body.password, &[&body.name, &body.email]).await?;
    let hash = state.auth.passwords.hash(body.password).await?;
    let txn = state.begin_write().await?;
    // Two at once: the second waits here, and then finds an owner.
    settings::ops::locked(&txn).await?;
    if user::Entity::find().filter(user::Column::Role.eq(user::Role::Owner)).count(&txn).await? > 0 {
        return Err(Error::refused(Code::AlreadyExists, "there is an owner already"));
    }
    let user = users::ops::create(&txn, state, body.name, body.email).await?;
    let user = user.ok_or_else(|| Error::refused(Code::AlreadyExists, "the address is taken"))?;
    store_password(&txn, state, user.id, hash).await?;
    let owner = users::ops::staff::make_owner(&txn, state, user).await?;
    txn.commit().await?;
    Ok(owner)
}
