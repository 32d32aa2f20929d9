use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::mask::{HALF_HOURS, PER_SLOT, SLOTS, WEEKS, Weeks};
use super::{Hours, WEEK, merge};

const ALL: i32 = (WEEKS * HALF_HOURS) as i32;
const DAILY: usize = 48;

/// The four UTC weeks, Monday to Sunday, that begin with the one of a given instant. Only masks of one horizon can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    start: NaiveDateTime,
}

/// Half hours of the horizon, first and past the last, in which the wall clock is `offset` minutes ahead of UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub first: i32,
    pub past: i32,
    pub offset: i32,
}

impl Run {
    /// Minutes past the half hour of the wall clock at which half hours of UTC begin.
    pub fn shift(&self) -> i32 {
        self.offset.rem_euclid(30)
    }
}

/// What the clocks of a zone show throughout a horizon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs(pub Vec<Run>);

impl Horizon {
    /// The horizon of `now`.
    pub fn new(now: DateTime<Utc>) -> Self {
        let today = now.naive_utc().date();
        let monday = today - TimeDelta::days(today.weekday().num_days_from_monday().into());
        Self { start: monday.and_time(NaiveTime::MIN) }
    }

    /// Monday 00:00 UTC, when it begins.
    pub fn start(&self) -> DateTime<Utc> {
        self.start.and_utc()
    }

    /// The half hours of UTC that lie within the windows throughout.
    pub fn weeks(&self, hours: &Hours) -> Weeks {
        if hours.is_told() { self.runs(hours.zone()).weeks(hours) } else { Weeks::default() }
    }

    /// The days' first offsets, and within a day that ends with another the half hour of the change: no zone changes its clock
    /// twice within a day.
    pub fn runs(&self, zone: Tz) -> Runs {
        let mut runs = vec![Run { first: 0, past: ALL, offset: self.offset(zone, 0) }];
        for day in (0..ALL).step_by(DAILY) {
            let before = runs.last().map_or(0, |run| run.offset);
            let after = self.offset(zone, day + DAILY as i32);
            if before != after {
                let change = (day..day + DAILY as i32).find(|half_hour| self.offset(zone, *half_hour) != before);
                let first = change.unwrap_or(day + DAILY as i32);
                if let Some(run) = runs.last_mut() {
                    run.past = first;
                }
                runs.push(Run { first, past: ALL, offset: after });
            }
        }
        Runs(runs)
    }

    fn offset(&self, zone: Tz, half_hour: i32) -> i32 {
        let instant = self.start + TimeDelta::minutes(i64::from(half_hour) * 30);
        zone.offset_from_utc_datetime(&instant).fix().local_minus_utc().div_euclid(60)
    }
}

impl Runs {
    /// The half hours of UTC that lie within the windows throughout, where these are the clocks of their zone.
    ///
    /// The zone is asked for each stretch of weeks between two changes of its clock. Half hours are never rounded up: where a zone
    /// is a quarter hour off the grid, such as Nepal's 5:45, each end of a window may lose 15 minutes.
    pub fn weeks(&self, hours: &Hours) -> Weeks {
        let mut weeks = Weeks::default();
        self.ranges(hours, |first, past| (first..past).for_each(|half_hour| mark(&mut weeks, half_hour)));
        weeks
    }

    /// [`Weeks::slots`] of these.
    pub fn slots(&self, hours: &Hours) -> u64 {
        let mut slots = 0;
        self.ranges(hours, |first, past| {
            let (first, past) = (first as usize / PER_SLOT, (past as usize).div_ceil(PER_SLOT));
            (first..past.min(first + SLOTS)).for_each(|slot| slots |= 1 << (slot % SLOTS));
        });
        slots
    }

    pub fn memory_bytes(&self) -> usize {
        self.0.capacity() * size_of::<Run>()
    }

    /// Tells all stretches of half hours within the horizon, first and past the last; none is empty.
    fn ranges(&self, hours: &Hours, mut tell: impl FnMut(i32, i32)) {
        let stretches = local_stretches(hours);
        for run in &self.0 {
            for (start, end) in &stretches {
                let first = (start - run.offset + 29).div_euclid(30).max(run.first);
                let past = (end - run.offset).div_euclid(30).min(run.past);
                if first < past {
                    tell(first, past);
                }
            }
        }
    }
}

/// The windows of every local week that the horizon touches, in minutes since its start on the wall clock.
fn local_stretches(hours: &Hours) -> Vec<(i32, i32)> {
    let weeks = (-1..=WEEKS as i32).map(|week| week * WEEK);
    let each =
        weeks.flat_map(|monday| hours.stretches().iter().map(move |(start, end)| (monday + start, monday + end)));
    merge(each.collect())
}

fn mark(weeks: &mut Weeks, half_hour: i32) {
    let Ok(half_hour) = usize::try_from(half_hour) else { return };
    if let Some(week) = weeks.0.get_mut(half_hour / HALF_HOURS) {
        week.mark(half_hour % HALF_HOURS);
    }
}
