use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ops::{Setup, State};
use crate::http::Instant;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorOut {
    /// Whether signing in takes a second factor.
    enabled: bool,
    /// Since when; null where it does not.
    #[schema(required)]
    since: Option<Instant>,
    /// How many recovery codes are not used yet.
    #[schema(minimum = 0, maximum = 10)]
    recovery_codes_left: u64,
}

impl From<State> for SecondFactorOut {
    fn from(state: State) -> Self {
        Self {
            enabled: state.since.is_some(),
            since: state.since.map(Into::into),
            recovery_codes_left: state.recovery_codes,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SecondFactorSetup {
    /// To type into an authenticator app, in base32.
    #[schema(max_length = 64)]
    secret: String,
    /// The same as a link for a QR code: `otpauth://totp/…`.
    #[schema(max_length = 2000)]
    uri: String,
}

impl From<Setup> for SecondFactorSetup {
    fn from(setup: Setup) -> Self {
        Self { secret: setup.secret, uri: setup.link }
    }
}

/// The proof that an authenticator app has the secret.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"code": "287082"}))]
pub struct ConfirmSecondFactor {
    /// The six digits that the app shows.
    #[schema(pattern = "^[0-9]{6}$", min_length = 6, max_length = 6)]
    pub code: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryCodes {
    /// Each signs you in once in the place of a code of the app. They are not shown again.
    #[schema(min_items = 10, max_items = 10)]
    #[schema(value_type = Vec<RecoveryCode>)]
    recovery_codes: Vec<String>,
}

/// Sixteen letters and digits in fours.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 19)]
pub struct RecoveryCode(#[expect(dead_code, reason = "it only names a schema")] String);

impl From<Vec<String>> for RecoveryCodes {
    fn from(recovery_codes: Vec<String>) -> Self {
        Self { recovery_codes }
    }
}

/// What nobody may keep but whom it is for.
pub fn unkept(secret: impl Serialize) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(secret)
}
