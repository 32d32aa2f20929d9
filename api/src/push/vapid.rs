//! Voluntary application server identification (RFC 8292): a token for each push service, signed with the key that browsers
//! were given when they subscribed.

use anyhow::{Context, Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use lettre::message::Mailbox;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use url::Url;

use crate::config::Config;

/// A day is the most that push services take.
const LIFETIME: TimeDelta = TimeDelta::hours(12);

pub struct Vapid {
    key: EcdsaKeyPair,
    /// Whom the push service writes to when something is wrong
    contact: String,
}

impl Vapid {
    /// Nothing where no key is configured.
    pub fn new(config: &Config) -> Result<Option<Self>> {
        let text = config.channels.vapid_key.expose_secret();
        if text.is_empty() {
            return Ok(None);
        }
        let sender: Mailbox = config.mail_from.parse().context("the sender of mail")?;
        let key = read_key(text).context("the VAPID key")?;
        Ok(Some(Self { key, contact: format!("mailto:{}", sender.email) }))
    }

    /// The public key, as browsers take it to subscribe.
    pub fn public_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.key.public_key())
    }

    /// What is said to the push service of `endpoint` in the header `Authorization`.
    pub fn authorize(&self, endpoint: &Url, now: DateTime<Utc>) -> Result<String> {
        let claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": (now + LIFETIME).timestamp(),
            "sub": self.contact,
        });
        let part = |value: Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(json!({ "typ": "JWT", "alg": "ES256" })), part(claims));
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature.map_err(|_| anyhow!("signing failed"))?);
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public_key()))
    }
}

/// An EC key on P-256 in base64 of its PKCS #8 form.
pub fn read_key(text: &str) -> Option<EcdsaKeyPair> {
    let der = BASE64_STANDARD.decode(text.trim()).ok()?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der).ok()
}
