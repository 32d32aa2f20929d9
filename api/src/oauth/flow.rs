//! A sign-in that is under way in a browser: kept sealed in a cookie there, and nowhere here.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::auth::Auth;

pub const LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// The prefix makes browsers refuse it unless it is secure, of this host alone and for all paths (RFC 6265bis, section 4.1.3).
/// Lax, since the provider sends the browser back from another site.
const NAME: &str = "__Host-mentorship-oauth";
const PURPOSE: &str = "oauth flow";

#[derive(Deserialize, Serialize)]
pub struct Flow {
    pub provider: String,
    pub state: String,
    pub nonce: String,
    /// Proves to the provider that who redeems its code is who asked for it.
    pub verifier: String,
    pub return_to: String,
    /// Of the verifier that the application holds, for the code that it is handed.
    pub code_challenge: String,
    pub started_at: DateTime<Utc>,
}

impl Flow {
    pub fn new(provider: &str, return_to: String, code_challenge: String, now: DateTime<Utc>) -> Self {
        Self {
            provider: provider.to_owned(),
            state: random(),
            nonce: random(),
            verifier: random(),
            return_to,
            code_challenge,
            started_at: now,
        }
    }

    pub fn seal(&self, auth: &Auth) -> anyhow::Result<Cookie<'static>> {
        let sealed = auth.seal(PURPOSE, &serde_json::to_vec(self)?)?;
        Ok(blank(sealed).max_age(Duration::seconds(LIFETIME.num_seconds())).finish())
    }

    /// The one that this browser began.
    pub fn of(request: &HttpRequest, auth: &Auth) -> Option<Self> {
        let opened = auth.open(PURPOSE, request.cookie(NAME)?.value())?;
        serde_json::from_slice(&opened).ok()
    }

    /// Whether the answer of `provider` with `state` is due to it.
    pub fn awaits(&self, provider: &str, state: &str, now: DateTime<Utc>) -> bool {
        let age = now - self.started_at;
        let is_current = age >= TimeDelta::minutes(-1) && age < LIFETIME;
        is_current && self.provider == provider && same(&self.state, state)
    }
}

/// Takes the cookie back.
pub fn removal() -> Cookie<'static> {
    blank(String::new()).max_age(Duration::ZERO).finish()
}

fn blank(value: String) -> CookieBuilder<'static> {
    Cookie::build(NAME, value).path("/").secure(true).http_only(true).same_site(SameSite::Lax)
}

/// 256 bits that nobody guesses.
pub fn random() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// Whether the two are equal, in a time that does not tell where they differ.
pub fn same(one: &str, other: &str) -> bool {
    blake3::hash(one.as_bytes()) == blake3::hash(other.as_bytes())
}
