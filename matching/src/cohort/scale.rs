//! Points as whole numbers large enough to hold, below the points, a tie-break, and above them, what comes before any points.
//!
//! The weight of a pair is `points · unit + tie`, where `0 ≤ tie < ties` comes from a hash of the run's seed and the keys of the
//! two. As `ties · most pairs ≤ unit`, the ties of a whole plan never add up to a point: the best plan by weight is a best plan
//! by points, and of those the one the hash prefers. The bonuses (in points) for a mentee's and a mentor's first pair exceed
//! whatever the lower levels can add up to, which makes the order of the levels lexicographic.

use super::super::retriever::mix;
use super::error::Error;
use super::problem::{MOST_POINTS, Mode, Problem};

/// Weights stay below two to this power, so that sums of a few stay within 64 bits.
const WEIGHT_BITS: u32 = 59;
/// More bits than this tell no more ties apart.
const MOST_TIE_BITS: u32 = 30;

#[derive(Clone, Debug)]
pub(super) struct Scale {
    unit_bits: u32,
    tie_bits: u32,
    /// Plans of more pairs do not fit this scale
    most_pairs: u64,
    most_mentors: u64,
    /// Points for the first pair of a mentee, 0 outside participation first
    pub participation: i64,
    /// Points for the first pair of a mentor, 0 without a minimum of one
    pub coverage: i64,
}

impl Scale {
    /// With room for the cohort to double by later edits.
    pub fn of(problem: &Problem) -> Result<Self, Error> {
        let most_pairs = (2 * problem.most_pairs() + 64).next_power_of_two();
        let most_mentors = 2 * problem.mentors.len() as u64 + 8;
        let points = most_pairs.checked_mul(u64::from(MOST_POINTS)).ok_or(Error::TooLarge)?;
        let coverage = if problem.minimum_one { points + 1 } else { 0 };
        let below =
            coverage.checked_mul(most_mentors).and_then(|all| all.checked_add(points + 1)).ok_or(Error::TooLarge)?;
        let participation = if problem.mode == Mode::ParticipationFirst { below } else { 0 };
        let highest = u128::from(participation) + u128::from(coverage) + u128::from(MOST_POINTS) + 1;
        let used = highest.next_power_of_two().trailing_zeros() + most_pairs.trailing_zeros();
        let tie_bits = WEIGHT_BITS.checked_sub(used).ok_or(Error::TooLarge)?.min(MOST_TIE_BITS);
        Ok(Self {
            unit_bits: most_pairs.trailing_zeros() + tie_bits,
            tie_bits,
            most_pairs,
            most_mentors,
            participation: participation as i64,
            coverage: coverage as i64,
        })
    }

    /// Whether the lexicographic order still holds for the problem.
    pub fn fits(&self, problem: &Problem) -> bool {
        problem.most_pairs() <= self.most_pairs && problem.mentors.len() as u64 <= self.most_mentors
    }

    /// What a point weighs.
    pub fn unit(&self) -> i64 {
        1 << self.unit_bits
    }

    /// What a point weighs, as the power of two that it is.
    pub fn bits(&self) -> u32 {
        self.unit_bits
    }

    /// The points in a weight, without the tie-break.
    pub fn points(&self, weight: i64) -> i64 {
        weight >> self.unit_bits
    }

    pub fn tie(&self, weight: i64) -> i64 {
        weight & (self.unit() - 1)
    }

    pub fn weight(&self, points: u16, mentee: u64, mentor: u64) -> i64 {
        let tie = mix(mentee.wrapping_add(mentor)) >> (63 - self.tie_bits) >> 1;
        (i64::from(points) << self.unit_bits) + tie as i64
    }

    /// More than any weight and bonus together.
    pub fn top(&self) -> i64 {
        (self.participation + self.coverage + i64::from(MOST_POINTS) + 1) << self.unit_bits
    }
}

/// The hash of a person; `side` keeps one who is both a mentee and a mentor apart.
pub(super) fn person(seed: u64, side: u64, key: u128) -> u64 {
    let low = mix(seed ^ mix(side.wrapping_add(key as u64)));
    mix(low ^ (key >> 64) as u64)
}
