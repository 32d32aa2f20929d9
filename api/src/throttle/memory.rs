//! What one node counts by itself: bounded, the longest unused forgotten first.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use moka::Entry;
use moka::ops::compute::Op;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::Key;
use super::rules::{Decision, Failures, Limit};

const MOST: u64 = 100_000;

/// Longer than any window and any wait, by the real clock: what is older says nothing any more.
const UNUSED: Duration = Duration::from_secs(60 * 60);

pub struct Memory {
    /// When the bucket of a key is full.
    buckets: Cache<Key, Arc<AtomicI64>>,
    failures: Cache<Key, Failures>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { buckets: bounded(), failures: bounded() }
    }
}

fn bounded<T: Clone + Send + Sync + 'static>() -> Cache<Key, T> {
    Cache::builder().max_capacity(MOST).eviction_policy(EvictionPolicy::lru()).time_to_idle(UNUSED).build()
}

impl Memory {
    pub fn take(&self, limit: &Limit, key: Key, now: i64) -> Decision {
        let bucket = self.buckets.get_with(key, Arc::default);
        let fill = |full| Some(limit.fill(full, now).1);
        let (Ok(before) | Err(before)) = bucket.fetch_update(Ordering::AcqRel, Ordering::Acquire, fill);
        let (allowed, full) = limit.fill(before, now);
        limit.decide(allowed, full, now)
    }

    /// How long the attempt must wait; zero where it was counted.
    pub fn begin_attempt(&self, key: Key, now: i64) -> i64 {
        let mut wait = 0;
        self.failures.entry(key).and_upsert_with(|known| {
            let (next, longer) = known.map(Entry::into_value).unwrap_or_default().add(now);
            wait = longer;
            next
        });
        wait
    }

    pub fn forget_attempts(&self, key: Key) {
        self.failures.invalidate(&key);
    }

    pub fn withdraw_attempt(&self, key: Key, now: i64) {
        self.failures
            .entry(key)
            .and_compute_with(|known| known.map_or(Op::Nop, |entry| Op::Put(entry.into_value().withdraw(now))));
    }
}
