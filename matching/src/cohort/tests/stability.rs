//! The stable plan against deferred acceptance as it is told.

use proptest::prelude::*;

use super::super::*;
use super::given::{Given, Shape, Table, cohorts, people};

const MARKET: Shape =
    Shape { mentees: 12, mentors: 8, most_wishes: 1, most_seats: 3, levels: 900, quotas: false, pins: false };
const QUOTAS: Shape =
    Shape { mentees: 12, mentors: 8, most_wishes: 3, most_seats: 3, levels: 8, quotas: true, pins: true };

/// Mentees propose from their best mentor down; mentors keep the best. Needs scores without ties.
fn deferred_acceptance(given: &Given) -> Vec<Pair> {
    let Problem { mentors, bans, floor, .. } = &given.problem;
    let points =
        |pair: Pair| given.table.0[pair.mentee][pair.mentor].filter(|score| score >= floor && !bans.contains(&pair));
    let mut free: Vec<_> = (0..given.problem.mentees.len()).collect();
    let mut lists: Vec<Vec<Pair>> = free
        .iter()
        .map(|mentee| {
            let mut list: Vec<_> = (0..mentors.len())
                .map(|mentor| Pair { mentee: *mentee, mentor })
                .filter(|pair| points(*pair).is_some())
                .collect();
            list.sort_by_key(|pair| points(*pair));
            list
        })
        .collect();
    let mut held: Vec<Vec<Pair>> = vec![Vec::new(); mentors.len()];
    while let Some(mentee) = free.pop() {
        let Some(pair) = lists[mentee].pop() else { continue };
        let seats = &mut held[pair.mentor];
        seats.push(pair);
        seats.sort_by_key(|pair| std::cmp::Reverse(points(*pair)));
        if seats.len() > mentors[pair.mentor].seats as usize {
            free.extend(seats.pop().map(|pair| pair.mentee));
        }
    }
    let mut pairs: Vec<_> = held.into_iter().flatten().collect();
    pairs.sort_unstable();
    pairs
}

/// Makes all scores differ.
fn without_ties(mut given: Given) -> Given {
    let mut seen = std::collections::BTreeSet::new();
    for score in given.table.0.iter_mut().flatten().flatten() {
        while !seen.insert(*score) {
            *score += 1;
        }
    }
    given
}

proptest! {
    #[test]
    fn the_stable_plan_is_that_of_deferred_acceptance(given in cohorts(MARKET, Mode::Stable), keep in 1_usize..4) {
        let given = without_ties(given);
        let cohort = given.solve_with(&Effort { keep, threads: 1, steps: 0 });
        prop_assert_eq!(cohort.pairs(), deferred_acceptance(&given));
    }

    #[test]
    fn no_pair_blocks_a_stable_plan_under_quotas(given in cohorts(QUOTAS, Mode::Stable), keep in 1_usize..4) {
        prop_assert_eq!(given.solve_with(&Effort { keep, threads: 1, steps: 0 }).check(), Ok(()));
    }
}

#[test]
fn a_blocking_pair_is_named() {
    let problem = Problem { mode: Mode::Stable, ..people(&[1, 1], &[1, 1]) };
    let given = Given { problem, table: Table(vec![vec![Some(900), Some(800)], vec![Some(800), Some(100)]]) };
    let best = [Pair { mentee: 0, mentor: 1 }, Pair { mentee: 1, mentor: 0 }];
    let blocking = Pair { mentee: 0, mentor: 0 };
    assert_eq!(check_stable(&given.table, &given.problem, &best, 1), Err(Fault::Better(blocking)));
    assert_eq!(given.solve().pairs(), [blocking, Pair { mentee: 1, mentor: 1 }]);
}

#[test]
fn an_empty_seat_blocks_too() {
    let given =
        Given { problem: Problem { mode: Mode::Stable, ..people(&[1], &[1]) }, table: Table(vec![vec![Some(0)]]) };
    assert_eq!(check_stable(&given.table, &given.problem, &[], 1), Err(Fault::Better(Pair { mentee: 0, mentor: 0 })));
}
