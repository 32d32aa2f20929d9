use super::super::record::MOST_TERMS;

const SHIFT: u32 = 32;

/// ceil(2^32 / n) by n, and 0 for 0.
const RECIPROCALS: [u64; MOST_TERMS + 1] = {
    let mut table = [0; MOST_TERMS + 1];
    let mut n = 1;
    while n <= MOST_TERMS {
        table[n] = (1u64 << SHIFT).div_ceil(n as u64);
        n += 1;
    }
    table
};

/// `most` × `part` / `whole` rounded down, and 0 where `whole` is 0. Exact for `most` up to 1000 and counts up to [`MOST_TERMS`]: the
/// product with ceil(2^32/n) errs by less than 10^5 × 100 / 2^32 < 1/n (Granlund and Montgomery, 1994, theorem 4.2).
pub fn share(most: u32, part: u32, whole: u32) -> u32 {
    let reciprocal = RECIPROCALS.get(whole as usize).copied().unwrap_or_default();
    ((u64::from(most * part) * reciprocal) >> SHIFT) as u32
}

/// Division by a number that stays the same, below 2^20, where the quotient is at most 1000. Exact for the same reason, with 2^52.
#[derive(Clone, Copy, Debug, Default)]
pub struct Divisor(u64);

impl Divisor {
    /// By `divisor`; by 0 gives 0.
    pub fn new(divisor: u32) -> Self {
        Self(if divisor == 0 { 0 } else { (1u64 << 52).div_ceil(u64::from(divisor)) })
    }

    pub fn divide(self, number: u64) -> u32 {
        ((number * self.0) >> 52) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_share_is_the_quotient_rounded_down() {
        for whole in 1..=MOST_TERMS as u32 {
            for part in 0..=whole {
                for most in [1, 7, 33, 50, 60, 100, 350, 999, 1000] {
                    assert_eq!(share(most, part, whole), most * part / whole);
                }
            }
        }
        assert_eq!(share(100, 1, 0), 0);
    }

    proptest! {
        #[test]
        fn a_division_is_the_quotient_rounded_down(part in 0..=1u64 << 20, divisor in 1..1u32 << 20) {
            let number = part.min(divisor.into()) * 1000;
            prop_assert_eq!(u64::from(Divisor::new(divisor).divide(number)), number / u64::from(divisor));
        }

        #[test]
        fn a_division_is_right_at_its_edges(times in 0..1000u64, divisor in 1..1u32 << 20) {
            let number = times * u64::from(divisor);
            prop_assert_eq!(u64::from(Divisor::new(divisor).divide(number)), times);
            let before = number.saturating_sub(1);
            prop_assert_eq!(u64::from(Divisor::new(divisor).divide(before)), before / u64::from(divisor));
        }
    }
}
