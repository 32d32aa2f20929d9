//! How often somebody may do something: counted in memory, or in Redis where several nodes count together.

mod attempt;
mod memory;
mod rules;
mod shared;

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::ExposeSecret;

pub use attempt::{Attempt, count_attempt};
pub use rules::{Decision, Limit};

use crate::auth::Auth;
use crate::config::Config;
use memory::Memory;
use shared::Shared;

/// What is counted is named by a digest: neither memory nor Redis holds an e-mail address.
type Key = [u8; 16];

pub struct Throttle {
    auth: Arc<Auth>,
    memory: Memory,
    shared: Option<Shared>,
}

impl Throttle {
    pub fn new(config: &Config, auth: Arc<Auth>) -> Result<Self> {
        let url = config.redis_url.expose_secret();
        let shared = if url.is_empty() { None } else { Some(Shared::new(url)?) };
        Ok(Self { auth, memory: Memory::default(), shared })
    }

    /// Counts one use of `limit` by `key`, where it is allowed.
    pub async fn take(&self, limit: &Limit, key: &str, now: DateTime<Utc>) -> Decision {
        let (key, now) = (self.key(limit.name, key), now.timestamp_micros());
        if let Some(shared) = &self.shared
            && let Some(decision) = shared.take(limit, key, now).await
        {
            return decision;
        }
        self.memory.take(limit, key, now)
    }

    /// Counts an attempt as failed until it is said to have succeeded, so that many at once are not one; or says how long the
    /// next one must wait.
    async fn begin_attempt(&self, name: &str, key: &str, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        let (key, now) = (self.key(name, key), now.timestamp_micros());
        let wait = match &self.shared {
            Some(shared) => shared.begin_attempt(key, now).await,
            None => None,
        };
        let wait = wait.unwrap_or_else(|| self.memory.begin_attempt(key, now));
        if wait > 0 { Err(TimeDelta::microseconds(wait)) } else { Ok(()) }
    }

    async fn forget_attempts(&self, name: &str, key: &str) {
        let key = self.key(name, key);
        self.memory.forget_attempts(key);
        if let Some(shared) = &self.shared {
            shared.forget_attempts(key).await;
        }
    }

    async fn withdraw_attempt(&self, name: &str, key: &str, now: DateTime<Utc>) {
        let (key, now) = (self.key(name, key), now.timestamp_micros());
        self.memory.withdraw_attempt(key, now);
        if let Some(shared) = &self.shared {
            shared.withdraw_attempt(key, now).await;
        }
    }

    fn key(&self, name: &str, key: &str) -> Key {
        let digest = self.auth.mac("throttle key", format!("{name}\n{key}").as_bytes());
        std::array::from_fn(|at| digest[at])
    }
}
