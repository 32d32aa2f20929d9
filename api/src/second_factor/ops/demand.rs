use entity::second_factor;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, IntoActiveModel};
use uuid::Uuid;

use super::{codes, lock, secret_of};
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::second_factor::totp;
use crate::sessions::ops::still_unsuspended;
use crate::state::AppState;

/// 401 unless `given` is a code of the second factor of `user_id`, where they have one. Ask for it after the first factor proved right, as a [`Guess`](super::Guess), and in
/// the transaction that uses that up: a refusal then uses up neither.
pub async fn demand(txn: &DatabaseTransaction, state: &AppState, user_id: Uuid, given: Option<&str>) -> Result<()> {
    // Whoever locks both locks the user first.
    still_unsuspended(txn, user_id).await?;
    let Some(factor) = lock(txn, user_id).await?.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(()) };
    let given: String = given.ok_or(Code::SecondFactorRequired)?.split_whitespace().collect();
    if given.len() == 6 && given.bytes().all(|letter| letter.is_ascii_digit()) {
        return take_code(txn, state, factor, &given).await;
    }
    if !codes::take(txn, state, user_id, &given).await? {
        return Err(Code::InvalidSecondFactor.into());
    }
    events::record(txn, state, Event::new(Kind::UserRecoveryCodeUsed, user_id).telling([user_id])).await
}

async fn take_code(
    txn: &DatabaseTransaction,
    state: &AppState,
    factor: second_factor::Model,
    code: &str,
) -> Result<()> {
    let step = new_step(state, &factor, code)?.ok_or(Code::InvalidSecondFactor)?;
    let mut row = factor.into_active_model();
    row.last_used_step = Set(step);
    row.update(txn).await?;
    Ok(())
}

/// The step of a code that is right and was not taken before.
pub(super) fn new_step(state: &AppState, factor: &second_factor::Model, code: &str) -> Result<Option<i64>> {
    let now = state.clock.now();
    let step = totp::step_of(&secret_of(state, factor)?, code, now)?;
    Ok(step.filter(|step| factor.is_new(*step, totp::step_at(now))))
}
