//! Weekly hours on one axis: minutes since Monday 00:00 UTC.

const DAY: i32 = 24 * 60;
const WEEK: i32 = 7 * DAY;

/// A weekly window in local time: ISO weekday, first minute, past the last minute.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub weekday: i16,
    pub start_minute: i16,
    pub end_minute: i16,
}

/// When somebody has time, as disjoint rising stretches of the week.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours(Vec<(i32, i32)>);

impl Hours {
    /// The windows of somebody whose clock is `offset` minutes ahead of UTC.
    pub fn new(windows: impl IntoIterator<Item = Window>, offset: i32) -> Self {
        let mut stretches = Vec::new();
        for window in windows {
            let midnight = (i32::from(window.weekday) - 1) * DAY - offset;
            let start = (midnight + i32::from(window.start_minute)).rem_euclid(WEEK);
            let end = start + i32::from(window.end_minute - window.start_minute);
            stretches.push((start, end.min(WEEK)));
            if end > WEEK {
                stretches.push((0, end - WEEK));
            }
        }
        stretches.sort_unstable();
        Self(merge(stretches))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Minutes a week in which both have time.
    pub fn shared(&self, other: &Self) -> i32 {
        let overlap = |a: &(i32, i32), b: &(i32, i32)| (a.1.min(b.1) - a.0.max(b.0)).max(0);
        self.0.iter().map(|a| other.0.iter().map(|b| overlap(a, b)).sum::<i32>()).sum()
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
