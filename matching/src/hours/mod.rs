//! When somebody has time: weekly windows of the clock on their wall, and what they are in UTC in the coming weeks.

mod day;
mod horizon;
mod mask;
mod wall;

use chrono_tz::Tz;

pub use day::Day;
pub use horizon::{Horizon, Runs};
pub use mask::{HALF_HOURS, Mask, SLOTS, WEEKS, Weeks};
pub use wall::Wall;

const DAY: i32 = 24 * 60;
const WEEK: i32 = 7 * DAY;

/// A weekly window in local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// From 1, Monday, to 7
    pub weekday: i16,
    /// Minutes after midnight, 0 to 1439
    pub start_minute: i16,
    /// Past the last minute, up to 1440
    pub end_minute: i16,
}

/// Weekly windows with their zone. None at all means that the question was not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hours {
    zone: Tz,
    /// Disjoint stretches in minutes since Monday 00:00, rising
    stretches: Vec<(i32, i32)>,
}

impl Hours {
    /// The windows in any order; what lies outside the bounds of [`Window`] is left out, and what overlaps counts once.
    pub fn new(zone: Tz, windows: impl IntoIterator<Item = Window>) -> Self {
        let stretches = windows.into_iter().filter_map(|window| {
            let midnight = (i32::from(window.weekday) - 1) * DAY;
            let (start, end) = (i32::from(window.start_minute).max(0), i32::from(window.end_minute).min(DAY));
            ((1..=7).contains(&window.weekday) && start < end).then_some((midnight + start, midnight + end))
        });
        let mut stretches: Vec<_> = stretches.collect();
        stretches.sort_unstable();
        Self { zone, stretches: merge(stretches) }
    }

    /// Whether any time was told.
    pub fn is_told(&self) -> bool {
        !self.stretches.is_empty()
    }

    /// The zone of the wall clock.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Disjoint stretches of the local week in minutes since Monday 00:00, rising.
    pub fn stretches(&self) -> &[(i32, i32)] {
        &self.stretches
    }
}

impl Default for Hours {
    fn default() -> Self {
        Self { zone: Tz::UTC, stretches: Vec::new() }
    }
}

fn merge(sorted: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    let mut merged: Vec<(i32, i32)> = Vec::with_capacity(sorted.len());
    for (start, end) in sorted {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
