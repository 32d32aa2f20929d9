use super::super::hours::{HALF_HOURS, Mask, WEEKS, Weeks};
use super::super::pool::Pool;

/// When somebody has time, as it is told: none, or these half hours.
pub type Told = (bool, Weeks);

/// When candidates have time, each way of it once, by number; number 0 is not told.
///
/// Half hours are summed from the beginning of the week on, a column of all numbers for each half hour, so that what anybody shares
/// of a stretch is the difference of two columns.
#[derive(Clone, Debug)]
pub struct Times {
    numbers: usize,
    /// By week: the first week that is the same for every number
    alike: [usize; WEEKS],
    /// By week, empty where an earlier one is alike
    sums: [Vec<u16>; WEEKS],
}

impl Times {
    pub fn new(told: &Pool<Told>) -> Self {
        let numbers = told.end();
        let is_alike = |one: usize, other: usize| told.values().all(|(_, weeks)| weeks.0[one] == weeks.0[other]);
        let alike = std::array::from_fn(|week| (0..week).find(|first| is_alike(*first, week)).unwrap_or(week));
        let masks = |week: usize| told.values_from_0().map(move |(_, weeks)| weeks.0[week]);
        let sums = std::array::from_fn(|week| match alike[week] == week {
            true => sums(numbers, masks(week)),
            false => Vec::new(),
        });
        Self { numbers, alike, sums }
    }

    /// Past the highest number.
    pub fn numbers(&self) -> usize {
        self.numbers
    }

    /// How many half hours each number shares with `mine` in the worst of the weeks.
    pub fn shared(&self, mine: &Weeks) -> Vec<u16> {
        let is_new = |week: usize| {
            let is_alike = |before: usize| self.alike[before] == self.alike[week] && mine.0[before] == mine.0[week];
            !(0..week).any(is_alike)
        };
        let mut least = self.shared_in(0, &mine.0[0]);
        for week in (1..WEEKS).filter(|week| is_new(*week)) {
            let shared = self.shared_in(self.alike[week], &mine.0[week]);
            least.iter_mut().zip(shared).for_each(|(least, shared)| *least = shared.min(*least));
        }
        least
    }

    fn shared_in(&self, week: usize, mine: &Mask) -> Vec<u16> {
        let mut shared = vec![0; self.numbers];
        for (first, past) in mine.stretches() {
            let columns = self.column(week, past).iter().zip(self.column(week, first));
            shared.iter_mut().zip(columns).for_each(|(shared, (past, first))| *shared += past - first);
        }
        shared
    }

    /// Of each number, the half hours before this one.
    fn column(&self, week: usize, half_hour: usize) -> &[u16] {
        &self.sums[week][half_hour * self.numbers..][..self.numbers]
    }
}

fn sums(numbers: usize, masks: impl Iterator<Item = Mask>) -> Vec<u16> {
    let mut sums = vec![0; (HALF_HOURS + 1) * numbers];
    for (number, mask) in masks.enumerate() {
        let mut sum = 0;
        for half_hour in 0..HALF_HOURS {
            sum += u16::from(mask.has(half_hour));
            sums[(half_hour + 1) * numbers + number] = sum;
        }
    }
    sums
}
