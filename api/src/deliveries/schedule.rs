//! When something goes out: at once or with a digest, and never in quiet hours. Hours are those of the member's own zone, and a
//! day has 23 or 25 of them where the clocks change.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use entity::notification_preferences::{Digest, NotificationPreferences, QuietHours};

/// For so long whoever is in the app at the moment may read it there instead.
pub const GRACE: TimeDelta = TimeDelta::minutes(1);

/// When digests go out: at eight in the morning, those of a week on Monday.
const DIGEST_MINUTE: i16 = 8 * 60;
const DIGEST_DAY: Weekday = Weekday::Mon;

/// When what is told `now` goes out.
pub fn due_at(preferences: &NotificationPreferences, digest: Digest, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let due = match digest {
        Digest::Daily => next_digest(zone, now, |_| true),
        Digest::Weekly => next_digest(zone, now, |day| day.weekday() == DIGEST_DAY),
        Digest::Immediate | Digest::Off => now + GRACE,
    };
    after_quiet(preferences.quiet_hours, zone, due)
}

/// `at` itself, or the end of the quiet hours that it is in.
pub fn after_quiet(quiet: Option<QuietHours>, zone: Tz, at: DateTime<Utc>) -> DateTime<Utc> {
    let local = at.with_timezone(&zone);
    let minute = i16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
    let Some(quiet) = quiet.filter(|quiet| quiet.contains(minute)) else { return at };
    let days = if minute < quiet.end_minute { 0 } else { 1 };
    moment(zone, local.date_naive() + Days::new(days), quiet.end_minute, at)
}

/// The first digest after `now` on a day that fits.
fn next_digest(zone: Tz, now: DateTime<Utc>, fits: impl Fn(NaiveDate) -> bool) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let days = (0..=7).map(|days| today + Days::new(days)).filter(|day| fits(*day));
    days.map(|day| moment(zone, day, DIGEST_MINUTE, now)).find(|at| *at > now).unwrap_or(now)
}

/// When the clocks of the zone show that minute of the day. Where they show it twice it is the first that is after `past`; where
/// they skip it, the time to which they jump.
fn moment(zone: Tz, day: NaiveDate, minute: i16, past: DateTime<Utc>) -> DateTime<Utc> {
    let shown = day.and_time(Default::default()) + TimeDelta::minutes(minute.into());
    let candidates = [zone.from_local_datetime(&shown).earliest(), zone.from_local_datetime(&shown).latest()];
    let known: Vec<_> = candidates.into_iter().flatten().map(|at| at.to_utc()).collect();
    let first = known.iter().copied().find(|at| *at > past);
    first.or(known.last().copied()).unwrap_or_else(|| after_gap(zone, shown))
}

/// A gap of the clocks is a day at most, and ends on a full minute.
fn after_gap(zone: Tz, skipped: NaiveDateTime) -> DateTime<Utc> {
    let later = (1..=24 * 60).map(|minutes| skipped + TimeDelta::minutes(minutes));
    let shown = later.filter_map(|shown| zone.from_local_datetime(&shown).earliest());
    shown.map(|at| at.to_utc()).next().unwrap_or_else(|| skipped.and_utc())
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Europe, Pacific};

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn with(digest: Digest, quiet: Option<(i16, i16)>) -> NotificationPreferences {
        let quiet_hours = quiet.map(|(start_minute, end_minute)| QuietHours { start_minute, end_minute });
        NotificationPreferences { digest, quiet_hours, ..Default::default() }
    }

    fn due(digest: Digest, quiet: Option<(i16, i16)>, zone: Tz, now: &str) -> DateTime<Utc> {
        due_at(&with(digest, quiet), digest, zone, at(now))
    }

    #[test]
    fn at_once_means_after_the_grace_and_the_quiet_hours() {
        let night = Some((22 * 60, 7 * 60));
        for (now, expected) in [
            ("2026-11-02T12:00:00Z", "2026-11-02T12:01:00Z"),
            ("2026-11-02T20:59:00Z", "2026-11-03T06:00:00Z"),
            ("2026-11-02T23:30:00Z", "2026-11-03T06:00:00Z"),
            ("2026-11-03T05:59:00Z", "2026-11-03T06:00:00Z"),
        ] {
            assert_eq!(due(Digest::Immediate, night, Europe::Berlin, now), at(expected), "{now}");
        }
    }

    #[test]
    fn quiet_hours_end_by_the_clock_on_the_wall() {
        let night = Some((22 * 60, 2 * 60 + 30));
        // 02:30 does not exist on 29 March, and exists twice on 25 October.
        let spring = due(Digest::Immediate, night, Europe::Berlin, "2026-03-29T00:00:00Z");
        assert_eq!(spring, at("2026-03-29T01:00:00Z"));
        let autumn = |now| due(Digest::Immediate, night, Europe::Berlin, now);
        assert_eq!(autumn("2026-10-24T23:00:00Z"), at("2026-10-25T00:30:00Z"));
        assert_eq!(autumn("2026-10-25T00:40:00Z"), at("2026-10-25T00:41:00Z"));
        assert_eq!(autumn("2026-10-25T01:10:00Z"), at("2026-10-25T01:30:00Z"));
    }

    #[test]
    fn a_digest_of_the_day_goes_out_at_eight_also_on_days_of_23_and_25_hours() {
        let next = |now| due(Digest::Daily, None, Europe::Berlin, now);
        for (now, expected) in [
            ("2026-03-28T06:59:59Z", "2026-03-28T07:00:00Z"),
            ("2026-03-28T07:00:00Z", "2026-03-29T06:00:00Z"),
            ("2026-03-29T06:00:00Z", "2026-03-30T06:00:00Z"),
            ("2026-10-24T06:00:00Z", "2026-10-25T07:00:00Z"),
            ("2026-10-25T06:30:00Z", "2026-10-25T07:00:00Z"),
        ] {
            assert_eq!(next(now), at(expected), "{now}");
        }
    }

    #[test]
    fn a_digest_of_the_week_goes_out_on_monday() {
        let next = |now| due(Digest::Weekly, None, Europe::Berlin, now);
        assert_eq!(next("2026-11-02T06:00:00Z"), at("2026-11-02T07:00:00Z"));
        assert_eq!(next("2026-11-02T07:00:00Z"), at("2026-11-09T07:00:00Z"));
        assert_eq!(next("2026-10-24T12:00:00Z"), at("2026-10-26T07:00:00Z"));
    }

    #[test]
    fn a_digest_within_quiet_hours_waits_for_their_end() {
        let late = Some((23 * 60, 10 * 60));
        assert_eq!(due(Digest::Daily, late, Europe::Berlin, "2026-11-02T12:00:00Z"), at("2026-11-03T09:00:00Z"));
    }

    #[test]
    fn a_day_that_is_skipped_whole_delays_to_the_next() {
        // Samoa had no 30 December 2011.
        let next = due(Digest::Daily, None, Pacific::Apia, "2011-12-29T19:00:00Z");
        assert_eq!(next, at("2011-12-30T10:00:00Z"));
    }
}
