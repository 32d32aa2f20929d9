//! Problems without a plan, each refused for what is wrong with it.

use super::super::*;
use super::given::{Table, people};

fn error(change: fn(&mut Problem)) -> Option<Error> {
    let mut problem = Problem { floor: 100, ..people(&[1, 2, 1], &[1, 2]) };
    let table = Table(vec![vec![Some(500), None], vec![Some(500), Some(50)], vec![Some(500), Some(500)]]);
    change(&mut problem);
    solve(problem, table, &Effort::default(), &Unwatched).err()
}

fn pin(mentee: usize, mentor: usize) -> Pair {
    Pair { mentee, mentor }
}

fn quota(name: &str, side: Side, members: &[usize], most: u32) -> Quota {
    Quota { name: name.into(), side, members: members.to_vec(), most }
}

#[test]
fn a_sound_problem_is_not_refused() {
    assert_eq!(error(|problem| problem.pins = vec![pin(0, 0), pin(2, 1)]), None);
}

#[test]
fn a_pin_that_cannot_be_is_named_with_the_reason() {
    let refused = |pair, why| Some(Error::PinRefused { pair, why });
    assert_eq!(error(|problem| problem.pins = vec![pin(0, 1)]), refused(pin(0, 1), PinFault::NotAllowed));
    assert_eq!(error(|problem| problem.pins = vec![pin(1, 1)]), refused(pin(1, 1), PinFault::BelowFloor));
    assert_eq!(error(|problem| problem.pins = vec![pin(0, 0), pin(1, 0)]), refused(pin(1, 0), PinFault::NoSeatLeft));
    assert_eq!(error(|problem| problem.pins = vec![pin(2, 0), pin(2, 1)]), refused(pin(2, 1), PinFault::NoWishLeft));
    assert_eq!(error(|problem| problem.pins = vec![pin(2, 1), pin(2, 1)]), refused(pin(2, 1), PinFault::Twice));
    let banned = |problem: &mut Problem| (problem.pins, problem.bans) = (vec![pin(0, 0)], vec![pin(0, 0)]);
    assert_eq!(error(banned), refused(pin(0, 0), PinFault::Banned));
}

#[test]
fn a_pin_beyond_a_quota_is_refused_by_the_quotas_name() {
    let full = |problem: &mut Problem| {
        problem.quotas = vec![quota("outer", Side::Mentee, &[0, 1, 2], 1), quota("inner", Side::Mentee, &[0], 1)];
        problem.pins = vec![pin(0, 0), pin(2, 1)];
    };
    let why = PinFault::QuotaFull("outer".into());
    assert_eq!(error(full), Some(Error::PinRefused { pair: pin(2, 1), why }));
}

#[test]
fn crossing_quotas_are_named_and_nested_or_separate_ones_are_not() {
    let crossing = |problem: &mut Problem| {
        problem.quotas = vec![quota("left", Side::Mentee, &[0, 1], 1), quota("right", Side::Mentee, &[1, 2], 1)];
    };
    let named = |error| match error {
        Some(Error::CrossingQuotas { one, other }) => std::collections::BTreeSet::from([one, other]),
        other => panic!("{other:?}"),
    };
    assert_eq!(named(error(crossing)), ["left".into(), "right".into()].into());
    let deep = |problem: &mut Problem| {
        let all = quota("all", Side::Mentee, &[0, 1, 2], 2);
        problem.quotas = vec![quota("right", Side::Mentee, &[1, 2], 1), quota("left", Side::Mentee, &[1, 0], 1), all];
    };
    assert_eq!(named(error(deep)), ["left".into(), "right".into()].into());
    let nested = |problem: &mut Problem| {
        problem.quotas = vec![
            quota("same", Side::Mentee, &[0, 1], 1),
            quota("again", Side::Mentee, &[1, 0, 0], 1),
            quota("apart", Side::Mentee, &[2], 1),
            quota("nobody", Side::Mentee, &[], 1),
            quota("others", Side::Mentor, &[1, 0], 1),
        ];
    };
    assert_eq!(error(nested), None);
}

#[test]
fn strangers_and_doubles_are_refused() {
    let place = |side, place| Some(Error::NoSuchPlace { side, place });
    assert_eq!(error(|problem| problem.bans = vec![pin(3, 0)]), place(Side::Mentee, 3));
    assert_eq!(error(|problem| problem.pins = vec![pin(0, 2)]), place(Side::Mentor, 2));
    assert_eq!(error(|problem| problem.quotas = vec![quota("q", Side::Mentor, &[2], 1)]), place(Side::Mentor, 2));
    assert_eq!(error(|problem| problem.mentees[2].key = 10), Some(Error::SameKey { side: Side::Mentee, key: 10 }));
    assert_eq!(error(|problem| problem.mentors[1].key = 90), Some(Error::SameKey { side: Side::Mentor, key: 90 }));
}

#[test]
fn one_may_be_a_mentee_and_a_mentor() {
    assert_eq!(error(|problem| problem.mentors[1].key = 10), None);
}

#[test]
fn stability_and_a_minimum_do_not_go_together() {
    let both = |problem: &mut Problem| (problem.mode, problem.minimum_one) = (Mode::Stable, true);
    assert_eq!(error(both), Some(Error::StableWithMinimumOne));
}

#[test]
fn what_does_not_fit_in_whole_numbers_is_refused() {
    let vast = |problem: &mut Problem| {
        (problem.mode, problem.minimum_one) = (Mode::ParticipationFirst, true);
        problem.mentees.iter_mut().for_each(|mentee| mentee.wishes = u32::MAX);
        problem.mentors.iter_mut().for_each(|mentor| mentor.seats = u32::MAX);
    };
    assert_eq!(error(vast), Some(Error::TooLarge));
}
