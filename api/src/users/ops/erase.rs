use entity::{user, user_language};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::staff::Locked;
use super::{sets, windows};
use crate::auth::{Caller, Registered};
use crate::error::{Code, Result};
use crate::sessions::ops::demand_unsuspended;
use crate::state::AppState;

/// The caller's own row, locked, where they may leave.
pub async fn lock_leaving(txn: &DatabaseTransaction, me: &Caller<Registered>) -> Result<user::Model> {
    let locked = Locked::with_owners(txn, me.id()).await?;
    if locked.account.erased_at.is_some() {
        return Err(Code::Unauthenticated.into());
    }
    demand_unsuspended(&locked.account)?;
    locked.demand_another_owner()?;
    Ok(locked.account)
}

/// Takes everything personal from the locked user.
pub async fn erase(txn: &DatabaseTransaction, state: &AppState, locked: user::Model) -> Result<()> {
    sets::delete_all(txn, locked.id).await?;
    user_language::Entity::delete_many().filter(user_language::Column::UserId.eq(locked.id)).exec(txn).await?;
    windows::replace(txn, locked.id, Vec::new()).await?;
    locked.erase(state.clock.now()).update(txn).await?;
    Ok(())
}
