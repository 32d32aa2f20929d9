use super::{DAY, Hours, merge};
use chrono_tz::Tz;

/// The windows of one day: disjoint stretches in minutes since its midnight, 0 to 1440, rising.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Day(Box<[(u16, u16)]>);

impl Day {
    pub fn new(stretches: Vec<(u16, u16)>) -> Self {
        Self(stretches.into())
    }

    pub fn stretches(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// The half hours that lie within the stretches throughout, counted from `shift` minutes after midnight on: 48, where there is
    /// no shift, and else 47.
    pub fn half_hours(&self, shift: u16) -> u64 {
        let mut mask = 0;
        for (start, end) in &self.0 {
            let first = start.saturating_sub(shift).div_ceil(30);
            let past = end.saturating_sub(shift) / 30;
            if first < past {
                mask |= (u64::MAX >> (64 - (past - first))) << first;
            }
        }
        mask
    }

    /// Whether there is time in all of the first `minutes`.
    pub fn begins_with(&self, minutes: u16) -> bool {
        self.0.first().is_some_and(|(start, end)| *start == 0 && *end >= minutes)
    }

    /// Whether there is time from this minute on until midnight.
    pub fn ends_with(&self, minute: u16) -> bool {
        self.0.last().is_some_and(|(start, end)| *start <= minute && i32::from(*end) == DAY)
    }
}

impl Hours {
    /// The week, Monday first.
    pub fn days(&self) -> [Day; 7] {
        std::array::from_fn(|day| {
            let (midnight, next) = (day as i32 * DAY, (day as i32 + 1) * DAY);
            let inside = self.stretches.iter().filter(|(start, end)| *start < next && midnight < *end);
            let within = |(start, end): &(i32, i32)| {
                ((start.max(&midnight) - midnight) as u16, (end.min(&next) - midnight) as u16)
            };
            Day(inside.map(within).collect())
        })
    }

    /// Of such a week.
    pub fn of_days(zone: Tz, days: [&Day; 7]) -> Self {
        let midnights = (0..).step_by(DAY as usize);
        let stretches = days.into_iter().zip(midnights).flat_map(|(day, midnight)| {
            day.0.iter().map(move |(start, end)| (midnight + i32::from(*start), midnight + i32::from(*end)))
        });
        Self { zone, stretches: merge(stretches.collect()) }
    }
}
