//! What follows for the account when somebody proved to read an address.

use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, IntoActiveModel};

use crate::error::Result;
use crate::events::{self, Event, Kind};
use crate::state::AppState;

/// The present address of the locked user is theirs.
pub async fn mark_verified(txn: &DatabaseTransaction, state: &AppState, locked: user::Model) -> Result<()> {
    if locked.email_verified_at.is_some() {
        return Ok(());
    }
    let (id, now) = (locked.id, state.clock.now());
    let mut row = locked.into_active_model();
    row.email_verified_at = Set(Some(now));
    row.updated_at = Set(now);
    row.update(txn).await?;
    events::record(txn, state, Event::new(Kind::UserEmailVerified, id).telling([id])).await
}

/// Another, verified address for the locked user; refused where somebody has it.
pub async fn change_email(
    txn: &DatabaseTransaction,
    state: &AppState,
    locked: user::Model,
    email: String,
) -> Result<()> {
    let (id, now) = (locked.id, state.clock.now());
    let mut row = locked.into_active_model();
    row.email = Set(email);
    row.email_verified_at = Set(Some(now));
    row.updated_at = Set(now);
    row.update(txn).await?;
    events::record(txn, state, Event::new(Kind::UserEmailChanged, id).telling([id])).await
}

/// A new user whom an admin invited: verified by the link, and approved by the invitation.
pub async fn welcome_invited(txn: &DatabaseTransaction, state: &AppState, new: user::Model) -> Result<()> {
    let mut row = new.into_active_model();
    row.status = Set(user::Status::Active);
    row.email_verified_at = Set(Some(state.clock.now()));
    row.update(txn).await?;
    Ok(())
}
