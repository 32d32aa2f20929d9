use entity::user;
use sea_orm::DatabaseTransaction;

use crate::auth::{Caller, Registered};
use crate::candidates::snapshot;
use crate::error::{Code, Result};
use crate::events::{self, Event, Kind};
use crate::http::idempotency;
use crate::state::AppState;
use crate::{
    accounts, blocks, issues, live, mail, match_runs, mentorships, notes, notifications, onboarding, phone_numbers,
    push_subscriptions, second_factor, sessions, suggestions, users, verification,
};

/// How often somebody may begin a mentorship with who is leaving at this very moment, or be suggested to them.
const ATTEMPTS: usize = 5;

/// Erases the caller's account in one transaction.
pub(super) async fn erase(state: &AppState, me: &Caller<Registered>) -> Result<()> {
    me.demand_recent(state.clock.now())?;
    for _ in 0..ATTEMPTS {
        if try_erase(state, me).await? {
            state.auth.forget(me.id());
            return Ok(());
        }
    }
    Err(Code::Unavailable.into())
}

/// Whether it was done: suggestions and mentorships are locked before users, so one may have come in between. Then nothing is
/// changed.
async fn try_erase(state: &AppState, me: &Caller<Registered>) -> Result<bool> {
    let txn = state.begin_write().await?;
    match_runs::lock_telling(&txn).await?;
    let withdrawn = suggestions::ops::withdraw_all(&txn, state, me.id()).await?;
    mentorships::ops::leave_all(&txn, state, me).await?;
    let user = users::ops::lock_leaving(&txn, me).await?;
    let is_new = suggestions::ops::count_of(&txn, me.id()).await? > withdrawn;
    if is_new || mentorships::ops::has_open(&txn, me.id()).await? {
        txn.rollback().await?;
        return Ok(false);
    }
    delete_all(&txn, state, &user).await?;
    users::ops::erase(&txn, state, user).await?;
    events::record(&txn, state, Event::new(Kind::UserErased, me.id()).by(me)).await?;
    live::forget(&txn, me.id()).await?;
    txn.commit().await?;
    Ok(true)
}

/// What is theirs alone. Mail comes before its tokens: whoever is writing one at this moment makes a token for it.
async fn delete_all(txn: &DatabaseTransaction, state: &AppState, user: &user::Model) -> Result<()> {
    let addresses = verification::ops::addresses_of(txn, user).await?;
    mail::forget(txn, state, user.id, &addresses).await?;
    verification::ops::delete_all(txn, user).await?;
    sessions::ops::delete_all(txn, user.id).await?;
    accounts::ops::delete_all(txn, user.id).await?;
    second_factor::ops::remove(txn, user.id).await?;
    onboarding::ops::delete_all(txn, user.id).await?;
    notifications::ops::delete_all(txn, user.id).await?;
    phone_numbers::ops::forget(txn, state, user.id).await?;
    push_subscriptions::ops::delete_all(txn, user.id).await?;
    notes::ops::delete_private(txn, user.id).await?;
    blocks::ops::delete_all(txn, user.id).await?;
    issues::ops::forget(txn, user.id).await?;
    match_runs::forget(txn, user.id).await?;
    snapshot::forget(txn, state).await?;
    idempotency::forget(txn, user.id).await
}
