//! Instants of the seeded world.

use chrono::{DateTime, Utc};

const DAY: i64 = 86_400;
const YEAR_2026: i64 = 1_767_225_600;
const BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// When it is in the seeded world: nothing has happened after this.
pub const NOW: DateTime<Utc> = at(11, 2, 9, 0);

/// An instant of 2026, in UTC.
pub const fn at(month: usize, day: i64, hour: i64, minute: i64) -> DateTime<Utc> {
    in_year(YEAR_2026, month, day, hour, minute)
}

/// An instant of 2027, in UTC: far enough that a newcomer finds it to come.
pub const fn next_year(month: usize, day: i64, hour: i64, minute: i64) -> DateTime<Utc> {
    in_year(YEAR_2026 + 365 * DAY, month, day, hour, minute)
}

const fn in_year(start: i64, month: usize, day: i64, hour: i64, minute: i64) -> DateTime<Utc> {
    let days = BEFORE_MONTH[month - 1] + day - 1;
    DateTime::from_timestamp_nanos((start + days * DAY + hour * 3600 + minute * 60) * 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_what_they_say() {
        assert_eq!(NOW.to_rfc3339(), "2026-11-02T09:00:00+00:00");
        assert_eq!(at(3, 1, 0, 5).to_rfc3339(), "2026-03-01T00:05:00+00:00");
        assert_eq!(next_year(9, 7, 13, 0).to_rfc3339(), "2027-09-07T13:00:00+00:00");
    }
}
