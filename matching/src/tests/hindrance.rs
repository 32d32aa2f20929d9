use std::collections::BTreeMap;

use super::super::cohort::Reason;
use super::super::*;
use super::people::{at, available, id, policy};

fn person(number: u128) -> Profile {
    available(Profile { user_id: id(number), skills: [(id(7), Skill::default())].into(), ..Profile::default() })
}

fn hindered(mentor: &Profile, mentee: &Profile, blocks: &PairBlocks, policy: &Policy) -> BTreeMap<Hindrance, usize> {
    let horizon = Horizon::new(at("2026-03-04T12:00:00Z"));
    hindrances(policy, std::slice::from_ref(mentor), mentee, blocks, &horizon)
}

/// Of each private reason one case: whoever reads the answer cannot tell which it was.
#[test]
fn gender_blocks_declines_and_points_are_one_word() {
    let (mentor, mentee) = (person(1), person(2));
    let mut answers = Vec::new();
    let picky = Profile { preferred_gender: Gender::numbered(2).unwrap(), ..mentee.clone() };
    answers.push(hindered(&mentor, &picky, &PairBlocks::default(), &policy()));
    for rule in [Rule::Blocked, Rule::CoolingOff, Rule::Suggested] {
        let mut blocks = PairBlocks::default();
        blocks.forbid(id(1), id(2), rule);
        answers.push(hindered(&mentor, &mentee, &blocks, &policy()));
    }
    let stranger = Profile { skills: [(id(8), Skill::default())].into(), ..mentor.clone() };
    answers.push(hindered(&stranger, &mentee, &PairBlocks::default(), &policy()));
    let floors = Floors { mentee: 100, mentor: 100 };
    let strict = Policy::new(Terms { floors, ..Terms::clone(&policy()) }).unwrap();
    answers.push(hindered(&mentor, &mentee, &PairBlocks::default(), &strict));
    assert!(answers.iter().all(|answer| *answer == [(Hindrance::NoFit, 1)].into()), "{answers:?}");
}

#[test]
fn what_anybody_may_know_is_told_apart() {
    let (mentor, mentee) = (person(1), person(2));
    let told = |mentor: &Profile| hindered(mentor, &mentee, &PairBlocks::default(), &policy());
    assert_eq!(told(&mentor), [].into());
    let full = Profile { seats: Seats { free: 0, ..Seats::default() }, ..mentor.clone() };
    assert_eq!(told(&full), [(Hindrance::NoSeat, 1)].into());
    let away = Profile { standing: Standing { paused: true, ..Standing::default() }, ..mentor.clone() };
    assert_eq!(told(&away), [(Hindrance::Unavailable, 1)].into());
    let faulty = Profile { seniority: Some(u8::MAX), ..mentor.clone() };
    assert_eq!(told(&faulty), [(Hindrance::Unavailable, 1)].into());
    assert_eq!(told(&mentee), [].into(), "oneself is no mentor who was kept away");
    let mut blocks = PairBlocks::default();
    blocks.forbid(id(1), id(2), Rule::Banned);
    assert_eq!(hindered(&mentor, &mentee, &blocks, &policy()), [(Hindrance::Banned, 1)].into());
}

#[test]
fn the_explanation_names_what_removed_most_and_counts_what_the_run_forbids() {
    let reason = Reason::NoAllowedMentor { refused: 5, below_floor: 2, banned: 1, without_seat: 3 };
    let refused: BTreeMap<_, _> = [(Hindrance::NoFit, 3), (Hindrance::Unavailable, 2)].into();
    let counts = [(Hindrance::Unavailable, 2), (Hindrance::NoSeat, 3), (Hindrance::Banned, 1), (Hindrance::NoFit, 5)];
    let expected = Explanation::NoAllowedMentor { most: Some(Hindrance::NoFit), counts: counts.into() };
    assert_eq!(explain(&reason, refused), expected);
    let nobody = Reason::NoAllowedMentor { refused: 0, below_floor: 0, banned: 0, without_seat: 0 };
    assert_eq!(explain(&nobody, BTreeMap::new()), Explanation::NoAllowedMentor { most: None, counts: BTreeMap::new() });
    let outbid = Reason::Outbid { mentor: 3, points: 400, price: 450 };
    assert_eq!(explain(&outbid, BTreeMap::new()), Explanation::Outbid { mentor: 3, points: 400, price: 450 });
    assert_eq!(explain(&Reason::NoWish, BTreeMap::new()), Explanation::NoWish);
}
