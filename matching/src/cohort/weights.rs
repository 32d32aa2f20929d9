//! What pairs weigh, and which are worth a look.

use super::network::{Arc, MENTEES, MENTORS};
use super::problem::{MOST_POINTS, Problem};
use super::scale::{Scale, person};

/// Below every weight and price.
pub(super) const NOTHING: i64 = -(1 << 61);

#[derive(Clone, Debug)]
pub(super) struct Weights {
    pub scale: Scale,
    floor: u16,
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

    pub fn barred(&self, mentee: usize, mentor: usize) -> bool {
        self.barred[mentee].binary_search(&(mentor as u32)).is_ok()
    }

    /// The weight of a pair that scored so, whether barred or not.
    pub fn weigh(&self, mentee: usize, mentor: usize, score: Option<u16>) -> Option<i64> {
        let points = score.map(|score| score.min(MOST_POINTS)).filter(|score| *score >= self.floor)?;
        Some(self.scale.weight(points, self.keys[MENTEES][mentee], self.keys[MENTORS][mentor]))
    }

    /// The `keep` heaviest pairs of a row, and a bound on the weights of all others. Only mentors who are `open` count.
    pub fn heaviest(&self, mentee: usize, row: &mut [Option<u16>], open: &[bool], keep: usize) -> (Vec<Arc>, i64) {
        let mut counts = [0_u32; MOST_POINTS as usize + 1];
        self.blank(mentee, row, &[]);
        for (slot, open) in row.iter_mut().zip(open) {
            *slot = slot.map(|score| score.min(MOST_POINTS)).filter(|score| *open && *score >= self.floor);
            if let Some(score) = slot {
                counts[usize::from(*score)] += 1;
            }
        }
        let mut above = 0;
        let cut = counts.iter().rposition(|count| {
            above += *count as usize;
            above >= keep
        });
        let least = cut.unwrap_or(0) as u16;
        let mut arcs: Vec<_> = (0_u32..)
            .zip(row.iter())
            .filter(|(_, score)| score.is_some_and(|score| score >= least))
            .filter_map(|(to, score)| Some(Arc { to, weight: self.weigh(mentee, to as usize, *score)? }))
            .collect();
        let mut bound = if cut.is_some() { self.scale.unit() * i64::from(least) - 1 } else { NOTHING };
        if arcs.len() > keep {
            bound = keep_heaviest(&mut arcs, keep, |arc| arc.weight).max(bound);
        }
        (arcs, bound)
    }

    /// Of a row without the pairs in the graph: up to `most` pairs that are worth more than `price` to their mentee, those by
    /// most first, and a bound on what all others are worth. Worth is the weight less the mentor's price.
    pub fn offers(
        &self,
        mentee: usize,
        row: &[Option<u16>],
        prices: &[i64],
        price: i64,
        most: usize,
    ) -> (Vec<Arc>, i64) {
        let (mut arcs, mut bound) = (Vec::new(), NOTHING);
        for (mentor, (score, theirs)) in row.iter().zip(prices).enumerate() {
            let Some(score) = *score else { continue };
            let at_most = (i64::from(score.min(MOST_POINTS)) + 1) * self.scale.unit() - theirs;
            if at_most <= bound {
                continue;
            }
            if at_most <= price {
                bound = at_most;
                continue;
            }
            let Some(weight) = self.weigh(mentee, mentor, Some(score)) else { continue };
            if weight - theirs > price {
                arcs.push(Arc { to: mentor as u32, weight });
            } else {
                bound = bound.max(weight - theirs);
            }
        }
        if arcs.len() > most {
            bound = bound.max(keep_heaviest(&mut arcs, most, |arc| arc.weight - prices[arc.to as usize]));
        }
        (arcs, bound)
    }

    /// Takes the pairs that are barred or among `arcs` out of a row.
    pub fn blank(&self, mentee: usize, row: &mut [Option<u16>], arcs: &[Arc]) {
        for mentor in self.barred[mentee].iter().copied().chain(arcs.iter().map(|arc| arc.to)) {
            row[mentor as usize] = None;
        }
    }
}

/// Cuts down to the `keep` arcs of the largest value, and tells the largest value cut off.
fn keep_heaviest(arcs: &mut Vec<Arc>, keep: usize, value: impl Fn(&Arc) -> i64) -> i64 {
    let (_, cut, _) = arcs.select_nth_unstable_by_key(keep, |arc| (std::cmp::Reverse(value(arc)), arc.to));
    let cut = value(cut);
    arcs.truncate(keep);
    cut
}
