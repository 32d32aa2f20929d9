//! Degenerate cohorts, progress, cancelling, and what a plan says of those it leaves out.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::super::*;
use super::certified::Hashed;
use super::given::{Given, Shape, Table, cohorts, people};

const SMALL: Shape =
    Shape { mentees: 8, mentors: 6, most_wishes: 2, most_seats: 2, levels: 50, quotas: true, pins: true };

struct Flat(Option<u16>);

impl Scores for Flat {
    fn score(&self, _: usize, _: usize) -> Option<u16> {
        self.0
    }
}

/// Solves within so many steps for each pair, and a few more, and proves it.
fn within(each: u64, problem: Problem, scores: &dyn Scores) -> Totals {
    let pairs = (problem.mentees.len() * problem.mentors.len()) as u64;
    let effort = Effort { steps: each * pairs + 1_000, threads: 2, ..Effort::default() };
    let cohort = solve(problem, scores, &effort, &Unwatched).unwrap();
    assert_eq!(cohort.check(), Ok(()));
    cohort.totals()
}

const MODES: [Mode; 3] = [Mode::BestTotal, Mode::ParticipationFirst, Mode::Stable];

#[test]
fn nobody_at_all_has_an_empty_plan() {
    for mode in MODES {
        for (wishes, seats) in [(&[][..], &[][..]), (&[1, 1], &[]), (&[], &[1, 1])] {
            assert_eq!(within(1, Problem { mode, ..people(wishes, seats) }, &Flat(Some(5))), Totals::default());
        }
    }
}

#[test]
fn no_seats_no_wishes_or_no_allowed_pair_gives_an_empty_plan() {
    for mode in MODES {
        let problem = |wishes, seats| Problem { mode, ..people(&[wishes; 50], &[seats; 40]) };
        assert_eq!(within(20, problem(1, 0), &Flat(Some(5))), Totals::default());
        assert_eq!(within(20, problem(0, 1), &Flat(Some(5))), Totals::default());
        assert_eq!(within(20, problem(1, 1), &Flat(None)), Totals::default());
    }
}

#[test]
fn a_worthless_pair_is_made_only_where_participation_counts() {
    assert_eq!(within(99, people(&[1], &[1]), &Flat(Some(0))).points, 0);
    let first = Problem { mode: Mode::ParticipationFirst, ..people(&[1], &[1]) };
    assert_eq!(within(99, first, &Flat(Some(0))).mentees, 1);
}

#[test]
fn all_equal_scores_end_within_the_budget() {
    for mode in MODES {
        for seats in [1, 2, 5] {
            let totals = within(2_000, Problem { mode, ..people(&[1; 200], &vec![seats; 100]) }, &Flat(Some(500)));
            assert_eq!(totals.pairs, 200.min(100 * seats as usize));
        }
    }
}

#[test]
fn ten_thousand_ties_end_within_the_budget() {
    let scores = Hashed { levels: 2, mentors_matter: 0 };
    for mode in MODES {
        within(2_000, Problem { mode, ..people(&[1; 100], &[1; 100]) }, &scores);
    }
}

#[test]
fn one_giant_mentor_ends_within_the_budget() {
    let scores = Hashed { levels: 50, mentors_matter: 10 };
    for mode in MODES {
        let mut seats = [1; 20];
        seats[7] = 500;
        within(2_000, Problem { mode, ..people(&[1; 600], &seats) }, &scores);
    }
}

#[test]
fn each_mentor_gets_someone_before_points_count() {
    let table = Table(vec![vec![Some(900), Some(1)], vec![Some(900), Some(0)]]);
    let problem = people(&[1, 1], &[2, 2]);
    let points = |minimum_one| {
        let given = Given { problem: Problem { minimum_one, ..problem.clone() }, table: table.clone() };
        let cohort = given.solve();
        (cohort.totals().mentors, cohort.totals().points)
    };
    assert_eq!((points(false), points(true)), ((1, 1800), (2, 901)));
}

#[test]
fn a_budget_too_small_is_an_error_and_not_a_worse_plan() {
    let effort = Effort { steps: 50, ..Effort::default() };
    for mode in MODES {
        let result = solve(Problem { mode, ..people(&[1; 20], &[1; 20]) }, Flat(Some(5)), &effort, &Unwatched);
        assert_eq!(result.err(), Some(Error::OutOfSteps), "{mode:?}");
    }
}

#[test]
fn a_watcher_sees_every_phase_and_can_cancel_in_each() {
    let scores = Hashed { levels: 50, mentors_matter: 100 };
    let problem = people(&[1; 300], &[1; 150]);
    let seen = std::sync::Mutex::new(Vec::new());
    let count = |progress: Progress| {
        assert!(progress.done <= progress.total, "{progress:?}");
        seen.lock().unwrap().push(progress.phase);
        ControlFlow::Continue(())
    };
    solve(problem.clone(), &scores, &Effort::default(), &count).unwrap();
    for phase in [Phase::Scoring, Phase::Solving, Phase::Proving] {
        assert!(seen.lock().unwrap().contains(&phase), "{phase:?}");
        let calls = AtomicUsize::new(0);
        let stop = |progress: Progress| {
            calls.fetch_add(1, Ordering::Relaxed);
            if progress.phase == phase { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        assert_eq!(solve(problem.clone(), &scores, &Effort::default(), &stop).err(), Some(Error::Cancelled));
        assert!(calls.into_inner() > 0);
    }
}

fn reasons(given: &Given) -> Vec<(usize, Reason)> {
    given.solve().insights().unmatched.into_iter().map(|left| (left.mentee, left.reason)).collect()
}

#[test]
fn who_is_left_out_hears_why() {
    let row = |scores: [u16; 3]| scores.map(Some).to_vec();
    let mut table = Table(vec![row([700, 0, 300]), row([600, 0, 300]), row([500; 3]), row([500; 3])]);
    table.0[2] = vec![None, Some(10), Some(400)];
    let mut problem =
        Problem { floor: 50, bans: vec![Pair { mentee: 2, mentor: 2 }], ..people(&[1, 1, 1, 0], &[1, 1, 0]) };
    let none = |banned, without_seat| Reason::NoAllowedMentor { refused: 1, below_floor: 1, banned, without_seat };
    let outbid = Reason::Outbid { mentor: 0, points: 600, price: 700 };
    for mode in MODES {
        problem.mode = mode;
        let given = Given { problem: problem.clone(), table: table.clone() };
        let mut said = reasons(&given);
        if let Some((1, Reason::Outbid { mentor: 0, points: 600, price })) = said.first().cloned() {
            assert!((600..=700).contains(&price), "{mode:?}: {price}");
            said[0].1 = outbid.clone();
        }
        assert_eq!(said, [(1, outbid.clone()), (2, none(1, 0)), (3, Reason::NoWish)], "{mode:?}");
    }
    problem.bans.clear();
    assert_eq!(reasons(&Given { problem, table })[1], (2, none(0, 1)));
}

#[test]
fn a_seat_that_is_not_there_has_a_price() {
    let table = Table(vec![vec![Some(700), Some(100)], vec![Some(600), Some(100)], vec![Some(400), Some(90)]]);
    let given = Given { problem: people(&[1, 1, 1], &[0, 2]), table };
    let seats = given.solve().insights().seats;
    assert_eq!((seats[0].seats, seats[0].taken), (0, 0));
    assert!((690..=700).contains(&seats[0].price.points), "{seats:?}");
    assert_eq!((seats[1].taken, seats[1].price.mentees), (2, 0));
    let first = Given { problem: Problem { mode: Mode::ParticipationFirst, ..given.problem }, ..given };
    let price = first.solve().insights().seats[0].price;
    assert_eq!((price.mentees, price.mentors), (1, 0));
}

#[test]
fn a_score_beyond_the_most_counts_as_the_most() {
    assert_eq!(within(99, people(&[1], &[1]), &Flat(Some(40_000))).points, 1000);
}

proptest! {
    #[test]
    fn a_seat_more_brings_at_most_its_price(given in cohorts(SMALL, Mode::BestTotal), mentor in 0_usize..6) {
        let mut given = Given { problem: Problem { minimum_one: false, ..given.problem }, ..given };
        let mentor = mentor % given.problem.mentors.len();
        let before = given.solve();
        given.problem.mentors[mentor].seats += 1;
        let gain = given.solve().totals().points - before.totals().points;
        prop_assert!(gain <= before.insights().seats[mentor].price.points);
    }
}
