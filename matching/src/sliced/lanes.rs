use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, BitXor, Not};

/// Rows in a block.
pub const BLOCK: usize = 512;
const WORDS: usize = BLOCK / 64;

/// Slices of a number: bit by bit, so that 512 numbers are added in a few word operations (O'Neil and Quass, "Improved query
/// performance with variant indexes", 1997).
pub const SLICES: usize = 8;
/// The largest sliced number: what goes beyond stays at it.
pub const LARGEST: u16 = (1 << SLICES) - 1;

/// One bit for each row of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lanes(pub [u64; WORDS]);

impl Lanes {
    pub const ALL: Self = Self([u64::MAX; WORDS]);
    pub const NONE: Self = Self([0; WORDS]);

    #[inline(always)]
    fn zip(mut self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        for word in 0..WORDS {
            self.0[word] = with(self.0[word], other.0[word]);
        }
        self
    }

    /// Adds the rows of another.
    #[inline(always)]
    pub fn join(&mut self, other: &Self) {
        for word in 0..WORDS {
            self.0[word] |= other.0[word];
        }
    }

    #[inline(always)]
    pub fn is_empty(self) -> bool {
        let mut any = 0;
        for word in self.0 {
            any |= word;
        }
        any == 0
    }

    /// Marks a row of the block, 0 to 511; another changes nothing.
    #[inline(always)]
    pub fn mark(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// The rows that are marked, rising.
    pub fn rows(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(word, bits)| {
            std::iter::successors(Some(bits), |bits| Some(bits & bits.wrapping_sub(1)))
                .take_while(|bits| *bits != 0)
                .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
        })
    }
}

impl BitAnd for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitand(self, other: Self) -> Self {
        self.zip(&other, |mine, theirs| mine & theirs)
    }
}

impl BitOr for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitor(self, other: Self) -> Self {
        self.zip(&other, |mine, theirs| mine | theirs)
    }
}

impl BitXor for Lanes {
    type Output = Self;

    #[inline(always)]
    fn bitxor(self, other: Self) -> Self {
        self.zip(&other, |mine, theirs| mine ^ theirs)
    }
}

impl Not for Lanes {
    type Output = Self;

    #[inline(always)]
    fn not(self) -> Self {
        self ^ Self::ALL
    }
}

impl BitAndAssign for Lanes {
    #[inline(always)]
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

impl BitOrAssign for Lanes {
    #[inline(always)]
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// A number from 0 to [`LARGEST`] for each row of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers(pub [Lanes; SLICES]);

impl Numbers {
    /// The same in every row.
    #[inline(always)]
    pub fn constant(number: u16) -> Self {
        let mut numbers = Self::default();
        numbers.choose(&Lanes::ALL, number);
        numbers
    }

    /// Where `rows` are marked, `number`. Of several the result has the bits of each, so it is no less than any.
    #[inline(always)]
    pub fn choose(&mut self, rows: &Lanes, number: u16) {
        let mut bits = number.min(LARGEST);
        while bits != 0 {
            self.0[bits.trailing_zeros() as usize].join(rows);
            bits &= bits - 1;
        }
    }

    /// Adds row by row, up to [`LARGEST`]. The carry goes through the slices of one word after the other, so that the compiler
    /// takes several words at once; where the three upper slices of `more` are empty, as those of small worths are, it goes on alone.
    #[inline(always)]
    pub fn add(&mut self, more: &Self) {
        let is_small = (more.0[SLICES - 2] | more.0[SLICES - 1] | more.0[SLICES - 3]).is_empty();
        let beyond = if is_small { self.add_slices::<{ SLICES - 3 }>(more) } else { self.add_slices::<SLICES>(more) };
        if !beyond.is_empty() {
            for slice in &mut self.0 {
                slice.join(&beyond);
            }
        }
    }

    /// Adds the lowest slices, and gives the rows that go beyond [`LARGEST`].
    #[inline(always)]
    fn add_slices<const LOWEST: usize>(&mut self, more: &Self) -> Lanes {
        let mut beyond = Lanes::NONE;
        for word in 0..WORDS {
            let mut carry = 0;
            for slice in 0..LOWEST {
                let (mine, theirs) = (self.0[slice].0[word], more.0[slice].0[word]);
                let half = mine ^ theirs;
                self.0[slice].0[word] = half ^ carry;
                carry = (mine & theirs) | (half & carry);
            }
            for slice in LOWEST..SLICES {
                let mine = self.0[slice].0[word];
                self.0[slice].0[word] = mine ^ carry;
                carry &= mine;
            }
            beyond.0[word] = carry;
        }
        beyond
    }

    /// Subtracts row by row, down to 0.
    #[inline(always)]
    pub fn subtract(&mut self, less: &Self) {
        for word in 0..WORDS {
            let mut borrow = 0;
            for slice in 0..SLICES {
                let (mine, theirs) = (self.0[slice].0[word], less.0[slice].0[word]);
                let half = mine ^ theirs;
                self.0[slice].0[word] = half ^ borrow;
                borrow = (!mine & theirs) | (!half & borrow);
            }
            for slice in 0..SLICES {
                self.0[slice].0[word] &= !borrow;
            }
        }
    }

    /// The largest number in `rows`, none where there are none.
    #[inline(always)]
    pub fn largest(&self, rows: Lanes) -> Option<u16> {
        let (mut left, mut largest) = (rows, 0);
        for (bit, slice) in self.0.iter().enumerate().rev() {
            let with = left & *slice;
            if !with.is_empty() {
                left = with;
                largest |= 1 << bit;
            }
        }
        (!rows.is_empty()).then_some(largest)
    }

    /// Those of `rows` whose number is `least` or more.
    pub fn at_least(&self, least: u16, rows: Lanes) -> Lanes {
        let (mut above, mut equal) = (Lanes::NONE, rows);
        if least > LARGEST {
            return above;
        }
        for (bit, slice) in self.0.iter().enumerate().rev() {
            if least >> bit & 1 == 1 {
                equal &= *slice;
            } else {
                above |= equal & *slice;
                equal &= !*slice;
            }
        }
        above | equal
    }

    /// The number in one row.
    #[cfg(test)]
    pub fn of(&self, row: usize) -> u16 {
        let bit = |slice: &Lanes| (slice.0[row / 64] >> (row % 64) & 1) as u16;
        self.0.iter().enumerate().map(|(place, slice)| bit(slice) << place).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(list: &[u16]) -> Numbers {
        let mut numbers = Numbers::default();
        for (row, number) in list.iter().enumerate() {
            let mut lanes = Lanes::NONE;
            lanes.mark(row);
            numbers.choose(&lanes, *number);
        }
        numbers
    }

    fn some() -> impl Strategy<Value = Vec<u16>> {
        proptest::collection::vec(0..=LARGEST, BLOCK)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn sliced_numbers_are_added_and_subtracted_as_others(one in some(), other in some(), least in 0..=LARGEST + 1) {
            let (mut sum, mut rest, less) = (numbers(&one), numbers(&one), numbers(&other));
            sum.add(&less);
            rest.subtract(&less);
            for row in 0..BLOCK {
                prop_assert_eq!(sum.of(row), (one[row] + other[row]).min(LARGEST));
                prop_assert_eq!(rest.of(row), one[row].saturating_sub(other[row]));
            }
            prop_assert_eq!(sum.largest(Lanes::ALL), (0..BLOCK).map(|row| sum.of(row)).max());
            let expected: Vec<_> = (0..BLOCK).filter(|row| one[*row] >= least).collect();
            prop_assert_eq!(numbers(&one).at_least(least, Lanes::ALL).rows().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn no_rows_have_no_largest_number() {
        assert_eq!(Numbers::constant(7).largest(Lanes::NONE), None);
        assert_eq!(Numbers::constant(7).largest(Lanes::ALL), Some(7));
    }
}
