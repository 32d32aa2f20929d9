use entity::account;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::oauth::Providers;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"password": "another walk by the river"}))]
pub struct NewPassword {
    #[schema(format = "password", min_length = 8, max_length = 256)]
    pub password: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"code": "from-the-fragment-of-your-page",
    "codeVerifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}))]
pub struct LinkAccount {
    /// The code that your page was opened with, at most a minute ago.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The random text whose hash the sign-in with the provider began with.
    #[schema(min_length = 43, max_length = 128, pattern = "^[A-Za-z0-9._~-]*$")]
    pub code_verifier: String,
}

/// One way of signing in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MyAccountOut {
    id: Uuid,
    /// `password`, or the id of a sign-in provider.
    #[schema(max_length = 30, example = "github")]
    provider: String,
    /// What to show for it. Null if it is a provider that this server no longer has: it does not sign you in.
    #[schema(required, max_length = 50, example = "GitHub")]
    name: Option<String>,
    created_at: Instant,
}

impl MyAccountOut {
    pub fn of(row: account::Model, providers: &Providers) -> Self {
        let name = match row.provider.as_str() {
            account::PASSWORD => Some("Password".to_owned()),
            id => providers.get(id).map(|provider| provider.name.clone()),
        };
        Self { id: row.id, provider: row.provider, name, created_at: row.created_at.into() }
    }
}
