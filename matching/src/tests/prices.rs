use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::cohort::Unwatched;
use super::super::*;
use super::people::{at, available, id, policy, somebody};

fn now() -> chrono::DateTime<chrono::Utc> {
    at("2026-03-04T12:00:00Z")
}

fn priced(mentors: &[Profile], mentees: &[Profile], blocks: &PairBlocks) -> BTreeMap<Uuid, u16> {
    prices(&policy(), mentors, mentees, blocks, now(), &Unwatched).unwrap()
}

/// What a pair earns, were nothing of the mentor suggested yet.
fn bid(mentor: &Profile, mentee: &Profile, blocks: &PairBlocks) -> Option<i64> {
    let seats = Seats { open_suggestions: 0, ..mentor.seats };
    let points = judge(&policy(), &Profile { seats, ..mentor.clone() }, mentee, blocks, &Horizon::new(now()));
    points.ok().map(|points| points.total().into())
}

/// The most points that any plan gives, by trying all.
fn best(mentors: &[Profile], mentees: &[Profile], blocks: &PairBlocks, seats: &mut [u16]) -> i64 {
    let Some((mentee, rest)) = mentees.split_first() else { return 0 };
    let mut most = best(mentors, rest, blocks, seats);
    for place in 0..mentors.len() {
        if let (1.., Some(points)) = (seats[place], bid(&mentors[place], mentee, blocks)) {
            seats[place] -= 1;
            most = most.max(points + best(mentors, rest, blocks, seats));
            seats[place] += 1;
        }
    }
    most
}

fn numbered(first: u128, people: Vec<Profile>) -> Vec<Profile> {
    (first..).zip(people).map(|(number, person)| Profile { user_id: id(number), ..person }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// By duality: what prices and what is left to mentees add up to is what the best plan earns, or the prices are not its.
    #[test]
    fn prices_are_those_of_the_best_plan(
        mentors in vec(somebody(1), 1..5), mentees in vec(somebody(1), 1..5),
        blocked in vec((0..4u128, 0..4u128), 0..4),
    ) {
        let (mentors, mentees) = (numbered(100, mentors), numbered(200, mentees));
        let mut blocks = PairBlocks::default();
        blocked.iter().for_each(|(mentor, mentee)| blocks.forbid(id(100 + mentor), id(200 + mentee), Rule::Blocked));
        let prices = priced(&mentors, &mentees, &blocks);
        let price = |mentor: &Profile| i64::from(prices.get(&mentor.user_id).copied().unwrap_or_default());
        let seats: i64 = mentors.iter().map(|mentor| i64::from(mentor.seats.free) * price(mentor)).sum();
        let left = |mentee| {
            mentors.iter().filter_map(|mentor| Some(bid(mentor, mentee, &blocks)? - price(mentor))).fold(0, i64::max)
        };
        let all = seats + mentees.iter().map(left).sum::<i64>();
        let mut free: Vec<_> = mentors.iter().map(|mentor| mentor.seats.free).collect();
        let most = best(&mentors, &mentees, &blocks, &mut free);
        prop_assert_eq!(all, most);
        for place in (0..mentors.len()).filter(|place| prices.contains_key(&mentors[*place].user_id)) {
            free[place] += 1;
            prop_assert_eq!(best(&mentors, &mentees, &blocks, &mut free) - most, price(&mentors[place]), "one seat more");
            free[place] -= 1;
        }
    }

    #[test]
    fn what_was_suggested_and_what_it_cost_before_count_for_nothing(
        mentors in vec(somebody(1), 1..8), mentees in vec(somebody(1), 1..8),
    ) {
        let (mut mentors, mut mentees) = (numbered(100, mentors), numbered(200, mentees));
        let before = priced(&mentors, &mentees, &PairBlocks::default());
        for mentor in &mut mentors {
            mentor.seats = Seats { free: mentor.seats.free, open_suggestions: 1000, price: 1000 };
        }
        mentors.reverse();
        mentees.reverse();
        prop_assert_eq!(before, priced(&mentors, &mentees, &PairBlocks::default()));
    }
}

#[test]
fn a_seat_that_two_want_costs_what_the_loser_would_give_and_one_that_nobody_lacks_costs_nothing() {
    let person = |number| available(Profile { user_id: id(number), ..Profile::default() });
    let skilled = |number| Profile { skills: [(id(1), Skill::default())].into(), ..person(number) };
    let mentors = [skilled(1)];
    let one = priced(&mentors, &[skilled(3)], &PairBlocks::default());
    assert_eq!(one, [(id(1), 0)].into());
    let two = priced(&mentors, &[skilled(3), skilled(4)], &PairBlocks::default());
    let points = bid(&mentors[0], &skilled(3), &PairBlocks::default()).unwrap();
    assert_eq!(two, [(id(1), points as u16)].into());
}

#[test]
fn who_cannot_be_matched_has_no_price_and_bids_nothing() {
    let person = |number| Profile { user_id: id(number), topics: [id(1)].into(), ..Profile::default() };
    let full = Profile { seats: Seats { free: 0, ..Seats::default() }, ..person(1) };
    let away = |number| Profile { standing: Standing { paused: true, ..Standing::default() }, ..person(number) };
    let prices = priced(&[full, away(2), person(3)], &[away(4), away(5), person(6)], &PairBlocks::default());
    assert_eq!(prices, [(id(3), 0)].into());
}
