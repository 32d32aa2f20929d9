//! The rules, without a store. Times are microseconds since the epoch.
//!
//! A limit is the generic cell rate algorithm (GCRA): a bucket that fills evenly and is kept as a single time, that at which
//! it will be full. Unlike a count in fixed windows it lets no double burst pass where two windows meet, and unlike a log of
//! requests it has one size. `governor` does the same but reads its own clock, which tests could not move.

use chrono::TimeDelta;

/// So many in any such time, by one key.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub quota: u32,
    pub window: TimeDelta,
}

impl Limit {
    pub const fn a_minute(name: &'static str, quota: u32) -> Self {
        Self { name, quota, window: TimeDelta::minutes(1) }
    }

    pub(super) fn window_micros(&self) -> i64 {
        self.window.num_microseconds().unwrap_or(i64::MAX / 4)
    }

    /// How long it takes until there is one more.
    pub(super) fn interval(&self) -> i64 {
        (self.window_micros() / i64::from(self.quota.max(1))).max(1)
    }

    /// What is decided when the bucket is going to be full at `full`.
    pub(super) fn decide(&self, allowed: bool, full: i64, now: i64) -> Decision {
        let room = now + self.window_micros() - full;
        let missing = if allowed { 0 } else { self.interval() - room };
        Decision {
            allowed,
            remaining: u32::try_from(room / self.interval()).unwrap_or_default(),
            reset_after: TimeDelta::microseconds(full - now),
            retry_after: TimeDelta::microseconds(missing),
        }
    }

    /// Whether there is room for one more, and when the bucket is full then. What is a little further
    /// ahead than a window was written by somebody whose clock goes before ours; what is much further, before the clock was set
    /// back, and that means nothing.
    pub(super) fn fill(&self, known: i64, now: i64) -> (bool, i64) {
        let window = self.window_micros();
        let full = if known > now + 2 * window { now } else { known.clamp(now, now + window) };
        let next = full + self.interval();
        if next > now + window { (false, full) } else { (true, next) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// How many more may follow at once.
    pub remaining: u32,
    /// In what time all of the quota is there again.
    pub reset_after: TimeDelta,
    /// In what time one is allowed again; zero where it is.
    pub retry_after: TimeDelta,
}

const SECOND: i64 = 1_000_000;

/// How many failures are free.
const FREE: usize = 10;

/// For how long failures are remembered after the wait that they cause.
pub(super) const REMEMBERED: i64 = 15 * 60 * SECOND;

/// How long to wait after that many failures: not at all after the free ones, then double each time, at last 15 minutes.
pub(super) const WAITS: [i64; FREE + 11] = waits();

const fn waits() -> [i64; FREE + 11] {
    let mut waits = [0; FREE + 11];
    let mut count = FREE;
    while count < waits.len() {
        let doubled = SECOND << (count - FREE);
        waits[count] = if doubled < REMEMBERED { doubled } else { REMEMBERED };
        count += 1;
    }
    waits
}

/// The failures of one key: how many, and when the next attempt is free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Failures {
    pub count: usize,
    pub free_at: i64,
}

impl Failures {
    /// With one more, unless that one must wait; and for how long it must.
    pub fn add(self, now: i64) -> (Self, i64) {
        let free_at = self.free_at.min(now + WAITS[WAITS.len() - 1]);
        if free_at > now {
            return (Self { free_at, ..self }, free_at - now);
        }
        let before = if now - free_at >= REMEMBERED { 0 } else { self.count };
        let count = (before + 1).min(WAITS.len() - 1);
        (Self { count, free_at: now + WAITS[count] }, 0)
    }

    /// Without the last one, which was free.
    pub fn withdraw(self, now: i64) -> Self {
        Self { count: self.count.saturating_sub(1), free_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Limit = Limit::a_minute("test", 100);

    fn take(full: &mut i64, now: i64) -> Decision {
        let (allowed, next) = LIMIT.fill(*full, now);
        *full = next;
        LIMIT.decide(allowed, next, now)
    }

    #[test]
    fn the_quota_may_come_at_once_and_then_evenly() {
        let (mut full, start) = (0, 1_800_000_000 * SECOND);
        for left in (0..100).rev() {
            let decision = take(&mut full, start);
            assert!(decision.allowed);
            assert_eq!(decision.remaining, left);
        }
        let refused = take(&mut full, start);
        assert_eq!((refused.allowed, refused.remaining), (false, 0));
        assert_eq!((refused.retry_after, refused.reset_after), (TimeDelta::milliseconds(600), TimeDelta::minutes(1)));
        assert!(!take(&mut full, start + SECOND / 2).allowed);
        assert!(take(&mut full, start + 600_000).allowed);
        assert!(!take(&mut full, start + 600_000).allowed);
    }

    #[test]
    fn no_window_has_a_double_burst() {
        let (mut full, start) = (0, 1_800_000_000 * SECOND);
        let at_the_end = start + 59 * SECOND;
        (0..100).for_each(|_| assert!(take(&mut full, at_the_end).allowed));
        let passed = (0..100).filter(|_| take(&mut full, start + 61 * SECOND).allowed).count();
        assert_eq!(passed, 3);
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let (mut full, start) = (0, 1_800_000_000 * SECOND);
        (0..100).for_each(|_| assert!(take(&mut full, start).allowed));
        let yesterday = start - 86_400 * SECOND;
        assert_eq!(take(&mut full, yesterday).remaining, 99);
        let later = Failures { count: 15, free_at: start + REMEMBERED };
        let (known, wait) = later.add(yesterday);
        assert_eq!(wait, REMEMBERED);
        assert_eq!(known.add(yesterday + REMEMBERED).1, 0);
    }

    #[test]
    fn a_clock_that_lags_behind_another_gives_nothing_away() {
        let (mut full, start) = (0, 1_800_000_000 * SECOND);
        (0..100).for_each(|_| assert!(take(&mut full, start).allowed));
        for behind in [1, 1000, SECOND] {
            assert!(!take(&mut full, start - behind).allowed);
        }
    }

    #[test]
    fn ten_failures_are_free_and_then_the_wait_doubles() {
        let (mut known, mut now) = (Failures::default(), 1_800_000_000 * SECOND);
        for _ in 0..FREE {
            known = known.add(now).0;
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            assert_eq!(known.add(now), (known, seconds * SECOND));
            assert_eq!(known.add(now + seconds * SECOND - 1), (known, 1));
            now += seconds * SECOND;
            known = known.add(now).0;
        }
        assert_eq!(known.add(now + 2 * REMEMBERED).0.count, 1);
    }

    #[test]
    fn what_is_taken_back_was_never_there() {
        let now = 1_800_000_000 * SECOND;
        let known = Failures { count: 12, free_at: now - 5 };
        assert_eq!(known.add(now).0.withdraw(now), Failures { count: 12, free_at: now });
    }
}
