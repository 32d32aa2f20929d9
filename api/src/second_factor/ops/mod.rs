mod codes;
mod demand;
mod guess;
mod set_up;

pub use demand::demand;
pub use guess::Guess;
pub use set_up::remove;
pub(super) use set_up::{Setup, State, confirm, disable, renew_codes, start, state_of};

use entity::second_factor::{Column, Entity, Model};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::error::Result;
use crate::state::AppState;

/// Locked, so that of two who use the same code at once the second one finds it used.
async fn lock(txn: &DatabaseTransaction, user_id: Uuid) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::UserId.eq(user_id)).lock_exclusive().one(txn).await?)
}

fn purpose(user_id: Uuid) -> String {
    format!("second factor of {user_id}")
}

fn secret_of(state: &AppState, factor: &Model) -> Result<Vec<u8>> {
    let secret = state.auth.open(&purpose(factor.user_id), &factor.secret);
    Ok(secret
        .ok_or_else(|| anyhow::anyhow!("the secret of a second factor does not open: was the token secret changed?"))?)
}
