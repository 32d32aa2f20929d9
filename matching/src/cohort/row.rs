//! Which pairs of a mentee are worth a look.

use fearless_simd::{Level, dispatch};

use super::network::Arc;
use super::order::Ordered;
use super::problem::{FORBIDDEN, MOST_POINTS};
use super::weights::{NOTHING, Weights};

/// Scores that are passed over together where none of them is worth a look.
const PIECE: usize = 64;

/// The scores of a mentee with all mentors, as they were given.
pub(super) struct Row<'a> {
    pub mentee: usize,
    pub scores: &'a mut [u16],
    pub order: &'a Ordered<'a>,
}

impl Row<'_> {
    /// Takes the pairs that are barred or among `arcs` out.
    pub fn blank(&mut self, weights: &Weights, arcs: &[Arc]) {
        let barred = weights.barred_from(self.mentee).iter().copied();
        for mentor in barred.chain(arcs.iter().map(|arc| arc.to)) {
            self.scores[self.order.column(mentor as usize)] = FORBIDDEN;
        }
    }

    /// The `keep` heaviest pairs, and a bound on the weights of all others. Only mentors who are `open` count, by column.
    pub fn heaviest(mut self, weights: &Weights, open: &[bool], keep: usize) -> (Vec<Arc>, i64) {
        self.blank(weights, &[]);
        for (score, _) in self.scores.iter_mut().zip(open).filter(|(_, open)| !**open) {
            *score = FORBIDDEN;
        }
        let cut = self.cut(weights.floor, keep);
        let least = cut.unwrap_or(weights.floor);
        let columns = self.scores.iter().enumerate().filter(|(_, score)| **score >= least && **score != FORBIDDEN);
        let mut arcs: Vec<_> = columns.filter_map(|(column, score)| self.arc(weights, column, *score)).collect();
        let mut bound = if cut.is_some() { weights.scale.unit() * i64::from(least) - 1 } else { NOTHING };
        if arcs.len() > keep {
            bound = keep_heaviest(&mut arcs, keep, |arc| (arc.weight, arc.to)).max(bound);
        }
        arcs.sort_unstable_by_key(|arc| arc.to);
        (arcs, bound)
    }

    fn arc(&self, weights: &Weights, column: usize, score: u16) -> Option<Arc> {
        let to = self.order.mentor(column);
        Some(Arc { to: to as u32, weight: weights.weigh(self.mentee, to, Some(score))? })
    }

    /// The score that `keep` pairs, and where scores are equal some more, have or exceed; none where fewer reach the floor.
    fn cut(&self, floor: u16, keep: usize) -> Option<u16> {
        // A count more, of what is forbidden.
        let mut counts = [0_u32; MOST_POINTS as usize + 2];
        for score in self.scores.iter() {
            let score = if *score == FORBIDDEN { MOST_POINTS + 1 } else { (*score).min(MOST_POINTS) };
            counts[usize::from(score)] += 1;
        }
        let mut above = 0;
        let falling = counts.iter().enumerate().take(usize::from(MOST_POINTS) + 1).skip(floor.into()).rev();
        let mut reached = falling.skip_while(|(_, count)| {
            above += **count as usize;
            above < keep
        });
        reached.next().map(|(score, _)| score as u16)
    }

    /// Without the pairs in the graph: up to `most` pairs that are worth more than `price` to their mentee, those by most first,
    /// and a bound on what all others are worth. Worth is the weight less the mentor's price; `prices` are by column.
    pub fn offers(&self, weights: &Weights, prices: &[i64], price: i64, most: usize) -> (Vec<Arc>, i64) {
        let (mut arcs, mut bound) = (Vec::new(), NOTHING);
        let bits = weights.scale.bits();
        let most_of_pieces = dispatch!(Level::new(), _ => most_of_pieces(self.scores, prices, bits));
        let pieces = self.scores.chunks(PIECE).zip(prices.chunks(PIECE)).zip((0..).step_by(PIECE));
        for (((scores, prices), first), at_most) in pieces.zip(most_of_pieces) {
            if at_most <= price {
                bound = bound.max(at_most);
                continue;
            }
            for ((score, theirs), column) in scores.iter().zip(prices).zip(first..) {
                let at_most = worth_at_most(*score, *theirs, bits);
                if at_most <= price {
                    bound = bound.max(at_most);
                } else if let Some(arc) = self.arc(weights, column, *score) {
                    let worth = arc.weight - theirs;
                    if worth > price { arcs.push((worth, arc)) } else { bound = bound.max(worth) }
                }
            }
        }
        if arcs.len() > most {
            bound = bound.max(keep_heaviest(&mut arcs, most, |(worth, arc)| (*worth, arc.to)));
        }
        arcs.sort_unstable_by_key(|(_, arc)| arc.to);
        (arcs.into_iter().map(|(_, arc)| arc).collect(), bound)
    }
}

/// What a pair of a score is worth at most, whatever its tie.
#[inline(always)]
fn worth_at_most(score: u16, theirs: i64, bits: u32) -> i64 {
    let worth = ((i64::from(score.min(MOST_POINTS)) + 1) << bits) - theirs;
    if score == FORBIDDEN { NOTHING } else { worth }
}

/// Of each piece, what its best pair is worth at most. Inlined to be compiled for the instructions that the processor has.
#[inline(always)]
fn most_of_pieces(scores: &[u16], prices: &[i64], bits: u32) -> Vec<i64> {
    let mut pieces = vec![NOTHING; scores.len().div_ceil(PIECE)];
    for ((piece, scores), prices) in pieces.iter_mut().zip(scores.chunks(PIECE)).zip(prices.chunks(PIECE)) {
        let mut most = NOTHING;
        for (score, theirs) in scores.iter().zip(prices) {
            most = most.max(worth_at_most(*score, *theirs, bits));
        }
        *piece = most;
    }
    pieces
}

/// Cuts down to the `keep` of the largest value, equal ones by mentor, and tells the largest value cut off.
fn keep_heaviest<T>(arcs: &mut Vec<T>, keep: usize, value: impl Fn(&T) -> (i64, u32)) -> i64 {
    let order = |arc: &T| {
        let (value, to) = value(arc);
        (std::cmp::Reverse(value), to)
    };
    let (_, cut, _) = arcs.select_nth_unstable_by_key(keep, order);
    let (cut, _) = value(cut);
    arcs.truncate(keep);
    cut
}
