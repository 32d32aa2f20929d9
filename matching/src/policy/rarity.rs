use std::collections::BTreeMap;

use uuid::Uuid;

/// A rarity of 1: the table counts in 64ths.
pub const RARITY_ONE: u16 = 64;
const FRACTION_BITS: u32 = 6;
const MOST: u16 = 4 * RARITY_ONE;

/// How rare each skill is among offers, 1 to 4 in 64ths, frozen with a policy's version so that no score moves because a stranger
/// joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rarity(BTreeMap<Uuid, u16>);

impl Rarity {
    /// From the number of mentors and how many of them offer each skill: clamp(log2((N+1)/(df+1)), 1, 4), rounded down to 64ths.
    pub fn freeze(mentors: u32, offering: impl IntoIterator<Item = (Uuid, u32)>) -> Self {
        Self(offering.into_iter().map(|(skill, df)| (skill, weight(mentors, df))).collect())
    }

    /// A table as it was stored, in 64ths; [`Policy::new`](super::Policy::new) checks it.
    pub fn stored(table: BTreeMap<Uuid, u16>) -> Self {
        Self(table)
    }

    /// A skill's rarity in 64ths: 1 for one that the table does not know, such as one added since.
    pub fn of(&self, skill: Uuid) -> u16 {
        self.0.get(&skill).copied().unwrap_or(RARITY_ONE)
    }

    /// Every skill's rarity in 64ths, by id.
    pub fn entries(&self) -> impl Iterator<Item = (Uuid, u16)> {
        self.0.iter().map(|(skill, weight)| (*skill, *weight))
    }

    pub(super) fn is_in_bounds(&self) -> bool {
        self.0.values().all(|weight| (RARITY_ONE..=MOST).contains(weight))
    }
}

fn weight(mentors: u32, df: u32) -> u16 {
    let (upper, lower) = (u64::from(mentors) + 1, u64::from(df) + 1);
    u16::try_from(log2(upper, lower)).unwrap_or(MOST).clamp(RARITY_ONE, MOST)
}

/// log2(upper / lower) in 64ths, 0 where the ratio is below 1. A bit of the fraction comes from each squaring of the mantissa
/// (Knuth, TAOCP 1.2.2, exercise 25), here in 62 bits: the same on every machine.
fn log2(upper: u64, lower: u64) -> u32 {
    if upper <= lower {
        return 0;
    }
    let whole = (upper / lower).ilog2();
    let one = 1u128 << 62;
    let mut mantissa = ((u128::from(upper) << 62) / u128::from(lower)) >> whole;
    let mut result = whole;
    for _ in 0..FRACTION_BITS {
        mantissa = (mantissa * mantissa) >> 62;
        result <<= 1;
        if mantissa >= 2 * one {
            mantissa >>= 1;
            result |= 1;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_two_is_exact_and_all_else_lies_between_its_neighbours() {
        assert_eq!(log2(8, 1), 3 * 64);
        assert_eq!(log2(2, 1), 64);
        assert_eq!(log2(3, 1), 101);
        assert_eq!(log2(1, 1), 0);
        assert_eq!(log2(1, 5), 0);
    }

    #[test]
    fn a_skill_of_everybody_weighs_one_and_one_of_nobody_four() {
        assert_eq!(weight(1000, 1000), RARITY_ONE);
        assert_eq!(weight(1000, 0), 4 * RARITY_ONE);
        assert_eq!(weight(1023, 255), 2 * RARITY_ONE);
        assert_eq!(weight(0, 9), RARITY_ONE);
        assert_eq!(weight(u32::MAX, u32::MAX), RARITY_ONE);
    }

    #[test]
    fn it_never_rises_with_the_number_who_offer() {
        let weights: Vec<_> = (0..=2000).map(|df| weight(2000, df)).collect();
        assert!(weights.is_sorted_by(|rarer, commoner| rarer >= commoner));
    }
}
