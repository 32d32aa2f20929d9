//! The Ed25519 keys of access tokens, in their DER forms (RFC 8410, sections 4 and 7).

use base64::prelude::{BASE64_STANDARD, Engine};
use secrecy::{ExposeSecret, SecretString};

use super::Config;

/// Of a private key in PKCS #8, all but the 32 bytes of the key.
const PRIVATE_HEADER: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// Of a public key in SPKI.
const PUBLIC_HEADER: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

const DEVELOPMENT_KEY: [u8; 32] = [7; 32];
const DEVELOPMENT_PUBLIC_KEY: [u8; 32] = [
    0xea, 0x4a, 0x6c, 0x63, 0xe2, 0x9c, 0x52, 0x0a, 0xbe, 0xf5, 0x50, 0x7b, 0x13, 0x2e, 0xc5, 0xf9, 0x95, 0x47, 0x76,
    0xae, 0xbe, 0xbe, 0x7b, 0x92, 0x42, 0x1e, 0xea, 0x69, 0x14, 0x46, 0xd2, 0x2c,
];

/// A key that can check signatures; a private one contains its public one.
#[derive(Debug, PartialEq, Eq)]
pub enum VerificationKey {
    /// PKCS #8 in DER.
    Private(Vec<u8>),
    Public([u8; 32]),
}

impl VerificationKey {
    fn read(text: &str) -> Option<Self> {
        if let Some(der) = private_der(text) {
            return Some(Self::Private(der));
        }
        let der = BASE64_STANDARD.decode(text.trim()).ok()?;
        Some(Self::Public(der.strip_prefix(&PUBLIC_HEADER)?.try_into().ok()?))
    }

    fn is_development(&self) -> bool {
        match self {
            Self::Private(der) => der.ends_with(&DEVELOPMENT_KEY),
            Self::Public(key) => *key == DEVELOPMENT_PUBLIC_KEY,
        }
    }
}

impl Config {
    /// The PKCS #8 form of the configured signing key.
    pub fn signing_key_der(&self) -> Option<Vec<u8>> {
        match self.signing_key.expose_secret() {
            "development" => Some([PRIVATE_HEADER.as_slice(), &DEVELOPMENT_KEY].concat()),
            text => private_der(text),
        }
    }

    pub fn is_development_key(&self) -> bool {
        self.signing_key_der().is_some_and(|der| der.ends_with(&DEVELOPMENT_KEY))
    }

    /// What is accepted beside the signing key; `None` where one of them cannot be read.
    pub fn verification_keys(&self) -> Option<Vec<VerificationKey>> {
        self.verification_keys.iter().map(|key: &SecretString| VerificationKey::read(key.expose_secret())).collect()
    }

    pub(super) fn accepts_development_key(&self) -> bool {
        self.verification_keys().is_some_and(|keys| keys.iter().any(VerificationKey::is_development))
    }
}

fn private_der(text: &str) -> Option<Vec<u8>> {
    let der = BASE64_STANDARD.decode(text.trim()).ok()?;
    (der.len() == 48 && der.starts_with(&PRIVATE_HEADER)).then_some(der)
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
    use jsonwebtoken::{Algorithm, EncodingKey};

    use super::*;

    #[test]
    fn the_development_key_is_known_in_both_forms() {
        let der = [PRIVATE_HEADER.as_slice(), &DEVELOPMENT_KEY].concat();
        let jwk = Jwk::from_encoding_key(&EncodingKey::from_ed_der(&der), Algorithm::EdDSA).unwrap();
        let AlgorithmParameters::OctetKeyPair(pair) = jwk.algorithm else { panic!("{jwk:?}") };
        let public = base64::prelude::BASE64_URL_SAFE_NO_PAD.decode(pair.x).unwrap();
        let spki = [PUBLIC_HEADER.as_slice(), &public].concat();
        for der in [der, spki] {
            let key = VerificationKey::read(&BASE64_STANDARD.encode(der)).unwrap();
            assert!(key.is_development(), "{key:?}");
        }
    }
}
