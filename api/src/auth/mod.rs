//! Who is calling: access tokens, refresh tokens, passwords, and the `Caller` that every guarded operation takes.

mod access_token;
mod caller;
mod device_token;
mod key_set;
mod password;
pub mod password_policy;
mod refresh_token;
mod roles;
mod seal;
mod session_row;

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use secrecy::ExposeSecret;
use uuid::Uuid;

pub use access_token::{Claims, LIFETIME as ACCESS_TOKEN_LIFETIME};
pub use caller::{Caller, Known, admitted, recognise, recognised};
pub use device_token::DeviceToken;
pub use key_set::PublicKey;
pub use password::Passwords;
pub use refresh_token::RefreshToken;
pub use roles::{Admin, Member, Owner, Registered, Role};
pub use session_row::{Standing, standing};

use crate::config::Config;

/// For how long a node trusts what it read of a user and a session: a change elsewhere counts within five seconds, the time of a
/// request included. What it changes itself it forgets at once.
const REMEMBERED: Duration = Duration::from_secs(4);

pub struct Auth {
    access_tokens: key_set::KeySet,
    secret: [u8; 32],
    known: Cache<String, Arc<Known>>,
    pub passwords: Passwords,
}

impl Auth {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            access_tokens: key_set::KeySet::new(config)?,
            secret: blake3::derive_key("mentorship token secret", config.token_secret.expose_secret().as_bytes()),
            known: Cache::builder()
                .max_capacity(50_000)
                .time_to_live(REMEMBERED)
                .support_invalidation_closures()
                .build(),
            passwords: Passwords::new(config)?,
        })
    }

    /// A keyed digest of `message`; each purpose has a key of its own.
    pub fn mac(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let key = blake3::derive_key(purpose, &self.secret);
        *blake3::keyed_hash(&key, message).as_bytes()
    }

    pub fn sign(&self, claims: &Claims) -> anyhow::Result<String> {
        self.access_tokens.sign(claims)
    }

    /// The keys whose access tokens are accepted.
    pub fn public_keys(&self) -> &[PublicKey] {
        self.access_tokens.public_keys()
    }

    /// Drops what this node remembers of a user, so that a change bites on the next request.
    pub fn forget(&self, user: Uuid) {
        // Without the closure support that `new` asks for this would fail; then the memory is dropped whole.
        if self.known.invalidate_entries_if(move |_, known| known.user_id == user).is_err() {
            self.forget_all();
        }
    }

    /// The same of a session.
    pub fn forget_session(&self, session: Uuid) {
        if self.known.invalidate_entries_if(move |_, known| known.session_id == session).is_err() {
            self.forget_all();
        }
    }

    /// The same of everybody.
    pub fn forget_all(&self) {
        self.known.invalidate_all();
    }
}
