use entity::session::Mode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::provider::Provider;

/// The providers of this server.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProvidersOut {
    #[schema(max_items = 100)]
    items: Vec<ProviderOut>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderOut {
    /// What stands in addresses.
    #[schema(max_length = 30, example = "github")]
    id: String,
    #[schema(max_length = 50, example = "GitHub")]
    name: String,
}

impl ProvidersOut {
    pub fn of(providers: &[Provider]) -> Self {
        let shown = |one: &Provider| ProviderOut { id: one.id.clone(), name: one.name.clone() };
        Self { items: providers.iter().map(shown).collect() }
    }
}

#[derive(Deserialize, IntoParams, Validate)]
#[serde(rename_all = "camelCase")]
#[into_params(rename_all = "camelCase")]
pub struct StartParams {
    /// The page of your application to come back to, on an origin that may call. The outcome is in its fragment: `#code=…` or
    /// `#error=…`.
    #[param(min_length = 1, max_length = 1000, example = "http://localhost:5173/signed-in")]
    pub return_to: String,
    /// The SHA-256 of a random text that your application keeps, as base64url (`S256` of RFC 7636).
    #[param(
        min_length = 43,
        max_length = 43,
        pattern = "^[A-Za-z0-9_-]*$",
        example = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    )]
    pub code_challenge: String,
}

/// What the provider says. It may say more than this.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackParams {
    /// What the sign-in began with.
    #[param(max_length = 2000)]
    pub state: Option<String>,
    /// To be redeemed at the provider.
    #[param(max_length = 4000)]
    pub code: Option<String>,
    /// Who is answering (RFC 9207).
    #[param(max_length = 2000)]
    pub iss: Option<String>,
    /// Why there is no code.
    #[param(max_length = 200)]
    pub error: Option<String>,
}

impl CallbackParams {
    /// The first of each name: providers add parameters of their own, so that no other is a fault.
    pub fn read(query: &str) -> Self {
        let mut told = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let place = match name.as_ref() {
                "state" => &mut told.state,
                "code" => &mut told.code,
                "iss" => &mut told.iss,
                "error" => &mut told.error,
                _ => continue,
            };
            place.get_or_insert_with(|| value.into_owned());
        }
        told
    }
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"code": "from-the-fragment-of-your-page",
    "codeVerifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}))]
pub struct Exchange {
    /// The code that your page was opened with, at most a minute ago.
    #[schema(min_length = 1, max_length = 100)]
    pub code: String,
    /// The random text whose hash the sign-in began with.
    #[schema(min_length = 43, max_length = 128, pattern = "^[A-Za-z0-9._~-]*$")]
    pub code_verifier: String,
    /// What the last sign-in on this device answered as `deviceToken`; one that is not of this member counts as none.
    #[schema(nullable = false, max_length = 200)]
    pub device_token: Option<String>,
    /// How to take the refresh token; as at sign-in.
    #[schema(nullable = false)]
    pub mode: Option<Mode>,
    /// A code of the authenticator app, or a recovery code; asked for with `second_factor_required` where the second factor is enabled.
    #[schema(min_length = 1, max_length = 64, nullable = false)]
    pub second_factor: Option<String>,
}
