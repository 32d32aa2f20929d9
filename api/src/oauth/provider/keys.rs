//! The keys that a provider signs with (RFC 7517), fetched when they are needed.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::cached::Cached;
use super::{Failure, Http};

/// Keys that a provider withdrew are gone after this.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// Whoever sends tokens with unknown key ids makes us ask this often at most.
const ASKED: TimeDelta = TimeDelta::minutes(1);

/// Never `none`, and none that verifies with a secret.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

#[derive(Default)]
pub struct Keys {
    known: Cached<Vec<Jwk>>,
    asking: Mutex<()>,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Keys {
    /// The key that a token with this header was signed with.
    pub async fn of(
        &self,
        header: &Header,
        http: &Http,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<DecodingKey, Failure> {
        const UNKNOWN: Failure = Failure::Invalid("the ID token is signed with an unknown key");
        if !ALGORITHMS.contains(&header.alg) {
            return Err(Failure::Invalid("the ID token is signed with another algorithm"));
        }
        let known = |age| self.known.within(age, now);
        if let Some(key) = known(KEPT).and_then(|keys| find(&keys, header)) {
            return Ok(key);
        }
        let _one_at_a_time = self.asking.lock().await;
        if let Some(keys) = known(ASKED) {
            return find(&keys, header).ok_or(UNKNOWN);
        }
        let answer: KeySet = http.get(address, None).await?;
        // A key of a kind that we do not know is no key for us.
        let keys = answer.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        find(&self.known.keep(keys, now), header).ok_or(UNKNOWN)
    }
}

/// The key of that id; without an id, the only one that fits.
fn find(keys: &[Jwk], header: &Header) -> Option<DecodingKey> {
    let mut fitting = keys.iter().filter(|key| fits(key, header));
    let found = fitting.next()?;
    let is_certain = header.kid.is_some() || fitting.next().is_none();
    is_certain.then(|| DecodingKey::from_jwk(found).ok()).flatten().filter(|key| key.family() == header.alg.family())
}

fn fits(key: &Jwk, header: &Header) -> bool {
    let is_named = header.kid.is_none() || key.common.key_id == header.kid;
    let is_for_signatures = key.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    let is_public = !matches!(key.algorithm, AlgorithmParameters::OctetKey(_));
    let is_for_algorithm = key.common.key_algorithm.is_none_or(|known| known == KeyAlgorithm::from(header.alg));
    is_named && is_for_signatures && is_public && is_for_algorithm
}
