//! Refresh tokens: the session, a counter and a keyed digest of both, so that the successor of a token can be made again
//! for a retry although the database holds only its hash.

use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::TimeDelta;
use uuid::Uuid;

use super::Auth;

const PREFIX: &str = "mrt_";

/// A token of the session `session_id`, the `counter`-th in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    pub session_id: Uuid,
    pub counter: i64,
}

impl RefreshToken {
    pub const IDLE: TimeDelta = TimeDelta::days(14);
    pub const ABSOLUTE: TimeDelta = TimeDelta::days(30);
    /// For how long the direct parent may be repeated, while its successor is unused.
    pub const GRACE: TimeDelta = TimeDelta::seconds(10);

    pub fn seal(&self, auth: &Auth) -> String {
        let body = self.body();
        let mac = auth.mac("refresh token", &body);
        format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode([body.as_slice(), &mac].concat()))
    }

    pub fn open(auth: &Auth, text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (session_id, rest) = bytes.split_first_chunk::<16>()?;
        let (counter, mac) = rest.split_first_chunk::<8>()?;
        let token = Self { session_id: Uuid::from_bytes(*session_id), counter: i64::from_be_bytes(*counter) };
        let expected = blake3::Hash::from_bytes(auth.mac("refresh token", &token.body()));
        // `Hash` compares in constant time.
        (mac.len() == 32 && expected == *mac).then_some(token)
    }

    /// What the database keeps of a token.
    pub fn hash(text: &str) -> String {
        blake3::hash(text.as_bytes()).to_hex().to_string()
    }

    fn body(&self) -> Vec<u8> {
        [self.session_id.as_bytes().as_slice(), &self.counter.to_be_bytes()].concat()
    }
}
