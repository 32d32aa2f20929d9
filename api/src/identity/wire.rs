use entity::session::Mode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

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
    /// What the last sign-in on this device answered as `deviceToken`; one that is not of this account counts as none.
    #[schema(nullable = false, max_length = 200)]
    pub device_token: Option<String>,
    /// How to take the refresh token: in the body (`BEARER`, the default) or in a cookie (`COOKIE`, for a page of an allowed
    /// origin on the same site).
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// A code of the authenticator app, or a recovery code; asked for with `second_factor_required` where the second factor is enabled.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    pub second_factor: Option<String>,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"password": "mentorship-demo"}))]
pub struct Reauthenticate {
    #[schema(format = "password", min_length = 1, max_length = 256)]
    pub password: String,
    /// How the new session takes its refresh token; as at sign-in.
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// A code of the authenticator app, or a recovery code; asked for with `second_factor_required` where the second factor is enabled.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    pub second_factor: Option<String>,
}
