//! What pairs weigh.

use super::network::{MENTEES, MENTORS};
use super::problem::{MOST_POINTS, Problem};
use super::scale::{Scale, person};

/// Below every weight and price.
pub(super) const NOTHING: i64 = -(1 << 61);

#[derive(Clone, Debug)]
pub(super) struct Weights {
    pub scale: Scale,
    pub floor: u16,
    seed: u64,
    keys: [Vec<u64>; 2],
    /// The mentors each mentee is pinned to or banned from, in order
    barred: Vec<Vec<u32>>,
}

impl Weights {
    pub fn of(problem: &Problem, scale: Scale) -> Self {
        let mut weights =
            Self { scale, floor: problem.floor, seed: problem.seed, keys: Default::default(), barred: Vec::new() };
        for mentee in &problem.mentees {
            weights.add_mentee(mentee.key);
        }
        for mentor in &problem.mentors {
            weights.add_mentor(mentor.key);
        }
        for pair in problem.pins.iter().chain(&problem.bans) {
            weights.bar(pair.mentee, pair.mentor);
        }
        weights
    }

    pub fn add_mentee(&mut self, key: u128) {
        self.keys[MENTEES].push(person(self.seed, MENTEES as u64, key));
        self.barred.push(Vec::new());
    }

    pub fn add_mentor(&mut self, key: u128) {
        self.keys[MENTORS].push(person(self.seed, MENTORS as u64, key));
    }

    pub fn bar(&mut self, mentee: usize, mentor: usize) {
        if let Err(at) = self.barred[mentee].binary_search(&(mentor as u32)) {
            self.barred[mentee].insert(at, mentor as u32);
        }
    }

    pub fn unbar(&mut self, mentee: usize, mentor: usize) {
        self.barred[mentee].retain(|barred| *barred as usize != mentor);
    }

    /// The mentors a mentee is pinned to or banned from, in order.
    pub fn barred_from(&self, mentee: usize) -> &[u32] {
        &self.barred[mentee]
    }

    pub fn barred(&self, mentee: usize, mentor: usize) -> bool {
        self.barred[mentee].binary_search(&(mentor as u32)).is_ok()
    }

    /// The weight of a pair that scored so, whether barred or not.
    pub fn weigh(&self, mentee: usize, mentor: usize, score: Option<u16>) -> Option<i64> {
        let points = score.map(|score| score.min(MOST_POINTS)).filter(|score| *score >= self.floor)?;
        Some(self.scale.weight(points, self.keys[MENTEES][mentee], self.keys[MENTORS][mentor]))
    }
}
