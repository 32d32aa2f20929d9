//! Edits against solving anew.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::super::*;
use super::given::{Given, Shape, Table, cohorts, people};

const RICH: Shape =
    Shape { mentees: 12, mentors: 9, most_wishes: 3, most_seats: 3, levels: 40, quotas: true, pins: true };
const PLAIN: Shape =
    Shape { mentees: 25, mentors: 20, most_wishes: 1, most_seats: 2, levels: 200, quotas: false, pins: false };

#[derive(Clone, Copy, Debug)]
enum Edit {
    Ban(Pair),
    Allow(Pair),
    Pin(Pair),
    Unpin(usize),
    Seats(usize, u32),
    Wishes(usize, u32),
    Join(u32, Option<usize>),
    /// With so many seats, and in so many quotas
    JoinMentor(u32, Option<usize>),
    RemoveMentee(usize),
    RemoveMentor(usize),
    /// Bans a pair of the plan
    Decline(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let quota = || prop::option::of(0_usize..4);
    let pair = || (0_usize..25, 0_usize..20).prop_map(|(mentee, mentor)| Pair { mentee, mentor });
    prop_oneof![
        2 => pair().prop_map(Edit::Ban),
        1 => pair().prop_map(Edit::Allow),
        4 => pair().prop_map(Edit::Pin),
        2 => (0_usize..4).prop_map(Edit::Unpin),
        3 => (0_usize..20, 0_u32..5).prop_map(|(mentor, seats)| Edit::Seats(mentor, seats)),
        2 => (0_usize..25, 0_u32..4).prop_map(|(mentee, wishes)| Edit::Wishes(mentee, wishes)),
        1 => (0_u32..3, quota()).prop_map(|(wishes, quota)| Edit::Join(wishes, quota)),
        2 => (0_u32..4, quota()).prop_map(|(seats, quota)| Edit::JoinMentor(seats, quota)),
        1 => (0_usize..25).prop_map(Edit::RemoveMentee),
        1 => (0_usize..20).prop_map(Edit::RemoveMentor),
        5 => (0_usize..60).prop_map(Edit::Decline),
    ]
}

fn any_cohort() -> impl Strategy<Value = Given> {
    prop_oneof![
        2 => cohorts(PLAIN, Mode::BestTotal),
        2 => cohorts(RICH, Mode::BestTotal),
        2 => cohorts(RICH, Mode::ParticipationFirst),
        1 => cohorts(RICH, Mode::Stable),
    ]
}

fn late_score(mentee: usize, mentor: usize) -> Option<u16> {
    (!(mentee + mentor).is_multiple_of(5)).then_some((mentee * 37 + mentor * 61) as u16 % 1000)
}

/// A quota of that side with all those around it, or else the one alone, which may cross another.
fn with_around(problem: &Problem, side: Side, quota: Option<usize>) -> Vec<usize> {
    let Some(inner) = quota.and_then(|place| problem.quotas.get(place)).filter(|quota| quota.side == side) else {
        return quota.into_iter().collect();
    };
    let holds = |outer: &Quota| outer.side == side && inner.members.iter().all(|member| outer.members.contains(member));
    (0..problem.quotas.len()).filter(|place| holds(&problem.quotas[*place])).collect()
}

fn make(cohort: &mut Cohort<Table>, edit: Edit) -> Result<Difference, Error> {
    let (mentees, mentors) = (cohort.problem().mentees.len(), cohort.problem().mentors.len());
    let fit = |pair: Pair| Pair { mentee: pair.mentee % mentees, mentor: pair.mentor % mentors };
    match edit {
        Edit::Ban(pair) => cohort.ban(fit(pair)),
        Edit::Allow(pair) => cohort.allow(cohort.problem().bans.first().copied().unwrap_or(fit(pair))),
        Edit::Pin(pair) => cohort.pin(fit(pair)),
        Edit::Unpin(at) => {
            let pins = &cohort.problem().pins;
            let pin = pins.get(at % pins.len().max(1)).copied().unwrap_or(Pair { mentee: 0, mentor: 0 });
            cohort.unpin(pin)
        }
        Edit::Seats(mentor, seats) => cohort.set_seats(mentor % mentors, seats),
        Edit::Wishes(mentee, wishes) => cohort.set_wishes(mentee % mentees, wishes),
        Edit::Join(wishes, quota) => {
            let row = (0..mentors).map(|mentor| late_score(mentees, mentor)).collect();
            cohort.scores_mut().0.push(row);
            let quotas = with_around(cohort.problem(), Side::Mentee, quota);
            let joined = cohort.add_mentee_to(Mentee { key: 1_000 + mentees as u128, wishes }, &quotas);
            joined.inspect_err(|_| cohort.scores_mut().0.truncate(mentees))
        }
        Edit::JoinMentor(seats, quota) => {
            let rows = cohort.scores_mut().0.iter_mut().enumerate();
            rows.for_each(|(mentee, row)| row.push(late_score(mentee, mentors)));
            let quotas = with_around(cohort.problem(), Side::Mentor, quota);
            let joined = cohort.add_mentor_to(Mentor { key: 1_000 + mentors as u128, seats }, &quotas);
            joined.inspect_err(|_| cohort.scores_mut().0.iter_mut().for_each(|row| row.truncate(mentors)))
        }
        Edit::RemoveMentee(mentee) => cohort.remove_mentee(mentee % mentees),
        Edit::RemoveMentor(mentor) => cohort.remove_mentor(mentor % mentors),
        Edit::Decline(at) => {
            let pairs = cohort.pairs();
            cohort.ban(pairs.get(at % pairs.len().max(1)).copied().unwrap_or(Pair { mentee: 0, mentor: 0 }))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn an_edited_plan_is_the_plan_of_the_edited_problem(given in any_cohort(), edits in prop::collection::vec(edit(), 1..12), keep in 1_usize..6) {
        let effort = Effort { keep, threads: 1, steps: 0 };
        let mut cohort = given.solve_with(&effort);
        for edit in edits {
            let (before, totals, problem) = (cohort.pairs(), cohort.totals(), cohort.problem().clone());
            let difference = match make(&mut cohort, edit) {
                Ok(difference) => difference,
                Err(_) => {
                    prop_assert_eq!(&before, &cohort.pairs(), "a refused {:?} left a trace", edit);
                    prop_assert_eq!(&problem, cohort.problem());
                    Difference { before: totals, after: totals, ..Difference::default() }
                }
            };
            prop_assert_eq!(cohort.check(), Ok(()), "{:?}", edit);
            let cold = solve(cohort.problem().clone(), cohort.scores(), &effort, &Unwatched).unwrap();
            prop_assert_eq!(cohort.pairs(), cold.pairs(), "{:?}", edit);
            prop_assert_eq!(cohort.totals(), cold.totals());
            let mut expected: std::collections::BTreeSet<_> = before.into_iter().collect();
            for pair in &difference.removed {
                prop_assert!(expected.remove(pair));
            }
            for pair in &difference.added {
                prop_assert!(expected.insert(*pair));
            }
            prop_assert_eq!(expected.into_iter().collect::<Vec<_>>(), cohort.pairs(), "{:?}", edit);
            prop_assert_eq!((difference.before, difference.after), (totals, cohort.totals()));
        }
    }
}

fn two_by_two() -> Cohort<Table> {
    Given {
        problem: people(&[1, 1], &[1, 1]),
        table: Table(vec![vec![Some(900), Some(800)], vec![Some(800), Some(100)]]),
    }
    .solve()
}

#[test]
fn a_pin_tells_what_it_costs_and_whom_it_moves() {
    let mut cohort = two_by_two();
    let difference = cohort.pin(Pair { mentee: 0, mentor: 0 }).unwrap();
    assert_eq!((difference.cost(), difference.moved()), (600, vec![0, 1]));
    assert_eq!(difference.added, [Pair { mentee: 0, mentor: 0 }, Pair { mentee: 1, mentor: 1 }]);
    let back = cohort.unpin(Pair { mentee: 0, mentor: 0 }).unwrap();
    assert_eq!((back.cost(), cohort.totals().points), (-600, 1600));
}

#[test]
fn pinning_what_is_there_anyway_changes_nothing() {
    let mut cohort = two_by_two();
    let difference = cohort.pin(Pair { mentee: 0, mentor: 1 }).unwrap();
    assert_eq!((difference.cost(), difference.added, difference.removed), (0, vec![], vec![]));
}

#[test]
fn a_cohort_may_outgrow_what_its_scale_was_made_for() {
    let mut cohort = Given { problem: people(&[100; 2], &[1; 3]), table: Table(vec![vec![Some(5); 3]; 2]) }.solve();
    cohort.set_seats(0, 4_000_000).unwrap();
    cohort.set_wishes(0, 4_000_000).unwrap();
    assert_eq!((cohort.totals().pairs, cohort.check()), (4, Ok(())));
}

#[test]
fn a_ban_of_a_pin_is_refused_and_so_is_lifting_what_is_not_there() {
    let mut cohort = two_by_two();
    let pair = Pair { mentee: 0, mentor: 1 };
    assert_eq!(cohort.unpin(pair), Err(Error::NotSet { pair }));
    assert_eq!(cohort.allow(pair), Err(Error::NotSet { pair }));
    cohort.pin(pair).unwrap();
    assert_eq!(cohort.ban(pair), Err(Error::PinRefused { pair, why: PinFault::Banned }));
    assert_eq!(cohort.set_seats(1, 0), Err(Error::PinRefused { pair, why: PinFault::NoSeatLeft }));
    assert_eq!(cohort.set_wishes(0, 0), Err(Error::PinRefused { pair, why: PinFault::NoWishLeft }));
    let nobody = Pair { mentee: 2, mentor: 0 };
    assert_eq!(cohort.ban(nobody), Err(Error::NoSuchPlace { side: Side::Mentee, place: 2 }));
    assert_eq!(cohort.remove_mentor(2), Err(Error::NoSuchPlace { side: Side::Mentor, place: 2 }));
    assert_eq!(cohort.add_mentee(Mentee { key: 10, wishes: 1 }), Err(Error::SameKey { side: Side::Mentee, key: 10 }));
}

#[test]
fn a_second_ban_of_a_pair_changes_nothing() {
    let mut cohort = two_by_two();
    cohort.ban(Pair { mentee: 0, mentor: 1 }).unwrap();
    let again = cohort.ban(Pair { mentee: 0, mentor: 1 }).unwrap();
    assert_eq!((again.cost(), cohort.problem().bans.len()), (0, 1));
}

#[test]
fn a_late_mentor_takes_what_is_best_and_tells_what_that_moves() {
    let mut cohort = two_by_two();
    cohort.scores_mut().0[0].push(Some(850));
    cohort.scores_mut().0[1].push(Some(900));
    let difference = cohort.add_mentor(Mentor { key: 7, seats: 1 }).unwrap();
    assert_eq!((difference.cost(), difference.moved()), (-200, vec![0, 1]));
    assert_eq!(cohort.pairs(), [Pair { mentee: 0, mentor: 0 }, Pair { mentee: 1, mentor: 2 }]);
    assert_eq!(cohort.add_mentor(Mentor { key: 7, seats: 1 }), Err(Error::SameKey { side: Side::Mentor, key: 7 }));
}

#[test]
fn who_joins_a_quota_is_held_by_it() {
    let quota = Quota { name: "few".to_owned(), side: Side::Mentee, members: vec![0], most: 1 };
    let problem = Problem { quotas: vec![quota], ..people(&[1], &[2]) };
    let mut cohort = Given { problem, table: Table(vec![vec![Some(500)]]) }.solve();
    cohort.scores_mut().0.push(vec![Some(600)]);
    let difference = cohort.add_mentee_to(Mentee { key: 7, wishes: 1 }, &[0]).unwrap();
    assert_eq!((difference.cost(), cohort.pairs()), (-100, vec![Pair { mentee: 1, mentor: 0 }]));
    let nowhere = Mentee { key: 8, wishes: 1 };
    assert_eq!(cohort.add_mentee_to(nowhere, &[1]), Err(Error::NoSuchPlace { side: Side::Mentee, place: 1 }));
}

/// Says stop when it is asked so many times.
struct Stop(AtomicUsize);

impl Watch for Stop {
    fn progress(&self, _: Progress) -> ControlFlow<()> {
        let left = self.0.load(Ordering::Relaxed);
        self.0.store(left.saturating_sub(1), Ordering::Relaxed);
        if left > 1 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn watched_edits_are_all_made_or_none(given in any_cohort(), edits in prop::collection::vec(edit(), 1..6), stop in 1_usize..12) {
        let effort = Effort { keep: 3, threads: 1, steps: 0 };
        let mut cohort = given.solve_with(&effort);
        let (before, problem) = (cohort.pairs(), cohort.problem().clone());
        let table = cohort.scores().0.clone();
        let watch = Arc::new(Stop(AtomicUsize::new(stop)));
        let result = cohort.watched(watch, |cohort| edits.iter().try_for_each(|edit| make(cohort, *edit).map(drop)));
        if result.is_err() {
            prop_assert_eq!((&before, &problem), (&cohort.pairs(), cohort.problem()));
            cohort.scores_mut().0 = table;
        }
        prop_assert_eq!(cohort.check(), Ok(()));
        for edit in edits {
            let _refused = make(&mut cohort, edit);
            let cold = solve(cohort.problem().clone(), cohort.scores(), &effort, &Unwatched).unwrap();
            prop_assert_eq!((cohort.pairs(), cohort.check()), (cold.pairs(), Ok(())));
        }
    }
}

#[test]
fn an_edit_is_cancelled_in_every_mode() {
    for mode in [Mode::BestTotal, Mode::ParticipationFirst, Mode::Stable] {
        let given = Given { problem: Problem { mode, ..people(&[1], &[1]) }, table: Table(vec![vec![Some(5)]]) };
        let mut cohort = given.solve();
        let watch = Arc::new(Stop(AtomicUsize::new(1)));
        let pair = Pair { mentee: 0, mentor: 0 };
        assert_eq!(cohort.watched(watch, |cohort| cohort.ban(pair)), Err(Error::Cancelled), "{mode:?}");
        assert_eq!((cohort.pairs(), cohort.problem().bans.len()), (vec![pair], 0), "{mode:?}");
        assert_eq!(cohort.ban(pair).map(|difference| difference.removed), Ok(vec![pair]), "{mode:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Of a late mentor the graph has few pairs at first; the others must be found when those they had been worth less than go.
    #[test]
    fn a_late_mentor_is_remembered_by_all(given in cohorts(PLAIN, Mode::BestTotal), seats in 1_u32..4, edits in prop::collection::vec(edit(), 1..16)) {
        let effort = Effort { keep: 1, threads: 1, steps: 0 };
        let mut cohort = given.solve_with(&effort);
        let late = [Edit::JoinMentor(seats, None), Edit::JoinMentor(seats, None)];
        for edit in late.into_iter().chain(edits) {
            let _refused = make(&mut cohort, edit);
            prop_assert_eq!(cohort.check(), Ok(()));
        }
    }
}
