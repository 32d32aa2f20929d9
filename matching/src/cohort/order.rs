//! Puts people into the order of their hashes, so that no result depends on the order they came in.

use super::network::{MENTEES, MENTORS};
use super::problem::{Pair, Problem, Quota, Scores, Side};
use super::scale::person;

/// Where each person stands in the order of hashes, and who stands where.
#[derive(Clone, Debug)]
pub(super) struct Order {
    ranks: [Vec<usize>; 2],
    places: [Vec<usize>; 2],
}

impl Order {
    pub fn of(problem: &Problem) -> Self {
        let mentees = sorted(problem.seed, MENTEES, problem.mentees.iter().map(|mentee| mentee.key));
        let mentors = sorted(problem.seed, MENTORS, problem.mentors.iter().map(|mentor| mentor.key));
        let places = [mentees, mentors];
        let ranks = places.each_ref().map(|places| {
            let mut ranks = vec![0; places.len()];
            for (rank, place) in places.iter().enumerate() {
                ranks[*place] = rank;
            }
            ranks
        });
        Self { ranks, places }
    }

    /// One person more on a side, at the end of both orders.
    pub fn add(&mut self, side: usize) {
        for order in [&mut self.ranks, &mut self.places] {
            let end = order[side].len();
            order[side].push(end);
        }
    }

    pub fn inward(&self, pair: Pair) -> Pair {
        Pair { mentee: self.ranks[MENTEES][pair.mentee], mentor: self.ranks[MENTORS][pair.mentor] }
    }

    pub fn outward(&self, pair: Pair) -> Pair {
        Pair { mentee: self.places[MENTEES][pair.mentee], mentor: self.places[MENTORS][pair.mentor] }
    }

    pub fn rank(&self, side: usize, place: usize) -> usize {
        self.ranks[side][place]
    }

    /// Values in the order of hashes, in the order the people came in.
    pub fn outward_all<T: Clone>(&self, side: usize, values: &[T]) -> Vec<T> {
        self.ranks[side].iter().map(|rank| values[*rank].clone()).collect()
    }

    /// The problem with everybody in the order of their hashes.
    pub fn problem(&self, problem: &Problem) -> Problem {
        let pick = |side: usize, place: usize| self.places[side][place];
        let pairs = |pairs: &[Pair]| pairs.iter().map(|pair| self.inward(*pair)).collect();
        let quota = |quota: &Quota| {
            let side = if quota.side == Side::Mentee { MENTEES } else { MENTORS };
            Quota { members: quota.members.iter().map(|member| self.rank(side, *member)).collect(), ..quota.clone() }
        };
        Problem {
            mentees: (0..problem.mentees.len()).map(|at| problem.mentees[pick(MENTEES, at)].clone()).collect(),
            mentors: (0..problem.mentors.len()).map(|at| problem.mentors[pick(MENTORS, at)].clone()).collect(),
            quotas: problem.quotas.iter().map(quota).collect(),
            pins: pairs(&problem.pins),
            bans: pairs(&problem.bans),
            ..*problem
        }
    }
}

fn sorted(seed: u64, side: usize, keys: impl Iterator<Item = u128>) -> Vec<usize> {
    let mut order: Vec<_> = keys.enumerate().map(|(place, key)| (person(seed, side as u64, key), key, place)).collect();
    order.sort_unstable();
    order.into_iter().map(|(.., place)| place).collect()
}

/// The caller's scores in the order of hashes, but for the columns of a row: to sort these anew would cost more than to read them.
pub(super) struct Ordered<'a> {
    pub scores: &'a dyn Scores,
    pub order: &'a Order,
}

impl Ordered<'_> {
    /// Values of mentors in the order of hashes, in that of the columns of a row.
    pub fn columns<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.order.outward_all(MENTORS, values)
    }

    /// Where a mentor stands in a row.
    pub fn column(&self, mentor: usize) -> usize {
        self.order.places[MENTORS][mentor]
    }

    /// Who stands there.
    pub fn mentor(&self, column: usize) -> usize {
        self.order.ranks[MENTORS][column]
    }
}

impl Scores for Ordered<'_> {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        let Pair { mentee, mentor } = self.order.outward(Pair { mentee, mentor });
        self.scores.score(mentee, mentor)
    }

    fn row(&self, mentee: usize, row: &mut [u16]) {
        self.scores.row(self.order.places[MENTEES][mentee], row);
    }
}
