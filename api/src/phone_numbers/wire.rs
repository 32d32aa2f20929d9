use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::ops::Numbers;
use crate::http::Instant;

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "number": "+4915112345678" }))]
pub struct NewPhoneNumber {
    /// In the international form (E.164).
    #[schema(min_length = 8, max_length = 16, pattern = r"^\+[1-9][0-9]{6,14}$")]
    pub number: String,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({ "code": "123456" }))]
pub struct PhoneCode {
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pub code: String,
}

/// Your number for text messages. It is shown to nobody else.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PhoneNumberOut {
    /// The one that messages go to; null if none is verified.
    #[schema(required, max_length = 16)]
    number: Option<String>,
    #[schema(required)]
    verified_at: Option<Instant>,
    /// One that waits for its code.
    #[schema(required, max_length = 16)]
    pending_number: Option<String>,
    /// Until when the code is good.
    #[schema(required)]
    pending_until: Option<Instant>,
}

impl From<Numbers> for PhoneNumberOut {
    fn from(Numbers { verified, pending }: Numbers) -> Self {
        let (verified_at, pending_until) = (
            verified.as_ref().and_then(|row| row.verified_at).map(Into::into),
            pending.as_ref().map(|row| row.expires_at.into()),
        );
        Self {
            number: verified.and_then(|row| row.number),
            verified_at,
            pending_number: pending.and_then(|row| row.number),
            pending_until,
        }
    }
}
