use chrono::{DateTime, Utc};
use entity::match_run::Couple;
use matching::{ALGORITHM_VERSION, Fit};
use sea_orm::DatabaseTransaction;

use super::many::{New, suggest_all};
use super::names::Names;
use crate::error::Result;
use crate::state::AppState;

/// Stores the pairs in one order, so that two who are suggested to each other at the same time do not wait in a circle.
pub async fn insert(
    txn: &DatabaseTransaction,
    state: &AppState,
    policy_version: i32,
    mut fits: Vec<Fit>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    if fits.is_empty() {
        return Ok(());
    }
    let names = Names::load(txn, &fits).await?;
    fits.sort_by_key(|fit| (fit.mentor_id, fit.mentee_id));
    let new = fits.iter().map(|fit| New {
        couple: Couple { mentor_id: fit.mentor_id, mentee_id: fit.mentee_id },
        score: fit.score().into(),
        reasons: names.record(&fit.reasons),
    });
    suggest_all(txn, state, (policy_version, ALGORITHM_VERSION), new.collect(), expires_at).await?;
    Ok(())
}
