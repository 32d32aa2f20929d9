//! What a recruit would bring, against taking them in.

use proptest::prelude::*;

use super::super::*;
use super::given::{Given, Shape, Table, cohorts, people};

const SHAPE: Shape =
    Shape { mentees: 10, mentors: 7, most_wishes: 2, most_seats: 2, levels: 60, quotas: true, pins: true };

fn any_cohort() -> impl Strategy<Value = Given> {
    prop_oneof![cohorts(SHAPE, Mode::BestTotal), cohorts(SHAPE, Mode::ParticipationFirst)]
}

/// A worth, or what two plans differ by, in points.
fn value(proof: &Certificate, mentees: i64, mentors: i64, points: i64) -> i64 {
    mentees * proof.participation + mentors * proof.coverage + points
}

proptest! {
    #[test]
    fn a_recruit_brings_at_most_their_worth(given in any_cohort(), column in prop::collection::vec(prop::option::of(0_u16..1000), 10), seats in 0_u32..4) {
        let mut cohort = given.solve();
        let column = &column[..given.problem.mentees.len()];
        let points = column.iter().enumerate().filter_map(|(mentee, points)| Some((mentee, (*points)?))).collect();
        let worth = cohort.worth_of(&[Recruit { seats, points }]).unwrap()[0];
        let (proof, before) = (cohort.certificate().unwrap(), cohort.totals());
        cohort.scores_mut().0.iter_mut().zip(column).for_each(|(row, points)| row.push(*points));
        cohort.add_mentor(Mentor { key: 7, seats }).unwrap();
        let after = cohort.totals();
        let people = |after: usize, before: usize| after as i64 - before as i64;
        let gain = value(&proof, people(after.mentees, before.mentees), people(after.mentors, before.mentors), after.points - before.points);
        prop_assert!(gain <= value(&proof, worth.mentees, worth.mentors, worth.points), "{gain} against {worth:?}");
    }
}

#[test]
fn a_recruit_is_worth_all_that_those_without_a_mentor_would_earn_and_only_the_more_of_others() {
    let table = Table(vec![vec![Some(500)], vec![Some(400)], vec![Some(300)]]);
    let cohort = Given { problem: people(&[1, 1, 1], &[1]), table }.solve();
    let recruit = |seats| Recruit { seats, points: vec![(0, 700), (1, 350), (2, 200)] };
    let worth = cohort.worth_of(&[recruit(0), recruit(1), recruit(2), recruit(9)]).unwrap();
    let points: Vec<_> = worth.iter().map(|worth| worth.points).collect();
    let first = cohort.certificate().unwrap().mentees[0];
    assert_eq!(points[0], 0);
    assert_eq!(points[2], points[1] + 350.min(700 - first));
    assert_eq!(points[3], 700 - first + 350 + 200);
    assert_eq!(cohort.seat_prices(), cohort.insights().seats);
}

#[test]
fn a_stable_plan_has_no_prices_for_recruits() {
    let problem = Problem { mode: Mode::Stable, ..people(&[1], &[1]) };
    let cohort = Given { problem, table: Table(vec![vec![Some(5)]]) }.solve();
    assert_eq!((cohort.worth_of(&[]), cohort.seat_prices()), (None, vec![]));
}
