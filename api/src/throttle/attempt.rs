//! Attempts to prove who is calling: a password, a code. Ten failures of an account within fifteen minutes are free, then each
//! further attempt must wait, longer and longer; and each address has a number of attempts a minute, whomever they are about.

use chrono::TimeDelta;

use super::Limit;
use crate::error::{Code, Error, Result};
use crate::http::ClientAddress;
use crate::state::AppState;

/// An attempt under way, which counts as failed until it is concluded: so many at once, or of which the request is given up, are
/// as dear as many in turn.
#[must_use = "an attempt that is not concluded counts as failed"]
pub struct Attempt<'a> {
    state: &'a AppState,
    kind: &'static str,
    account: String,
}

impl<'a> Attempt<'a> {
    /// Refuses with `too_many_attempts` what must wait. `account` names what is tried to get into, whether or not it exists, in
    /// any form that is always the same for it; the failures of each `kind` are counted apart.
    pub async fn begin(
        state: &'a AppState,
        kind: &'static str,
        account: impl Into<String>,
        address: ClientAddress,
    ) -> Result<Self> {
        count_attempt(state, address).await?;
        let (account, now) = (account.into(), state.clock.now());
        state.throttle.begin_attempt(kind, &account, now).await.map_err(too_many)?;
        Ok(Self { state, kind, account })
    }

    /// Passes on whether the proof was right, and clears what failed before where it was. What the service could not check was
    /// no attempt.
    pub async fn conclude(self, outcome: Result<bool>) -> Result<bool> {
        let throttle = &self.state.throttle;
        match outcome {
            Ok(true) => throttle.forget_attempts(self.kind, &self.account).await,
            Ok(false) => {}
            Err(_) => throttle.withdraw_attempt(self.kind, &self.account, self.state.clock.now()).await,
        }
        outcome
    }
}

/// Counts an attempt of an address that is about no account: to sign up, to be sent mail, to use what was mailed.
pub async fn count_attempt(state: &AppState, address: ClientAddress) -> Result<()> {
    let limit = Limit::a_minute("attempts", state.config.attempts_a_minute());
    let counted = state.throttle.take(&limit, &address.throttle_key(), state.clock.now()).await;
    if counted.allowed { Ok(()) } else { Err(too_many(counted.retry_after)) }
}

fn too_many(wait: TimeDelta) -> Error {
    Error::later(Code::TooManyAttempts, wait)
}
