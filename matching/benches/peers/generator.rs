/// SplitMix64 (Steele, Lea and Flood, 2014): the same numbers from the same seed, everywhere.
pub struct Random(u64);

impl Random {
    /// The numbers of one thing among many: no two places of a seed share a beginning.
    pub fn of(seed: u64, place: u64) -> Self {
        let mut outer = Self(seed);
        Self(outer.next() ^ Self(place).next())
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// From 0 up to `end`, which is not among them.
    pub fn below(&mut self, end: u64) -> u64 {
        let product = u128::from(self.next()) * u128::from(end);
        (product >> 64) as u64
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// Places by Zipf's law: the one of rank r comes up with a chance in proportion to 1/r.
pub struct Zipf(Vec<u64>);

impl Zipf {
    pub fn of(ranks: u64) -> Self {
        let mut sum = 0;
        let summed = (1..=ranks).map(|rank| {
            sum += (1 << 32) / rank;
            sum
        });
        Self(summed.collect())
    }

    /// From 0, the most frequent, to the number of ranks.
    pub fn pick(&self, random: &mut Random) -> u64 {
        let all = self.0.last().copied().unwrap_or(1);
        let mark = random.below(all);
        self.0.partition_point(|sum| *sum <= mark) as u64
    }
}
