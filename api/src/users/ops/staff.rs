//! What staff does with an account. Admins act on regular members; nobody acts on their own account; an active owner
//! remains, whoever acts at the same time.

use entity::session::EndedReason;
use entity::user::{self, Column, Entity, Erased, StandingError};
use sea_orm::sea_query::{LockType, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use crate::auth::{Admin, Caller, Owner};
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::sessions;
use crate::state::AppState;
use crate::suggestions;

impl From<StandingError> for Error {
    fn from(error: StandingError) -> Self {
        Self::refused(Code::InvalidTransition, error.to_string())
    }
}

impl From<Erased> for Error {
    fn from(error: Erased) -> Self {
        Self::refused(Code::InvalidTransition, error.to_string())
    }
}

pub async fn approve(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<user::Model> {
    let txn = state.begin_write().await?;
    let account = Locked::by(&txn, me, id).await?.account;
    let before = account.clone();
    let Some(row) = account.approve(state.clock.now())? else { return Ok(before) };
    let after = row.update(&txn).await?;
    let event = status_event(Kind::UserApproved, &before, &after).by_staff(me).informing([id]);
    events::record(&txn, state, event).await?;
    suggest(&txn, state, &after).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(after)
}

/// Who went through the survey before they were active, or was away, had nobody suggested to them then.
async fn suggest(txn: &DatabaseTransaction, state: &AppState, user: &user::Model) -> Result<()> {
    if user.is_public() { suggestions::ops::refresh(txn, state, user.id).await } else { Ok(()) }
}

/// Ends all sessions of the account with it.
pub async fn suspend(state: &AppState, me: &Caller<Admin>, id: Uuid, note: String) -> Result<user::Model> {
    let now = state.clock.now();
    let txn = state.begin_write().await?;
    let locked = Locked::by(&txn, me, id).await?;
    locked.demand_another_owner()?;
    let before = locked.account.clone();
    let Some(row) = locked.account.suspend(note, now) else { return Ok(before) };
    let after = row.update(&txn).await?;
    sessions::ops::end_all(&txn, state, id, EndedReason::Suspended).await?;
    events::record(&txn, state, status_event(Kind::UserSuspended, &before, &after).by_staff(me)).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(after)
}

pub async fn reactivate(state: &AppState, me: &Caller<Admin>, id: Uuid) -> Result<user::Model> {
    let txn = state.begin_write().await?;
    let account = Locked::by(&txn, me, id).await?.account;
    let before = account.clone();
    let Some(row) = account.reactivate(state.clock.now())? else { return Ok(before) };
    let after = row.update(&txn).await?;
    events::record(&txn, state, status_event(Kind::UserReactivated, &before, &after).by_staff(me)).await?;
    suggest(&txn, state, &after).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(after)
}

pub async fn change_role(state: &AppState, me: &Caller<Owner>, id: Uuid, role: user::Role) -> Result<user::Model> {
    let txn = state.begin_write().await?;
    let locked = Locked::by(&txn, me, id).await?;
    if role != user::Role::Owner {
        locked.demand_another_owner()?;
    }
    let before = locked.account.clone();
    let Some(row) = locked.account.change_role(role, state.clock.now()) else { return Ok(before) };
    let after = row.update(&txn).await?;
    let change = json!({ "before": { "role": before.role }, "after": { "role": after.role } });
    let event = Event::new(Kind::UserRoleChanged, id).by_staff(me).informing([id]).with(change);
    events::record(&txn, state, event).await?;
    txn.commit().await?;
    state.auth.forget(id);
    Ok(after)
}

/// Makes a new user the first owner.
pub async fn make_owner(txn: &DatabaseTransaction, state: &AppState, user: user::Model) -> Result<user::Model> {
    let now = state.clock.now();
    let change = json!({ "before": { "role": user.role }, "after": { "role": user::Role::Owner } });
    let mut row = user.into_active_model();
    row.role = Set(user::Role::Owner);
    row.status = Set(user::Status::Active);
    row.email_verified_at = Set(Some(now));
    let owner = row.update(txn).await?;
    events::record(
        txn,
        state,
        Event::new(Kind::UserRoleChanged, owner.id).by_operator().telling([owner.id]).with(change),
    )
    .await?;
    Ok(owner)
}

fn status_event(kind: Kind, before: &user::Model, after: &user::Model) -> Event {
    let change = json!({ "before": { "status": before.status }, "after": { "status": after.status } });
    Event::new(kind, after.id).with(change)
}

/// An account that staff acts on, with the owners where an owner acts: all locked, so that two who act on each other do
/// so one after the other.
pub(super) struct Locked {
    pub account: user::Model,
    owners: Vec<user::Model>,
}

impl Locked {
    async fn by<R>(txn: &DatabaseTransaction, me: &Caller<R>, id: Uuid) -> Result<Self> {
        if id == me.id() {
            return Err(Code::OwnAccount.into());
        }
        let is_owner = me.role() == user::Role::Owner;
        let owners = is_owner.then(|| Column::Role.eq(user::Role::Owner));
        let locked = Self::find(txn, id, owners).await?;
        if !is_owner && locked.account.is_staff() {
            return Err(Code::StaffAccount.into());
        }
        let locked = if is_owner { locked.demand_still_owner(me.id())? } else { locked };
        locked.account.demand_not_erased()?;
        Ok(locked)
    }

    /// An account with the owners, whoever acts.
    pub async fn with_owners(txn: &DatabaseTransaction, id: Uuid) -> Result<Self> {
        Self::find(txn, id, Some(Column::Role.eq(user::Role::Owner))).await
    }

    async fn find(txn: &DatabaseTransaction, id: Uuid, owners: Option<SimpleExpr>) -> Result<Self> {
        let rows = Entity::find()
            .filter(Condition::any().add(Column::Id.eq(id)).add_option(owners))
            .order_by_asc(Column::Id)
            .lock(LockType::NoKeyUpdate)
            .all(txn)
            .await?;
        let account = rows.iter().find(|row| row.id == id).cloned().ok_or(Code::NotFound)?;
        Ok(Self { account, owners: rows.into_iter().filter(user::Model::is_active_owner).collect() })
    }

    /// The caller may have been demoted since the guard looked. Where that leaves the account the only owner, this is
    /// told rather than a missing right.
    fn demand_still_owner(self, me: Uuid) -> Result<Self> {
        if self.owners.iter().any(|owner| owner.id == me) {
            return Ok(self);
        }
        self.demand_another_owner()?;
        Err(Code::Forbidden.into())
    }

    pub fn demand_another_owner(&self) -> Result<()> {
        let is_last = self.account.is_active_owner() && self.owners.iter().all(|owner| owner.id == self.account.id);
        if is_last { Err(Code::LastOwner.into()) } else { Ok(()) }
    }
}
