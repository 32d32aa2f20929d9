mod finish;
mod sign_in;
mod start;
mod take;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use take::look;
pub use take::take;
pub(super) use {finish::finish, sign_in::sign_in, start::start};

use super::provider::{Identity, Provider};
use crate::auth::Auth;

const CODE_LIFETIME: TimeDelta = TimeDelta::seconds(60);
const PURPOSE: &str = "oauth identity";

/// Who signed in, and at which provider.
#[derive(Deserialize, Serialize)]
pub struct Proven {
    pub provider: String,
    pub identity: Identity,
}

impl Proven {
    fn new(provider: &Provider, identity: Identity) -> Self {
        Self { provider: provider.id.clone(), identity }
    }

    /// Both parts of the identity in one text: an issuer has no spaces.
    pub fn key(&self) -> String {
        format!("{} {}", self.identity.issuer, self.identity.subject)
    }

    fn seal(&self, auth: &Auth) -> anyhow::Result<String> {
        auth.seal(PURPOSE, &serde_json::to_vec(self)?)
    }

    fn open(auth: &Auth, sealed: &str) -> Option<Self> {
        serde_json::from_slice(&auth.open(PURPOSE, sealed)?).ok()
    }
}

fn hash(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}
