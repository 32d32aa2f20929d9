//! What must be kept but not read: AES-256-GCM (NIST SP 800-38D) under a key of its own for each purpose.

use anyhow::anyhow;
use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};

use super::Auth;

const NONCE: usize = 12;

impl Auth {
    /// `bytes` as a text that only [`Auth::open`] reads, and only for the same purpose.
    pub fn seal(&self, purpose: &str, bytes: &[u8]) -> anyhow::Result<String> {
        let mut sealed = bytes.to_vec();
        let key = self.sealing_key(purpose)?;
        let nonce = key
            .seal_in_place_append_tag(Aad::from(purpose.as_bytes()), &mut sealed)
            .map_err(|_| anyhow!("sealing failed"))?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
    }

    /// The bytes of a text that [`Auth::seal`] made for this purpose and nobody changed.
    pub fn open(&self, purpose: &str, text: &str) -> Option<Vec<u8>> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let mut sealed = sealed.to_vec();
        let key = self.sealing_key(purpose).ok()?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let opened = key.open_in_place(nonce, Aad::from(purpose.as_bytes()), &mut sealed).ok()?;
        Some(opened.to_vec())
    }

    fn sealing_key(&self, purpose: &str) -> anyhow::Result<RandomizedNonceKey> {
        let key = blake3::derive_key("mentorship seal", &self.mac(purpose, b"seal"));
        RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| anyhow!("the sealing key does not fit"))
    }
}

#[cfg(test)]
mod tests {
    use crate::auth::Auth;
    use crate::config::Config;

    fn auth(secret: &str) -> Auth {
        let secret = ("MENTORSHIP_TOKEN_SECRET".to_owned(), secret.repeat(32));
        Auth::new(&Config::from_variables([secret]).unwrap()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_secret_and_purpose_only() {
        let text = auth("a").seal("state", b"of mine").unwrap();
        assert_ne!(auth("a").seal("state", b"of mine").unwrap(), text);
        assert_eq!(auth("a").open("state", &text).unwrap(), b"of mine");
        assert_eq!(auth("a").open("other", &text), None);
        assert_eq!(auth("b").open("state", &text), None);
        for changed in
            [String::new(), "AAAA".to_owned(), text[1..].to_owned(), format!("{text}A"), text.replace('-', "_") + "x"]
        {
            assert_eq!(auth("a").open("state", &changed), None, "{changed}");
        }
    }
}
