use actix_web::http::header::{CACHE_CONTROL, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use entity::user;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::http::text;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Ada Lindqvist", "email": "ada.lindqvist@example.org", "password": "a long walk by the river"}))]
pub struct SignUp {
    /// Display name.
    #[schema(min_length = 1, max_length = 80)]
    #[validate(custom(function = text::name))]
    pub name: String,
    #[schema(format = "email", min_length = 3, max_length = 254)]
    pub email: String,
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub password: String,
}

/// What to do next; the same for everyone.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedUp {
    /// The next step, always `SIGN_IN`.
    #[schema(max_length = 20, example = "SIGN_IN")]
    next: &'static str,
}

impl Default for SignedUp {
    fn default() -> Self {
        Self { next: "SIGN_IN" }
    }
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"email": "mentee@example.org", "password": "mentorship-demo"}))]
pub struct SignIn {
    #[schema(min_length = 1, max_length = 254)]
    pub email: String,
    #[schema(format = "password", min_length = 1, max_length = 256)]
    pub password: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token from the previous response.
    #[schema(min_length = 1, max_length = 200, example = "mrt_from-the-last-sign-in-or-refresh")]
    pub refresh_token: String,
}

/// What the session remembers of the device.
pub struct Client {
    pub user_agent: Option<String>,
}

impl Client {
    pub fn of(request: &HttpRequest) -> Self {
        let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
        Self { user_agent: agent.map(|agent| agent.chars().take(200).collect()) }
    }
}

/// The tokens of a session, and whose it is.
pub struct Tokens {
    pub access: String,
    pub refresh: String,
    pub refresh_expires_at: DateTime<Utc>,
    pub user: user::Model,
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
    /// Exchange it once at `/auth/refresh`.
    #[schema(max_length = 200)]
    refresh_token: String,
    /// When the refresh token expires if unused.
    refresh_expires_at: Instant,
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
}

impl From<Tokens> for TokensOut {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access,
            token_type: "Bearer",
            expires_in: 600,
            refresh_token: tokens.refresh,
            refresh_expires_at: tokens.refresh_expires_at.into(),
            user: SignedInUser {
                id: tokens.user.id,
                name: tokens.user.name,
                role: tokens.user.role,
                status: tokens.user.status,
            },
        }
    }
}

impl TokensOut {
    pub fn into_response(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(self)
    }
}
