//! Edits against solving anew.

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
    Join(u32),
    RemoveMentee(usize),
    RemoveMentor(usize),
    /// Bans a pair of the plan
    Decline(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let pair = || (0_usize..25, 0_usize..20).prop_map(|(mentee, mentor)| Pair { mentee, mentor });
    prop_oneof![
        2 => pair().prop_map(Edit::Ban),
        1 => pair().prop_map(Edit::Allow),
        4 => pair().prop_map(Edit::Pin),
        2 => (0_usize..4).prop_map(Edit::Unpin),
        3 => (0_usize..20, 0_u32..5).prop_map(|(mentor, seats)| Edit::Seats(mentor, seats)),
        2 => (0_usize..25, 0_u32..4).prop_map(|(mentee, wishes)| Edit::Wishes(mentee, wishes)),
        1 => (0_u32..3).prop_map(Edit::Join),
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
        Edit::Join(wishes) => {
            let row = (0..mentors)
                .map(|mentor| {
                    (!(mentees + mentor).is_multiple_of(5)).then_some((mentees * 37 + mentor * 61) as u16 % 1000)
                })
                .collect();
            cohort.scores_mut().0.push(row);
            cohort.add_mentee(Mentee { key: 1_000 + mentees as u128, wishes })
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
