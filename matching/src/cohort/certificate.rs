//! The proof that goes with a plan, in whole points.
//!
//! The network's prices are in weights, `unit` to the point, where plan pairs carry ties. Rounding keeps every condition if all
//! prices are shifted by the same θ in `0..unit` first and then rounded down: conditions between whole multiples of `unit`
//! survive any such rounding, and a pair in the plan does where adding its tie carries over no multiple of `unit`. Each pair
//! rules out an interval of its tie's length; together these are shorter than `unit`, so a θ is left.

use super::network::{Branch, MENTEES, MENTORS, Network, Node};
use super::quotas::Nest;
use super::scale::Scale;

/// Proves that no plan is better: see [`check`](super::check::check), which is all that need be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// What each mentee gains over having none (or no more), in points
    pub mentees: Vec<i64>,
    /// What a seat of each mentor is worth, in points
    pub mentors: Vec<i64>,
    /// What one pair more in each quota would be worth, in points
    pub quotas: Vec<i64>,
    /// What the first pair of a mentee counts besides its points; 0 unless participation comes first
    pub participation: i64,
    /// What the first pair of a mentor counts besides its points; 0 unless there is a minimum of one
    pub coverage: i64,
}

/// The certificate of a network that is optimal.
pub(super) fn certificate(quotas: usize, nests: &[Nest; 2], net: &Network, scale: &Scale) -> Certificate {
    let shift = free_shift(net, scale);
    let mut quotas = vec![0; quotas];
    let mut people = [Vec::new(), Vec::new()];
    for (side, branch) in net.sides.iter().enumerate() {
        let mut own = own_points(branch, scale, |price| round(side, price, shift, scale));
        people[side] = own.split_off(branch.quotas);
        for (quota, own) in nests[side].quotas.iter().zip(own) {
            quotas[*quota] = own;
        }
    }
    raise_single_wishes(net, scale, shift, &mut people[MENTEES]);
    let [mentees, mentors] = people;
    Certificate { mentees, mentors, quotas, participation: scale.participation, coverage: scale.coverage }
}

/// Mentees' prices count downwards: their potential is the negative price.
fn round(side: usize, price: i64, shift: i64, scale: &Scale) -> i64 {
    if side == MENTORS { scale.points(price + shift) } else { -scale.points(shift - price) }
}

/// The part of each node's price that is its own. Below what a first pair earns nothing is carried, so nothing hangs on how far.
fn own_points(branch: &Branch, scale: &Scale, round: impl Fn(i64) -> i64) -> Vec<i64> {
    let around = |parent: u32| branch.nodes.get(parent as usize).map_or(0, |node| round(node.price));
    let own = |node: &Node| (round(node.price) - around(node.parent)).max(-scale.points(node.first));
    branch.nodes.iter().map(own).collect()
}

/// A pair in the plan may be worth more than its prices. Where the mentee has but one wish, the rest is theirs.
fn raise_single_wishes(net: &Network, scale: &Scale, shift: i64, mentees: &mut [i64]) {
    let points = |side: usize, person: usize| round(side, net.sides[side].person(person).price, shift, scale);
    for (mentee, own) in mentees.iter_mut().enumerate() {
        if let (1, [mate]) = (net.sides[MENTEES].person(mentee).cap, net.sides[MENTEES].mates[mentee].as_slice()) {
            *own += scale.points(mate.weight) - points(MENTEES, mentee) - points(MENTORS, mate.to as usize);
        }
    }
}

/// The smallest θ at which no plan pair's tie carries over.
fn free_shift(net: &Network, scale: &Scale) -> i64 {
    let (unit, mentees) = (scale.unit(), &net.sides[MENTEES]);
    let mut taken = Vec::new();
    for (mentee, mates) in mentees.mates.iter().enumerate() {
        let potential = -mentees.person(mentee).price;
        for tie in mates.iter().map(|mate| scale.tie(mate.weight)).filter(|tie| *tie > 0) {
            let start = (unit - tie - potential).rem_euclid(unit);
            taken.push((start, (start + tie).min(unit)));
            if start + tie > unit {
                taken.push((0, start + tie - unit));
            }
        }
    }
    taken.sort_unstable();
    let mut shift = 0;
    for (start, end) in taken {
        if start > shift {
            break;
        }
        shift = shift.max(end);
    }
    shift
}
