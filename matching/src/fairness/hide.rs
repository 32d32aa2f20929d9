//! Which groups of a kind are hidden, so that what is told of the others and of all lets no hidden figure be worked out.
//!
//! Whoever subtracts the groups that are told from the whole knows what the hidden ones are *together*. That must be the figure of
//! [`FEWEST`] people at least, hence of two groups, as the smallest has fewer; and it must leave open how it is shared out: were all
//! of them matched, or none, it would be so of each. Where the small groups alone do not come to that, the next smallest is hidden
//! with them, until they do. Several kinds tell no more: each parts the same whole, and no group of one is told within a group of
//! another.

use std::collections::BTreeSet;

use super::FEWEST;
use super::groups::Tally;

/// The places of the groups of which nothing is told.
pub fn groups(groups: &[Tally]) -> BTreeSet<usize> {
    let small = places(groups, |group| group.people < FEWEST);
    let all = Tally::together(groups);
    widen(groups, small, |hidden| {
        let together = Tally::together(members(groups, hidden));
        together.people >= FEWEST && (all.is_uniform() || !together.is_uniform())
    })
}

/// The places of the groups of which no mean score is told, where those `hidden` are not told of at all: together they have
/// [`FEWEST`] scores, or none.
pub fn means(groups: &[Tally], hidden: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut few = places(groups, |group| (1..FEWEST).contains(&group.scored));
    few.extend(hidden);
    widen(groups, few, |without| {
        let scored = Tally::together(members(groups, without)).scored;
        scored >= FEWEST || scored == 0
    })
}

fn members<'a>(groups: &'a [Tally], places: &BTreeSet<usize>) -> impl Iterator<Item = &'a Tally> {
    places.iter().filter_map(|place| groups.get(*place))
}

/// Adds the next smallest group until it is `enough`, or there is none left.
fn widen(groups: &[Tally], mut hidden: BTreeSet<usize>, enough: impl Fn(&BTreeSet<usize>) -> bool) -> BTreeSet<usize> {
    let mut smallest_first: Vec<_> = (0..groups.len()).filter(|place| !hidden.contains(place)).collect();
    smallest_first.sort_by_key(|place| groups.get(*place).map(|group| group.people));
    let mut next = smallest_first.into_iter();
    while !hidden.is_empty() && !enough(&hidden) {
        let Some(place) = next.next() else { break };
        hidden.insert(place);
    }
    hidden
}

fn places(groups: &[Tally], which: impl Fn(&Tally) -> bool) -> BTreeSet<usize> {
    groups.iter().enumerate().filter(|(_, group)| which(group)).map(|(place, _)| place).collect()
}
