//! Believes nothing: verifies a plan and its proof from the problem and the scores alone, over all pairs.
//!
//! Why it suffices. Take pins as given and look at the rest. Let `U`, `P` be a mentee's and a mentor's price with those of the
//! quotas around them. Any plan's value, `Σ points + bonuses`, is at most `Σ over its pairs (U + P) + bonuses + Σ over pairs of
//! ours max(0, points − U − P)`, if no pair outside ours has more points than `U + P`. Regrouped by person and quota, one that
//! carries `k` of at most `cap` pairs at price `d` contributes `k·d + bonus·[k ≥ 1] ≤ most(0, d + bonus, cap·d + bonus)`. So the sum of
//! these bounds all plans' values; where ours reaches it, ours is best.

use std::collections::BTreeSet;

use super::certificate::Certificate;
use super::problem::{FORBIDDEN, MOST_POINTS, Mode, Pair, Problem, Scores, Side};
use super::scan::Scan;
use super::tally::Tally;
use super::watch::{Phase, Unwatched};

/// Why a plan or its proof was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The lists of the proof are not as long as those of the problem, or a ban or quota names nobody
    Shape,
    /// A pair of the plan names nobody, stands twice, is banned, or is not allowed
    Pair(Pair),
    /// A pin is missing
    Pin(Pair),
    /// Someone, or a quota, has more pairs than they may
    Over,
    /// A price that must not be negative is
    Negative,
    /// The bonuses are too small to come before the points, or are there without reason
    Bonus,
    /// This pair is worth more than its prices, or would rather have each other
    Better(Pair),
    /// The prices do not add up to the plan's value
    Gap { value: i128, bound: i128 },
}

/// Verifies that the plan keeps every rule and that no plan is better, or names a fault. `threads` 0 takes one a core.
///
/// # Errors
/// The first [`Fault`] met. A plan that passes is optimal, whoever made it.
pub fn check(
    scores: &dyn Scores,
    problem: &Problem,
    pairs: &[Pair],
    proof: &Certificate,
    threads: usize,
) -> Result<(), Fault> {
    let tally = Tally::of(scores, problem, pairs)?;
    let lengths = (proof.mentees.len(), proof.mentors.len(), proof.quotas.len());
    if lengths != (problem.mentees.len(), problem.mentors.len(), problem.quotas.len()) {
        return Err(Fault::Shape);
    }
    bonuses(problem, proof)?;
    let prices = [Side::Mentee, Side::Mentor].map(|side| sums(problem, proof, side));
    let left = |pair: Pair, points: i64| points - prices[0][pair.mentee] - prices[1][pair.mentor];
    none_outside(scores, problem, &tally.shut, threads, [&prices[0], &prices[1]], |one, other| one + other)?;
    let (mut value, mut bound) = (0_i128, 0_i128);
    for (pair, points) in &tally.free {
        value += i128::from(*points);
        bound += i128::from(left(*pair, *points).max(0));
    }
    for line in tally.lines(problem) {
        let (price, bonus) = line.owner.stakes(proof, line.pinned);
        if price < 0 && bonus == 0 {
            return Err(Fault::Negative);
        }
        let (cap, price, bonus) = (i128::from(line.left), i128::from(price), i128::from(bonus));
        value += if line.load > 0 { bonus } else { 0 };
        bound += if cap > 0 { (price + bonus).max(cap * price + bonus).max(0) } else { 0 };
    }
    if value == bound { Ok(()) } else { Err(Fault::Gap { value, bound }) }
}

/// Verifies that the plan keeps every rule and that no pair outside it could take the place of pairs with fewer points (or of
/// none) on both sides.
///
/// # Errors
/// The first [`Fault`] met.
pub fn check_stable(scores: &dyn Scores, problem: &Problem, pairs: &[Pair], threads: usize) -> Result<(), Fault> {
    let tally = Tally::of(scores, problem, pairs)?;
    let content = [Side::Mentee, Side::Mentor].map(|side| tally.content(problem, side));
    none_outside(scores, problem, &tally.shut, threads, [&content[0], &content[1]], i64::max)
}

/// The bonuses must be there when asked for, and outweigh all that comes after them.
fn bonuses(problem: &Problem, proof: &Certificate) -> Result<(), Fault> {
    let points = i128::from(problem.most_pairs()) * i128::from(MOST_POINTS);
    let (coverage, participation) = (i128::from(proof.coverage), i128::from(proof.participation));
    let after = points + coverage * problem.mentors.len() as i128;
    let right = |asked: bool, bonus: i128, after: i128| if asked { bonus > after } else { bonus == 0 };
    let first = problem.mode == Mode::ParticipationFirst;
    let fine = right(problem.minimum_one, coverage, points) && right(first, participation, after);
    if fine { Ok(()) } else { Err(Fault::Bonus) }
}

/// The price of each person of a side with those of the quotas around them.
pub(super) fn sums(problem: &Problem, proof: &Certificate, side: Side) -> Vec<i64> {
    let mut sums = if side == Side::Mentee { proof.mentees.clone() } else { proof.mentors.clone() };
    for (quota, price) in problem.quotas.iter().zip(&proof.quotas).filter(|(quota, _)| quota.side == side) {
        for member in BTreeSet::from_iter(&quota.members) {
            sums[*member] += price;
        }
    }
    sums
}

/// Scores that are looked at one by one only where any of them is too good.
const PIECE: usize = 64;

/// That no allowed pair but those that are `shut` (in the plan, or banned) has more points than its two people demand `together`.
fn none_outside(
    scores: &dyn Scores,
    problem: &Problem,
    shut: &[BTreeSet<usize>],
    threads: usize,
    [mentees, mentors]: [&[i64]; 2],
    together: impl Fn(i64, i64) -> i64 + Sync,
) -> Result<(), Fault> {
    let scan = Scan { scores, mentors: problem.mentors.len(), threads, phase: Phase::Proving, watch: &Unwatched };
    let everybody: Vec<_> = (0..problem.mentees.len()).collect();
    let found = scan.rows(&everybody, |mentee, row| {
        let is_better = |score: u16, demanded: i64| {
            let is_allowed = (score != FORBIDDEN) & (score >= problem.floor);
            is_allowed & (i64::from(score.min(MOST_POINTS)) > together(mentees[mentee], demanded))
        };
        let pieces = row.chunks(PIECE).zip(mentors.chunks(PIECE)).zip((0..).step_by(PIECE));
        pieces.into_iter().find_map(|((scores, demanded), first)| {
            let each = || scores.iter().zip(demanded);
            let any = each().fold(false, |any, (score, demanded)| any | is_better(*score, *demanded));
            let mut better = each().zip(first..).filter(|((score, demanded), _)| is_better(**score, **demanded));
            let outside = || better.find(|(_, mentor)| !shut[mentee].contains(mentor));
            any.then(outside).flatten().map(|(_, mentor)| Pair { mentee, mentor })
        })
    });
    match found.unwrap_or_default().into_iter().flatten().next() {
        Some(pair) => Err(Fault::Better(pair)),
        None => Ok(()),
    }
}
