use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::cohort::Pair;
use super::Bids;

/// The least prices that prove a best plan, from any that do: what a mentor's seat is worth to those who have none of it. A seat
/// that only its holder wants costs nothing, though its holder would give all their points for it.
///
/// A price must reach what each mentee without a mentor bids, and what each with another mentor would gain, at that mentor's
/// price. By how much it can fall is thus a shortest path, over steps that the prices given make no shorter than 0 (Dijkstra).
pub fn least(highest: Vec<i64>, bids: &Bids, plan: &[Pair]) -> Vec<i64> {
    let mut holders = vec![Vec::new(); highest.len()];
    let mut matched = vec![false; bids.0.len()];
    for pair in plan {
        holders[pair.mentor].push(pair.mentee);
        matched[pair.mentee] = true;
    }
    let mut fall = Fall { by: highest.clone(), highest, bids, heap: BinaryHeap::new() };
    for mentee in (0..matched.len()).filter(|mentee| !matched[*mentee]) {
        fall.hold(mentee, 0);
    }
    fall.heap = fall.by.iter().copied().enumerate().map(|(mentor, by)| Reverse((by, mentor))).collect();
    while let Some(Reverse((by, mentor))) = fall.heap.pop() {
        if by == fall.by[mentor] {
            for holder in &holders[mentor] {
                let points = bids.points(*holder, mentor);
                fall.hold(*holder, points - (fall.highest[mentor] - by));
            }
        }
    }
    fall.highest.iter().zip(fall.by).map(|(price, by)| price - by).collect()
}

struct Fall<'a> {
    highest: Vec<i64>,
    /// By how much the price of each mentor can fall, as far as is known
    by: Vec<i64>,
    bids: &'a Bids,
    heap: BinaryHeap<Reverse<(i64, usize)>>,
}

impl Fall<'_> {
    /// Holds prices up to what a mentee bids who gains `gain` where they are; that mentor's own is as low already.
    fn hold(&mut self, mentee: usize, gain: i64) {
        for (place, points) in &self.bids.0[mentee] {
            let other = *place as usize;
            let by = (self.highest[other] - (i64::from(*points) - gain)).max(0);
            if by < self.by[other] {
                self.by[other] = by;
                self.heap.push(Reverse((by, other)));
            }
        }
    }
}
