//! Small cohorts against everything there is.

use proptest::prelude::*;

use super::super::*;
use super::given::{Given, Shape, Table, cohorts};
use super::oracle::{brute_force, hungarian, value};

const TINY: Shape =
    Shape { mentees: 4, mentors: 4, most_wishes: 2, most_seats: 2, levels: 6, quotas: true, pins: true };
const SINGLE: Shape =
    Shape { mentees: 7, mentors: 3, most_wishes: 1, most_seats: 3, levels: 100, quotas: false, pins: true };
const MIDDLE: Shape =
    Shape { mentees: 40, mentors: 40, most_wishes: 1, most_seats: 3, levels: 50, quotas: false, pins: false };
const RICH: Shape =
    Shape { mentees: 20, mentors: 15, most_wishes: 3, most_seats: 4, levels: 30, quotas: true, pins: true };

fn tiny() -> impl Strategy<Value = Given> {
    prop_oneof![
        cohorts(TINY, Mode::BestTotal),
        cohorts(TINY, Mode::ParticipationFirst),
        cohorts(SINGLE, Mode::BestTotal)
    ]
}

fn rich() -> impl Strategy<Value = Given> {
    prop_oneof![cohorts(RICH, Mode::BestTotal), cohorts(RICH, Mode::ParticipationFirst), cohorts(RICH, Mode::Stable)]
}

fn shuffled(length: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<_> = (0..length).collect();
    order.sort_by_key(|at| (*at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    order
}

/// The same cohort with its people, quotas, pins and bans in another order.
fn reordered(given: &Given, mentees: &[usize], mentors: &[usize]) -> Given {
    let place = |order: &[usize], old: usize| order.iter().position(|at| *at == old).unwrap();
    let pair = |pair: &Pair| Pair { mentee: place(mentees, pair.mentee), mentor: place(mentors, pair.mentor) };
    let mut problem = given.problem.clone();
    problem.mentees = mentees.iter().map(|at| given.problem.mentees[*at].clone()).collect();
    problem.mentors = mentors.iter().map(|at| given.problem.mentors[*at].clone()).collect();
    problem.pins = given.problem.pins.iter().rev().map(pair).collect();
    problem.bans = given.problem.bans.iter().rev().map(pair).collect();
    for quota in &mut problem.quotas {
        let order = if quota.side == Side::Mentee { mentees } else { mentors };
        quota.members = quota.members.iter().map(|member| place(order, *member)).collect();
    }
    let row = |mentee: &usize| mentors.iter().map(|mentor| given.table.0[*mentee][*mentor]).collect();
    Given { problem, table: Table(mentees.iter().map(row).collect()) }
}

fn by_key(given: &Given, pairs: &[Pair]) -> Vec<(u128, u128)> {
    let key = |pair: &Pair| (given.problem.mentees[pair.mentee].key, given.problem.mentors[pair.mentor].key);
    let mut keys: Vec<_> = pairs.iter().map(key).collect();
    keys.sort_unstable();
    keys
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_small_cohort_gets_the_best_of_all_plans(given in tiny()) {
        let cohort = given.solve();
        prop_assert_eq!(cohort.check(), Ok(()));
        prop_assert_eq!(value(&given, &cohort.pairs()), brute_force(&given));
    }

    #[test]
    fn the_order_of_people_changes_nothing(given in rich(), seed in any::<u64>()) {
        let mentees = shuffled(given.problem.mentees.len(), seed);
        let mentors = shuffled(given.problem.mentors.len(), !seed);
        let other = reordered(&given, &mentees, &mentors);
        prop_assert_eq!(by_key(&given, &given.solve().pairs()), by_key(&other, &other.solve().pairs()));
    }

    #[test]
    fn how_much_is_kept_and_how_many_score_changes_nothing(given in rich()) {
        let plan = given.solve().pairs();
        for (keep, threads) in [(1, 1), (1, 3), (3, 2), (24, 1), (1000, 4)] {
            let cohort = given.solve_with(&Effort { keep, threads, steps: 0 });
            prop_assert_eq!(cohort.check(), Ok(()));
            prop_assert_eq!(&cohort.pairs(), &plan, "keeping {} on {} threads", keep, threads);
        }
    }

    #[test]
    fn the_totals_are_those_of_the_pairs(given in rich()) {
        let cohort = given.solve();
        let pairs = cohort.pairs();
        let people = |place: fn(&Pair) -> usize| std::collections::BTreeSet::from_iter(pairs.iter().map(place)).len();
        let totals = cohort.totals();
        prop_assert_eq!(totals.points, pairs.iter().map(|pair| i64::from(given.table.0[pair.mentee][pair.mentor].unwrap())).sum::<i64>());
        prop_assert_eq!((totals.pairs, totals.mentees, totals.mentors), (pairs.len(), people(|pair| pair.mentee), people(|pair| pair.mentor)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_middling_cohort_gets_what_the_hungarian_method_gives(given in cohorts(MIDDLE, Mode::BestTotal)) {
        let given = Given { problem: Problem { minimum_one: false, ..given.problem }, ..given };
        let cohort = given.solve_with(&Effort { keep: 4, threads: 1, steps: 0 });
        prop_assert_eq!(cohort.check(), Ok(()));
        prop_assert_eq!(cohort.totals().points, hungarian(&given.problem, &given.table));
    }

    #[test]
    fn participation_first_matches_as_many_as_can_be(given in cohorts(MIDDLE, Mode::ParticipationFirst)) {
        let flat = Table(given.table.0.iter().map(|row| row.iter().map(|score| score.filter(|score| *score >= given.problem.floor).map(|_| 1)).collect()).collect());
        let most = hungarian(&Problem { floor: 0, ..given.problem.clone() }, &flat);
        let cohort = given.solve();
        prop_assert_eq!(cohort.check(), Ok(()));
        prop_assert_eq!(cohort.totals().mentees as i64, most);
    }

    #[test]
    fn a_seat_more_never_lowers_the_total(given in cohorts(RICH, Mode::BestTotal), mentor in 0_usize..15) {
        let mut more = Given { problem: Problem { minimum_one: false, ..given.problem }, ..given };
        let before = more.solve().totals().points;
        let mentor = mentor % more.problem.mentors.len();
        more.problem.mentors[mentor].seats += 1;
        prop_assert!(more.solve().totals().points >= before);
    }
}
