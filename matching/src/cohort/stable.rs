//! The stable plan.
//!
//! Both sides rank a pair by the same points, and ties by the same hash, so there is exactly one stable plan, and deferred
//! acceptance (Gale and Shapley 1962) ends in it whoever proposes: the heaviest pair is each one's first choice, hence in every
//! stable plan; then the heaviest that seats and quotas leave; and so on. Taking pairs from heavy to light is therefore all there
//! is to do, and it carries over to nested quotas, where "full of heavier pairs" is as final (Fleiner 2003).
//!
//! Each mentee's pairs are fetched a few at a time among the mentors who still have room, so nothing the size of all pairs is
//! held. Those passed over need not come back: who is full stays full.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::error::Error;
use super::network::{Arc, MENTEES, MENTORS, Network};
use super::order::Ordered;
use super::problem::{Effort, FORBIDDEN, Pair, Scores};
use super::row::Row;
use super::scan::Scan;
use super::watch::{Meter, Phase};
use super::weights::Weights;

/// The heaviest pair comes first; equal weights by place, which is in hash order.
type Offer = (i64, Reverse<(usize, u32)>);

struct Stable<'a> {
    net: Network,
    weights: Weights,
    scores: &'a Ordered<'a>,
    keep: usize,
    heap: BinaryHeap<Offer>,
    /// What was fetched of each mentee and not offered yet, the lightest first
    fetched: Vec<Vec<Arc>>,
    row: Vec<u16>,
}

/// The pairs of the stable plan besides pins, for which the network has set room aside.
pub(super) fn stable(
    net: Network,
    weights: Weights,
    scores: &Ordered<'_>,
    effort: &Effort,
    meter: &mut Meter<'_>,
) -> Result<Vec<Pair>, Error> {
    let (mentees, mentors) = (net.sides[MENTEES].people(), net.sides[MENTORS].people());
    let mut state = Stable {
        net,
        weights,
        scores,
        keep: effort.keep.max(1),
        heap: BinaryHeap::new(),
        fetched: Vec::new(),
        row: vec![FORBIDDEN; mentors],
    };
    state.fetch_all(effort, meter)?;
    for mentee in 0..mentees {
        state.offer(mentee, meter)?;
    }
    let mut pairs = Vec::new();
    while let Some((_, Reverse((mentee, mentor)))) = state.heap.pop() {
        let mentor = mentor as usize;
        if state.net.has_room(MENTEES, mentee) {
            if state.net.has_room(MENTORS, mentor) {
                pairs.push(Pair { mentee, mentor });
                state.net.set_aside(mentee, mentor);
                state.weights.bar(mentee, mentor);
            }
            state.offer(mentee, meter)?;
        }
        if pairs.len() % 1024 == 0 {
            meter.report(Phase::Solving, pairs.len(), mentees)?;
        }
    }
    Ok(pairs)
}

impl Stable<'_> {
    fn fetch_all(&mut self, effort: &Effort, meter: &mut Meter<'_>) -> Result<(), Error> {
        let open = self.scores.columns(&self.open());
        let scan = Scan {
            scores: self.scores,
            mentors: open.len(),
            threads: effort.threads,
            phase: Phase::Scoring,
            watch: meter.watch(),
        };
        let people = self.net.sides[MENTEES].people();
        let mentees: Vec<_> = (0..people).filter(|mentee| self.net.has_room(MENTEES, *mentee)).collect();
        meter.spend(mentees.len().saturating_mul(scan.mentors))?;
        let rows = scan.rows(&mentees, |mentee, row| {
            let row = Row { mentee, scores: row, order: self.scores };
            lightest_first(row.heaviest(&self.weights, &open, self.keep).0)
        })?;
        self.fetched = vec![Vec::new(); people];
        for (mentee, arcs) in mentees.into_iter().zip(rows) {
            self.fetched[mentee] = arcs;
        }
        Ok(())
    }

    fn open(&self) -> Vec<bool> {
        (0..self.net.sides[MENTORS].people()).map(|mentor| self.net.has_room(MENTORS, mentor)).collect()
    }

    /// Offers a mentee's heaviest pair that was not offered yet, if there is one.
    fn offer(&mut self, mentee: usize, meter: &mut Meter<'_>) -> Result<(), Error> {
        meter.spend(1)?;
        if self.fetched[mentee].is_empty() && self.net.has_room(MENTEES, mentee) {
            meter.spend(self.row.len())?;
            self.scores.row(mentee, &mut self.row);
            let open = self.scores.columns(&self.open());
            let row = Row { mentee, scores: &mut self.row, order: self.scores };
            self.fetched[mentee] = lightest_first(row.heaviest(&self.weights, &open, self.keep).0);
        }
        if let Some(arc) = self.fetched[mentee].pop() {
            self.heap.push((arc.weight, Reverse((mentee, arc.to))));
        }
        Ok(())
    }
}

fn lightest_first(mut arcs: Vec<Arc>) -> Vec<Arc> {
    arcs.sort_unstable_by_key(|arc| (arc.weight, Reverse(arc.to)));
    arcs
}
