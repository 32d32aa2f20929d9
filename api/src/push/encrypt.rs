//! Message encryption for Web Push (RFC 8291) in the encoding `aes128gcm` (RFC 8188), of one record.

use anyhow::{Result, anyhow};
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// An uncompressed point of P-256.
const POINT: usize = 65;
const SALT: usize = 16;
const SECRET: usize = 16;
const RECORD: u32 = 4096;
/// What ends the last record.
const LAST: u8 = 2;

/// What a browser gave to be written to.
pub struct Keys {
    public: [u8; POINT],
    secret: [u8; SECRET],
}

impl Keys {
    /// The keys of their texts, where they are such.
    pub fn read(p256dh: &str, auth: &str) -> Option<Self> {
        let bytes = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let public: [u8; POINT] = bytes(p256dh)?.try_into().ok()?;
        // Whether it is a point of the curve shows when a secret is agreed on.
        let try_out = PrivateKey::generate(&ECDH_P256).ok()?;
        agree(&try_out, UnparsedPublicKey::new(&ECDH_P256, public), (), |_| Ok(())).ok()?;
        Some(Self { public, secret: bytes(auth)?.try_into().ok()? })
    }
}

pub fn encrypt(to: &Keys, text: &[u8]) -> Result<Vec<u8>> {
    let own = PrivateKey::generate(&ECDH_P256).map_err(|_| anyhow!("no key for a message"))?;
    encrypt_with(&own, rand::random(), to, text).ok_or_else(|| anyhow!("a message cannot be encrypted"))
}

fn encrypt_with(own: &PrivateKey, salt: [u8; SALT], to: &Keys, text: &[u8]) -> Option<Vec<u8>> {
    let public = own.compute_public_key().ok()?;
    let shared = agree(own, UnparsedPublicKey::new(&ECDH_P256, to.public), (), |shared| Ok(shared.to_vec())).ok()?;
    let info = [b"WebPush: info\0".as_slice(), &to.public, public.as_ref()].concat();
    let input = derive::<32>(&Salt::new(HKDF_SHA256, &to.secret).extract(&shared), &info)?;
    let pseudorandom = Salt::new(HKDF_SHA256, &salt).extract(&input);
    let key = derive::<16>(&pseudorandom, b"Content-Encoding: aes128gcm\0")?;
    let nonce = derive::<12>(&pseudorandom, b"Content-Encoding: nonce\0")?;
    let mut record = [text, &[LAST]].concat();
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record).ok()?;
    let length = [u8::try_from(POINT).ok()?];
    Some([salt.as_slice(), &RECORD.to_be_bytes(), &length, public.as_ref(), &record].concat())
}

fn derive<const N: usize>(from: &Prk, info: &[u8]) -> Option<[u8; N]> {
    let mut key = [0; N];
    from.expand(&[info], Length(N)).ok()?.fill(&mut key).ok()?;
    Some(key)
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64_URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out() {
        let own = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let own = PrivateKey::from_private_key(&ECDH_P256, &own).unwrap();
        let browser = Keys::read(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let body = encrypt_with(&own, salt, &browser, b"When I grow up, I want to be a watermelon").unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz\
            AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64_URL_SAFE_NO_PAD.encode(body), expected);
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let auth = "BTBZMqHH6r4Tts7J_aSIgg";
        for bad in ["", "BCVx", &BASE64_URL_SAFE_NO_PAD.encode([4; POINT]), &BASE64_URL_SAFE_NO_PAD.encode([0; POINT])]
        {
            assert!(Keys::read(bad, auth).is_none(), "{bad}");
        }
    }
}
