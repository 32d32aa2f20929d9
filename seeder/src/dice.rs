//! Chance that falls the same way everywhere and for ever: SplitMix64, so no library's next version changes the data.

use chrono::{DateTime, TimeDelta, Utc};

use crate::ids;

#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// A stream of its own for each purpose, so that one step's throws do not disturb another's.
    pub fn new(seed: u64, purpose: &str, index: u64) -> Self {
        let hash = ids::hash(&[&seed.to_string(), purpose, &index.to_string()]);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        Self(u64::from_le_bytes(first))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// From `low` to `high`, with both.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// `count` different numbers below `end`, rising.
    pub fn some(&mut self, count: usize, end: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..end).collect();
        self.shuffle(&mut all);
        all.truncate(count);
        all.sort_unstable();
        all
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// An instant from `start` to `end`, to the millisecond.
    pub fn instant(&mut self, start: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
        start + TimeDelta::milliseconds(self.between(0, (end - start).num_milliseconds()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way() {
        let throws = |seed, purpose| {
            let mut dice = Dice::new(seed, purpose, 3);
            [dice.below(1000), dice.below(1000), dice.below(1000)]
        };
        assert_eq!(throws(1, "users"), throws(1, "users"));
        assert_ne!(throws(1, "users"), throws(2, "users"));
        assert_ne!(throws(1, "users"), throws(1, "messages"));
    }

    #[test]
    fn throws_keep_their_bounds() {
        let mut dice = Dice::new(7, "bounds", 0);
        for _ in 0..1000 {
            assert!((3..=5).contains(&dice.between(3, 5)));
            assert!(dice.below(4) < 4);
        }
        let some = dice.some(5, 9);
        assert!(some.windows(2).all(|pair| pair[0] < pair[1]) && some.len() == 5);
    }
}
