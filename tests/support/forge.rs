use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::Value;

/// An Ed25519 key that a test knows whole.
pub struct Key([u8; 32]);

impl Key {
    /// What development signs with.
    pub const DEVELOPMENT: Self = Self([7; 32]);
    /// That of [`SIGNING_KEY`](crate::SIGNING_KEY).
    pub const SIGNING: Self = Self([9; 32]);
    /// Nobody's.
    pub const STRANGE: Self = Self([11; 32]);

    fn pair(&self) -> Ed25519KeyPair {
        Ed25519KeyPair::from_seed_unchecked(&self.0).unwrap()
    }

    pub fn public(&self) -> Vec<u8> {
        self.pair().public_key().as_ref().to_vec()
    }

    /// The private key as settings take it.
    pub fn pkcs8(&self) -> String {
        let header = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        BASE64_STANDARD.encode([header.as_slice(), &self.0].concat())
    }

    /// The public key in DER.
    pub fn spki_der(&self) -> Vec<u8> {
        [[0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0].as_slice(), &self.public()].concat()
    }

    /// The public key as settings take it.
    pub fn spki(&self) -> String {
        BASE64_STANDARD.encode(self.spki_der())
    }
}

/// A token taken apart, to be changed and signed by whoever.
#[derive(Clone)]
pub struct Forged {
    pub header: Value,
    pub claims: Value,
}

impl Forged {
    pub fn of(token: &str) -> Self {
        let mut parts = token.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap());
        let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
        Self { header: next(), claims: next() }
    }

    /// With one field of the header set, or taken away where `value` is `None`.
    pub fn with_header(&self, name: &str, value: impl Into<Option<Value>>) -> Self {
        let mut changed = self.clone();
        set(&mut changed.header, name, value.into());
        changed
    }

    /// The same of the claims.
    pub fn with_claim(&self, name: &str, value: impl Into<Option<Value>>) -> Self {
        let mut changed = self.clone();
        set(&mut changed.claims, name, value.into());
        changed
    }

    /// What a signature is made of.
    pub fn message(&self) -> String {
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }

    pub fn signed(&self, key: &Key) -> String {
        signed(&self.message(), key)
    }

    /// Authenticated with a secret, as HS256 is.
    pub fn authenticated(&self, secret: &[u8]) -> String {
        let message = self.message();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
        format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
    }

    /// With claims that no JSON library writes.
    pub fn signed_with_claims_text(&self, claims: &str, key: &Key) -> String {
        let message = self.message();
        let header = message.split('.').next().unwrap();
        signed(&format!("{header}.{}", BASE64_URL_SAFE_NO_PAD.encode(claims)), key)
    }
}

fn signed(message: &str, key: &Key) -> String {
    format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(key.pair().sign(message.as_bytes())))
}

fn set(object: &mut Value, name: &str, value: Option<Value>) {
    let fields = object.as_object_mut().unwrap();
    match value {
        Some(value) => _ = fields.insert(name.to_owned(), value),
        None => _ = fields.remove(name),
    }
}
