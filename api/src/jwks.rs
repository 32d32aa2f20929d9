//! The keys that access tokens are signed with, for whoever checks such tokens (RFC 7517).

use actix_web::get;
use actix_web::web::Data;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::PublicKey;
use crate::http::{Public, Routes};
use crate::state::AppState;

pub fn routes(routes: &mut Routes) {
    routes.service(get_key_set);
}

#[derive(Serialize, ToSchema)]
pub struct KeySetOut {
    /// The key that signs, then those that are accepted too.
    #[schema(max_items = 100)]
    keys: Vec<KeyOut>,
}

/// A public key (RFC 8037).
#[derive(Serialize, ToSchema)]
pub struct KeyOut {
    #[schema(max_length = 10, example = "OKP")]
    kty: &'static str,
    #[schema(max_length = 10, example = "Ed25519")]
    crv: &'static str,
    /// The key, base64url.
    #[schema(max_length = 43)]
    x: String,
    /// What tokens name the key by: its thumbprint (RFC 7638).
    #[schema(max_length = 43)]
    kid: String,
    #[schema(max_length = 10, example = "EdDSA")]
    alg: &'static str,
    /// Always `sig`: the key is for signatures.
    #[serde(rename = "use")]
    #[schema(max_length = 10, example = "sig")]
    purpose: &'static str,
}

impl From<&PublicKey> for KeyOut {
    fn from(key: &PublicKey) -> Self {
        Self {
            kty: "OKP",
            crv: "Ed25519",
            x: BASE64_URL_SAFE_NO_PAD.encode(key.key),
            kid: key.id.clone(),
            alg: "EdDSA",
            purpose: "sig",
        }
    }
}

/// Get the keys of access tokens
///
/// A JWK Set (RFC 7517) of public keys, which may be cached for five minutes. While keys are rotated it holds more than one.
#[utoipa::path(tag = "identity", security(()),
    responses(
        (status = 200, description = "The keys.", body = KeySetOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version.")))]
#[get("/.well-known/jwks.json")]
pub async fn get_key_set(state: Data<AppState>) -> Public<KeySetOut> {
    Public(KeySetOut { keys: state.auth.public_keys().iter().map(KeyOut::from).collect() })
}
