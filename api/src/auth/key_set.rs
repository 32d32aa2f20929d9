//! The keys of access tokens: one signs, and any number of others are accepted too, so that keys can be rotated over several
//! nodes while all of them serve.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};

use super::access_token::Claims;
use crate::config::{Config, VerificationKey};

const ALGORITHM: Algorithm = Algorithm::EdDSA;
const TYPE: &str = "at+jwt";

pub struct KeySet {
    signing: EncodingKey,
    /// The key that signs is the first.
    keys: Vec<PublicKey>,
    validation: Validation,
}

/// A key as others may know it.
pub struct PublicKey {
    /// The thumbprint of the key (RFC 7638), so that all nodes name it alike without being told.
    pub id: String,
    pub key: [u8; 32],
    verifying: DecodingKey,
    /// What the header of a token of this key says, and all that it says.
    header: Header,
}

impl KeySet {
    pub fn new(config: &Config) -> Result<Self> {
        let signing = EncodingKey::from_ed_der(&config.signing_key_der().context("the signing key is unusable")?);
        let mut keys = vec![PublicKey::of_private(&signing)?];
        for key in config.verification_keys().context("a verification key is unusable")? {
            let key = match key {
                VerificationKey::Private(der) => PublicKey::of_private(&EncodingKey::from_ed_der(&der))?,
                VerificationKey::Public(key) => PublicKey::new(DecodingKey::from_ed_der(&key))?,
            };
            if keys.iter().all(|known| known.id != key.id) {
                keys.push(key);
            }
        }
        Ok(Self { signing, keys, validation: validation(&config.public_url) })
    }

    pub fn public_keys(&self) -> &[PublicKey] {
        &self.keys
    }

    pub fn sign(&self, claims: &Claims) -> Result<String> {
        let first = self.keys.first().context("there is no key")?;
        Ok(encode(&first.header, claims, &self.signing)?)
    }

    /// The claims of a token that we signed for this purpose and that is current.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        let key = self.keys.iter().find(|key| key.header == header)?;
        let claims = decode::<Claims>(token, &key.verifying, &self.validation).ok()?.claims;
        claims.is_current(now).then_some(claims)
    }
}

fn validation(audience: &str) -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[audience]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    // The library would read the real clock; `Claims::is_current` reads ours.
    validation.validate_exp = false;
    validation
}

impl PublicKey {
    fn of_private(key: &EncodingKey) -> Result<Self> {
        Self::new(DecodingKey::from_jwk(&Jwk::from_encoding_key(key, ALGORITHM)?)?)
    }

    fn new(verifying: DecodingKey) -> Result<Self> {
        let id = Jwk::from_decoding_key(&verifying, Some(ALGORITHM))?.thumbprint(ThumbprintHash::SHA256)?;
        let header = Header { typ: Some(TYPE.to_owned()), kid: Some(id.clone()), ..Header::new(ALGORITHM) };
        Ok(Self { id, key: verifying.try_get_as_bytes()?.try_into()?, verifying, header })
    }
}
