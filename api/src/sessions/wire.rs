use entity::session;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token from the previous response.
    #[schema(min_length = 1, max_length = 200, example = "mrt_from-the-last-sign-in-or-refresh")]
    pub refresh_token: String,
}

/// A signed-in device.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionOut {
    id: Uuid,
    /// Whether it is the one that is asking.
    current: bool,
    mode: session::Mode,
    created_at: Instant,
    /// When it last took new tokens.
    last_seen_at: Instant,
    /// When it ends if it is not used.
    expires_at: Instant,
    /// What the device called itself.
    #[schema(required, max_length = 200)]
    user_agent: Option<String>,
    /// The network that it signed in from, roughly.
    #[schema(required, max_length = 50, example = "203.0.113.0/24")]
    address: Option<String>,
}

impl SessionOut {
    pub fn of(row: session::Model, current: Uuid) -> Self {
        Self {
            id: row.id,
            current: row.id == current,
            mode: row.mode,
            created_at: row.created_at.into(),
            last_seen_at: row.last_seen_at.into(),
            expires_at: row.idle_expires_at.into(),
            user_agent: row.user_agent,
            address: row.address_hint,
        }
    }
}
