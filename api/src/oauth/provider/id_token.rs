//! The checks of an ID token (OpenID Connect Core 1.0, section 3.1.3.7), by our own clock.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;

use super::{Failure, Profile};
use crate::oauth::flow::same;

const LEEWAY_SECONDS: i64 = 60;
const MAX_SUBJECT: usize = 255;

#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: String,
    #[serde(flatten)]
    pub profile: Profile,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What the claims are held against.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: DateTime<Utc>,
}

/// The claims of a token that `key` signed.
pub fn read(token: &str, algorithm: Algorithm, key: &DecodingKey) -> Result<Claims, Failure> {
    // The library would read the real clock; `Claims::check` reads ours, and demands the rest along with it.
    let mut signature_only = Validation::new(algorithm);
    signature_only.required_spec_claims.clear();
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    let read = decode::<Claims>(token, key, &signature_only);
    read.map(|token| token.claims).map_err(|_| Failure::Invalid("the ID token is not signed, or not what it should be"))
}

impl Claims {
    pub fn check(&self, expected: &Expected<'_>) -> Result<(), Failure> {
        let now = expected.now.timestamp();
        let is_for_us = match &self.aud {
            Audience::One(one) => one == expected.client_id,
            // Of several, `azp` must say that it was made for us.
            Audience::Several(all) => {
                all.iter().any(|one| one == expected.client_id) && (all.len() == 1 || self.azp.is_some())
            }
        };
        let demands = [
            (self.iss == expected.issuer, "the ID token is of another issuer"),
            (is_for_us, "the ID token is for another client"),
            (
                self.azp.as_deref().is_none_or(|azp| azp == expected.client_id),
                "the ID token was made for another client",
            ),
            (now < self.exp.saturating_add(LEEWAY_SECONDS), "the ID token has expired"),
            (self.iat.saturating_sub(LEEWAY_SECONDS) <= now, "the ID token is of the future"),
            (self.nbf.is_none_or(|nbf| nbf.saturating_sub(LEEWAY_SECONDS) <= now), "the ID token is not valid yet"),
            (same(&self.nonce, expected.nonce), "the ID token is of another sign-in"),
            ((1..=MAX_SUBJECT).contains(&self.sub.len()), "the ID token names nobody"),
        ];
        match demands.into_iter().find(|(holds, _)| !holds) {
            Some((_, fault)) => Err(Failure::Invalid(fault)),
            None => Ok(()),
        }
    }
}
