//! Chance that is the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number from `least` to `most`, all alike.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, share: u64) -> bool {
        self.between(1, 100) <= share
    }

    /// A number below `count`, of which the nth comes 1/n as often as the first (Zipf).
    pub fn popular(&mut self, count: u64) -> u64 {
        let weight = |number: u64| 1_000_000 / (number + 1);
        let mut left = self.between(0, (0..count).map(weight).sum::<u64>() - 1);
        (0..count).find(|number| left.checked_sub(weight(*number)).map(|rest| left = rest).is_none()).unwrap_or(0)
    }

    /// The same things in another order.
    pub fn shuffle<T>(&mut self, things: &mut [T]) {
        for at in (1..things.len()).rev() {
            things.swap(at, self.between(0, at as u64) as usize);
        }
    }
}
