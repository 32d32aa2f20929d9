//! What goes out to others is claimed, sent and marked; this is when another attempt is made (docs/adr/0012-deliveries.md).

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

pub const MAX_ATTEMPTS: i32 = 12;

/// Whoever sends has so long, then the attempt has failed: well before another node takes it for dead.
pub const PATIENCE: Duration = Duration::from_secs(30);
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// When somebody else may try what is claimed now, should nothing be heard of it.
pub fn claimed_until(attempts: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    now + pause_after(attempts).max(LEASE)
}

/// When it is tried again after so many attempts have failed.
pub fn next_attempt(attempts: i32, now: DateTime<Utc>) -> DateTime<Utc> {
    now + pause_after(attempts)
}

/// A minute, then twice as long each time.
fn pause_after(attempts: i32) -> TimeDelta {
    TimeDelta::minutes(1 << attempts.clamp(1, 10).saturating_sub(1))
}
