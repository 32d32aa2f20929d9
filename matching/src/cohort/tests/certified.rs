//! The proof, and that it is worth something: whatever is wrong with it or with the plan is seen.

use proptest::prelude::*;

use super::super::*;
use super::given::{Given, Shape, Table, cohorts, people};

const RICH: Shape =
    Shape { mentees: 9, mentors: 7, most_wishes: 3, most_seats: 3, levels: 30, quotas: true, pins: true };

const PLAIN: Shape =
    Shape { mentees: 9, mentors: 9, most_wishes: 2, most_seats: 2, levels: 100, quotas: false, pins: true };

fn any_rich() -> impl Strategy<Value = Given> {
    prop_oneof![cohorts(RICH, Mode::BestTotal), cohorts(RICH, Mode::ParticipationFirst)]
}

/// Scores that need no table.
pub struct Hashed {
    pub levels: u64,
    pub mentors_matter: u64,
}

impl Scores for Hashed {
    fn score(&self, mentee: usize, mentor: usize) -> Option<u16> {
        let mix = |value: u64| (value ^ (value >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9).rotate_left(23);
        let own = mix(mix(mentee as u64 + 1).wrapping_add(mentor as u64 * 0x9e37_79b9)) % self.levels;
        let theirs = mix(mentor as u64 + 77) % (self.mentors_matter + 1);
        let points = ((own * (1000 - self.mentors_matter)) / self.levels + theirs) as u16;
        (!(mentee * 7 + mentor * 3).is_multiple_of(11)).then_some(points)
    }
}

fn large(mode: Mode, seats: impl Fn(usize) -> u32) -> Problem {
    let seats: Vec<_> = (0..150).map(seats).collect();
    Problem { mode, ..people(&[1; 300], &seats) }
}

#[test]
fn three_hundred_mentees_are_proven_in_every_mode_and_with_every_keep() {
    let scores = Hashed { levels: 200, mentors_matter: 400 };
    for mode in [Mode::BestTotal, Mode::ParticipationFirst, Mode::Stable] {
        for seats in [|_| 1, |_| 2, |at| (at % 4) as u32] as [fn(usize) -> u32; 3] {
            let solved = [1, 24, 150].map(|keep| {
                let effort = Effort { keep, threads: 2, steps: 0 };
                let cohort = solve(large(mode, seats), &scores, &effort, &Unwatched).unwrap();
                assert_eq!(cohort.check(), Ok(()), "{mode:?}, keep {keep}");
                cohort.pairs()
            });
            assert!(solved.iter().all(|pairs| *pairs == solved[0]), "{mode:?}");
        }
    }
}

#[test]
fn a_hundred_declines_leave_the_plan_that_solving_anew_finds() {
    let scores = Hashed { levels: 200, mentors_matter: 400 };
    for seats in [|_| 1, |_| 2] as [fn(usize) -> u32; 2] {
        let effort = Effort { keep: 8, threads: 1, steps: 0 };
        let mut cohort = solve(large(Mode::BestTotal, seats), &scores, &effort, &Unwatched).unwrap();
        for turn in 0..100 {
            let pairs = cohort.pairs();
            cohort.ban(pairs[turn * 7919 % pairs.len()]).unwrap();
            assert_eq!(cohort.check(), Ok(()), "turn {turn}");
        }
        let anew = solve(cohort.problem().clone(), &scores, &effort, &Unwatched).unwrap();
        assert_eq!(cohort.pairs(), anew.pairs());
    }
}

#[test]
fn a_plan_over_each_ones_best_pair_only_is_refused() {
    let (scores, problem) = (Hashed { levels: 200, mentors_matter: 400 }, large(Mode::BestTotal, |_| 2));
    let best = |mentee: usize| (0..150).max_by_key(|mentor| scores.score(mentee, *mentor)).unwrap();
    let pruned = Table(
        (0..300)
            .map(|mentee| {
                (0..150).map(|mentor| scores.score(mentee, mentor).filter(|_| mentor == best(mentee))).collect()
            })
            .collect(),
    );
    let skipped = solve(problem.clone(), &pruned, &Effort::default(), &Unwatched).unwrap();
    assert_eq!(skipped.check(), Ok(()), "right for the pairs it was shown");
    let fault = check(&scores, &problem, &skipped.pairs(), &skipped.certificate().unwrap(), 1);
    assert!(matches!(fault, Err(Fault::Better(_))), "{fault:?}");
}

#[test]
fn a_stable_plan_is_not_mistaken_for_a_best_one() {
    let given = Given {
        problem: people(&[1, 1], &[1, 1]),
        table: Table(vec![vec![Some(900), Some(800)], vec![Some(800), Some(100)]]),
    };
    let cohort = given.solve();
    let greedy = [Pair { mentee: 0, mentor: 0 }, Pair { mentee: 1, mentor: 1 }];
    assert_eq!(cohort.totals().points, 1600);
    let fault = check(&given.table, &given.problem, &greedy, &cohort.certificate().unwrap(), 1);
    assert!(matches!(fault, Err(Fault::Gap { value: 1000, .. })), "{fault:?}");
}

fn refused(given: &Given, pairs: &[Pair], proof: &Certificate) -> bool {
    check(&given.table, &given.problem, pairs, proof, 1).is_err()
}

proptest! {
    #[test]
    fn a_price_for_an_empty_seat_is_refused(given in any_rich(), at in 0_usize..7) {
        let cohort = given.solve();
        let (pairs, proof) = (cohort.pairs(), cohort.certificate().unwrap());
        let mentor = at % given.problem.mentors.len();
        let taken = pairs.iter().filter(|pair| pair.mentor == mentor).count();
        if taken < given.problem.mentors[mentor].seats as usize && proof.mentors[mentor] >= 0 {
            let mut dearer = proof.clone();
            dearer.mentors[mentor] += 1;
            prop_assert!(refused(&given, &pairs, &dearer));
        }
    }

    #[test]
    fn a_pair_outside_the_plan_worth_one_more_than_its_prices_is_seen(given in cohorts(PLAIN, Mode::BestTotal), at in 0_usize..81) {
        let cohort = given.solve();
        let (pairs, mut proof) = (cohort.pairs(), cohort.certificate().unwrap());
        let mentors = given.problem.mentors.len();
        let pair = Pair { mentee: at / mentors % given.problem.mentees.len(), mentor: at % mentors };
        let score = given.table.score(pair.mentee, pair.mentor).filter(|score| *score >= given.problem.floor);
        if let (Some(score), false) = (score, pairs.contains(&pair) || given.problem.bans.contains(&pair)) {
            proof.mentees[pair.mentee] = i64::from(score) - proof.mentors[pair.mentor] - 1;
            let fault = check(&given.table, &given.problem, &pairs, &proof, 1);
            prop_assert!(matches!(fault, Err(Fault::Better(seen)) if seen.mentee == pair.mentee), "{fault:?}");
        }
    }

    #[test]
    fn a_plan_without_one_of_its_pairs_is_refused(given in any_rich(), at in 0_usize..20) {
        let cohort = given.solve();
        let (mut pairs, proof) = (cohort.pairs(), cohort.certificate().unwrap());
        if !pairs.is_empty() {
            let gone = pairs.remove(at % pairs.len());
            let worthless = given.table.score(gone.mentee, gone.mentor) == Some(0);
            prop_assert!(refused(&given, &pairs, &proof) || worthless);
        }
    }
}

/// Two mentees, two mentors, a quota that binds; everything in whole numbers that can be followed by hand.
fn bound() -> (Given, Vec<Pair>, Certificate) {
    let quota = Quota { name: "one of both".into(), side: Side::Mentor, members: vec![0, 1], most: 1 };
    let problem = Problem { quotas: vec![quota], ..people(&[1, 1], &[1, 2]) };
    let given = Given { problem, table: Table(vec![vec![Some(700), Some(500)], vec![Some(600), Some(400)]]) };
    let proof =
        Certificate { mentees: vec![0, 0], mentors: vec![0, 0], quotas: vec![700], participation: 0, coverage: 0 };
    (given, vec![Pair { mentee: 0, mentor: 0 }], proof)
}

#[test]
fn a_proof_made_by_hand_passes() {
    let (given, pairs, proof) = bound();
    assert_eq!(check(&given.table, &given.problem, &pairs, &proof, 1), Ok(()));
}

#[test]
fn each_corruption_of_a_proof_is_refused_for_what_it_is() {
    let (given, pairs, good) = bound();
    let pair = pairs[0];
    type Corrupt = fn(&mut Certificate);
    let faults: [(Corrupt, Fault); 8] = [
        (|proof| proof.quotas[0] = 599, Fault::Better(Pair { mentee: 1, mentor: 0 })),
        (|proof| proof.quotas[0] = 701, Fault::Gap { value: 700, bound: 701 }),
        (|proof| proof.mentees[1] = 1, Fault::Gap { value: 700, bound: 701 }),
        (|proof| proof.mentors[1] = 1, Fault::Gap { value: 700, bound: 702 }),
        (|proof| proof.mentors[1] = -1, Fault::Negative),
        (|proof| proof.coverage = 1, Fault::Bonus),
        (|proof| proof.participation = 5_000, Fault::Bonus),
        (|proof| proof.mentors.truncate(1), Fault::Shape),
    ];
    for (corrupt, fault) in faults {
        let mut proof = good.clone();
        corrupt(&mut proof);
        assert_eq!(check(&given.table, &given.problem, &pairs, &proof, 1), Err(fault), "{proof:?}");
    }
    let twice = [pair, pair];
    assert_eq!(check(&given.table, &given.problem, &twice, &good, 1), Err(Fault::Pair(pair)));
}

#[test]
fn a_plan_that_breaks_a_rule_is_refused_for_that_rule() {
    let (given, pairs, proof) = bound();
    let (pair, other) = (pairs[0], Pair { mentee: 1, mentor: 1 });
    let verdict = |change: fn(&mut Given), pairs: &[Pair]| {
        let mut given = given.clone();
        change(&mut given);
        check(&given.table, &given.problem, pairs, &proof, 1)
    };
    assert_eq!(verdict(|_| {}, &[pair, other]), Err(Fault::Over), "the quota");
    assert_eq!(verdict(|given| given.problem.mentees[0].wishes = 0, &[pair]), Err(Fault::Over), "the wishes");
    assert_eq!(verdict(|given| given.problem.mentors[0].seats = 0, &[pair]), Err(Fault::Over), "the seats");
    assert_eq!(verdict(|given| given.problem.floor = 701, &[pair]), Err(Fault::Pair(pair)), "the floor");
    assert_eq!(verdict(|given| given.table.0[0][0] = None, &[pair]), Err(Fault::Pair(pair)), "a hard rule");
    assert_eq!(
        verdict(|given| given.problem.bans.push(Pair { mentee: 0, mentor: 0 }), &[pair]),
        Err(Fault::Pair(pair)),
        "a ban"
    );
    assert_eq!(
        verdict(|given| given.problem.pins.push(Pair { mentee: 1, mentor: 1 }), &[pair]),
        Err(Fault::Pin(other)),
        "a pin"
    );
    assert_eq!(
        verdict(|given| given.problem.bans.push(Pair { mentee: 0, mentor: 9 }), &[pair]),
        Err(Fault::Shape),
        "nobody banned"
    );
    assert_eq!(
        verdict(|given| given.problem.quotas[0].members.push(2), &[pair]),
        Err(Fault::Shape),
        "nobody in a quota"
    );
    let nobody = Pair { mentee: 2, mentor: 0 };
    assert_eq!(verdict(|_| {}, &[nobody]), Err(Fault::Pair(nobody)), "a stranger");
}

#[test]
fn bonuses_too_small_to_come_first_are_refused() {
    let problem = Problem { mode: Mode::ParticipationFirst, minimum_one: true, ..people(&[1, 1], &[1, 1]) };
    let given = Given { problem, table: Table(vec![vec![Some(900), Some(0)], vec![Some(900), Some(0)]]) };
    let cohort = given.solve();
    let proof = cohort.certificate().unwrap();
    assert_eq!(cohort.check(), Ok(()));
    let small = Certificate { coverage: 2_000, ..proof.clone() };
    assert_eq!(check(&given.table, &given.problem, &cohort.pairs(), &small, 1), Err(Fault::Bonus));
    let small = Certificate { participation: 2 * proof.coverage + 2_000, ..proof };
    assert_eq!(check(&given.table, &given.problem, &cohort.pairs(), &small, 1), Err(Fault::Bonus));
}
