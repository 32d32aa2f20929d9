use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use aws_lc_rs::signature::{self, ECDSA_P256_SHA256_FIXED};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};

use crate::sink::Taken;

/// The side of a browser in Web Push: it subscribes, and opens what it is sent (RFC 8291, RFC 8292).
pub struct PushReceiver {
    key: PrivateKey,
    secret: [u8; 16],
}

impl PushReceiver {
    pub fn new() -> Self {
        Self { key: PrivateKey::generate(&ECDH_P256).unwrap(), secret: *b"sixteen letters!" }
    }

    /// What the browser gives the application.
    pub fn subscription(&self, endpoint: &str) -> Value {
        let text = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let keys = json!({ "p256dh": text(&self.public()), "auth": text(&self.secret) });
        json!({ "endpoint": endpoint, "expirationTime": null, "keys": keys })
    }

    fn public(&self) -> Vec<u8> {
        self.key.compute_public_key().unwrap().as_ref().to_vec()
    }

    /// The message in a request to the push service.
    pub fn open(&self, taken: &Taken) -> Value {
        assert_eq!(taken.headers["content-encoding"], "aes128gcm");
        let (salt, rest) = taken.body.split_at(16);
        let (length, rest) = rest[4..].split_first().unwrap();
        let (sender, record) = rest.split_at(usize::from(*length));
        let peer = UnparsedPublicKey::new(&ECDH_P256, sender);
        let shared = agree(&self.key, peer, (), |shared| Ok(shared.to_vec())).unwrap();
        let info = [b"WebPush: info\0".as_slice(), &self.public(), sender].concat();
        let input = derive(&Salt::new(HKDF_SHA256, &self.secret).extract(&shared), &info, 32);
        let pseudorandom = Salt::new(HKDF_SHA256, salt).extract(&input);
        let key = derive(&pseudorandom, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derive(&pseudorandom, b"Content-Encoding: nonce\0", 12).try_into().unwrap();
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let mut record = record.to_vec();
        let opened = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record).unwrap();
        let (end, text) = opened.split_last().unwrap();
        assert_eq!(*end, 2, "the record is not the last");
        serde_json::from_slice(text).unwrap()
    }
}

impl Default for PushReceiver {
    fn default() -> Self {
        Self::new()
    }
}

/// The claims of whoever sent this, whose signature holds for the key that browsers are given.
pub fn vapid_claims(taken: &Taken, public_key: &str) -> Value {
    let text = taken.headers["authorization"].strip_prefix("vapid t=").unwrap();
    let (token, key) = text.split_once(", k=").unwrap();
    assert_eq!(key, public_key);
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let key = signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes(key));
    key.verify(signed.as_bytes(), &bytes(signature)).expect("the signature holds");
    serde_json::from_slice(&bytes(signed.split_once('.').unwrap().1)).unwrap()
}

fn derive(from: &Prk, info: &[u8], length: usize) -> Vec<u8> {
    let mut key = vec![0; length];
    from.expand(&[info], Length(length)).unwrap().fill(&mut key).unwrap();
    key
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}
