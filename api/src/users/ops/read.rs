use entity::{conversation, mentorship, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::load::{Loaded, Profile, load};

use super::{Changes, apply};
use crate::auth::{Caller, Member, Registered};
use crate::error::{Code, Result};
use crate::mentorships::ops::has_place;
use crate::state::AppState;

pub async fn mine(state: &AppState, me: &Caller<Registered>) -> Result<Loaded> {
    Ok(load(state.read(), me.id()).await?.ok_or(Code::NotFound)?)
}

/// Changes the caller's profile; answers it as it is then.
pub async fn change(state: &AppState, me: &Caller<Registered>, changes: Changes) -> Result<Loaded> {
    let txn = state.begin_write().await?;
    apply(&txn, state, me, changes).await?;
    txn.commit().await?;
    mine(state, me).await
}

/// Somebody whom the caller can see, or with whom they share a thread.
pub async fn known(db: &impl ConnectionTrait, me: &Caller<Member>, id: Uuid) -> Result<user::Model> {
    let found = user::Entity::find().filter(user::Column::Id.eq(id)).filter(user::Column::ErasedAt.is_null());
    let user = found.one(db).await?.ok_or(Code::NotFound)?;
    let is_known = user.is_public() || me.is_staff() || share_thread(db, me.id(), id).await?;
    if is_known { Ok(user) } else { Err(Code::NotFound.into()) }
}

async fn share_thread(db: &impl ConnectionTrait, me: Uuid, other: Uuid) -> Result<bool> {
    let conversations = conversation::Entity::find().filter(conversation::of_pair(me, other));
    if conversations.count(db).await? > 0 {
        return Ok(true);
    }
    Ok(mentorship::Entity::find().filter(mentorship::of_pair(me, other)).count(db).await? > 0)
}

/// What the caller may see of somebody: drafts, pending and suspended accounts are for themselves and the staff.
pub async fn profile(state: &AppState, me: &Caller<Member>, id: Uuid) -> Result<Profile> {
    let db = state.read();
    let loaded = load(db, id).await?.ok_or(Code::NotFound)?;
    if !(loaded.user.is_public() || me.id() == id || me.is_staff()) {
        return Err(Code::NotFound.into());
    }
    let user = &loaded.user;
    let has_capacity = user.active_mentor && has_place(db, user).await?;
    Ok(Profile { loaded, has_capacity })
}
