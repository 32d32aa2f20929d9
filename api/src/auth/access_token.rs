//! Access tokens: JWT of the profile of RFC 9068, signed with EdDSA (RFC 8037).

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::state::AppState;

pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);
const TYPE: &str = "at+jwt";
const LEEWAY_SECONDS: i64 = 5;

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
            auth_time: session.auth_time.timestamp(),
        }
    }

    /// The end alone counts: a wall clock that was set back must not turn everybody away.
    pub fn is_current(&self, now: DateTime<Utc>) -> bool {
        now.timestamp() < self.exp + LEEWAY_SECONDS
    }
}

pub struct Keys {
    signing: EncodingKey,
    verifying: DecodingKey,
    header: Header,
    validation: Validation,
}

impl Keys {
    pub fn new(der: &[u8], audience: &str) -> Result<Self> {
        let signing = EncodingKey::from_ed_der(der);
        let public = Jwk::from_encoding_key(&signing, Algorithm::EdDSA)?;
        let key_id = blake3::hash(&serde_json::to_vec(&public)?).to_hex()[..16].to_owned();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // The library would read the real clock; `Claims::is_current` reads ours.
        validation.validate_exp = false;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(key_id), ..Header::new(Algorithm::EdDSA) };
        Ok(Self { verifying: DecodingKey::from_jwk(&public)?, signing, header, validation })
    }

    pub fn sign(&self, claims: &Claims) -> Result<String> {
        Ok(encode(&self.header, claims, &self.signing)?)
    }

    /// The claims of a token that we signed for this purpose and that is current.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        if header.typ != self.header.typ || header.kid != self.header.kid {
            return None;
        }
        let claims = decode::<Claims>(token, &self.verifying, &self.validation).ok()?.claims;
        claims.is_current(now).then_some(claims)
    }
}
