//! Access tokens: JWT of the profile of RFC 9068, signed with EdDSA (RFC 8037).

use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::state::AppState;

pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
/// By how many seconds the clocks of two nodes may differ.
const LEEWAY: i64 = 60;

/// What an access token says: opaque ids and instants in seconds, nothing personal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: Uuid,
    pub sid: Uuid,
    pub jti: Uuid,
    pub client_id: String,
    pub iat: i64,
    pub exp: i64,
    /// We do not write it: a token that does not say so is good from the beginning.
    #[serde(default, skip_serializing)]
    pub nbf: i64,
    pub auth_time: i64,
}

impl Claims {
    pub fn of_session(state: &AppState, session: &session::Model, now: DateTime<Utc>) -> Self {
        Self {
            iss: state.config.public_url.clone(),
            aud: state.config.public_url.clone(),
            sub: session.user_id,
            sid: session.id,
            jti: state.new_id(),
            client_id: "mentorship".to_owned(),
            iat: now.timestamp(),
            exp: (now + LIFETIME).timestamp(),
            nbf: 0,
            auth_time: session.auth_time.timestamp(),
        }
    }

    /// Whether the token is in force. `iat` has no say in it: a wall clock that was set back must not turn everybody away.
    pub fn is_current(&self, now: DateTime<Utc>) -> bool {
        let now = now.timestamp();
        now < self.exp.saturating_add(LEEWAY) && self.nbf <= now.saturating_add(LEEWAY)
    }

    /// Whether we may have issued it: for no longer than we do, and not later than now. Where the clock was set back since, the
    /// session remembers that it was seen at a later time.
    pub fn is_plausible(&self, session: &session::Model, now: DateTime<Utc>) -> bool {
        let latest = now.max(session.last_seen_at).timestamp();
        let lifetime = self.exp.checked_sub(self.iat);
        lifetime.is_some_and(|seconds| seconds <= LIFETIME.num_seconds()) && self.iat <= latest.saturating_add(LEEWAY)
    }
}
