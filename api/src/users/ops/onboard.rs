use entity::user;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, IntoActiveModel};

use crate::error::Result;
use crate::state::AppState;

/// The locked user is through with the survey.
pub async fn onboard(txn: &DatabaseTransaction, state: &AppState, locked: user::Model) -> Result<()> {
    let now = state.clock.now();
    let mut row = locked.into_active_model();
    row.onboarding_completed_at = Set(Some(now));
    row.updated_at = Set(now);
    row.update(txn).await?;
    Ok(())
}
