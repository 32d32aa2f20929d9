/// Half hours of a week.
pub const HALF_HOURS: usize = 7 * 48;
/// How many weeks lie before us.
pub const WEEKS: usize = 4;
/// Stretches of six hours in a week: the coarse view that bounds shared time.
pub const SLOTS: usize = HALF_HOURS / PER_SLOT;

/// Half hours of such a stretch.
pub const PER_SLOT: usize = 12;
const WORDS: usize = HALF_HOURS.div_ceil(64);

/// The half hours of one UTC week, from Monday 00:00, in which somebody has time throughout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mask([u64; WORDS]);

impl Mask {
    /// Marks one half hour, 0 to 335; another number changes nothing.
    pub fn mark(&mut self, half_hour: usize) {
        if half_hour < HALF_HOURS
            && let Some(word) = self.0.get_mut(half_hour / 64)
        {
            *word |= 1 << (half_hour % 64);
        }
    }

    /// Whether that half hour is marked.
    pub fn has(&self, half_hour: usize) -> bool {
        self.0.get(half_hour / 64).is_some_and(|word| word >> (half_hour % 64) & 1 == 1)
    }

    /// Its stretches without a gap, each the first half hour and the one past the last, rising.
    pub fn stretches(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut past = 0;
        std::iter::from_fn(move || {
            let first = self.next(past, true);
            past = self.next(first, false);
            (first < HALF_HOURS).then_some((first, past))
        })
    }

    /// The first half hour from this one on that is marked, or that is not; [`HALF_HOURS`] where there is none.
    fn next(&self, from: usize, marked: bool) -> usize {
        let mut ahead = u64::MAX << (from % 64);
        for (place, word) in self.0.iter().enumerate().skip(from / 64) {
            let sought = ahead & if marked { *word } else { !word };
            if sought != 0 {
                return (place * 64 + sought.trailing_zeros() as usize).min(HALF_HOURS);
            }
            ahead = u64::MAX;
        }
        HALF_HOURS
    }

    fn shared(&self, other: &Self) -> u32 {
        self.0.iter().zip(other.0).map(|(mine, theirs)| (mine & theirs).count_ones()).sum()
    }
}

/// The four weeks that begin with the current one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Weeks(pub [Mask; WEEKS]);

impl Weeks {
    /// Minutes in which both have time in the worst of the weeks.
    pub fn shared_minutes(&self, other: &Self) -> u32 {
        let weeks = self.0.iter().zip(&other.0).map(|(mine, theirs)| mine.shared(theirs));
        30 * weeks.min().unwrap_or_default()
    }

    /// Whether every week is like the first, as when no clock changes.
    pub fn are_alike(&self) -> bool {
        self.0.iter().all(|week| *week == self.0[0])
    }

    /// The half hours of the horizon, rising.
    pub fn half_hours(&self) -> Vec<i32> {
        let all = 0..WEEKS * HALF_HOURS;
        all.filter(|half_hour| self.0[half_hour / HALF_HOURS].has(half_hour % HALF_HOURS))
            .map(|half_hour| half_hour as i32)
            .collect()
    }

    /// A bit for each stretch of six hours, from the lowest, in which any week has time.
    pub fn slots(&self) -> u64 {
        self.minutes_by_slot().iter().rev().fold(0, |slots, minutes| slots << 1 | u64::from(*minutes > 0))
    }

    /// The most minutes that any week has in each stretch of six hours.
    pub fn minutes_by_slot(&self) -> [u32; SLOTS] {
        let mut most = [0; SLOTS];
        for week in &self.0 {
            for (slot, most) in most.iter_mut().enumerate() {
                let inside = (slot * PER_SLOT..(slot + 1) * PER_SLOT).filter(|half_hour| week.has(*half_hour)).count();
                *most = (*most).max(30 * u32::try_from(inside).unwrap_or_default());
            }
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn its_stretches_are_what_is_marked(marked in proptest::collection::btree_set(0..HALF_HOURS, 0..200)) {
            let mut mask = Mask::default();
            marked.iter().for_each(|half_hour| mask.mark(*half_hour));
            let stretches: Vec<_> = mask.stretches().collect();
            prop_assert!(stretches.is_sorted_by(|(_, past), (first, _)| past < first));
            let inside = stretches.into_iter().flat_map(|(first, past)| first..past);
            prop_assert_eq!(inside.collect::<Vec<_>>(), marked.into_iter().collect::<Vec<_>>());
        }
    }
}
