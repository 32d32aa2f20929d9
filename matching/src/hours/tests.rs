use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::mask::{HALF_HOURS, PER_SLOT, WEEKS};
use super::*;

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap()
}

fn hours(name: &str, windows: &[(i16, i16, i16)]) -> Hours {
    let windows = windows.iter().map(|(weekday, start, end)| Window {
        weekday: *weekday,
        start_minute: start * 60,
        end_minute: end * 60,
    });
    Hours::new(zone(name), windows)
}

fn shared(now: &str, one: &Hours, other: &Hours) -> u32 {
    let horizon = Horizon::new(at(now));
    horizon.weeks(one).shared_minutes(&horizon.weeks(other))
}

#[test]
fn windows_are_shared_across_zones_and_the_end_of_the_week() {
    let berlin = hours("Europe/Berlin", &[(1, 0, 2)]);
    let utc = hours("UTC", &[(7, 23, 24), (1, 0, 1)]);
    assert_eq!(shared("2026-01-14T12:00:00Z", &berlin, &utc), 120);
    assert_eq!(shared("2026-01-14T12:00:00Z", &berlin, &Hours::default()), 0);
}

#[test]
fn what_overlaps_counts_once_and_what_is_no_window_not_at_all() {
    let twice = hours("UTC", &[(2, 11, 13), (2, 10, 12), (8, 1, 2), (3, 5, 5)]);
    assert_eq!(twice.stretches(), [(DAY + 600, DAY + 780)]);
    assert_eq!(shared("2026-01-14T12:00:00Z", &twice, &twice), 180);
}

/// New York changes on 8 March 2026 and Berlin on the 29th: for three weeks they are five hours apart instead of six.
#[test]
fn the_weeks_between_two_clock_changes_count_as_they_are() {
    let berlin = hours("Europe/Berlin", &[(3, 18, 20)]);
    let new_york = hours("America/New_York", &[(3, 12, 14)]);
    assert_eq!(shared("2026-02-02T00:00:00Z", &berlin, &new_york), 120);
    assert_eq!(shared("2026-03-02T00:00:00Z", &berlin, &new_york), 60);
    assert_eq!(shared("2026-03-30T00:00:00Z", &berlin, &new_york), 120);
}

/// A mask kept from before a change says two hours; the worst of the weeks that now lie ahead has one.
#[test]
fn a_stale_mask_is_another_and_promises_too_much() {
    let berlin = hours("Europe/Berlin", &[(3, 18, 20)]);
    let new_york = hours("America/New_York", &[(3, 12, 14)]);
    let (then, now) = (Horizon::new(at("2026-02-02T00:00:00Z")), Horizon::new(at("2026-03-04T00:00:00Z")));
    assert_ne!(then.weeks(&new_york), now.weeks(&new_york));
    let stale = then.weeks(&berlin).shared_minutes(&then.weeks(&new_york));
    let fresh = now.weeks(&berlin).shared_minutes(&now.weeks(&new_york));
    assert!(stale > fresh, "{stale} minutes then, {fresh} now");
}

#[test]
fn half_an_hour_off_the_hour_loses_nothing() {
    let kolkata = hours("Asia/Kolkata", &[(2, 18, 20)]);
    let utc = Hours::new(Tz::UTC, [Window { weekday: 2, start_minute: 12 * 60 + 30, end_minute: 14 * 60 + 30 }]);
    assert_eq!(shared("2026-06-01T00:00:00Z", &kolkata, &utc), 120);
}

#[test]
fn three_quarters_of_an_hour_lose_a_quarter_at_each_end_but_none_between_two_days() {
    let nepal = hours("Asia/Kathmandu", &[(2, 18, 20)]);
    assert_eq!(shared("2026-06-01T00:00:00Z", &nepal, &nepal), 90);
    let over_midnight = hours("Asia/Kathmandu", &[(2, 23, 24), (3, 0, 1)]);
    assert_eq!(shared("2026-06-01T00:00:00Z", &over_midnight, &over_midnight), 90);
    let over_sunday = hours("Asia/Kathmandu", &[(7, 23, 24), (1, 0, 1)]);
    assert_eq!(shared("2026-06-01T00:00:00Z", &over_sunday, &over_sunday), 90);
}

#[test]
fn an_hour_that_the_clock_skips_is_not_there() {
    let night = hours("Europe/Berlin", &[(7, 2, 3)]);
    assert_eq!(shared("2026-03-02T00:00:00Z", &night, &night), 0);
    assert_eq!(shared("2026-04-06T00:00:00Z", &night, &night), 60);
}

const ZONES: [&str; 7] = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
];

proptest! {
    /// The plain definition, minute by minute: a half hour counts if the wall clock is within a window in each of its minutes.
    #[test]
    fn a_half_hour_is_marked_when_each_of_its_minutes_is_within_a_window(
        windows in proptest::collection::vec((1..=7i16, 0..1400i16, 1..=400i16), 1..4),
        zone_index in 0..ZONES.len(), day in 0..400i64, probe in 0..WEEKS * HALF_HOURS,
    ) {
        let windows = windows.into_iter().map(|(weekday, start, length)| Window {
            weekday, start_minute: start, end_minute: (start + length).min(1440),
        });
        let hours = Hours::new(zone(ZONES[zone_index]), windows);
        let horizon = Horizon::new(at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(day));
        let inside = |minute: i64| {
            use chrono::{Datelike, Timelike};
            let instant = horizon.start() + chrono::TimeDelta::minutes(minute);
            let local = instant.with_timezone(&hours.zone());
            let day = i32::try_from(local.weekday().num_days_from_monday()).unwrap();
            let of_week = day * DAY + i32::try_from(local.hour() * 60 + local.minute()).unwrap();
            hours.stretches().iter().any(|(start, end)| (*start..*end).contains(&of_week))
        };
        let first = i64::try_from(probe).unwrap() * 30;
        let expected = (first..first + 30).all(inside);
        let weeks = horizon.weeks(&hours);
        prop_assert_eq!(weeks.0[probe / HALF_HOURS].has(probe % HALF_HOURS), expected);
        prop_assert_eq!(weeks.slots() >> (probe % HALF_HOURS / PER_SLOT) & 1 == 1 || !expected, true);
    }

    #[test]
    fn one_more_window_never_takes_time_away(
        start in 0..1380i16, weekday in 1..=7i16, zone_index in 0..ZONES.len(), day in 0..400i64,
    ) {
        let horizon = Horizon::new(at("2026-01-01T00:00:00Z") + chrono::TimeDelta::days(day));
        let mine = Window { weekday: 3, start_minute: 600, end_minute: 720 };
        let more = Window { weekday, start_minute: start, end_minute: start + 60 };
        let other = horizon.weeks(&hours("Europe/Berlin", &[(1, 0, 24), (3, 0, 24)]));
        let before = horizon.weeks(&Hours::new(zone(ZONES[zone_index]), [mine]));
        let after = horizon.weeks(&Hours::new(zone(ZONES[zone_index]), [mine, more]));
        prop_assert!(after.shared_minutes(&other) >= before.shared_minutes(&other));
    }

    /// Counted on local days, whether the clock changes, is off the half hour or both.
    #[test]
    fn what_is_shared_is_the_same_on_the_wall_clock_of_the_other(
        mine in anybodys(), theirs in anybodys(), day in 0..800i64,
    ) {
        let horizon = Horizon::new(at("2025-01-01T00:00:00Z") + chrono::TimeDelta::days(day));
        let (weeks, others) = (horizon.weeks(&mine), horizon.weeks(&theirs));
        let runs = horizon.runs(theirs.zone());
        let days = theirs.days();
        let wall = Wall::new(&weeks.half_hours(), weeks.are_alike(), &runs).unwrap();
        prop_assert_eq!(wall.shared_minutes(|day| &days[day]), weeks.shared_minutes(&others));
        prop_assert_eq!(runs.slots(&theirs), others.slots());
        prop_assert_eq!(Hours::of_days(theirs.zone(), days.each_ref()), theirs);
    }
}

/// Windows of any minute, at midnight more often than elsewhere.
fn anybodys() -> impl Strategy<Value = Hours> {
    let start = prop_oneof![1 => Just(0i16), 3 => 0..1430i16, 1 => 1300..1430i16];
    let window = (1..=7i16, start, prop_oneof![1 => Just(1440i16), 3 => 1..=600i16]);
    let windows = proptest::collection::vec(window, 0..5);
    (0..ZONES.len(), windows).prop_map(|(zone_index, windows)| {
        let windows = windows.into_iter().map(|(weekday, start_minute, long)| Window {
            weekday,
            start_minute,
            end_minute: (start_minute + long).min(1440),
        });
        Hours::new(zone(ZONES[zone_index]), windows)
    })
}

/// Nepal set its clock forward by a quarter of an hour at the beginning of 1986: no half hour of UTC is one of both clocks.
#[test]
fn a_clock_that_changes_by_a_quarter_of_an_hour_has_no_wall() {
    let horizon = Horizon::new(at("1985-12-25T00:00:00Z"));
    assert!(Wall::new(&[0], true, &horizon.runs(zone("Asia/Kathmandu"))).is_none());
    assert!(Wall::new(&[0], true, &horizon.runs(zone("Asia/Kolkata"))).is_some());
}
