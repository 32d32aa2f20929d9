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
