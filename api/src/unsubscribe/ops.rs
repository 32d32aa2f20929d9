use super::link::{Scope, read};
use crate::error::{Code, Result};
use crate::state::AppState;
use crate::users;

/// What a link stops.
pub(super) fn scope_of(state: &AppState, token: &str) -> Result<Scope> {
    Ok(read(&state.auth, token).ok_or(Code::NotFound)?.1)
}

/// Stops it; again changes nothing.
pub(super) async fn stop(state: &AppState, token: &str) -> Result<Scope> {
    let (user, scope) = read(&state.auth, token).ok_or(Code::NotFound)?;
    let group = match scope {
        Scope::All => None,
        Scope::Group(group) => Some(group),
    };
    let txn = state.begin_write().await?;
    users::ops::stop_mail(&txn, state, user, group).await?;
    txn.commit().await?;
    Ok(scope)
}

/// A link for all mail of whom `token` is for.
pub(super) fn token_for_all(state: &AppState, token: &str) -> Option<String> {
    let (user, scope) = read(&state.auth, token)?;
    (scope != Scope::All).then(|| super::link::token(&state.auth, user, Scope::All))
}
