use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use chrono::{DateTime, Utc};
use entity::session::{self, Mode};
use entity::user;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::cookie;
use crate::auth::{ACCESS_TOKEN_LIFETIME, Claims};
use crate::error::Result;
use crate::http::Instant;
use crate::http::security_log::Proved;
use crate::state::AppState;

/// The tokens of a session, and whose it is.
pub struct Tokens {
    access: String,
    refresh: String,
    refresh_expires_at: DateTime<Utc>,
    mode: Mode,
    device: Option<String>,
    user: user::Model,
}

impl Tokens {
    pub fn of(state: &AppState, session: &session::Model, refresh: String, user: user::Model) -> Result<Self> {
        let claims = Claims::of_session(state, session, state.clock.now());
        Ok(Self {
            access: state.auth.sign(&claims)?,
            refresh,
            refresh_expires_at: session.idle_expires_at,
            mode: session.mode,
            device: None,
            user,
        })
    }

    /// With what the device is known by from now on.
    pub fn on(self, device: String) -> Self {
        Self { device: Some(device), ..self }
    }

    pub fn into_response(self) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        response.insert_header((CACHE_CONTROL, "no-store"));
        if self.mode == Mode::Cookie {
            response.cookie(cookie::of_token(self.refresh.clone(), self.refresh_expires_at));
        }
        let user_id = self.user.id;
        let mut response = response.json(TokensOut::from(self));
        response.extensions_mut().insert(Proved(user_id));
        response
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TokensOut {
    /// Send it as `Authorization: Bearer …`.
    #[schema(max_length = 2000)]
    access_token: String,
    #[schema(max_length = 20, example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token expires.
    #[schema(minimum = 1, maximum = 600)]
    expires_in: i64,
    /// Exchange it once at `/auth/refresh`. Null in cookie mode: it is in the cookie.
    #[schema(required, max_length = 200)]
    refresh_token: Option<String>,
    /// When the refresh token expires if unused.
    refresh_expires_at: Instant,
    /// Keep it on this device beyond signing out, and send it with the next sign-in by password. It opens nothing; but where
    /// others guess at the password and its account is throttled, this device is not. Null at a refresh.
    #[schema(required, max_length = 200)]
    device_token: Option<String>,
    user: SignedInUser,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedInUser {
    id: Uuid,
    #[schema(max_length = 80)]
    name: String,
    role: user::Role,
    status: user::Status,
    /// Whether the e-mail address is verified; until then only the own account may be open.
    email_verified: bool,
}

impl From<Tokens> for TokensOut {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access,
            token_type: "Bearer",
            expires_in: ACCESS_TOKEN_LIFETIME.num_seconds(),
            refresh_token: (tokens.mode == Mode::Bearer).then_some(tokens.refresh),
            refresh_expires_at: tokens.refresh_expires_at.into(),
            device_token: tokens.device,
            user: SignedInUser {
                id: tokens.user.id,
                email_verified: tokens.user.email_verified_at.is_some(),
                name: tokens.user.name,
                role: tokens.user.role,
                status: tokens.user.status,
            },
        }
    }
}
